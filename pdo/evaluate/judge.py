"""What was expected against what is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdo.evaluate.phrases import Phrases
from pdo.evaluate.search import is_found
from pdo.model.conditions import MetricTest, OneOf, TextTest
from pdo.model.examples import Aspect
from pdo.model.verdicts import Failure, RenderedMessage, Unchecked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pdo.core.calendar import Moment
    from pdo.evaluate.rehearse import Seen
    from pdo.model.conditions import Condition
    from pdo.model.examples import Expectation, Expected, Membership
    from pdo.model.fields import Type
    from pdo.model.playbook import Project

LABELS = (Aspect.TAG, Aspect.SEGMENT, Aspect.STAGE)
VALUES = (Aspect.SCORE, Aspect.METRIC)


def question(one: Expected) -> str:
    """The name under which a program answers whether a value is as expected."""
    return f"{one.span.source.path}:{one.span.line}:{one.span.column} {one.customer} {one.name}"


def questions(expect: Expectation) -> dict[str, Condition]:
    """The tests of values, for the program to answer in its own units."""
    return {
        question(one): MetricTest(one.name, one.test, one.span)
        for one in expect.expected
        if one.aspect in VALUES and one.test is not None
    }


def names_shown(expect: Expectation) -> list[str]:
    """The values that failures tell."""
    return [one.name for one in expect.expected if one.aspect in VALUES]


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges one moment of one example.

    Args:
        project: the checked playbooks.
        now: the moment.
        seen: own id → what became of the customer.
        messages: that were made.
    """

    project: Project
    now: Moment
    seen: Mapping[str, Seen]
    messages: Sequence[RenderedMessage]

    def verdict(self, expect: Expectation) -> Iterator[Failure | Unchecked]:
        """Everything that is not as expected."""
        for one in expect.expected:
            if not self._can_check(one):
                yield Unchecked(one.aspect, one.name, one.span)
            elif self._is(one) is one.absent:
                yield self._failure(one)
        for members in expect.members:
            yield from self._members(members)
        if expect.exactly:
            yield from self._besides(expect)

    def _can_check(self, one: Expected) -> bool:
        """Messages of what this version does not send, and tasks of journeys, cannot be checked."""
        if one.aspect is Aspect.MESSAGE:
            return one.name in self.project.campaigns
        if one.aspect is Aspect.TASK:
            tag = self.project.tags.get(one.name)
            return tag is not None and tag.alert is not None and one.test is None
        return True

    def _is(self, one: Expected) -> bool:
        seen = self.seen[one.customer]
        match one.aspect:
            case Aspect.TAG:
                return one.name in seen.tags
            case Aspect.SEGMENT:
                return one.name in seen.segments
            case Aspect.STAGE:
                return seen.stages.get(one.name) == one.stage
            case Aspect.SCORE | Aspect.METRIC:
                return bool(seen.shown[one.name]) if one.test is None else seen.answers[question(one)]
            case Aspect.MESSAGE:
                return any(_says(one, message.text) for message in self._sent(one))
            case Aspect.TASK:
                return one.name in seen.gained

    def _sent(self, one: Expected) -> list[RenderedMessage]:
        return [
            message
            for message in self.messages
            if (message.campaign, message.customer, message.reason) == (one.name, one.customer, "")
        ]

    def _failure(self, one: Expected) -> Failure:
        return Failure(
            one.aspect,
            one.customer,
            one.name,
            _written(one, one.type),
            self._got(one),
            one.absent,
            str(self.now),
            one.span,
        )

    def _got(self, one: Expected) -> str:
        seen = self.seen[one.customer]
        match one.aspect:
            case Aspect.TAG:
                return _listed(seen.tags)
            case Aspect.SEGMENT:
                return _listed(seen.segments)
            case Aspect.STAGE:
                return seen.stages.get(one.name, "")
            case Aspect.SCORE | Aspect.METRIC:
                return seen.shown[one.name]
            case Aspect.MESSAGE:
                sent = self._sent(one)
                withheld = [message.reason for message in self.messages if message.customer == one.customer]
                return "\n".join(message.text for message in sent) or _listed(reason for reason in withheld if reason)
            case Aspect.TASK:
                return _listed(name for name in seen.gained if self.project.tags[name].alert is not None)

    def _members(self, members: Membership) -> Iterator[Failure]:
        wanted = set(members.customers)
        tags = members.aspect is Aspect.TAG
        got = {key for key, seen in self.seen.items() if members.name in (seen.tags if tags else seen.segments)}
        if got != wanted:
            yield Failure(
                members.aspect,
                "",
                members.name,
                _listed(wanted),
                _listed(got),
                absent=False,
                moment=str(self.now),
                span=members.span,
            )

    def _besides(self, expect: Expectation) -> Iterator[Failure]:
        """Labels and messages that nobody expected, of each customer and aspect that is named."""
        named = {
            (one.aspect, one.customer): one for one in expect.expected if one.aspect in (Aspect.TAG, Aspect.SEGMENT)
        }
        for (aspect, customer), first in named.items():
            seen = self.seen[customer]
            has = seen.tags if aspect is Aspect.TAG else seen.segments
            wanted = {
                one.name
                for one in expect.expected
                if (one.aspect, one.customer, one.absent) == (aspect, customer, False)
            }
            if has - wanted:
                expected = _listed(wanted)
                yield Failure(
                    aspect,
                    customer,
                    _listed(has - wanted),
                    expected,
                    _listed(has),
                    absent=True,
                    moment=str(self.now),
                    span=first.span,
                )


def _says(one: Expected, text: str) -> bool:
    match one.test:
        case None:
            return True
        case OneOf(values):
            return text in values
        case TextTest() as test:
            return is_found(test, text)
        case _:
            return False


def _written(one: Expected, type_: Type | None) -> str:
    if one.aspect is Aspect.STAGE:
        return one.stage
    return one.name if one.test is None or type_ is None else Phrases().test(one.test, type_)


def _listed(names: Iterable[str]) -> str:
    return "、".join(sorted(names))
