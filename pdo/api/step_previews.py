"""Looking at a journey before it runs: when its steps are due, and what each would say. Writes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from pdo.api.explaining import facts_at
from pdo.api.sources import sending_of
from pdo.compiler import sql
from pdo.compiler.measures import CUSTOMER
from pdo.compiler.program import Wants
from pdo.core.calendar import Moment, date_of, instant_of
from pdo.evaluate.engine import open_engine
from pdo.evaluate.outcome import evaluate
from pdo.model.journeys import course_of, enter_name
from pdo.model.outbox import Meant
from pdo.model.outreach import WEEKDAYS, StepMessage, StepTask, clock
from pdo.model.previews import JourneyPreview, StepPreview, StepTime
from pdo.outbox.history import read_blocked, read_codes, read_touches
from pdo.outbox.journey_store import read_inside
from pdo.outbox.pipeline import Around, plan_messages
from pdo.outbox.previews import look_at
from pdo.report.values import mask
from pdo.store.door import open_door

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdo.api.project import OpenProject
    from pdo.evaluate.engine import Engine
    from pdo.evaluate.outcome import Outcome
    from pdo.model.outbox import PlannedBatch, Source
    from pdo.model.outreach import Journey, Step

COMING = "previewed"


def preview_journey(opened: OpenProject, name: str, *, step: str, as_of: Moment, limit: int) -> JourneyPreview:
    """What the steps of a journey would say to those who meet `enter` now.

    Each step is looked at alone, as if they all stood before it today at its hour: no other step takes its codes or fills a
    cap, and `when` is not asked, for it is asked on the day.

    Args:
        name: of the journey; there is one.
        step: its name; empty for all.
        as_of: the now to look from.
        limit: so many different texts of each step and channel.
    """
    outreach = opened.project.outreach
    journey = outreach.journeys[name]
    sources = {journey.steps[place].name: one for place, one in course_of(journey, outreach).sources.items()}
    sending = sending_of(opened.project, opened.settings, names=(), steps=tuple(sources.values()))
    entering = enter_name(name)
    wants = Wants(asked={**sending.asked, entering: journey.enter}, shown=sending.shown)
    with open_door(opened.settings.database, write=False) as door, open_engine(opened.settings) as engine:
        facts = facts_at(door, as_of)
        outcome = evaluate(engine, facts, opened.project, opened.settings, as_of, wants, entries=read_inside(door))
        _create_coming(engine, outcome, entering)
        around = Around(
            outreach=outreach,
            rows=facts.rows,
            moments=(as_of,),
            history=_of_others(read_touches(door, as_of.today, ()).read_all(), sources.values()),
            blocked=read_blocked(door),
            codes=read_codes(door, outreach, as_of, ()),
            types=sending.types,
        )
        shown = [one for one in journey.steps if step in ("", one.name)]
        batches = {one.name: _batches(outcome, around, sources[one.name], one) for one in shown if one.name in sources}
        entering_now = outcome.how_many(entering)
    return JourneyPreview(
        name=name,
        as_of=str(as_of),
        entering=entering_now,
        steps=tuple(_step(journey, one, batches.get(one.name, ()), limit) for one in shown),
    )


def _create_coming(engine: Engine, outcome: Outcome, entering: str) -> None:
    """A table of whom the steps mean: all who meet the condition to enter."""
    columns = (
        sql.column(CUSTOMER),
        exp.alias_(exp.cast(exp.null(), "BIGINT"), "entry"),
        exp.alias_(exp.cast(exp.null(), "VARCHAR"), "reason"),
    )
    query = exp.select(*columns).from_("outcome").where(sql.column(outcome.program.answers[entering]))
    engine.create(COMING, query)


def _of_others(history: pa.Table, sources: Iterable[Source]) -> pa.Table:
    """Messages of before but for those of the journey: whoever had a step today is shown what it says all the same."""
    own = pa.array([one.name for one in sources], pa.string())
    return history.filter(pc.invert(pc.is_in(history.column("source"), own)))


def _batches(outcome: Outcome, around: Around, source: Source, step: Step) -> tuple[PlannedBatch, ...]:
    now = outcome.now
    if step.at is not None:
        local = datetime.combine(date_of(now.today), time(*divmod(step.at, 60)))
        now = Moment(instant_of(local, now.zone), now.zone)
    meant = (Meant(source, COMING),)
    return plan_messages(outcome.engine, outcome.program, meant, replace(around, moments=(now,)))


def _step(journey: Journey, step: Step, batches: tuple[PlannedBatch, ...], limit: int) -> StepPreview:
    action = step.action
    kind = "message" if isinstance(action, StepMessage) else "task" if isinstance(action, StepTask) else "wait"
    return StepPreview(
        name=step.name,
        kind=kind,
        time=StepTime(
            anchor=journey.anchor,
            offset="" if step.offset is None else str(step.offset),
            before=step.before,
            weekday="" if step.weekday is None else WEEKDAYS[step.weekday],
            at="" if step.at is None else clock(step.at),
        ),
        task=action.text.text if isinstance(action, StepTask) else "",
        channels=tuple(look_at(batch, limit=limit, mask=mask) for batch in batches),
    )
