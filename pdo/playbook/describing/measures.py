"""Windows, rows and measures, as people say them: `最近 90 天买过品类是「水果」的商品至少 3 行`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.model.conditions import (
    Ages,
    Anchor,
    Calendar,
    DayRange,
    Duration,
    Has,
    Measure,
    MeasureName,
    Negated,
    OneOf,
    Pieces,
    Range,
    Streak,
    Unit,
)
from pdo.model.fields import SUBJECTS, Type
from pdo.playbook.describing.tests import Tests
from pdo.playbook.measures import MEASURE_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pdo.model.conditions import ColumnTest, Day, LatestTest, Rows, Test, Window
    from pdo.playbook.describing.tests import Voice

_IN_DAYS = (MeasureName.DAYS, MeasureName.GAP, MeasureName.DAYS_SINCE_FIRST, MeasureName.DAYS_SINCE_LAST)
_OF_ONE = (MeasureName.FIRST, MeasureName.LAST, MeasureName.DAYS_SINCE_FIRST, MeasureName.DAYS_SINCE_LAST)
_IN_PIECES = (MeasureName.STREAK, MeasureName.REGULARLY)


class Measures:
    """Says what is measured of a customer's rows.

    Args:
        voice: the language.
    """

    def __init__(self, voice: Voice) -> None:
        self.voice = voice
        self.tests = Tests(voice, self.window)

    # Windows --------------------------------------------------------------------------------------------------------

    def window(self, window: Window) -> str:
        """A window: `最近 30 天`, `in the last 30 days`."""
        voice = self.voice
        match window:
            case Ages((), (below,)):
                return voice.say("say.window.recent", length=voice.length(below))
            case Ages((Duration(1, Unit.DAY),), (Duration(count, Unit.DAY),)):
                return voice.say("say.window.full_days", count=count - 1)
            case Ages((), ()):
                return voice.say("say.window.ever")
            case Ages(low, ()):
                return voice.say("say.window.older", low=voice.lengths(low))
            case Ages((), below):
                return voice.say("say.window.recent", length=voice.lengths(below))
            case Ages(low, below):
                return voice.say("say.window.between", low=voice.lengths(low), below=voice.lengths(below))
            case Calendar():
                return voice.say(f"say.window.{window.value}")
            case DayRange(first, last):
                return self._days(first, last)
        name = voice.column("", window.name) if window.anchor is Anchor.ATTRIBUTE else window.name
        return voice.say(f"say.window.since.{window.anchor}", name=voice.quoted(name))

    def _days(self, first: Day | None, last: Day | None) -> str:
        voice = self.voice
        if first is not None and last is not None:
            if first == last:
                return voice.say("say.window.days_on", day=voice.day(first))
            return voice.say("say.window.days", first=voice.day(first), last=voice.day(last))
        if first is not None:
            return voice.say("say.window.days_from", first=voice.day(first))
        return voice.say("say.window.ever" if last is None else "say.window.days_until", last=last and voice.day(last))

    def when(self, window: Window | None) -> str:
        """A window in a sentence; empty for none. English has it at the end, with a blank before it."""
        if window is None:
            return ""
        said = self.window(window)
        return said if self.voice.language == "zh" else f" {said}"

    # Rows -----------------------------------------------------------------------------------------------------------

    def columns(self, subject: str, tests: Sequence[ColumnTest]) -> str:
        """Tests on columns: `（渠道是「天猫」或「抖音」）且状态是「已付款」`; what has an "or" in it stands in brackets."""
        words = []
        for each in tests:
            said = self.column(subject, each)
            is_mixed = len(tests) > 1 and _has_several(each.test)
            words.append(self.voice.say("say.grouped", inner=said) if is_mixed else said)
        return self.voice.say("say.and").join(words)

    def column(self, subject: str, test: ColumnTest) -> str:
        """A test on one column."""
        said = self.tests.predicate(test.test, test.type)
        return f"{self.voice.column(subject, test.column)}{self._gap}{said}"

    @property
    def _gap(self) -> str:
        return "" if self.voice.language == "zh" else " "

    def noun(self, subject: str, *, single: bool = False) -> str:
        """What rows are called: `订单`, `orders`; a single one `order`."""
        key = "say.single" if single else "say.noun"
        if subject in SUBJECTS:
            return self.voice.say(f"{key}.{subject}")
        table = self.voice.settings.tables.get(subject)
        label = table.kind.label if table is not None and self.voice.language == "zh" else ""
        return self.voice.say(key, name=self.voice.quoted(label or subject))

    def which(self, rows: Rows, *, single: bool = False) -> str:
        """The rows, without their window: `渠道是「天猫」的订单`, `「询价」事件`."""
        short = SUBJECTS[rows.subject].short if rows.subject in SUBJECTS else None
        typed = [one for one in rows.where if one.column == short and isinstance(one.test, OneOf)]
        typed = typed if len(typed) == 1 else []
        noun = self.noun(rows.subject, single=single)
        for one in typed:
            names = self.voice.either(map(str, one.test.values)) if isinstance(one.test, OneOf) else ""
            noun = self.voice.say("say.typed", type=names, noun=noun)
        others = [one for one in rows.where if one not in typed]
        if others:
            noun = self.voice.say("say.which", where=self.columns(rows.subject, others), noun=noun)
        if rows.followed_by is None:
            return noun
        within = self.voice.length(rows.followed_by.within)
        return self.voice.say("say.followed", which=noun, within=within, other=self.which(rows.followed_by.rows))

    def is_bare(self, rows: Rows) -> bool:
        """Whether rows are all of their kind, so that one says `3 单` instead of `订单 3 单`."""
        return not rows.where and rows.followed_by is None

    # Measures -------------------------------------------------------------------------------------------------------

    def held(self, measure: Measure, test: Test, *, negated: bool = False) -> str | None:
        """That a measure is so; None where its opposite is asked and has no words of its own."""
        rows = measure.rows
        if measure.name is MeasureName.COUNT and isinstance(test, Range | OneOf):
            is_some = test == Range(1, None)
            is_none = test in (OneOf((0,)), Range(0, 0), Range(None, 0))
            if is_some or is_none:
                return self._some(rows, exist=is_some is not negated)
        return None if negated else self._held(measure, test)

    def _some(self, rows: Rows, *, exist: bool) -> str:
        """That there are such rows, or none."""
        subject = rows.subject
        own = subject != "orders" or self.is_bare(rows)
        key = "say.some" if exist else "say.none"
        params = {"when": self.when(rows.window), "which": self.which(rows)}
        return self.voice.of(key, subject, **params) if own else self.voice.say(key, **params)

    def _held(self, measure: Measure, test: Test) -> str:
        voice, rows = self.voice, measure.rows
        type_ = type_of(measure)
        amount = self.tests.amount(test, type_)
        if measure.name is MeasureName.COUNT and amount is not None:
            return self._many(rows, amount, single=test in (OneOf((1,)), Range(1, 1), Range(None, 1)))
        said = self.tests.predicate(test, type_, self._counted(measure))
        key = f"say.held.{measure.name}"
        params = {**self._params(measure), "test": said}
        if measure.name in ("count", "amount", "days", "distinct"):
            own = measure.name == "amount" and rows.subject == "orders" and self.is_bare(rows)
            return voice.say(f"{key}.orders" if own else key, **params)
        if measure.name is MeasureName.AVERAGE and self.is_bare(rows):
            return voice.of(key, "orders", **params)
        return voice.say("say.held", value=self.value(measure), test=said)

    def _many(self, rows: Rows, amount: str, *, single: bool) -> str:
        voice, which = self.voice, self.which(rows, single=single)
        shown = "" if rows.subject == "orders" and self.is_bare(rows) and voice.language == "zh" else which
        return voice.of("say.many", rows.subject, when=self.when(rows.window), which=shown, amount=amount)

    def value(self, measure: Measure) -> str:
        """What is measured, as a noun: `最近 90 天订单的金额合计`."""
        rows = measure.rows
        own = measure.name in _OF_ONE and self.is_bare(rows)
        key = f"say.value.{measure.name}"
        if measure.type in (Type.DATE, Type.INSTANT) and measure.name in (MeasureName.MIN, MeasureName.MAX):
            key = "say.value.earliest" if measure.name is MeasureName.MIN else "say.value.newest"
        params = self._params(measure)
        return self.voice.of(key, rows.subject, **params) if own else self.voice.say(key, **params)

    def _params(self, measure: Measure) -> dict[str, object]:
        rows, shape = measure.rows, measure.shape
        params: dict[str, object] = {
            "when": self.when(rows.window),
            "which": self.which(rows),
            "one": self.one(rows.subject),
            "of": self.voice.column(rows.subject, measure.of),
        }
        if isinstance(shape, Streak):
            params |= {"per": shape.per, "grace": shape.grace}
        if isinstance(shape, Pieces):
            first = shape.windows[0]
            piece = first.below[-1] if first.below else first.low[-1]
            amount = self.tests.amount(shape.count, Type.INTEGER) or ""
            params |= {"pieces": len(shape.windows), "per": self.voice.length(piece), "count": amount}
        return params

    def one(self, subject: str) -> str:
        """One of the rows: `单`."""
        return self.voice.of("say.one", subject)

    def _counted(self, measure: Measure) -> Callable[[str], str]:
        key = "say.in_days" if measure.name in _IN_DAYS else "say.in_pieces" if measure.name in _IN_PIECES else ""
        if measure.name is MeasureName.DISTINCT:
            key = "say.in_kinds"
        return (lambda amount: self.voice.say(key, amount=amount)) if key else str

    def latest(self, test: LatestTest) -> str:
        """That the last row is so."""
        rows = test.rows
        return self.voice.say(
            "say.latest_is",
            when=self.when(rows.window),
            which=self.which(rows),
            one=self.one(rows.subject),
            has=self.columns(rows.subject, test.has),
        )


def _has_several(test: Test) -> bool:
    """Whether a test names several values, any of which will do."""
    while isinstance(test, Negated):
        test = test.test
    return isinstance(test, OneOf | Has) and len(test.values) > 1


def type_of(measure: Measure) -> Type:
    """What the limits of a measure are."""
    return MEASURE_TYPES.get(measure.name) or measure.type or Type.INTEGER
