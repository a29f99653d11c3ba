"""Whom the campaigns of a project mean, and what must be asked of the rules to know what is said. Reads no store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.measures import CUSTOMER
from pdo.core.frozen import dataclass
from pdo.model.fields import ATTRIBUTES
from pdo.model.outbox import Meant, campaign_source
from pdo.outbox.calendar import runs_on
from pdo.outbox.pipeline import wants_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pdo.compiler.program import Program
    from pdo.core.calendar import Moment
    from pdo.evaluate.engine import Engine
    from pdo.model.conditions import Condition
    from pdo.model.fields import Type
    from pdo.model.outbox import Source
    from pdo.model.playbook import Project
    from pdo.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Sending:
    """What a run sends.

    Args:
        sources: campaigns.
        asked: conditions to answer, by name.
        shown: names of values to show.
        types: attribute → type.
    """

    sources: tuple[Source, ...]
    asked: Mapping[str, Condition]
    shown: Mapping[str, str]
    types: Mapping[str, Type]


def sending_of(
    project: Project,
    settings: Settings,
    *,
    only: str = "",
    names: Sequence[str] | None = None,
    steps: Sequence[Source] = (),
) -> Sending:
    """What the campaigns of a project ask of a program.

    Args:
        only: the playbook whose campaigns run; empty for all.
        names: only these campaigns; None for all.
        steps: of journeys, that send too.
    """
    campaigns = [
        one
        for one in project.outreach.campaigns.values()
        if only in ("", one.playbook) and (names is None or one.name in names)
    ]
    sources = tuple(campaign_source(one, project.outreach) for one in campaigns)
    declared = (each.column for each in settings.declared("customers"))
    types = {column.name: column.type for column in (*ATTRIBUTES, *declared)}
    asked, shown = wants_of((*sources, *steps), project.outreach, types)
    return Sending(sources, {**{meant_name(one.name): one.to for one in campaigns}, **asked}, shown, types)


def meant_name(campaign: str) -> str:
    """The name under which a program answers whom a campaign is for."""
    return f"to {campaign}"


def whom(
    engine: Engine,
    program: Program,
    project: Project,
    sending: Sending,
    moments: Sequence[Moment],
    *,
    also: str = "",
) -> tuple[Meant, ...]:
    """Whom the campaigns mean, as tables of the engine.

    Args:
        moments: the now of each world; a campaign means nobody in a world in which it does not run today.
        also: the campaign that is looked at though it may not run today; empty for none.
    """
    days = sorted({moment.today for moment in moments})
    found = []
    for place, source in enumerate(sending.sources):
        on = project.outreach.campaigns[source.name].days
        running = [day for day in days if source.name == also or on is None or runs_on(on, day)]
        if not running:
            continue
        table = f"meant{place}"
        columns = (
            sql.column(CUSTOMER),
            exp.alias_(exp.cast(exp.null(), "BIGINT"), "entry"),
            exp.alias_(exp.cast(exp.null(), "VARCHAR"), "reason"),
        )
        query = exp.select(*columns).from_("outcome").where(sql.column(program.answers[meant_name(source.name)]))
        engine.create(table, query)
        found.append(Meant(source, table, None if len(running) == len(days) else tuple(running)))
    return tuple(found)
