"""Tests on values, as predicates: `至少 3`, `is at least 3`."""

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING

from pdo.core.figures import local_date, thousandths, yuan
from pdo.core.wording import WORDING, say
from pdo.model.conditions import (
    AgeRange,
    AheadRange,
    Anniversary,
    Completed,
    DayRange,
    Filled,
    Has,
    InWindow,
    Level,
    Negated,
    OneOf,
    Range,
    TextOperator,
    TextTest,
    Top,
    Turns,
    Unit,
)
from pdo.model.fields import ATTRIBUTES, SUBJECTS, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pdo.core.wording import Language
    from pdo.model.conditions import Day, Duration, Durations, Test, Window
    from pdo.model.settings import Settings


_QUOTED = re.compile("(「[^」]*」)")
_TIGHT = re.compile("(?<=[0-9A-Za-z%])(?=[一-鿿])|(?<=[一-鿿])(?=[0-9A-Za-z])")


class Voice:
    """A language and the words of a project.

    Args:
        language: of the sentences.
        settings: of the project: its currency, and labels of what it declares.
    """

    def __init__(self, language: Language, settings: Settings) -> None:
        self.language: Language = language
        self.settings = settings

    def say(self, key: str, **params: object) -> str:
        """The wording of a key."""
        return say(key, self.language, **params)

    def of(self, key: str, subject: str, **params: object) -> str:
        """The wording of a key for a kind of row, where it has one of its own."""
        own = f"{key}.{subject}"
        return say(own if own in WORDING else key, self.language, **params)

    # Names ----------------------------------------------------------------------------------------------------------

    def quoted(self, name: str) -> str:
        """A name of one's own, in quotes."""
        return self.say("say.quoted", name=name)

    def either(self, names: Iterable[str]) -> str:
        """One of these: `「北京」或「上海」`."""
        return self.listed(map(self.quoted, names), "say.or")

    def every(self, names: Iterable[str]) -> str:
        """All of these: `「北京」和「上海」`."""
        return self.listed(map(self.quoted, names), "say.and_names")

    def listed(self, words: Iterable[str], last: str) -> str:
        """Words in a row; the last one comes after another word."""
        *before, end = words
        if not before:
            return end
        return self.say(last).join(
            (reduce(lambda names, name: self.say("say.row", names=names, name=name), before), end)
        )

    def spaced(self, text: str) -> str:
        """Chinese with a blank between numbers and words, names in quotes left alone."""
        if self.language != "zh":
            return text
        return "".join(part if part.startswith("「") else _TIGHT.sub(" ", part) for part in _QUOTED.split(text))

    def column(self, subject: str, name: str) -> str:
        """A column of rows, or of customers where the subject is empty."""
        kind = subject or "customers"
        own = (each.column for each in self.settings.declared(kind))
        known = SUBJECTS[subject].columns if subject in SUBJECTS else () if subject else ATTRIBUTES
        found = next((column for column in (*known, *own) if column.name == name), None)
        if self.language == "zh":
            return found.label if found is not None and found.label else name
        return name.replace("_", " ") if name.isascii() else self.quoted(name)

    # Values ---------------------------------------------------------------------------------------------------------

    def money(self, minor: int) -> str:
        """An amount with its currency: `500 元`."""
        value = yuan(minor).removesuffix(".00")
        if self.settings.currency == "CNY":
            return self.say("say.unit.money", value=value)
        return self.say("say.unit.money_in", value=value, currency=self.settings.currency)

    def value(self, value: str | int, type_: Type) -> str:
        """A value of a type."""
        if isinstance(value, str):
            return self.quoted(value)
        match type_:
            case Type.MONEY:
                return self.money(value)
            case Type.NUMBER:
                return thousandths(value)
            case Type.DATE | Type.INSTANT:
                return local_date(value)
            case _:
                return str(value)

    def length(self, duration: Duration) -> str:
        """A length of time: `30 天`."""
        key = "say.unit_one" if duration.count == 1 else "say.unit"
        return self.say(f"{key}.{duration.unit}", count=duration.count)

    def age(self, duration: Duration) -> str:
        """A completed age: `18 岁`."""
        if duration.unit is Unit.YEAR:
            return self.say("say.year_old" if duration.count == 1 else "say.years_old", count=duration.count)
        return self.length(duration)

    def lengths(self, durations: Durations) -> str:
        """Lengths of time one after the other; one sum where they have one unit."""
        if len({each.unit for each in durations}) == 1:
            return self.length(type(durations[0])(sum(each.count for each in durations), durations[0].unit))
        return self.say("say.plus").join(map(self.length, durations))

    def share(self, hundredths: int) -> str:
        """A share: `10%`."""
        return thousandths(hundredths * 10) + "%"

    def day(self, day: Day) -> str:
        """A date, or a day seen from today."""
        if not day.relative:
            return local_date(day.number)
        if day.number in (0, -1):
            return self.say("say.today" if day.number == 0 else "say.yesterday")
        key = "say.days_ago" if day.number < 0 else "say.days_ahead"
        return self.say(key, count=abs(day.number))


