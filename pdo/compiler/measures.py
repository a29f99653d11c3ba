"""Measures: each aggregate once, all of one fact table in one pass over it.

Grain of what is built: one row a customer who has rows of the subject. Aggregates over different dates or values (`days`,
`distinct`, `orders`) go through one row a customer and value first, so that no engine keeps sets; what looks at the order of
rows (`latest`, `most`, `streak`, a following row) through a window over a total order.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.clock import DAYS_OF, oldest_day
from pdo.compiler.predicates import Value, predicate, window
from pdo.model.conditions import (
    Ages,
    Anchor,
    ColumnTest,
    Following,
    Measure,
    MeasureName,
    Pieces,
    Rows,
    Since,
    Streak,
)
from pdo.model.fields import Type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pdo.compiler.clock import Clock
    from pdo.compiler.searches import Searches
    from pdo.model.playbook import Fading

CUSTOMER = "~cust"
"""Names of our own begin with a sign that no name of a user may begin with."""
WORLD = "~world"
"""Where customers of several examples lie side by side: the example, each with its own now."""
BOUNDS = "bounds"
TIME, DAY = "~at", "~at_day"
COUNTED = "~counted"
ORDER_ROW = "~order"
"""The surrogate key of an order, to count different ones."""
ROW = "~row"
"""The place of a row among all of its table, by natural key: ties of one moment are broken by it."""
COUNTING_SUBJECTS = ("orders", "items")
MANY_WINDOWS = 8
"""So many aggregates over recent rows are worth a pass of their own beside those over all rows."""
ALWAYS_THERE = ("", TIME, DAY)


@dataclass(frozen=True, slots=True)
class Needed:
    """Which rows of a subject a program looks at, so that others need not be loaded.

    Args:
        counted: of orders and items only those that count.
        oldest: only rows of this local day or later; None for all.
        timed: whether their time matters.
        either: of each measure the tests that its rows must pass; empty where one has none.
    """

    counted: bool
    oldest: int | None
    timed: bool = True
    either: tuple[tuple[ColumnTest, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Points:
    """Points for each row.

    Args:
        add: thousandths of a point.
        fades: how they fade, and the days of it; None for never.
    """

    add: int
    fades: tuple[Fading, int] | None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate over rows: what measures are made of.

    Args:
        function: `count`, `filled`, `sum`, `min`, `max`, `points`, `distinct`, `most`, `latest`, `is_latest` or `streak`.
        of: the column; empty for `count`.
        shape: what else there is to say: the tests of `is_latest`, the pieces of `streak`, the `points`.
    """

    rows: Rows
    function: str
    of: str = ""
    shape: tuple[ColumnTest, ...] | Streak | Points | None = None


