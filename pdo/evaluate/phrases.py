"""Tests, windows, rows and conditions as they could be written, in the keys of either language."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pdo.core.figures import local_date, shown
from pdo.model.conditions import (
    AgeRange,
    Ages,
    AheadRange,
    Anchor,
    Anniversary,
    BucketTest,
    Calendar,
    Completed,
    DayRange,
    Duration,
    Filled,
    Has,
    InWindow,
    LatestTest,
    Level,
    ListTest,
    MeasureTest,
    Negated,
    OneOf,
    Pieces,
    Range,
    RfmTest,
    SegmentTest,
    StageTest,
    Streak,
    TagTest,
    TextTest,
    Top,
    Turns,
    Unit,
)
from pdo.model.fields import ATTRIBUTES, SUBJECTS, Type
from pdo.playbook import grammar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdo.model.conditions import ColumnTest, Day, Measure, Rows, Test, Window

_PLACES = ("condition", "orders", "items", "messages", "tag", "stage", "test", "window", "streak", "followed_by")


class Phrases:
    """Writes what a condition is made of.

    Args:
        chinese: with Chinese keys.
    """

    def __init__(self, *, chinese: bool = False) -> None:
        self.chinese = chinese

    def key(self, name: str) -> str:
        """A key of the language; names of one's own stay as they are."""
        return _chinese_keys().get(name, name) if self.chinese else name

    def column(self, subject: str, name: str) -> str:
        """A column of rows, or of customers where the subject is empty."""
        if not self.chinese:
            return name
        columns = SUBJECTS[subject].columns if subject in SUBJECTS else () if subject else ATTRIBUTES
        return next((column.label for column in columns if column.name == name), name)

    # Tests --------------------------------------------------------------------------------------------------------------

    def test(self, test: Test, type_: Type) -> str:
        """A test on a value of a type."""
        match test:
            case Negated(inner):
                return self._one("not", self.test(inner, type_))
            case OneOf(values):
                return _some(_shown(type_, value) for value in values)
            case Range():
                return self._range(test, type_)
            case TextTest(operator, value):
                return self._one(operator.value, value)
            case Filled(exists):
                return self._one("exists", str(exists).lower())
            case Has(values, every):
                return self._one("has_all" if every else "has", _some(values))
            case Top(count, share):
                return self._one("top", str(count) if share is None else _percent(share))
            case Level(above, middle):
                return self._one("above" if above else "below", middle.value)
            case InWindow(window):
                return f"{{{self.window(window)}}}"
            case _:
                return self._dated(test)

    def _dated(self, test: AgeRange | AheadRange | DayRange | Anniversary | Completed | Turns) -> str:
        match test:
            case AgeRange(low, high):
                return between(low, high)
            case AheadRange(low, high):
                return self._one("in", between(low, high))
            case DayRange(first, last) if first == last:
                return _day(first)
            case DayRange(first, last):
                return f"{_day(first)}..{_day(last)}"
            case Anniversary(low, high):
                return self._one("anniversary_in", between(low, high))
            case Completed(low, high, below):
                return self._one("age", f"{low or ''}..{'<' if below else ''}{high or ''}")
            case Turns(age, low, high):
                return f"{{{self.key('turns')}: {age}, {self.key('in')}: {between(low, high)}}}"

    def _one(self, operator: str, value: str) -> str:
        return f"{{{self.key(operator)}: {value}}}"

    def _range(self, test: Range, type_: Type) -> str:
        low, high = ("" if end is None else _shown(type_, end) for end in (test.low, test.high))
        if not (test.low_open or test.high_open):
            return f"{low}..{high}"
        strict = [(f"{self.key('above')}: {low}", test.low_open), (f"{self.key('below')}: {high}", test.high_open)]
        return f"{{{', '.join(words for words, is_open in strict if is_open)}}}"

    # Windows and rows ---------------------------------------------------------------------------------------------------

    def window(self, window: Window) -> str:
        """A window with its key, as `within: 30d`; ages that no key makes are told as such."""
        match window:
            case Ages((), (below,)):
                return f"{self.key('within')}: {below}"
            case Ages((Duration(1, Unit.DAY),), (Duration(count, Unit.DAY),)):
                return f"{self.key('full_days')}: {count - 1}"
            case Ages(low, below):
                least = f"{'+'.join(map(str, low))} ≤ " if low else ""
                return f"{least}{'距今' if self.chinese else 'age'}" + (
                    f" < {'+'.join(map(str, below))}" if below else ""
                )
            case Calendar():
                return f"{self.key('within')}: {window.value}"
            case DayRange(first, last):
                return f"{self.key('between')}: [{_day(first)}, {_day(last)}]"
        if window.anchor is Anchor.ATTRIBUTE:
            return f"{self.key('since')}: {self.column('', window.name)}"
        if window.anchor is Anchor.STAGE:
            return f"{self.key('since')}: {{{self.key('stage')}: {window.name}}}"
        return f"{self.key('since')}: {window.anchor.value}"

    def columns(self, subject: str, tests: Iterable[ColumnTest]) -> str:
        """Tests on columns, as `{category: 水果}`."""
        inner = (f"{self.column(subject, one.column)}: {self.test(one.test, one.type)}" for one in tests)
        return f"{{{', '.join(inner)}}}"

    def rows(self, rows: Rows) -> str:
        """What rows are besides their kind, as `{where: {category: 水果}, within: 90d}`; empty for all of them."""
        short = SUBJECTS[rows.subject].short if rows.subject in SUBJECTS else None
        plain = [one for one in rows.where if one.column == short]
        parts = [self.columns(rows.subject, plain)[1:-1]] if len(plain) == 1 else []
        others = [one for one in rows.where if one not in plain] if parts else rows.where
        parts += [f"{self.key('where')}: {self.columns(rows.subject, others)}"] if others else []
        parts += [self.window(rows.window)] if rows.window is not None else []
        if rows.followed_by is not None:
            other = rows.followed_by.rows
            inner = f"{self.key(other.subject)}: {self.rows(other) or '{}'}"
            reach = f"{self.key('within')}: {rows.followed_by.within}"
            parts.append(f"{self.key('followed_by')}: {{{inner}, {reach}}}")
        return f"{{{', '.join(parts)}}}" if parts else ""

    def subject(self, rows: Rows) -> str:
        """Rows with their kind, as `items {where: {category: 水果}}`."""
        return " ".join(part for part in (self.key(rows.subject), self.rows(rows)) if part)

    def measure(self, measure: Measure, test: Test) -> str:
        """A measure with what must hold of it, as `sum: {of: paid, is: 500..}`."""
        written = self.test(test, _type_of(measure))
        match measure.shape:
            case Streak(per, grace):
                each = f"{self.key('per')}: {per}d, {self.key('grace')}: {grace}"
                return f"{self.key('streak')}: {{{each}, {self.key('is')}: {written}}}"
            case Pieces(windows, count):
                each = f"{self.key('count')}: {self.test(count, Type.INTEGER)}, {self.key('in')}: {written}"
                return f"{self.key('regularly')}: {{{each}/{len(windows)}}}"
        if measure.of:
            column = self.column(measure.rows.subject, measure.of)
            return f"{self.key(measure.name)}: {{{self.key('of')}: {column}, {self.key('is')}: {written}}}"
        return f"{self.key(measure.name)}: {written}"

    # Conditions ---------------------------------------------------------------------------------------------------------

    def condition(
        self,
        condition: MeasureTest | LatestTest | TagTest | StageTest | SegmentTest | RfmTest | ListTest | BucketTest,
    ) -> str:
        """A condition of one key."""
        match condition:
            case MeasureTest(measure, test):
                return f"{self.subject(measure.rows)}: {self.measure(measure, test)}"
            case LatestTest(rows, has):
                inner = f"{{{self.key('has')}: {self.columns(rows.subject, has)}}}"
                return f"{self.subject(rows)}: {self.key('latest')}: {inner}"
            case TagTest(tags, every=every, held=held):
                kind = "all" if every else "is"
                return f"{self.key('tag')}: {self._held(kind, tags, held)}"
            case StageTest(lifecycle, stages, held=held):
                of = f"{self.key('of')}: {lifecycle}"
                return f"{self.key('stage')}: {self._held('is', stages, held, of)}"
            case SegmentTest(segments):
                return f"{self.key('segment')}: {_some(segments)}"
            case RfmTest(setting, types):
                return f"{self.key('rfm')}: {{{setting}: {_some(types)}}}"
            case ListTest(path):
                return f"{self.key('in_list')}: {path}"
            case BucketTest(low, high):
                return f"{self.key('bucket')}: {low}..{high}"

    def _held(self, kind: str, names: tuple[str, ...], held: AgeRange | None, of: str = "") -> str:
        if kind == "is" and held is None and not of:
            return _some(names)
        parts = [of] if of else []
        parts.append(f"{self.key(kind)}: {_some(names)}")
        parts += [f"{self.key('for')}: {between(held.low, held.high)}"] if held is not None else []
        return f"{{{', '.join(parts)}}}"