class Tests:
    """Says tests.

    Args:
        voice: the language.
        window: how a window is said.
    """

    def __init__(self, voice: Voice, window: Callable[[Window], str]) -> None:
        self.voice = voice
        self.window = window

    def amount(self, test: Test, type_: Type) -> str | None:
        """How many, without a verb: `至少 3`; None where the test is no range and no number."""
        match test:
            case Range():
                return self._range(test, type_)
            case OneOf(values) if type_ is not Type.BOOLEAN and all(isinstance(value, int) for value in values):
                words = self.voice.say("say.or").join(self.voice.value(value, type_) for value in values)
                return self.voice.say("say.exactly", value=words)
            case _:
                return None

    def predicate(self, test: Test, type_: Type, counted: Callable[[str], str] = str) -> str:
        """What is said of a value, verb included.

        Args:
            test: on the value.
            type_: of the value.
            counted: puts a unit to a number: `3` becomes `3 天`.
        """
        voice = self.voice
        amount = self.amount(test, type_)
        if amount is not None:
            is_day = type_ in (Type.DATE, Type.INSTANT)
            return voice.say("say.is_amount", amount=amount if is_day else counted(amount))
        match test:
            case OneOf() | TextTest() | Has():
                return self._values(test, type_)
            case Negated(inner):
                return self._negated(inner, type_, counted)
            case Filled(exists):
                return voice.say("say.filled" if exists else "say.not_filled")
            case Top(count, None):
                return voice.say("say.top_count", count=count)
            case Top(_, int(share)):
                return voice.say("say.top_share", share=voice.share(share))
            case Level(above, middle):
                return voice.say(f"say.{'above' if above else 'below'}.{middle.value}")
            case InWindow(window):
                return voice.say("say.in_window", window=self.window(window))
            case _:
                return self._dated(test)

    def _values(self, test: OneOf | TextTest | Has, type_: Type) -> str:
        voice = self.voice
        match test:
            case OneOf(values) if type_ is Type.BOOLEAN and len(values) == 1:
                return voice.say("say.true" if values[0] else "say.false")
            case OneOf(values):
                return voice.say("say.is", value=self._some(values, type_))
            case TextTest(operator, value):
                return voice.say(_SEARCHES[operator], value=voice.quoted(value))
            case Has(values, every):
                return voice.say(
                    "say.has_all" if every else "say.has", value=(voice.every if every else voice.either)(values)
                )

    def _some(self, values: tuple[str | int, ...], type_: Type) -> str:
        return self.voice.listed((self.voice.value(value, type_) for value in values), "say.or")

    def _negated(self, inner: Test, type_: Type, counted: Callable[[str], str]) -> str:
        match inner:
            case Filled(exists):
                return self.predicate(Filled(not exists), type_)
            case OneOf((flag,)) if type_ is Type.BOOLEAN:
                return self.voice.say("say.not_true" if flag else "say.not_false")
            case OneOf(values) if all(isinstance(value, str) for value in values):
                return self.voice.say("say.is_not", value=self._some(values, type_))
            case _:
                return self.voice.say("say.negated", test=self.predicate(inner, type_, counted))

    def _range(self, test: Range, type_: Type) -> str:
        voice = self.voice
        low, high = (None if end is None else voice.value(end, type_) for end in (test.low, test.high))
        if low is not None and high is not None:
            if not (test.low_open or test.high_open):
                if test.low == test.high:
                    return voice.say("say.exactly", value=low)
                if type_ is Type.MONEY:
                    low = yuan(test.low or 0).removesuffix(".00")
                return voice.say("say.from_to", low=low, high=high)
            return voice.say("say.and").join((self._lower(low, test), self._upper(high, test)))
        if low is not None:
            return self._lower(low, test)
        return voice.say("say.any_value") if high is None else self._upper(high, test)

    def _lower(self, low: str, test: Range) -> str:
        return self.voice.say("say.more_than" if test.low_open else "say.at_least", value=low)

    def _upper(self, high: str, test: Range) -> str:
        return self.voice.say("say.less_than" if test.high_open else "say.at_most", value=high)

    # Days -----------------------------------------------------------------------------------------------------------

    def _dated(self, test: Test) -> str:
        match test:
            case AgeRange(low, high):
                return self._reach("say.ago", low, high)
            case AheadRange(low, high):
                return self._reach("say.ahead", low, high)
            case DayRange(first, last):
                return self._days(first, last)
            case Anniversary(low, high):
                return self.voice.say("say.anniversary", when=self._reach("say.ahead", low, high))
            case Completed():
                return self._completed(test)
            case Turns(age, low, high):
                when = self._reach("say.ahead", low, high)
                return self.voice.say("say.turns", age=self.voice.age(age), when=when)
        raise AssertionError(test)

    def _reach(self, key: str, low: Duration | None, high: Duration | None) -> str:
        """So long ago, or so long from today."""
        voice = self.voice
        if low is not None and not low.count:
            low = None
        if low is not None and high is not None:
            least = str(low.count) if low.unit is high.unit else voice.length(low)
            return voice.say(f"{key}.between", low=least, high=voice.length(high))
        if high is not None:
            return voice.say(f"{key}.at_most", high=voice.length(high))
        return voice.say(f"{key}.any") if low is None else voice.say(f"{key}.at_least", low=voice.length(low))

    def _days(self, first: Day | None, last: Day | None) -> str:
        voice = self.voice
        if first is not None and last is not None:
            if first == last:
                return voice.say("say.day_on", day=voice.day(first))
            return voice.say("say.day_between", first=voice.day(first), last=voice.day(last))
        if first is not None:
            return voice.say("say.day_from", first=voice.day(first))
        return voice.say("say.day_any") if last is None else voice.say("say.day_until", last=voice.day(last))

    def _completed(self, test: Completed) -> str:
        voice, low, high = self.voice, test.low, test.high
        if low is not None and high is not None:
            key = "say.age_within" if test.below else "say.age_between"
            return voice.say(key, low=voice.age(low), high=voice.age(high))
        if low is not None:
            return voice.say("say.age_at_least", low=voice.age(low))
        if high is None:
            return voice.say("say.age_any")
        if test.below and high.count == 0:
            return voice.say("say.age_before")
        return voice.say("say.age_below" if test.below else "say.age_at_most", high=voice.age(high))


_SEARCHES = {
    TextOperator.CONTAINS: "say.contains",
    TextOperator.STARTS_WITH: "say.starts_with",
    TextOperator.ENDS_WITH: "say.ends_with",
    TextOperator.MATCHES: "say.matches",
}
