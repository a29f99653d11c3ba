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
from pdo.model.outreach import AgainKind, StepMessage

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.model.conditions import Condition, Duration
    from pdo.model.outreach import Journey, OutreachPolicy, Step
    from pdo.model.playbook import Cap
    from pdo.playbook.reading import Reading

_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}


@dataclass(frozen=True, slots=True)
class _Dated:
    """A step with the day it is on, counted from the entry or the anchor."""

    step: Step
    day: int


def check_steps(journey: Journey, policy: OutreachPolicy | None, reading: Reading) -> None:
    """What the steps of a journey say about each other and about the policy.

    Diagnostics:
        PB522 a step for those who have left, PB523 one before the entry, PB524 steps that run backwards, PB914 one that
        the caps never let through, PB915 one after the next entry.
    """
    _check_exit(journey, reading)
    _check_entry(journey, reading)
    dated = [_Dated(step, day) for step in journey.steps if (day := _day_of(step)) is not None]
    if len(dated) == len(journey.steps):
        _check_order(dated, reading)
    _check_outlived(journey, dated, reading)
    _check_caps(dated, policy.caps if policy is not None else (), reading)
    _check_again(journey, dated, reading)


def _day_of(step: Step) -> int | None:
    """The day of a step; None where it hangs on the month or the weekday."""
    if step.offset is None or step.weekday is not None:
        return None
    if step.offset.is_exact:
        return step.offset.seconds // 86_400
    days = _DAYS.get(step.offset.unit)
    if days is None:
        return None
    return -days * step.offset.count if step.before else days * step.offset.count


# After the exit ---------------------------------------------------------------------------------------------------


def _check_exit(journey: Journey, reading: Reading) -> None:
    if journey.exit is None:
        return
    leaving = _plain(journey.exit)
    for step in journey.steps:
        if step.when is not None and leaving in _certain(step.when):
            related = (Related(journey.exit.span, "related.exit"),)
            reading.findings.add("PB522", step.when.span, related=related, name=step.name)


def _check_outlived(journey: Journey, dated: list[_Dated], reading: Reading) -> None:
    """Who leaves a week after being added has left before a step ten days after entering."""
    leaving, entered = journey.exit, journey.enter
    if not isinstance(leaving, AttributeTest) or not isinstance(leaving.test.test, AgeRange) or journey.anchor:
        return
    age = leaving.test.test
    days = _in_days(age.low) if age.low is not None and age.high is None else None
    if days is None:
        return
    for part in entered.parts if isinstance(entered, All) else (entered,):
        if isinstance(part, AttributeTest) and isinstance(part.test.test, AgeRange):
            low = part.test.test.low
            least = 0 if low is None else _in_days(low)
            late = [each for each in dated if least is not None and least + each.day >= days]
            if part.test.column == leaving.test.column and late:
                related = (Related(leaving.span, "related.exit"),)
                reading.findings.add(
                    "PB522", late[0].step.span, variant="late", related=related, name=late[0].step.name
                )
                return


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


def _check_entry(journey: Journey, reading: Reading) -> None:
    """Who enters at most a week before the anchor never sees a step two weeks before it."""
    earliest = _lead(journey)
    if earliest is None:
        return
    for step in journey.steps:
        day = _day_of(step)
        if day is not None and -day > earliest:
            reading.findings.add("PB523", step.span, name=step.name, days=-day, earliest=earliest)


def _lead(journey: Journey) -> int | None:
    """So many days before the anchor people enter at the earliest; None where nothing says."""
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


def _check_order(dated: list[_Dated], reading: Reading) -> None:
    for before, after in pairwise(dated):
        earlier = after.day < before.day
        same_day = after.day == before.day and None not in (after.step.at, before.step.at)
        if earlier or (same_day and (after.step.at or 0) < (before.step.at or 0)):
            related = (Related(before.step.span, "related.before"),)
            reading.findings.add("PB524", after.step.span, related=related, name=after.step.name)
            return


def _check_caps(dated: list[_Dated], caps: tuple[Cap, ...], reading: Reading) -> None:
    """Note the first step that a cap holds back by the steps before it alone."""
    for cap in caps:
        length = _in_days(cap.per)
        if length is None:
            continue
        sent: list[_Dated] = []
        for each in dated:
            action = each.step.action
            if not isinstance(action, StepMessage) or each.step.when is not None:
                continue
            if cap.channel != "any" and [channel.value for channel in action.channels] != [cap.channel]:
                continue
            recent = [one for one in sent if each.day - length < one.day <= each.day]
            if len(recent) >= cap.max:
                _tell_capped(each.step, cap, recent[0].step.span, reading)
                break
            sent.append(each)


def _tell_capped(step: Step, cap: Cap, first: Span, reading: Reading) -> None:
    related = (Related(cap.span, "related.cap"), Related(first, "related.counts"))
    shown = f"{cap.channel}: {cap.max}/{cap.per}"
    reading.findings.add("PB914", step.span, related=related, severity=Severity.WARNING, name=step.name, cap=shown)


def _check_again(journey: Journey, dated: list[_Dated], reading: Reading) -> None:
    again = journey.again
    after = _in_days(again.after) if again.kind is AgainKind.AFTER and again.after is not None else None
    if after is None:
        return
    late = next((each for each in dated if each.day > after), None)
    if late is not None:
        reading.findings.add(
            "PB915", late.step.span, severity=Severity.ADVICE, name=late.step.name, again=str(again.after)
        )
