"""How a plan is shown, before and after it was applied: `pdo plan` and `pdo run`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pdo.commands.frame import as_json
from pdo.commands.present import Table, local, number
from pdo.core.calendar import date_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdo.commands.present import Output
    from pdo.core.wording import Language
    from pdo.model.reports import Conflict, Move, Plan, PlannedBatch, Step

KINDS = {"tags": "tag", "stages": "stage", "segments": "segment"}


def plan_data(plan: Plan, language: Language) -> dict[str, object]:
    """What JSON says of a plan."""
    return {
        "total_changes": plan.total_changes,
        "as_of": str(plan.as_of),
        "run_id": plan.run_id,
        "customers": plan.customers,
        **{name: _rules([step for step in plan.steps if step.kind == kind]) for name, kind in KINDS.items()},
        "moves": [
            {
                "lifecycle": move.lifecycle,
                "from": move.origin or None,
                "to": move.target or None,
                "count": move.count,
                "sample": list(move.sample),
            }
            for move in plan.moves
        ],
        "messages": [_batch_data(batch) for batch in plan.batches],
        "conflicts": [{"group": one.name, "count": one.count, "sample": list(one.sample)} for one in plan.conflicts],
        "alerts": {step.name: step.count for step in plan.alerts},
        "renamed": [{"from": old, "to": new} for old, new in plan.renamed.values()],
        "guard": [as_json(found, language) for found in plan.stops],
    }


def _rules(steps: Sequence[Step]) -> dict[str, object]:
    """Per rule how many gain and lose it, with the first few of each; a stage is named with its lifecycle."""
    found: dict[str, dict[str, object]] = {}
    for step in steps:
        name = f"{step.scope}/{step.name}" if step.scope else step.name
        rule = found.setdefault(name, {"gained": 0, "lost": 0, "sample": {"gained": [], "lost": []}})
        rule[step.change] = step.count
        sample = rule["sample"]
        if isinstance(sample, dict):
            sample[step.change] = list(step.sample)
    return dict(found)


def _batch_data(batch: PlannedBatch) -> dict[str, object]:
    return {
        "campaign": batch.campaign,
        "channel": batch.channel,
        "planned_on": date_of(batch.planned_on).isoformat(),
        "status": "approved" if batch.approved else "draft",
        "made": len(batch.messages),
        "withheld": len(batch.withheld),
        "withheld_reasons": dict(_reasons(batch)),
    }


def _reasons(batch: PlannedBatch) -> list[tuple[str, int]]:
    return sorted(Counter(message.reason for message in batch.withheld).items())


def plan_blocks(plan: Plan, output: Output) -> Iterator[str | Table]:
    """What people read of a plan."""
    key = "plan.title" if plan.run_id is None else "run.title"
    yield output.say(key, as_of=local(str(plan.as_of)), customers=number(plan.customers), run_id=plan.run_id)
    for kind in ("tag", "segment"):
        yield _changes([step for step in plan.steps if step.kind == kind], kind, output)
    yield _moves(plan.moves, output)
    yield _conflicts(plan.conflicts, output)
    for old, new in plan.renamed.values():
        yield output.say("plan.renamed", old=old, new=new)
    yield _messages(plan.batches, output)
    if plan.stops and plan.run_id is None:
        yield output.say("plan.guard")
        yield from (f"- {found.message(output.language)}" for found in plan.stops)
    if plan.total_changes == 0:
        yield output.say("plan.nothing")
    else:
        key = "plan.total" if plan.run_id is None else "run.total"
        yield output.say(key, changes=number(plan.total_changes))


def _changes(steps: Sequence[Step], kind: str, output: Output) -> Table:
    rows = [
        (_named(step), output.say(f"change.{step.change}"), number(step.count), _sample(step.sample, step.count))
        for step in steps
        if step.count > 0
    ]
    return Table(output.headings(kind, "change", "customers", "sample"), rows, frozenset({2}))


def _named(step: Step) -> str:
    """The rule's name, with the value's column before it and the letters of an RFM type behind it."""
    name = f"{step.scope}: {step.name}" if step.scope else step.name
    return f"{name} ({step.note})" if step.note else name


def _conflicts(conflicts: Sequence[Conflict], output: Output) -> Table:
    """Who would have several tags of an exclusive group: not an error, yet somebody should decide."""
    rows = [(one.name, number(one.count), _sample(one.sample, one.count)) for one in conflicts]
    return Table(output.headings("conflict", "customers", "sample"), rows, frozenset({1}))


def _moves(moves: Sequence[Move], output: Output) -> Table:
    none = output.say("plan.no_stage")
    rows = [
        (
            move.lifecycle,
            f"{move.origin or none} → {move.target or none}",
            number(move.count),
            _sample(move.sample, move.count),
        )
        for move in moves
        if move.count > 0
    ]
    return Table(output.headings("lifecycle", "move", "customers", "sample"), rows, frozenset({2}))


def _messages(batches: Sequence[PlannedBatch], output: Output) -> Table:
    rows = [
        (
            batch.campaign,
            date_of(batch.planned_on).isoformat(),
            output.say("status.approved" if batch.approved else "status.draft"),
            number(len(batch.messages)),
            number(len(batch.withheld)),
            ", ".join(f"{reason_words(reason, output)} {number(count)}" for reason, count in _reasons(batch)),
        )
        for batch in batches
    ]
    names = ("campaign", "planned_on", "status", "messages", "withheld", "reasons")
    return Table(output.headings(*names), rows, frozenset({3, 4}))


def reason_words(reason: str, output: Output) -> str:
    """Why a message is withheld, in words: `cap:any:1/1d` names its kind and what it says."""
    kind, *said = reason.split(":")
    if kind == "cap" and said:
        channel, limit = said[0], said[-1]
        count, _, per = limit.partition("/")
        return output.say("reason.cap", channel=output.say_or(f"channel.{channel}", channel), count=count, per=per)
    return output.say_or(f"reason.{kind}", reason)


def _sample(keys: Sequence[str], count: int) -> str:
    return ", ".join(keys) + (" …" if count > len(keys) else "")
