"""Steps of a journey that can never be, or never go out: after the exit, before the entry, over the policy's own caps."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Related, Severity
from pdo.core.frozen import dataclass
from pdo.model.conditions import (
    AgeRange,
    AheadRange,
    All,
    Anniversary,
    AnyOf,
    AttributeTest,
    LatestTest,
    MeasureTest,
    MetricTest,
    NoneOf,
    Unit,
)
from pdo.model.outreach import AgainKind

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.model.conditions import Condition, Duration
    from pdo.model.outreach import Again, Cap, Channel
    from pdo.playbook.reading import Reading

_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


@dataclass(frozen=True, slots=True)
class Sketch:
    """What could be read of a step: enough to see where it stands among the others.

    Args:
        day: counted from the entry or the anchor; None where it hangs on the month or the weekday, or cannot be read.
        at: minutes after midnight.
        channels: of a message that everyone on this step gets; empty otherwise.
    """

    name: str
    day: int | None
    at: int | None
    when: Condition | None
    channels: tuple[Channel, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Outline:
    """What could be read of a journey; what could not be is None."""

    enter: Condition | None
    exit: Condition | None
    anchor: str | None
    again: Again | None
    steps: tuple[Sketch, ...]


def check_steps(journey: Outline, caps: tuple[Cap, ...], reading: Reading) -> None:
    """What the steps of a journey say about each other and about the caps of the policy.

    Diagnostics:
        PB522 a step for those who have left, PB523 one before the entry, PB524 steps that run backwards, PB914 one that
        the caps never let through, PB915 one after the next entry.
    """
    _check_exit(journey, reading)
    _check_entry(journey, reading)
    _check_order(journey.steps, reading)
    _check_outlived(journey, reading)
    _check_caps(journey.steps, caps, reading)
    _check_again(journey, reading)


def day_of(offset: Duration | None, *, before: bool) -> int | None:
    """The day of a step; None where it hangs on the month."""
    if offset is None:
        return None
    if offset.is_exact:
        return offset.seconds // 86_400
    days = _DAYS.get(offset.unit)
    if days is None:
        return None
    return -days * offset.count if before else days * offset.count


# After the exit ---------------------------------------------------------------------------------------------------


def _check_exit(journey: Outline, reading: Reading) -> None:
    if journey.exit is None:
        return
    leaving = _plain(journey.exit)
    for step in journey.steps:
        if step.when is not None and leaving in _certain(step.when):
            related = (Related(journey.exit.span, "related.exit"),)
            reading.findings.add("PB522", step.when.span, related=related, name=step.name)


def _check_outlived(journey: Outline, reading: Reading) -> None:
    """Who leaves a week after being added has left before a step ten days after entering."""
    leaving, entered = journey.exit, journey.enter
    if not isinstance(leaving, AttributeTest) or not isinstance(leaving.test.test, AgeRange):
        return
    if entered is None or journey.anchor != "":
        return
    age = leaving.test.test
    days = _in_days(age.low) if age.low is not None and age.high is None else None
    if days is None:
        return
    for part in entered.parts if isinstance(entered, All) else (entered,):
        if isinstance(part, AttributeTest) and isinstance(part.test.test, AgeRange):
            low = part.test.test.low
            least = 0 if low is None else _in_days(low)
            late = [each for each in _dated(journey.steps) if least is not None and least + each[0] >= days]
            if part.test.column == leaving.test.column and late:
                related = (Related(leaving.span, "related.exit"),)
                step = late[0][1]
                reading.findings.add("PB522", step.span, variant="late", related=related, name=step.name)
                return


def _dated(steps: tuple[Sketch, ...]) -> list[tuple[int, Sketch]]:
    """The steps whose day is known, with it."""
    return [(step.day, step) for step in steps if step.day is not None]


def _certain(condition: Condition) -> set[object]:
    """What holds for everyone who meets it, whatever place it stands in."""
    parts = condition.parts if isinstance(condition, All) else (condition,)
    found: set[object] = {_plain(condition)}
    for part in parts:
        found |= _certain(part) if isinstance(part, All) else {_plain(part)}
    return found


def _plain(condition: Condition) -> object:
    """A condition without the place where it is written."""
    match condition:
        case All(parts=parts) | AnyOf(parts=parts) | NoneOf(parts=parts):
            return (type(condition), tuple(_plain(part) for part in parts))
        case AttributeTest(test=test):
            return (AttributeTest, test)
        case MeasureTest(measure=measure, test=test):
            return (MeasureTest, measure, test)
        case LatestTest(rows=rows, has=has):
            return (LatestTest, rows, has)
        case MetricTest(metric=metric, test=test):
            return (MetricTest, metric, test)
        case _:
            fields = [name for name in type(condition).__dataclass_fields__ if name != "span"]
            return (type(condition), *(getattr(condition, name) for name in fields))


# Before the entry -------------------------------------------------------------------------------------------------


def _check_entry(journey: Outline, reading: Reading) -> None:
    """Who enters at most a week before the anchor never sees a step two weeks before it."""
    earliest = _lead(journey)
    if earliest is None:
        return
    for day, step in _dated(journey.steps):
        if -day > earliest:
            reading.findings.add("PB523", step.span, name=step.name, days=-day, earliest=earliest)


def _lead(journey: Outline) -> int | None:
    """So many days before the anchor people enter at the earliest; None where nothing says."""
    if journey.enter is None:
        return None
    parts = journey.enter.parts if isinstance(journey.enter, All) else (journey.enter,)
    for part in parts:
        if isinstance(part, AttributeTest) and part.test.column == journey.anchor:
            test = part.test.test
            if isinstance(test, Anniversary | AheadRange) and test.high is not None:
                return _in_days(test.high)
    return None


def _in_days(duration: Duration) -> int | None:
    days = _DAYS.get(duration.unit)
    return None if days is None else days * duration.count


# Order and caps ---------------------------------------------------------------------------------------------------


def _check_order(steps: tuple[Sketch, ...], reading: Reading) -> None:
    for (day, before), (next_day, after) in pairwise(_dated(steps)):
        same_day = next_day == day and None not in (after.at, before.at)
        if next_day < day or (same_day and (after.at or 0) < (before.at or 0)):
            related = (Related(before.span, "related.before"),)
            reading.findings.add("PB524", after.span, related=related, name=after.name)
            return


def _check_caps(steps: tuple[Sketch, ...], caps: tuple[Cap, ...], reading: Reading) -> None:
    """Note the first step that a cap holds back by the steps before it alone."""
    for cap in caps:
        length = _in_days(cap.per)
        if length is None:
            continue
        sent: list[tuple[int, Sketch]] = []
        for day, step in _dated(steps):
            if not step.channels or (
                cap.channel != "any" and [channel.value for channel in step.channels] != [cap.channel]
            ):
                continue
            recent = [one for earlier, one in sent if day - length < earlier <= day]
            if len(recent) >= cap.max:
                _tell_capped(step, cap, recent[0].span, reading)
                break
            sent.append((day, step))


def _tell_capped(step: Sketch, cap: Cap, first: Span, reading: Reading) -> None:
    related = (Related(cap.span, "related.cap"), Related(first, "related.counts"))
    shown = f"{cap.channel}: {cap.max}/{cap.per}"
    reading.findings.add("PB914", step.span, related=related, severity=Severity.WARNING, name=step.name, cap=shown)


def _check_again(journey: Outline, reading: Reading) -> None:
    again = journey.again
    if again is None or again.kind is not AgainKind.AFTER or again.after is None:
        return
    after = _in_days(again.after)
    late = next((step for day, step in _dated(journey.steps) if after is not None and day > after), None)
    if late is not None:
        reading.findings.add("PB915", late.span, severity=Severity.ADVICE, name=late.name, again=str(again.after))