@lru_cache(maxsize=1)
def _chinese_keys() -> dict[str, str]:
    """English key → Chinese, of the places that conditions have."""
    found: dict[str, str] = {}
    for name in _PLACES:
        for key in grammar.place(name).keys:
            found.setdefault(key.name, key.zh)
    return found


def _type_of(measure: Measure) -> Type:
    """What the limits of a measure are."""
    if measure.name in ("sum", "min", "max", "most", "latest") and measure.type is not None:
        return measure.type
    return {"amount": Type.MONEY, "average": Type.MONEY, "quantity": Type.NUMBER}.get(measure.name, Type.INTEGER)


def _shown(type_: Type, value: str | int) -> str:
    """A value; a moment is compared with days."""
    return shown(Type.DATE.value if type_ is Type.INSTANT else type_.value, value, "UTC")


def _some(values: Iterable[str]) -> str:
    words = list(values)
    return words[0] if len(words) == 1 else f"[{', '.join(words)}]"


def _percent(share: int) -> str:
    whole, rest = divmod(share, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def between(low: Duration | None, high: Duration | None) -> str:
    """A range of durations."""
    return f"{low or ''}..{high or ''}"


def _day(day: Day | None) -> str:
    if day is None:
        return ""
    if day.relative and day.number in (0, -1):
        return "today" if day.number == 0 else "yesterday"
    return f"today{day.number:+d}d" if day.relative else local_date(day.number)