@dataclass(slots=True)
class Facts:
    """The fact tables that a program reads, and what it computes of each.

    Args:
        clock: the bounds of windows.
        searches: shared with the customers' own searches.
        attribute: notes that an attribute of the customer is needed.
        stage_since: the column of `stage_state` that says since when a customer is in the present stage of a lifecycle.
        entered: the column of `entry_state` that says since when a customer is in a journey.
    """

    clock: Clock
    searches: Searches
    attribute: Callable[[str, Type], None]
    stage_since: Callable[[str], str]
    entered: Callable[[str], str]
    columns: dict[str, dict[str, Type]] = field(default_factory=dict)
    aggregates: dict[Aggregate, str] = field(default_factory=dict)
    followings: dict[tuple[str, Following], str] = field(default_factory=dict)
    fades: dict[tuple[Fading, int, int], str] = field(default_factory=dict)

    def value(self, measure: Measure) -> Value:  # noqa: C901, PLR0911, PLR0912 - one line a measure
        """The value of a measure, as columns that `joined` provides.

        Units: counts, days and ages are integers, amounts minor units, quantities thousandths; those of a column its own.
        """
        rows, name, of = measure.rows, measure.name, measure.of
        type_ = measure.type or Type.INTEGER
        match name:
            case MeasureName.COUNT:
                return Value(Type.INTEGER, sql.or_zero(self._aggregate(rows, "count")))
            case MeasureName.AMOUNT:
                return Value(Type.MONEY, sql.or_zero(self._aggregate(rows, "sum", "amount", Type.MONEY)))
            case MeasureName.QUANTITY:
                return Value(Type.NUMBER, sql.or_zero(self._aggregate(rows, "sum", "quantity", Type.NUMBER)))
            case MeasureName.SUM:
                return Value(type_, sql.or_zero(self._aggregate(rows, "sum", of, type_)))
            case MeasureName.AVERAGE:
                total, number = self._aggregate(rows, "sum", "amount", Type.MONEY), self._aggregate(rows, "count")
                return Value(Type.MONEY, total, per=number)
            case MeasureName.DAYS:
                return Value(Type.INTEGER, sql.or_zero(self._aggregate(rows, "distinct", DAY)))
            case MeasureName.ORDERS:
                return Value(Type.INTEGER, sql.or_zero(self._aggregate(rows, "distinct", ORDER_ROW)))
            case MeasureName.DISTINCT:
                return Value(Type.INTEGER, sql.or_zero(self._aggregate(rows, "distinct", of)))
            case MeasureName.MIN | MeasureName.MAX:
                return self._extreme(rows, name.value, of, type_)
            case MeasureName.MOST | MeasureName.LATEST:
                return self._chosen(rows, name.value, of, type_)
            case MeasureName.FIRST:
                return self._extreme(rows, "min", TIME, Type.INSTANT)
            case MeasureName.LAST:
                return self._extreme(rows, "max", TIME, Type.INSTANT)
            case MeasureName.DAYS_SINCE_FIRST:
                return Value(Type.INTEGER, self._age(self._aggregate(rows, "min", DAY)))
            case MeasureName.DAYS_SINCE_LAST:
                return Value(Type.INTEGER, self._age(self._aggregate(rows, "max", DAY)))
            case MeasureName.GAP:
                return self._gap(rows)
            case MeasureName.STREAK:
                return Value(Type.INTEGER, self._aggregate(rows, "streak", DAY, shape=measure.shape))
            case MeasureName.REGULARLY:
                return self._regularly(rows, measure.shape)

    def is_latest(self, rows: Rows, has: tuple[ColumnTest, ...]) -> exp.Expr:
        """The condition that the last row passes tests."""
        for test in has:
            self._note(rows.subject, test.column, test.type)
        passed = self._aggregate(rows, "is_latest", shape=has)
        return sql.known(exp.EQ(this=passed, expression=sql.literal(1)))

    def points(self, rows: Rows, points: Points) -> exp.Expr:
        """The sum of the points of rows, in thousandths."""
        if points.fades is None:
            return exp.paren(
                exp.Mul(this=self.value(Measure(rows, MeasureName.COUNT)).number, expression=sql.literal(points.add))
            )
        self.fades.setdefault((*points.fades, points.add), f"fade{len(self.fades)}")
        return sql.or_zero(self._aggregate(rows, "points", shape=points))

    def joined(self, base: exp.Select) -> exp.Select:
        """The customers with the aggregates of every subject beside them, and the finds in those."""
        for number, query in enumerate(self._queries()):
            name = f"f{number}"
            same = exp.EQ(this=sql.column(CUSTOMER, "customers"), expression=sql.column(CUSTOMER, name))
            base = base.join(query.subquery(name, copy=False), on=same, join_type="left", copy=False)
        return self.searches.joined_beside(base)

    # Measures of several aggregates ---------------------------------------------------------------------------------------

    def _age(self, day: exp.Expr) -> exp.Expr:
        return exp.paren(exp.Sub(this=self.clock.today(), expression=day))

    def _extreme(self, rows: Rows, function: str, of: str, type_: Type) -> Value:
        number = self._aggregate(rows, function, of, type_)
        if type_ is not Type.INSTANT:
            return Value(type_, number)
        return Value(type_, number, day=self._aggregate(rows, function, DAY if of == TIME else f"{of}_day"))

    def _chosen(self, rows: Rows, function: str, of: str, type_: Type) -> Value:
        """A value of one of the rows; texts of it are searched among the different ones of its column."""
        number = self._aggregate(rows, function, of, type_)
        if type_ is Type.INSTANT:
            return Value(type_, number, day=self._aggregate(rows, function, f"{of}_day"))
        name = number.name
        return Value(type_, number, search=lambda test: self.searches.beside(rows.subject, of, test, name, self.clock))

    def _gap(self, rows: Rows) -> Value:
        """Days from the first to the last row, and the steps between them; absent below two rows."""
        first, last = self._aggregate(rows, "min", DAY), self._aggregate(rows, "max", DAY)
        number = self._aggregate(rows, "filled", TIME)
        several = sql.known(exp.GT(this=number, expression=sql.literal(1)))
        steps = exp.Sub(this=number.copy(), expression=sql.literal(1))
        span = exp.Sub(this=last, expression=first)
        return Value(
            Type.INTEGER,
            sql.choose([(several, span)], exp.null()),
            per=sql.choose([(several.copy(), steps)], exp.null()),
        )

    def _regularly(self, rows: Rows, shape: Streak | Pieces | None) -> Value:
        """In how many pieces there are so many rows."""
        if not isinstance(shape, Pieces):
            message = "regularly needs pieces"
            raise TypeError(message)
        total: exp.Expr = sql.literal(0)
        for piece in shape.windows:
            count = self.value(Measure(replace(rows, window=piece), MeasureName.COUNT))
            met = sql.choose([(predicate(shape.count, count, self.clock), sql.literal(1))], sql.literal(0))
            total = exp.Add(this=total, expression=met)
        return Value(Type.INTEGER, exp.paren(total))

    # What is noted ----------------------------------------------------------------------------------------------------------

    def _aggregate(
        self,
        rows: Rows,
        function: str,
        of: str = "",
        type_: Type | None = None,
        *,
        shape: tuple[ColumnTest, ...] | Streak | Pieces | Points | None = None,
    ) -> exp.Expr:
        self._note(rows.subject, of.removesuffix("_day") if type_ is None and of.endswith("_day") else of, type_)
        if function in ("latest", "is_latest"):
            self._note(rows.subject, ROW, Type.INTEGER)
        one = Aggregate(rows, function, of, None if isinstance(shape, Pieces) else shape)
        return sql.column(self.aggregates.setdefault(one, f"m{len(self.aggregates)}"))

    def _note(self, subject: str, column: str, type_: Type | None = None) -> None:
        """Remember that a column must be loaded; its time always is.

        Args:
            type_: None where only equality matters, so that whoever needs the type still has a say.
        """
        known = self.columns.setdefault(subject, {})
        if column not in ALWAYS_THERE and (type_ is not None or column not in known):
            known[column] = Type.TEXT if type_ is None else type_

    def needs(self, subject: str) -> Needed:
        """Which rows of a subject anything looks at."""
        rows = [one.rows for one in self.aggregates if one.rows.subject == subject]
        rows += [following.rows for _, following in self.followings if following.rows.subject == subject]
        counted = not any(test.column == "status" for one in rows for test in one.where)
        either = tuple(dict.fromkeys(one.where for one in rows))
        return Needed(counted, self._oldest(rows), either=either if all(either) else ())

    def _oldest(self, rows: Iterable[Rows]) -> int | None:
        """The first day that any of some windows reaches back to; None where one reaches back for ever."""
        days = [oldest_day(one.window, self.clock.now) for one in rows]
        known = [day for day in days if day is not None]
        return min(known) if known and len(known) == len(days) else None

    def _recent(self, subject: str, rows: Iterable[Rows]) -> list[exp.Expr]:
        """Rows that no window reaches back to are left out before anything is grouped; every world has its own now."""
        oldest = self._oldest(rows) if self.clock.bounds is None else None
        if oldest is None:
            return []
        return [exp.GTE(this=sql.column(DAY, subject), expression=sql.literal(oldest))]

    def prepare(self) -> None:
        """Note the columns and searches of every filter before the fact tables are described."""
        for one in list(self.aggregates):
            self._rows(one.rows)
            if one.function == "is_latest" and isinstance(one.shape, tuple):
                self._passed(one.rows.subject, one.shape)
        for subject, following in list(self.followings):
            self._note(subject, ROW, Type.INTEGER)
            self._rows(following.rows)

    # Queries ------------------------------------------------------------------------------------------------------------------

    def _queries(self) -> list[exp.Select]:
        found: list[exp.Select] = []
        for subject in list(self.columns):
            plain = {one: name for one, name in self.aggregates.items() if one.rows.subject == subject}
            by_value: dict[str, dict[Aggregate, str]] = {}
            last: dict[Rows, dict[Aggregate, str]] = {}
            for one in list(plain):
                if one.function == "distinct":
                    by_value.setdefault(one.of, {})[one] = plain.pop(one)
                elif one.function in ("latest", "is_latest"):
                    last.setdefault(one.rows, {})[one] = plain.pop(one)
            most = {one: plain.pop(one) for one in list(plain) if one.function == "most"}
            streaks = {one: plain.pop(one) for one in list(plain) if one.function == "streak"}
            found += [self._simple(subject, part) for part in self._by_reach(subject, plain)]
            found += [self._distinct(subject, of, wanted) for of, wanted in by_value.items()]
            found += [self._latest(rows, wanted) for rows, wanted in last.items()]
            found += [self._most(one, name) for one, name in most.items()]
            found += [self._streak(one, name) for one, name in streaks.items()]
        return found

    def _from(self, columns: Iterable[exp.Expr], rows: Iterable[Rows], fades: Iterable[str] = ()) -> exp.Select:
        """A pass over a subject, with all that the filters of some rows look at beside it."""
        wanted = list(rows)
        subject = wanted[0].subject
        query = self.searches.joined(exp.select(*columns, copy=False).from_(subject, copy=False), subject)
        for following in dict.fromkeys(one.followed_by for one in wanted if one.followed_by is not None):
            name = self.followings[subject, following]
            same = exp.EQ(this=sql.column(ROW, subject), expression=sql.column(ROW, name))
            query = query.join(
                self._next(subject, following).subquery(name, copy=False), on=same, join_type="left", copy=False
            )
        anchors = {one.window.anchor for one in wanted if isinstance(one.window, Since)}
        worlds = self.clock.bounds is not None
        needs = (Anchor.ATTRIBUTE in anchors or worlds, Anchor.STAGE in anchors, Anchor.ENTRY in anchors)
        for needed, table in zip(needs, ("customers", "stage_state", "entry_state"), strict=True):
            if needed:
                same = exp.EQ(this=sql.column(CUSTOMER, subject), expression=sql.column(CUSTOMER, table))
                query = sql.left_join(query, table, same)
        if worlds:
            same = exp.EQ(this=sql.column(WORLD, "customers"), expression=sql.column(WORLD, BOUNDS))
            query = sql.left_join(query, BOUNDS, same)
        for name in fades:
            age = exp.Sub(this=self.clock.today(), expression=sql.column(DAY, subject))
            same = exp.EQ(this=age, expression=sql.column("age", name))
            query = sql.left_join(query, name, same)
        return query

    def _by_reach(self, subject: str, wanted: dict[Aggregate, str]) -> list[dict[Aggregate, str]]:
        """The aggregates of one pass, or of two: with many windows those go over recent rows only.

        Lines of orders are put together anew for each pass, so they have one.
        """
        recent = {one: name for one, name in wanted.items() if self._oldest((one.rows,)) is not None}
        ever = {one: name for one, name in wanted.items() if one not in recent}
        if subject == "items" or self.clock.bounds is not None or len(recent) < MANY_WINDOWS or not ever:
            return [wanted] if wanted else []
        return [ever, recent]

    def _simple(self, subject: str, wanted: dict[Aggregate, str]) -> exp.Select:
        """One pass: every aggregate with its own filter."""
        columns = [sql.column(CUSTOMER, subject)]
        fades: dict[str, None] = {}
        shared, own = _apart([self._rows(one.rows) for one in wanted])
        for (one, name), condition in zip(wanted.items(), own, strict=True):
            if isinstance(one.shape, Points) and one.shape.fades is not None:
                fades[self.fades[(*one.shape.fades, one.shape.add)]] = None
            made = sql.filtered(self._function(one), condition)
            whole = one.function in ("sum", "points")
            columns.append(exp.alias_(sql.integer(made) if whole else made, name, copy=False))
        rows = [one.rows for one in wanted]
        query = self._from(columns, rows, fades).where(*shared, *self._recent(subject, rows), copy=False)
        return query.group_by(sql.column(CUSTOMER, subject), copy=False)

    def _function(self, one: Aggregate) -> exp.Expr:
        subject = one.rows.subject
        match one.function:
            case "count":
                return exp.Count(this=exp.Star())
            case "filled":
                return exp.Count(this=sql.column(one.of, subject))
            case "points" if isinstance(one.shape, Points) and one.shape.fades is not None:
                return exp.Sum(this=sql.column("points", self.fades[(*one.shape.fades, one.shape.add)]))
            case _:
                makers = {"sum": exp.Sum, "min": exp.Min, "max": exp.Max}
                return makers[one.function](this=sql.column(one.of, subject))

    def _distinct(self, subject: str, of: str, wanted: dict[Aggregate, str]) -> exp.Select:
        """Two steps: one row a customer and value that says which filters it met, then the numbers of them.

        Windows of days over different days are tested in the second step, on the value itself, so that measures that
        differ in their window alone share a filter.
        """
        # Bounds that are columns exist in the first step only.
        shared = of == DAY and self.clock.bounds is None
        by_day = {one: one.rows.window for one in wanted if shared and _counts_days(one.rows)}
        rows = {one: replace(one.rows, window=None) if one in by_day else one.rows for one in wanted}
        flags = {condition: f"met{place}" for place, condition in enumerate(dict.fromkeys(rows.values()))}
        keys = [sql.column(CUSTOMER, subject), exp.alias_(sql.column(of, subject), "of_value", copy=False)]
        common, own = _apart([self._rows(one) for one in flags])
        met = [
            exp.alias_(exp.Max(this=sql.choose([(condition, sql.literal(1))], sql.literal(0))), flag, copy=False)
            for flag, condition in zip(flags.values(), own, strict=True)
        ]
        inner = self._from([*keys, *met], flags)
        recent = self._recent(subject, (one.rows for one in wanted))
        inner = inner.where(sql.present(sql.column(of, subject)), *common, *recent, copy=False)
        inner = inner.group_by(sql.column(CUSTOMER, subject), sql.column(of, subject), copy=False)
        value = Value(Type.INSTANT, sql.column("of_value"), day=sql.column("of_value"))
        counts = []
        for one, name in wanted.items():
            flagged = exp.EQ(this=sql.column(flags[rows[one]]), expression=sql.literal(1))
            counted = sql.every([flagged, window(by_day.get(one), value, self.clock)])
            counts.append(exp.alias_(sql.filtered(exp.Count(this=exp.Star()), counted), name, copy=False))
        outer = exp.select(sql.column(CUSTOMER), *counts, copy=False).from_(inner.subquery("v", copy=False), copy=False)
        return outer.group_by(sql.column(CUSTOMER), copy=False)

    def _latest(self, rows: Rows, wanted: dict[Aggregate, str]) -> exp.Select:
        """The last row of each customer; of one moment the one whose natural key is highest."""
        subject = rows.subject
        columns = [sql.column(CUSTOMER, subject)]
        for one, name in wanted.items():
            if isinstance(one.shape, tuple):
                passed = sql.choose([(self._passed(subject, one.shape), sql.literal(1))], sql.literal(0))
                columns.append(exp.alias_(passed, name, copy=False))
            else:
                columns.append(exp.alias_(sql.column(one.of, subject), name, copy=False))
        order = [exp.Ordered(this=sql.column(name, subject), desc=True) for name in (TIME, ROW)]
        place = sql.row_number([sql.column(CUSTOMER, subject)], order)
        inner = self._from([*columns, exp.alias_(place, "place", copy=False)], (rows,))
        inner = inner.where(self._rows(rows), sql.present(sql.column(TIME, subject)), copy=False)
        names = [sql.column(CUSTOMER), *(sql.column(name) for name in wanted.values())]
        return _first(names, inner)

    def _most(self, one: Aggregate, name: str) -> exp.Select:
        """The commonest value of each customer; of equally common ones the smallest."""
        subject = one.rows.subject
        value = sql.column(one.of, subject)
        columns = [sql.column(CUSTOMER, subject), exp.alias_(value, name, copy=False)]
        number = exp.alias_(exp.Count(this=exp.Star()), "n", copy=False)
        counted = self._from([*columns, number], (one.rows,))
        counted = counted.where(self._rows(one.rows), sql.present(value.copy()), copy=False)
        counted = counted.group_by(sql.column(CUSTOMER, subject), value.copy(), copy=False)
        order = [exp.Ordered(this=sql.column("n"), desc=True), exp.Ordered(this=sql.column(name))]
        place = sql.row_number([sql.column(CUSTOMER)], order)
        inner = exp.select(exp.Star(), exp.alias_(place, "place", copy=False), copy=False)
        return _first(
            [sql.column(CUSTOMER), sql.column(name)], inner.from_(counted.subquery("c", copy=False), copy=False)
        )

    def _streak(self, one: Aggregate, name: str) -> exp.Select:
        """The longest run of pieces of time that have a row; so many missed ones do not end it."""
        if not isinstance(one.shape, Streak):
            message = "a streak needs pieces"
            raise TypeError(message)
        subject = one.rows.subject
        age = exp.paren(exp.Sub(this=self.clock.today(), expression=sql.column(DAY, subject)))
        piece = age if one.shape.per == 1 else exp.IntDiv(this=age, expression=sql.literal(one.shape.per))
        columns = [sql.column(CUSTOMER, subject), exp.alias_(piece, "piece", copy=False)]
        pieces = self._from(columns, (one.rows,)).where(
            self._rows(one.rows), sql.present(sql.column(DAY, subject)), copy=False
        )
        pieces = pieces.group_by(sql.column(CUSTOMER, subject), piece.copy(), copy=False)
        mine, by_piece = [sql.column(CUSTOMER)], [exp.Ordered(this=sql.column("piece"))]
        before = sql.over(exp.Lag(this=sql.column("piece")), mine, by_piece)
        stepped = exp.select(exp.Star(), exp.alias_(before, "before", copy=False), copy=False)
        stepped = stepped.from_(pieces.subquery("p", copy=False), copy=False)
        step = exp.Sub(this=sql.column("piece"), expression=sql.column("before"))
        broken = exp.or_(
            sql.absent(sql.column("before")), exp.GT(this=step, expression=sql.literal(one.shape.grace + 1)), copy=False
        )
        begins = exp.Sum(this=sql.choose([(broken, sql.literal(1))], sql.literal(0)))
        runs = exp.select(
            sql.column(CUSTOMER), exp.alias_(sql.over(begins, mine, by_piece), "run", copy=False), copy=False
        )
        runs = runs.from_(stepped.subquery("s", copy=False), copy=False)
        lengths = exp.select(sql.column(CUSTOMER), exp.alias_(exp.Count(this=exp.Star()), "n"), copy=False)
        lengths = lengths.from_(runs.subquery("r", copy=False), copy=False).group_by(
            sql.column(CUSTOMER), sql.column("run")
        )
        longest = exp.select(sql.column(CUSTOMER), exp.alias_(exp.Max(this=sql.column("n")), name), copy=False)
        return longest.from_(lengths.subquery("l", copy=False), copy=False).group_by(sql.column(CUSTOMER))

    def _next(self, subject: str, following: Following) -> exp.Select:
        """When the next row of the other kind came, for each row of a subject."""
        other = following.rows.subject
        none = exp.cast(exp.null(), "BIGINT")
        mine = [sql.column(CUSTOMER, subject), sql.column(TIME, subject), sql.column(ROW, subject)]
        ones = exp.select(*mine, exp.alias_(none, "next_at"), exp.alias_(none.copy(), "next_day"), copy=False)
        ones = ones.from_(subject).where(sql.present(sql.column(TIME, subject)))
        theirs = [
            sql.column(CUSTOMER, other),
            sql.column(TIME, other),
            exp.alias_(none.copy(), ROW),
            exp.alias_(sql.column(TIME, other), "next_at"),
            exp.alias_(sql.column(DAY, other), "next_day"),
        ]
        others = self._from(theirs, (following.rows,)).where(
            self._rows(following.rows), sql.present(sql.column(TIME, other))
        )
        order = [exp.Ordered(this=sql.column(TIME))]
        found = [
            exp.alias_(sql.over(exp.Min(this=sql.column(name)), [sql.column(CUSTOMER)], order, later=True), name)
            for name in ("next_at", "next_day")
        ]
        both = exp.select(sql.column(ROW), *found, copy=False).from_(sql.stacked([ones, others]).subquery("b"))
        columns = [sql.column(name) for name in (ROW, "next_at", "next_day")]
        return exp.select(*columns, copy=False).from_(both.subquery("n")).where(sql.present(sql.column(ROW)))

    # Filters ------------------------------------------------------------------------------------------------------------------

    def _rows(self, rows: Rows) -> exp.Expr:
        """The condition that a row is one of those looked at."""
        subject = rows.subject
        time = Value(
            Type.INSTANT,
            sql.column(TIME, subject),
            day=sql.column(DAY, subject),
            anchor=self._anchor,
        )
        self.columns.setdefault(subject, {})
        parts = [self._passed(subject, rows.where)] if rows.where else []
        if subject in COUNTING_SUBJECTS and not any(test.column == "status" for test in rows.where):
            parts.insert(0, exp.EQ(this=sql.column(COUNTED, subject), expression=sql.literal(1)))
        parts.append(window(rows.window, time, self.clock))
        if rows.followed_by is not None:
            parts.append(self._followed(subject, rows.followed_by))
        return sql.every(parts)

    def _followed(self, subject: str, following: Following) -> exp.Expr:
        name = self.followings.setdefault((subject, following), f"next{len(self.followings)}")
        within = following.within
        of, limit = ("at", within.seconds) if within.is_exact else ("day", within.count * DAYS_OF[within.unit])
        mine = sql.column(TIME if of == "at" else DAY, subject)
        later = exp.Sub(this=sql.column(f"next_{of}", name), expression=mine)
        return sql.known(exp.LT(this=later, expression=sql.literal(limit)))

    def _anchor(self, since: Since) -> Value:
        """The moment of the customer that a window begins at."""
        if since.anchor is Anchor.RUN:
            return Value(Type.INSTANT, self.clock.instant())
        if since.anchor is Anchor.STAGE:
            return Value(Type.INSTANT, sql.column(self.stage_since(since.name), "stage_state"))
        if since.anchor is Anchor.ENTRY:
            entered = sql.column(self.entered(since.name), "entry_state")
            return Value(Type.INSTANT, exp.Coalesce(this=entered, expressions=[self.clock.instant()]))
        if since.anchor is Anchor.ATTRIBUTE and since.type is not None:
            self.attribute(since.name, since.type)
            return Value(since.type, sql.column(since.name, "customers"))
        message = f"a window since {since.anchor} exists in goals of campaigns only"
        raise TypeError(message)

    def _passed(self, subject: str, tests: tuple[ColumnTest, ...]) -> exp.Expr:
        return sql.every(predicate(test.test, self._cell(subject, test), self.clock) for test in tests)

    def _cell(self, subject: str, test: ColumnTest) -> Value:
        self._note(subject, test.column, test.type)
        return self.searches.cell(subject, test.column, test.type, self.clock)


def _apart(conditions: Sequence[exp.Expr]) -> tuple[list[exp.Expr], list[exp.Expr]]:
    """What all conditions on rows have in common, to be asked once of each row, and what is left of each."""
    parts = [sql.conjuncts(one) for one in conditions]
    shared = [one for one in parts[0] if all(one in each for each in parts[1:])]
    return shared, [sql.every(one for one in each if one not in shared) for each in parts]


def _first(columns: list[exp.Expr], inner: exp.Select) -> exp.Select:
    query = exp.select(*columns, copy=False).from_(inner.subquery("ranked", copy=False), copy=False)
    return query.where(exp.EQ(this=sql.column("place"), expression=sql.literal(1)), copy=False)


def _counts_days(rows: Rows) -> bool:
    """Whether the window is of whole days, so that a day lies in it as a whole."""
    if isinstance(rows.window, Ages):
        return not any(one.is_exact for one in (*rows.window.low, *rows.window.below))
    return rows.window is not None and not isinstance(rows.window, Since)
