"""What was expected against what is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdo.evaluate.search import is_found
from pdo.model.conditions import Filled, MetricTest, Negated, OneOf, SegmentTest, TextTest
from pdo.model.examples import Aspect
from pdo.model.playbook import Rule
from pdo.model.verdicts import Failure, RenderedMessage, Unchecked, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pdo.core.calendar import Moment
    from pdo.core.source import Span
    from pdo.evaluate.phrases import Phrases
    from pdo.evaluate.rehearse import Seen
    from pdo.model.conditions import Condition, Test
    from pdo.model.examples import Expectation, Expected, Membership
    from pdo.model.journeys import MadeTask
    from pdo.model.playbook import Project

    Suspect = tuple[str, Rule]
    Wrong = tuple[Failure, tuple[Suspect, ...]]
    """A failure, with customers and the rules that decided about them."""

VALUES = (Aspect.SCORE, Aspect.METRIC)
SUSPECTS = 3
"""Of a whole that is wrong, the reasons of so many are told."""


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
        tags: the names of all tags, values of columns among them.
        seen: own id → what became of the customer.
        messages: that were made at this moment.
        phrases: writes tests in the keys of the reader's language.
        tasks: that were made at this moment.
    """

    project: Project
    now: Moment
    tags: frozenset[str]
    seen: Mapping[str, Seen]
    messages: Sequence[RenderedMessage]
    phrases: Phrases
    tasks: Sequence[MadeTask] = ()

    def verdict(self, expect: Expectation) -> Iterator[Wrong | Unchecked]:
        """Everything that is not as expected."""
        for one in expect.expected:
            unknown = self._unknown(one)
            if unknown is not None:
                yield unknown
            elif self._is(one) is one.absent:
                yield self._failure(one)
        for members in expect.members:
            yield from self._members(members)
        if expect.exactly:
            yield from self._besides(expect)

    def _unknown(self, one: Expected) -> Unchecked | None:
        """What cannot be checked: customers that no file brings, tags that nothing is called."""
        if one.customer not in self.seen:
            return Unchecked(one.aspect, one.customer, one.span, Unknown.CUSTOMER)
        if one.aspect is Aspect.TAG and one.name not in self.tags:
            return Unchecked(one.aspect, one.name, one.span, Unknown.NAME)
        return None

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
                return any(_says(one.test, message.text) for message in self._sent(one))
            case Aspect.TASK:
                return any(_says(one.test, task.text) for task in self._tasks(one.customer) if task.source == one.name)

    def _made(self, one: Expected) -> list[RenderedMessage]:
        """The messages that something is expected of, those held back included; none where it is no message."""
        if one.aspect is not Aspect.MESSAGE:
            return []
        return [each for each in self.messages if (each.campaign, each.customer) == (one.name, one.customer)]

    def _sent(self, one: Expected) -> list[RenderedMessage]:
        return [message for message in self._made(one) if not message.reason]

    def _tasks(self, customer: str) -> list[MadeTask]:
        return [task for task in self.tasks if task.customer_key == customer]

    # Single expectations ----------------------------------------------------------------------------------------------

    def _failure(self, one: Expected) -> Wrong:
        failure = Failure(
            one.aspect,
            one.customer,
            one.name,
            self._written(one),
            self._got(one),
            one.absent,
            str(self.now),
            one.span,
            withheld=next((message.reason for message in self._made(one) if message.reason), ""),
        )
        return failure, tuple((one.customer, rule) for rule in self._rules(one.aspect, one.name))

    def _written(self, one: Expected) -> str:
        if one.aspect is Aspect.STAGE:
            return one.stage
        return "" if one.test is None or one.type is None else self.phrases.test(one.test, one.type)

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
                return "\n".join(message.text for message in self._sent(one))
            case Aspect.TASK:
                mine = self._tasks(one.customer)
                return "\n".join(task.text for task in mine if task.source == one.name) or _listed(
                    {task.source for task in mine}
                )

    def _rules(self, aspect: Aspect, name: str) -> tuple[Rule, ...]:
        """The rules that decide about something."""
        project = self.project
        match aspect:
            case Aspect.TAG | Aspect.TASK if name in project.tags and project.tags[name].when is not None:
                return (Rule("tag", name),)
            case Aspect.SEGMENT:
                return (Rule("segment", name),)
            case Aspect.STAGE:
                return (Rule("lifecycle", name),)
            case Aspect.MESSAGE if name in project.outreach.campaigns and isinstance(
                to := project.outreach.campaigns[name].to, SegmentTest
            ):
                return tuple(Rule("segment", segment) for segment in to.segments)
        return ()

    # Wholes -----------------------------------------------------------------------------------------------------------

    def _members(self, members: Membership) -> Iterator[Wrong | Unchecked]:
        wanted = set(members.customers)
        unknown = wanted - set(self.seen)
        if unknown:
            yield from (Unchecked(members.aspect, one, members.span, Unknown.CUSTOMER) for one in sorted(unknown))
            return
        tags = members.aspect is Aspect.TAG
        if tags and members.name not in self.tags:
            yield Unchecked(members.aspect, members.name, members.span, Unknown.NAME)
            return
        got = {key for key, seen in self.seen.items() if members.name in (seen.tags if tags else seen.segments)}
        if got != wanted:
            rules = self._rules(members.aspect, members.name)
            suspects = [(key, rule) for key in sorted(got ^ wanted) for rule in rules]
            yield self._whole(members.aspect, "", members.name, wanted, got, members.span), tuple(suspects[:SUSPECTS])

    def _besides(self, expect: Expectation) -> Iterator[Wrong]:
        """What nobody expected, of each customer and aspect that is named."""
        whole = (Aspect.TAG, Aspect.SEGMENT, Aspect.MESSAGE, Aspect.TASK)
        named: dict[tuple[Aspect, str], Expected] = {}
        for one in expect.expected:
            if one.aspect in whole and one.customer in self.seen:
                named.setdefault((one.aspect, one.customer), one)
        for (aspect, customer), first in named.items():
            has = self._all(aspect, customer)
            wanted = {
                one.name
                for one in expect.expected
                if (one.aspect, one.customer, one.absent) == (aspect, customer, False)
            }
            more = has - wanted
            if more:
                suspects = [(customer, rule) for name in sorted(more) for rule in self._rules(aspect, name)]
                failure = self._whole(aspect, customer, _listed(more), wanted, has, first.span)
                yield failure, tuple(suspects[:SUSPECTS])

    def _all(self, aspect: Aspect, customer: str) -> set[str]:
        seen = self.seen[customer]
        match aspect:
            case Aspect.TAG:
                return set(seen.tags)
            case Aspect.SEGMENT:
                return set(seen.segments)
            case Aspect.MESSAGE:
                return {one.campaign for one in self.messages if one.customer == customer and not one.reason}
            case _:
                return {task.source for task in self._tasks(customer)}

    def _whole(self, aspect: Aspect, customer: str, name: str, wanted: set[str], got: set[str], span: Span) -> Failure:
        return Failure(
            aspect,
            customer,
            name,
            _listed(wanted),
            _listed(got),
            absent=False,
            moment=str(self.now),
            span=span,
            whole=True,
        )


def _says(test: Test | None, text: str) -> bool:
    match test:
        case None:
            return True
        case OneOf(values):
            return text in values
        case TextTest():
            return is_found(test, text)
        case Negated(inner):
            return not _says(inner, text)
        case Filled(exists):
            return bool(text) is exists
        case _:
            message = f"the reader lets no {type(test).__name__} through for a text"
            raise TypeError(message)


def _listed(names: Iterable[str]) -> str:
    return "、".join(sorted(names))
