"""How a plan is shown, before and after it was applied: `pdo plan` and `pdo run`."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

from pdo.commands.frame import as_json
from pdo.commands.present import Table, local, number
from pdo.core.calendar import date_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdo.commands.present import Output
    from pdo.core.wording import Language
    from pdo.model.journeys import Progress
    from pdo.model.outbox import PlannedBatch
    from pdo.model.previews import StockNote
    from pdo.model.reports import Conflict, Move, Plan, Step

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
        "journeys": [] if plan.walked is None else [_progress(one) for one in plan.walked.progress],
        "tasks": {} if plan.walked is None else dict(Counter(task.source for task in plan.walked.tasks)),
        "notes": [asdict(one) for one in plan.notes],
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
        "status": "approved" if batch.is_approved else "draft",
        "made": batch.planned,
        "withheld": batch.withheld,
        "withheld_reasons": dict(batch.reasons),
    }


def _progress(one: Progress) -> dict[str, object]:
    return {
        "journey": one.journey,
        "entered": one.entered,
        "exited": one.exited,
        "done": one.done,
        "steps": [{"step": step, "state": state, "count": count} for step, state, count in one.steps],
    }


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
    yield from _walked(plan, output)
    yield _messages(plan.batches, output)
    yield from note_lines(plan.notes, output)
    if plan.stops and plan.run_id is None:
        yield output.say("plan.guard")
        yield from (f"- {found.message(output.language)}" for found in plan.stops)
    if plan.total_changes == 0:
        yield output.say("plan.nothing")
    else:
        key = "plan.total" if plan.run_id is None else "run.total"
        yield output.say(key, changes=number(plan.total_changes))


def run_summary(plan: Plan, output: Output) -> str:
    """A run in one line."""
    messages = number(sum(batch.planned for batch in plan.batches))
    changes = number(plan.total_changes)
    return output.say(
        "run.summary", run_id=plan.run_id, as_of=local(str(plan.as_of)), changes=changes, messages=messages
    )


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


def _walked(plan: Plan, output: Output) -> Iterator[str | Table]:
    """What becomes of journeys, and the tasks that are made."""
    walked = plan.walked
    if walked is None:
        return
    moved = [one for one in walked.progress if one.entered + one.exited + one.done]
    rows = [(one.journey, number(one.entered), number(one.exited), number(one.done)) for one in moved]
    names = ("journey", "journey_entering", "journey_exited", "journey_done")
    yield Table(output.headings(*names), rows, frozenset({1, 2, 3}))
    for journey in dict.fromkeys(journey for journey, _ in walked.gone):
        yield output.say("plan.journeys_stopped", journey=journey)
    tasks = Counter(task.source for task in walked.tasks)
    rows_of_tasks = [(source, number(count)) for source, count in sorted(tasks.items())]
    yield Table(output.headings("tasks_of", "tasks"), rows_of_tasks, frozenset({1}))


def note_lines(notes: Sequence[StockNote], output: Output) -> Iterator[str]:
    """What somebody should know of codes and offers."""
    for one in notes:
        told = {"name": one.name, "count": number(one.count), "left": number(one.left)}
        yield output.say(f"stock.{one.kind}", **told, day=one.day, until=one.until)


def _messages(batches: Sequence[PlannedBatch], output: Output) -> Table:
    rows = [
        (
            batch.campaign,
            date_of(batch.planned_on).isoformat(),
            output.say("status.approved" if batch.is_approved else "status.draft"),
            number(batch.planned),
            number(batch.withheld),
            ", ".join(f"{reason_words(reason, output)} {number(count)}" for reason, count in batch.reasons.items()),
        )
        for batch in batches
    ]
    names = ("campaign", "planned_on", "status", "messages", "withheld", "reasons")
    return Table(output.headings(*names), rows, frozenset({3, 4}))


def reason_words(reason: str, output: Output) -> str:
    """Why a message is withheld, in words: `cap:any:1/1d` names its kind and what it says."""
    kind, _, said = reason.partition(":")
    if kind in ("cap", "campaign_cap"):
        channel, _, limit = said.rpartition(":")
        count, _, per = limit.partition("/")
        return output.say(f"reason.{kind}", channel=channel_words(channel, output), count=count, per=per)
    if kind == "quota":
        channel, _, window = said.partition(":")
        return output.say("reason.quota", channel=channel_words(channel, output), window=output.say(f"quota.{window}"))
    words = output.say_or(f"reason.{kind}", kind)
    return f"{words} ({said})" if said else words


def channel_words(channel: str, output: Output) -> str:
    """A channel, or any of them, as people say it."""
    return output.say("channel.any") if channel == "any" else output.say_or(f"block.channel.{channel}", channel)


def _sample(keys: Sequence[str], count: int) -> str:
    return ", ".join(keys) + (" …" if count > len(keys) else "")
