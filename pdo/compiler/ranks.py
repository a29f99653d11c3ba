"""What a value is held against that all customers make: averages, medians, quintiles, ranks.

Everything is an integer or a pair of them: an average is compared as `value × number > sum`, a cut between two values by its
exact fraction. A run keeps these thresholds, so that `explain` can ask about one customer without reading all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.model.conditions import Level, Measure, Middle, Since, Top

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pdo.compiler.predicates import Value

KEY = "~key"
RANK_SCALE = 10_000
"""Averages and ratios are ranked by whole ten-thousandths of a unit; closer ones are ties and go by natural key."""
SHARE = 10_000
"""Parts of the whole: hundredths of a percent."""
BINS = 5

Add = Callable[[int, exp.Expr, str], exp.Expr]


@dataclass(slots=True)
class Ranks:
    """Builds the columns that hold thresholds, and the conditions over them.

    Args:
        given: thresholds of a run, by key; they become literals.
        of: whose transitions are asked, for windows that begin with a stage mean another one there.
        within: what divides customers who are never held against one another.
        columns: key → the columns (or literals) that hold its thresholds.
        names: key → the names of its columns, for those that are worked out.
    """

    given: Mapping[str, Sequence[int | str | None]]
    within: tuple[exp.Expr, ...] = ()
    of: str = field(init=False, default="")
    columns: dict[str, list[exp.Expr]] = field(init=False, default_factory=dict)
    names: dict[str, list[str]] = field(init=False, default_factory=dict)
    _places: dict[str, exp.Expr] = field(init=False, default_factory=dict)
    _ready: dict[str, int] = field(init=False, default_factory=dict)

    def build(
        self, key: str, number: exp.Expr, test: Top | Level, layer: int, add: Add, *, descending: bool = True
    ) -> int:
        """Work a threshold out, once.

        Args:
            key: what it is kept as.
            number: the value; absent ones do not count.
            layer: the first one after the value.
            add: adds a column to a layer.
            descending: the highest are the top.

        Returns:
            The layer after which it is known.
        """
        if key in self._ready:
            return self._ready[key]
        if self._is_given(key):
            return self._ready.setdefault(key, -1)
        name = f"k{len(self._ready)}"
        if isinstance(test, Top):
            self._ready[key] = self._top(key, name, number, test, layer, add, descending=descending)
        elif test.middle is Middle.AVERAGE:
            count, total = self._over(exp.Count(this=number.copy())), self._over(exp.Sum(this=number.copy()))
            self._keep(key, [add(layer, count, f"{name}_n"), add(layer, sql.integer(total), f"{name}_sum")])
            self._ready[key] = layer
        else:
            self._ready[key] = self._median(key, name, number, layer, add)
        return self._ready[key]

    def quintiles(self, key: str, number: exp.Expr, unit: int, layer: int, add: Add) -> int:
        """The four cuts at 20, 40, 60 and 80 %, times five: by linear interpolation (type 7), and one unit more.

        So the R package `rfm` cuts, whose scores people compare with: a value reaches the next bin one unit above the quantile.

        Args:
            unit: one day, one order, one 元 in the units of the value. See `build` for the others.
        """
        if self._is_given(key):
            return self._ready.setdefault(key, -1)
        name = f"k{len(self._ready)}"
        place, count = self._ordered(name, number, layer, add, descending=False)
        cuts = []
        for part in range(1, BINS):
            before = exp.paren(exp.Mul(this=_less_one(count), expression=sql.literal(part)))
            below = exp.paren(exp.IntDiv(this=before, expression=sql.literal(BINS)))
            rest = exp.paren(exp.Sub(this=before.copy(), expression=exp.Mul(this=sql.literal(BINS), expression=below)))
            lower = self._at(place, exp.Add(this=below.copy(), expression=sql.literal(1)), number)
            upper = exp.Coalesce(
                this=self._at(place, exp.Add(this=below.copy(), expression=sql.literal(2)), number),
                expressions=[lower.copy()],
            )
            step = exp.paren(exp.Sub(this=upper, expression=lower.copy()))
            cut = exp.Add(
                this=exp.Add(
                    this=exp.Mul(this=sql.literal(BINS), expression=lower),
                    expression=exp.Mul(this=rest, expression=step),
                ),
                expression=sql.literal(BINS * unit),
            )
            cuts.append(add(layer + 1, cut, f"{name}_{part}"))
        self._keep(key, cuts)
        self._ready[key] = layer + 1
        return layer + 1

    def key(self, subject: str | Measure, test: Top | Level) -> str:
        """What a threshold is kept as, here."""
        begins = isinstance(subject, Measure) and isinstance(subject.rows.window, Since)
        return threshold_key(subject, test) + (self.of if begins else "")

    # Conditions -----------------------------------------------------------------------------------------------------------

    def condition(self, subject: str | Measure, value: Value, test: Top | Level) -> exp.Expr:
        """The condition that a value of a customer stands so among those of all; its threshold was built before."""
        key, number = self.key(subject, test), comparable(value)
        return self.is_top(key, number) if isinstance(test, Top) else self.is_beyond(key, number, test)

    def is_beyond(self, key: str, number: exp.Expr, test: Level) -> exp.Expr:
        """Strictly above or below an average or median."""
        one, other = (column.copy() for column in self.columns[key])
        beyond = exp.GT if test.above else exp.LT
        if test.middle is Middle.AVERAGE:
            mine = exp.Mul(this=exp.paren(number.copy()), expression=one)
            return sql.known(beyond(this=mine, expression=other))
        mine = exp.Mul(this=sql.literal(2), expression=exp.paren(number.copy()))
        return sql.known(beyond(this=mine, expression=exp.Add(this=one, expression=other)))

    def is_top(self, key: str, number: exp.Expr, *, descending: bool = True) -> exp.Expr:
        """Among the best: not beyond the last of them."""
        last, last_key = (column.copy() for column in self.columns[key])
        beyond = exp.GT if descending else exp.LT
        same = exp.EQ(this=number.copy(), expression=last.copy())
        tied = exp.and_(same, exp.LTE(this=sql.column(KEY), expression=last_key), copy=False)
        return sql.known(exp.paren(exp.or_(beyond(this=number.copy(), expression=last), tied, copy=False)))

    def bin_of(self, key: str, number: exp.Expr) -> exp.Expr:
        """1 to 5: one more than the number of cuts that are not above the value; absent without a value."""
        mine = exp.paren(exp.Mul(this=sql.literal(BINS), expression=exp.paren(number.copy())))
        total: exp.Expr = sql.literal(1)
        for cut in self.columns[key]:
            reached = exp.GTE(this=mine.copy(), expression=cut.copy())
            total = exp.Add(this=total, expression=sql.choose([(reached, sql.literal(1))], sql.literal(0)))
        return sql.choose([(sql.present(number.copy()), total)], exp.null())

    # Columns --------------------------------------------------------------------------------------------------------------

    def _is_given(self, key: str) -> bool:
        if key not in self.given:
            return False
        self.columns[key] = [exp.null() if one is None else sql.literal(one) for one in self.given[key]]
        return True

    def _keep(self, key: str, columns: list[exp.Expr]) -> None:
        self.columns[key] = columns
        self.names[key] = [column.name for column in columns]

    def _ordered(
        self, name: str, number: exp.Expr, layer: int, add: Add, *, descending: bool
    ) -> tuple[exp.Expr, exp.Expr]:
        """The place of each value among those that are there, and how many there are."""
        order = [exp.Ordered(this=number.copy(), desc=descending), exp.Ordered(this=sql.column(KEY))]
        parts = [*(one.copy() for one in self.within), sql.present(number.copy())]
        place = add(layer, sql.row_number(parts, order), f"{name}_place")
        return place, add(layer, self._over(exp.Count(this=number.copy())), f"{name}_n")

    def _over(self, function: exp.Expr) -> exp.Window:
        """A function over all customers who are held against one another."""
        return sql.over(function, [one.copy() for one in self.within])

    def _at(self, place: exp.Expr, wanted: exp.Expr, number: exp.Expr, *, of: exp.Expr | None = None) -> exp.Expr:
        """The value at a place, for everybody."""
        here = exp.and_(
            sql.present(number.copy()), exp.EQ(this=place.copy(), expression=exp.paren(wanted.copy())), copy=False
        )
        value = number.copy() if of is None else of
        return self._over(exp.Max(this=sql.choose([(here, value)], exp.null())))

    def _top(self, key: str, name: str, number: exp.Expr, test: Top, layer: int, add: Add, *, descending: bool) -> int:
        """The value and the natural key of the last of the best; absent where nobody is."""
        place, count = self._ordered(name, number, layer, add, descending=descending)
        if test.count is not None:
            few = exp.LT(this=count.copy(), expression=sql.literal(test.count))
            last = sql.choose([(few, count.copy())], sql.literal(test.count))
        else:
            share = exp.paren(exp.Mul(this=count.copy(), expression=sql.literal(test.share or 0)))
            last = exp.IntDiv(this=share, expression=sql.literal(SHARE))
        ends = (self._at(place, last, number), self._at(place, last, number, of=sql.column(KEY)))
        names = (f"{name}_last", f"{name}_key")
        self._keep(key, [add(layer + 1, end, one) for end, one in zip(ends, names, strict=True)])
        return layer + 1

    def _median(self, key: str, name: str, number: exp.Expr, layer: int, add: Add) -> int:
        """The two middle values; the same one twice where their number is odd."""
        place, count = self._ordered(name, number, layer, add, descending=False)
        half = (exp.paren(_less_one(count)), exp.paren(count.copy()))
        places = (
            exp.Add(this=exp.IntDiv(this=one, expression=sql.literal(2)), expression=sql.literal(1)) for one in half
        )
        names = (f"{name}_low", f"{name}_high")
        columns = [add(layer + 1, self._at(place, at, number), one) for at, one in zip(places, names, strict=True)]
        self._keep(key, columns)
        return layer + 1


def comparable(value: Value) -> exp.Expr:
    """A value as one integer; an average in whole ten-thousandths."""
    if value.per is None:
        return value.number.copy()
    scaled = exp.paren(exp.Mul(this=exp.paren(value.number.copy()), expression=sql.literal(RANK_SCALE)))
    return exp.IntDiv(this=scaled, expression=exp.paren(value.per.copy()))


def threshold_key(subject: str | Measure, test: Top | Level) -> str:
    """What a threshold is kept as: `累计消费 above average`; a measure without a name by a digest of what it says."""
    if isinstance(subject, Measure):
        subject = f"{subject.rows.subject}-{hashlib.sha256(repr(subject).encode()).hexdigest()[:12]}"
    if isinstance(test, Level):
        return f"{subject} {test.middle}"
    return f"{subject} top {test.count}" if test.count is not None else f"{subject} top {test.share}/{SHARE}"


def _less_one(count: exp.Expr) -> exp.Expr:
    return exp.paren(exp.Sub(this=count.copy(), expression=sql.literal(1)))
