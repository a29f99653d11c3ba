"""Conditions as people say them: one line where that reads unambiguously, an indented list where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass
from pdo.model.conditions import (
    All,
    AnyOf,
    AttributeTest,
    BucketTest,
    Everyone,
    LatestTest,
    ListTest,
    MeasureTest,
    MetricTest,
    NoneOf,
    RfmTest,
    SegmentTest,
    StageTest,
    TagTest,
)
from pdo.model.fields import Type
from pdo.model.playbook import Ratio
from pdo.playbook.describing.measures import Measures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdo.model.conditions import AgeRange, Condition
    from pdo.model.playbook import Project
    from pdo.playbook.describing.tests import Voice

MAX_TESTS = 4
"""More tests than this stand in a list."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence or a part of one, with what stands below it.

    Args:
        text: on one line.
        parts: points of a list below it, in order.
    """

    text: str
    parts: tuple[Clause, ...] = ()

    def lines(self, indent: str = "") -> list[str]:
        """The clause as lines of text, what stands below it further in."""
        below = [line for part in self.parts for line in part.lines(f"{indent}  ")]
        return [f"{indent}- {self.text}" if indent else self.text, *below]


class Conditions:
    """Says conditions.

    Args:
        voice: the language.
        project: whose metrics conditions name.
    """

    def __init__(self, voice: Voice, project: Project) -> None:
        self.voice = voice
        self.project = project
        self.measures = Measures(voice)

    # Who ------------------------------------------------------------------------------------------------------------

    def who(self, condition: Condition) -> Clause:
        """The customers of whom a condition holds."""
        if isinstance(condition, Everyone):
            return Clause(self.voice.say("say.who_everyone"))
        if is_short(condition):
            return Clause(self.voice.spaced(self.voice.say("say.who", condition=self._inline(condition))))
        listed = self._listed(condition)
        return Clause(self.voice.say("say.who_list"), listed.parts if isinstance(condition, All) else (listed,))

    def clause(self, condition: Condition) -> Clause:
        """The condition itself."""
        return Clause(self.inline(condition)) if is_short(condition) else self._listed(condition)

    # One line -------------------------------------------------------------------------------------------------------

    def inline(self, condition: Condition) -> str:
        """A condition on one line; what is nested stands in brackets."""
        return self.voice.spaced(self._inline(condition))

    def _inline(self, condition: Condition) -> str:
        match condition:
            case All(parts):
                return self._joined(parts, "say.all_join")
            case AnyOf(parts):
                return self._joined(parts, "say.any_join")
            case NoneOf((part,)):
                return self.negated(part)
            case NoneOf(parts):
                return self.voice.say("say.not_any", inner=self._joined(parts, "say.any_join"))
            case _:
                return self.test(condition)

    def negated(self, condition: Condition) -> str:
        """That a condition does not hold."""
        own = self._opposite(condition)
        return self.voice.say("say.not_one", inner=self._inline(condition)) if own is None else own

    def _joined(self, parts: Iterable[Condition], key: str) -> str:
        return self.voice.say(key).join(self._part(part) for part in parts)

    def _part(self, part: Condition) -> str:
        said = self._inline(part)
        return (
            self.voice.say("say.grouped", inner=said) if isinstance(part, All | AnyOf) and len(part.parts) > 1 else said
        )

    # A list ---------------------------------------------------------------------------------------------------------

    def _listed(self, condition: Condition) -> Clause:
        """A condition as a list of what must hold."""
        match condition:
            case All(parts):
                return Clause(self.voice.say("say.all_list"), tuple(self.clause(part) for part in parts))
            case AnyOf(parts):
                return Clause(self.voice.say("say.any_list"), tuple(self.clause(part) for part in parts))
            case NoneOf(parts) if len(parts) > 1 or not is_short(condition):
                return Clause(self.voice.say("say.none_list"), tuple(self.clause(part) for part in parts))
            case _:
                return Clause(self.inline(condition))

    # One test -------------------------------------------------------------------------------------------------------

    def test(self, condition: Condition) -> str:
        """A condition that is not made of others."""
        voice = self.voice
        match condition:
            case Everyone():
                return voice.say("say.everyone")
            case AttributeTest(test):
                said = self.measures.tests.predicate(test.test, test.type)
                what = voice.column("", test.column)
                if voice.language == "en" and test.type is Type.BOOLEAN:
                    what = voice.quoted(what)
                return voice.say("say.attribute", what=what, test=said)
            case MetricTest():
                return self._metric(condition)
            case MeasureTest(measure, test):
                return self.measures.held(measure, test) or ""
            case LatestTest():
                return self.measures.latest(condition)
            case ListTest(path, ids):
                return voice.say("say.list", path=voice.quoted(path), count=len(ids))
            case BucketTest(low, high):
                return voice.say("say.bucket", low=low, high=high)
            case _:
                return self._membership(condition, negated=False) or ""

    def _opposite(self, condition: Condition) -> str | None:
        """The opposite of a test in words of its own; None where there are none."""
        match condition:
            case MeasureTest(measure, test):
                return self.measures.held(measure, test, negated=True)
            case ListTest(path, ids):
                return self.voice.say("say.list_not", path=self.voice.quoted(path), count=len(ids))
            case TagTest(held=None) | StageTest(held=None) | SegmentTest() | RfmTest():
                return self._membership(condition, negated=True)
            case _:
                return None

    def _membership(self, condition: Condition, *, negated: bool) -> str | None:
        voice, end = self.voice, ".not" if negated else ""
        match condition:
            case TagTest(tags, every=every, held=held):
                key = f"say.tag_every{end}" if every and len(tags) > 1 else f"say.tag{end}"
                names = voice.every(tags) if every else voice.either(tags)
                return self._for(voice.say(key, names=names), held)
            case StageTest(lifecycle, stages, held=held):
                names = voice.either(stages)
                return self._for(voice.say(f"say.stage{end}", lifecycle=voice.quoted(lifecycle), names=names), held)
            case SegmentTest(segments):
                return voice.say(f"say.segment{end}", names=voice.either(segments))
            case RfmTest(setting, types):
                return voice.say(
                    f"say.rfm{end}", name=voice.quoted(setting), names=voice.either(self._types(setting, types))
                )
        return None

    def _types(self, setting: str, types: tuple[str, ...]) -> list[str]:
        known = self.project.rfm.get(setting)
        return [f"{known.names[each]} {each}" if known is not None and each in known.names else each for each in types]

    def _for(self, said: str, held: AgeRange | None) -> str:
        """For how long it has been so."""
        if held is None:
            return said
        voice = self.voice
        low, high = (None if end is None else voice.length(end) for end in (held.low, held.high))
        if low is not None and high is not None:
            length = voice.say("say.for_between", low=low, high=high)
        elif low is not None:
            length = voice.say("say.for_at_least", low=low)
        else:
            length = voice.say("say.for_any") if high is None else voice.say("say.for_at_most", high=high)
        return voice.say("say.held_for", held=said, length=length)

    def _metric(self, condition: MetricTest) -> str:
        name = condition.metric
        metric = self.project.metrics.get(name)
        what, type_ = self.voice.quoted(name), Type.NUMBER
        if metric is not None:
            type_ = Type.NUMBER if isinstance(metric.measure, Ratio) else metric.type
        setting, _, part = name.rpartition(".")
        if metric is None and setting in self.project.rfm:
            what, type_ = self.voice.say(f"say.rfm_part.{part}", name=self.voice.quoted(setting)), Type.INTEGER
        return self.voice.say("say.metric", what=what, test=self.measures.tests.predicate(condition.test, type_))


def is_short(condition: Condition) -> bool:
    """Whether a condition reads well on one line: few tests, nested once at most."""
    return _tests(condition) <= MAX_TESTS and _depth(condition) <= 2  # noqa: PLR2004  (once)


def _tests(condition: Condition) -> int:
    return sum(map(_tests, condition.parts)) if isinstance(condition, All | AnyOf | NoneOf) else 1


def _depth(condition: Condition) -> int:
    """How deep groups of more than one lie in each other."""
    if not isinstance(condition, All | AnyOf | NoneOf):
        return 0
    return max((_depth(part) for part in condition.parts), default=0) + (len(condition.parts) > 1)
