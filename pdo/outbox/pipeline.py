"""The one way from those whom a source means to messages: who goes by priority, each source all at once.

already decided → channel → what is said → control → exclusive → hours → caps → quota → capacity → code. What one source lets
through counts for the next. A source means a customer at most once, so that within it nobody stands in another's way, but for
what guides can do in a day and codes, which go by natural key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.measures import CUSTOMER
from pdo.compiler.ranks import KEY
from pdo.core.figures import quantity
from pdo.model.outbox import MESSAGE_COLUMNS, PlannedBatch, Reason
from pdo.outbox import gate
from pdo.outbox.engine import fixed, fixed_query, text_of
from pdo.outbox.hours import due_minute, first_day_of
from pdo.outbox.people import load_instants, load_people
from pdo.outbox.saying import CODE, Saying, conditions_of, drawn, variables_of
from pdo.outbox.texts import MissingError, Text, TooLongError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pdo.compiler.program import Program
    from pdo.core.calendar import Moment
    from pdo.model.conditions import Condition
    from pdo.model.fields import Type
    from pdo.model.outbox import Meant, Source
    from pdo.model.outreach import Channel, Outreach
    from pdo.outbox.engine import Engine
    from pdo.outbox.people import Rows
    from pdo.outbox.saying import Line

_NO_CODE = exp.alias_(gate.nobody(), "code")

SHARE = 10_000
"""Shares are hundredths of a percent."""

HISTORY = pa.schema(
    [
        ("customer", pa.int64()),
        ("source", pa.string()),
        ("channel", pa.string()),
        ("sender", pa.string()),
        ("planned_on", pa.string()),
        ("lives", pa.int64()),
        ("decided", pa.int64()),
        ("control", pa.int64()),
        ("variant", pa.string()),
        ("content", pa.string()),
        ("content_row", pa.string()),
        ("pool", pa.string()),
    ]
)
"""A message of before. `lives`: it was not withheld or cancelled and may still go or has gone; `decided`: whether it went or
not, the source has done with the customer for that day; `pool` where its code is among those that are still to be numbered."""

_TOUCH = """
    SELECT customer, source, channel, sender, CAST(CAST(planned_on AS DATE) - CAST('1970-01-01' AS DATE) AS BIGINT) AS day,
           lives = 1 AS lives, decided = 1 AS decided, control = 1 AS control, variant, content, content_row, pool
    FROM earlier
"""


@dataclass(frozen=True, slots=True)
class Around:
    """What messages depend on besides what the rules say.

    Args:
        outreach: of the project.
        rows: gives the rows of a kind, for the people.
        moments: the now of each world; one for a store.
        living: customer → place of its world; None for a store.
        history: messages of before, as `HISTORY`.
        blocked: Arrow table of `customer` and `channel`.
        codes: Arrow table of `pool`, `place` (from 1) and `code`; None gives `TEST-0001` and on, without an end.
        types: attribute → type.
        by_chance: control groups and variants are drawn; otherwise nobody is held back and everybody gets the first variant.
    """

    outreach: Outreach
    rows: Rows
    moments: Sequence[Moment]
    history: pa.RecordBatchReader | pa.Table
    blocked: pa.Table
    codes: pa.Table | None
    types: Mapping[str, Type]
    living: Mapping[int, int] | None = None
    by_chance: bool = True


def wants_of(
    sources: Sequence[Source], outreach: Outreach, types: Mapping[str, Type]
) -> tuple[dict[str, Condition], dict[str, str]]:
    """What a program must answer and show for the messages of some sources: conditions by name, names of values.

    Args:
        types: attribute → type.
    """
    asked: dict[str, Condition] = {}
    shown: dict[str, str] = {}
    for source in sources:
        asked |= conditions_of(source, outreach, types)
        names = (*variables_of(source, outreach), *gate.consents_asked(source, outreach.policy))
        shown |= {name: name for name in names}
    return asked, shown


def plan_messages(engine: Engine, program: Program, meant: Sequence[Meant], around: Around) -> tuple[PlannedBatch, ...]:
    """The batches of a run, in the order in which their sources go.

    Args:
        engine: with the table `outcome` of the program, and the tables of `meant`.
        meant: whom each source means.
    """
    if not meant:
        return ()
    run = _Run(engine, program, around, tuple(one.source for one in meant))
    run.load()
    ordered = sorted(meant, key=lambda one: (one.source.priority, one.source.name))
    found = tuple(batch for one in ordered for batch in run.make(one))
    run.forget()
    return found


@dataclass(frozen=True, slots=True)
class _Run:
    engine: Engine
    program: Program
    around: Around
    sources: tuple[Source, ...]

    def load(self) -> None:
        """The people, and what was before."""
        around, engine = self.around, self.engine
        channels = {channel for source in self.sources for channel in source.channels}
        load_people(engine, around.rows, sorted(channels), around.moments, around.living)
        quiet = around.outreach.policy.quiet_hours
        ends = [quiet.end] if quiet is not None else []
        load_instants(engine, around.moments, [*(one.at for one in self.sources if one.at is not None), *ends])
        engine.load("earlier", around.history)
        engine.create("touch", fixed(_TOUCH))
        engine.drop("earlier")
        engine.load("blocked", around.blocked)
        if around.codes is not None:
            engine.load("free_code", around.codes)

    def forget(self) -> None:
        """Leave the engine as it was."""
        self._drop("people", "clock", "instants", "touch", "blocked", "free_code")

    def make(self, meant: Meant) -> Iterator[PlannedBatch]:
        """The batches of one source."""
        source, engine = meant.source, self.engine
        saying = Saying(source, self.around.outreach, self.program, self.around.by_chance)
        engine.create("candidate", self._candidates(meant, saying))
        engine.create("past", self._past(source))
        engine.create("spoken", self._spoken(source, saying))
        self._drop("candidate", "past")
        rendered = self._render(saying)
        engine.create("weighed", self._weighed(source, saying, rendered=rendered))
        self._drop("spoken", "rendered")
        engine.create("decided", self._decided(source, saying))
        self._drop("weighed")
        engine.add("touch", self._touches(source))
        for place, channel in enumerate(source.channels):
            query = exp.select(*(sql.column(name) for name in (*MESSAGE_COLUMNS, "today"))).from_("decided")
            by_channel = exp.EQ(this=sql.column("channel"), expression=sql.literal(place))
            rows = engine.table(query.where(by_channel).order_by(sql.column("world"), sql.column("customer_key")))
            if rows.num_rows:
                yield _batch(source, channel, rows)
        self._drop("decided")

    def _drop(self, *names: str) -> None:
        for name in names:
            self.engine.drop(name)

    def _candidates(self, meant: Meant, saying: Saying) -> exp.Expr:
        """Whom the source means and has not decided about: with their clock, their blocks, and what is asked of the program."""
        source, program = meant.source, self.program
        answers = [program.answers[name] for name in conditions_of(source, saying.outreach, self.around.types)]
        shown = [
            program.shown[name]
            for name in (*variables_of(source, saying.outreach), *gate.consents_asked(source, saying.outreach.policy))
        ]
        columns = dict.fromkeys((*answers, *(part for one in shown for part in (one.number, one.per) if part)))
        query = exp.select(
            fixed("p.*"),
            exp.alias_(sql.column(KEY, "o"), "customer_key"),
            fixed("m.entry"),
            fixed("m.reason AS given"),
            fixed("b.channels AS blocks"),
            *(sql.column(name, "o") for name in columns),
        ).from_(exp.alias_(exp.to_table(meant.table), "m", table=True))
        same = exp.EQ(this=sql.column(CUSTOMER, "m"), expression=fixed("p.customer"))
        query = query.join("people AS p", on=same)
        query = query.join("outcome AS o", on=exp.EQ(this=sql.column(CUSTOMER, "o"), expression=fixed("p.customer")))
        query = query.join(
            fixed("(SELECT customer, list(channel) AS channels FROM blocked GROUP BY customer) AS b"),
            on=fixed("b.customer = p.customer"),
            join_type="left",
        )
        done: exp.Expr = fixed("t.decided AND t.day = p.today")
        if not source.repeats:
            lives: exp.Expr = fixed("t.lives")
            if source.every is not None:
                first = first_day_of(fixed("p.today"), source.every)
                lives = exp.and_(lives, exp.GTE(this=fixed("t.day"), expression=first))
            done = exp.or_(exp.paren(done), exp.paren(lives))
        own = exp.EQ(this=fixed("t.source"), expression=text_of(source.name))
        earlier = (
            exp.select("1").from_("touch AS t").where(exp.and_(fixed("t.customer = p.customer"), own, exp.paren(done)))
        )
        if meant.days is not None:
            query = query.where(exp.In(this=fixed("p.today"), expressions=[sql.literal(day) for day in meant.days]))
        return query.where(exp.not_(exp.Exists(this=earlier)))

    def _past(self, source: Source) -> exp.Expr:
        columns = gate.past_columns(source, self.sources, self.around.outreach)
        query = exp.select(fixed("c.customer"), *columns).from_("candidate AS c")
        return query.join("touch AS t", on=fixed("t.customer = c.customer")).group_by(fixed("c.customer"))

    def _spoken(self, source: Source, saying: Saying) -> exp.Expr:
        """By what channel, from whom, and what: body, row, and the text where it is plain."""
        place, shut = gate.channel(source, self.around.outreach.policy, self.program)
        names = [column.alias for column in gate.past_columns(source, self.sources, self.around.outreach)]
        zero = [name for name in names if name.startswith(("own", "cap", "quota"))]
        past = [
            exp.alias_(
                sql.or_zero(sql.column(name, "h")) if name in zero else sql.column(name, "h"),
                exp.to_identifier(name, quoted=True),
            )
            for name in names
        ]
        joined = exp.select(fixed("c.*"), *past).from_("candidate AS c")
        joined = joined.join("past AS h", on=fixed("h.customer = c.customer"), join_type="left")
        layers: list[dict[str, exp.Expr]] = [
            {"channel": place, "shut": shut, "body": saying.body()},
            {"sender": gate.sender(source), "row": saying.row(), "variant": saying.variant()},
            {
                "plain": saying.text(),
                "missing": saying.missing(),
                "fallbacks": saying.fallbacks(),
                **{name: saying.of_line(name) for name in ("offer", "pool", "content", "content_row")},
            },
        ]
        return _layered(joined, layers)

    def _weighed(self, source: Source, saying: Saying, *, rendered: bool) -> exp.Expr:
        """The reason, but for capacity and codes."""
        policy = self.around.outreach.policy
        texts = fixed_query("SELECT s.*, s.plain AS text, s.missing AS unsaid FROM spoken AS s")
        if rendered:
            texts = fixed_query(
                "SELECT s.*, coalesce(r.text, s.plain) AS text, coalesce(r.reason, s.missing) AS unsaid "
                "FROM spoken AS s LEFT JOIN rendered AS r ON r.customer = s.customer"
            )
        by_chance = drawn("control", source.name, source.control, SHARE)
        control = [
            fixed("coalesce(control_had, FALSE)"),
            sql.every([fixed("NOT coalesce(message_had, FALSE)"), by_chance]),
        ]
        branches: list[gate.Branch] = [
            (fixed("given IS NOT NULL"), fixed("given")),
            (fixed("shut IS NOT NULL"), fixed("shut")),
            (fixed("body IS NULL"), saying.skipped()),
            (saying.no_content(), text_of(Reason.NO_CONTENT)),
            (fixed("unsaid IS NOT NULL"), fixed("unsaid")),
            (gate.too_long(source), text_of(Reason.TOO_LONG)),
        ]
        if source.control and self.around.by_chance:
            branches.append((sql.some(control), text_of(Reason.CONTROL)))
        if any(
            one.exclusive == source.exclusive and one.name != source.name for one in self.sources if source.exclusive
        ):
            branches.append((fixed("coalesce(outdone, FALSE)"), text_of(f"{Reason.EXCLUSIVE}:{source.exclusive}")))
        branches.append((fixed("due IS NULL"), text_of(Reason.QUIET_HOURS)))
        branches += gate.full(source, policy)
        due = due_minute(fixed("minute"), source.at, policy.quiet_hours)
        return _layered(texts, [{"due": due}, {"early": sql.choose(branches, gate.nobody())}])

    def _decided(self, source: Source, saying: Saying) -> exp.Expr:
        """With what guides can do in a day, and the codes that are left."""
        base, busy = self._busy(source)
        query = _layered(base, [{"busy": busy}])
        coded = self._coded(query) if saying.pools else exp.select(fixed("w.*"), _NO_CODE).from_(query.subquery("w"))
        reason = sql.choose(
            [
                (fixed("early IS NOT NULL"), fixed("early")),
                (fixed("busy"), text_of(Reason.CAPACITY)),
                (fixed("pool IS NOT NULL AND code IS NULL"), text_of(Reason.NO_CODE)),
            ],
            gate.nobody(),
        )
        said = exp.Anonymous(this="replace", expressions=[fixed("text"), text_of(CODE), fixed("coalesce(code, '')")])
        text = sql.choose([(fixed("reason IS NULL"), said)], text_of(""))
        made = _layered(coded, [{"reason": reason}])
        final = exp.select(
            fixed("d.* EXCLUDE (text, customer)"),
            fixed("d.customer AS customer_id"),
            exp.alias_(text, "text"),
            fixed("i.at AS planned_at"),
        ).from_(made.subquery("d"))
        return final.join("instants AS i", on=fixed("i.world = d.world AND i.minute = d.due"), join_type="left")

    def _coded(self, query: exp.Select) -> exp.Select:
        """With the code of whoever gets one: the next free one of the pool, by natural key."""
        turn = fixed("row_number() OVER (PARTITION BY world, pool, (early IS NULL AND NOT busy) ORDER BY customer_key)")
        spent = fixed(
            "(SELECT u.world, t.pool, count(*) AS n FROM touch AS t JOIN people AS u ON u.customer = t.customer "
            "WHERE t.pool IS NOT NULL GROUP BY ALL)"
        )
        placed = exp.select(fixed("w.*"), exp.alias_(turn, "turn")).from_(query.subquery("w"))
        counted = exp.select(fixed("w.*"), fixed("w.turn + coalesce(x.n, 0) AS place")).from_(placed.subquery("w"))
        counted = counted.join(
            exp.alias_(spent, "x", table=True), on=fixed("x.world = w.world AND x.pool = w.pool"), join_type="left"
        )
        wanted = fixed("w.pool IS NOT NULL AND w.early IS NULL AND NOT w.busy")
        if self.around.codes is None:
            code: exp.Expr = fixed("'TEST-' || lpad(CAST(w.place AS VARCHAR), 4, '0')")
            coded = exp.select(fixed("w.*"), exp.alias_(sql.choose([(wanted, code)], gate.nobody()), "code"))
            coded = coded.from_(counted.subquery("w"))
        else:
            coded = exp.select(fixed("w.*"), exp.alias_(sql.choose([(wanted, fixed("f.code"))], gate.nobody()), "code"))
            coded = coded.from_(counted.subquery("w")).join(
                "free_code AS f", on=fixed("f.pool = w.pool AND f.place = w.place"), join_type="left"
            )
        return coded

    def _busy(self, source: Source) -> tuple[exp.Select, exp.Expr]:
        """What was weighed with what guides have to do already; and whether that is as much as they can.

        Those with the smaller natural key come first.
        """
        capacity = self.around.outreach.policy.capacity
        limits = capacity.by_channel if capacity is not None else {}
        limited = [(place, one) for place, one in enumerate(source.channels) if one in limits]
        if capacity is None or not limited:
            return exp.select(exp.Star()).from_("weighed"), exp.false()
        first = first_day_of(fixed("p.today"), capacity.per)
        loads = [_load(place, one, first.copy()) for place, one in limited]
        query = exp.select(fixed("w.*"), fixed("coalesce(l.n, 0) AS has")).from_("weighed AS w")
        same = fixed("l.world = w.world AND l.sender = w.sender AND l.place = w.channel")
        query = query.join(exp.alias_(sql.stacked(loads).subquery(), "l", table=True), on=same, join_type="left")
        by_channel = [
            (exp.EQ(this=fixed("channel"), expression=sql.literal(place)), sql.literal(limits[one]))
            for place, one in limited
        ]
        turn = fixed(
            "has + row_number() OVER (PARTITION BY world, sender, channel, early IS NULL ORDER BY customer_key)"
        )
        over = exp.GT(this=turn, expression=sql.choose(by_channel, exp.null()))
        return query, sql.every([fixed("early IS NULL AND sender IS NOT NULL"), sql.known(over)])

    def _touches(self, source: Source) -> exp.Expr:
        """What was let through, and who is in the control group, for the sources to come."""
        channels = [
            (exp.EQ(this=sql.column("channel"), expression=sql.literal(place)), text_of(one.value))
            for place, one in enumerate(source.channels)
        ]
        return exp.select(
            fixed("customer_id"),
            text_of(source.name),
            sql.choose(channels, gate.nobody()),
            fixed("sender"),
            fixed("today"),
            fixed("reason IS NULL"),
            exp.true(),
            fixed("coalesce(reason = 'control', FALSE)"),
            fixed("variant"),
            fixed("content"),
            fixed("content_row"),
            fixed("CASE WHEN code IS NOT NULL THEN pool END"),
        ).from_("decided")

    # Texts of the sandbox -------------------------------------------------------------------------------------------------

    def _render(self, saying: Saying) -> bool:
        """Load `rendered`: the texts, or why there is none, of those whose texts are not plain."""
        lines = [line for line in saying.lines if not saying.is_plain(line)]
        if not lines:
            return False
        customers, texts, reasons = [], [], []
        for line in lines:
            for customer, text, reason in self._rendered(line, saying):
                customers.append(customer)
                texts.append(text)
                reasons.append(reason)
        rows = {
            "customer": pa.array(customers, pa.int64()),
            "text": pa.array(texts, pa.string()),
            "reason": pa.array(reasons, pa.string()),
        }
        self.engine.load("rendered", pa.table(rows))
        return True

    def _rendered(self, line: Line, saying: Saying) -> Iterator[tuple[int, str | None, str | None]]:
        text = Text.compile(line.text.text)
        shown = {
            name: self.program.shown[name] for name in text.names if name in self.program.shown and "." not in name
        }
        columns = dict.fromkeys(part for one in shown.values() for part in (one.number, one.per) if part)
        query = exp.select(
            fixed("customer"),
            exp.alias_(saying.day(), "today"),
            exp.alias_(saying.until(line.offer), "until"),
            *(sql.column(name) for name in columns),
        ).from_("spoken")
        zone = self.around.moments[0].zone
        for batch in self.engine.table(query.where(line.applies())).to_batches():
            for row in batch.to_pylist():
                values: dict[str, object] = {**line.told, "today": row["today"], "offer.until": row["until"]}
                for name, one in shown.items():
                    values[name] = quantity(one.type.value, row[one.number], zone, row[one.per] if one.per else None)
                try:
                    yield row["customer"], text.render(values), None
                except MissingError as error:
                    yield row["customer"], None, f"{Reason.MISSING_VALUE}:{error}"
                except TooLongError:
                    yield row["customer"], None, str(Reason.TOO_LONG)


def _layered(base: exp.Query, layers: Sequence[Mapping[str, exp.Expr]]) -> exp.Select:
    """A query with columns added, each layer reading those of the one before."""
    query: exp.Query = base
    for number, added in enumerate(layers):
        columns = [exp.alias_(value, name) for name, value in added.items()]
        query = exp.select(exp.Star(), *columns).from_(query.subquery(f"l{number}"))
    return exp.select(exp.Star()).from_(query.subquery("layered"))


def _load(place: int, channel: Channel, first: exp.Expr) -> exp.Select:
    """How many messages by a channel each colleague has from a day on up to today."""
    counted = exp.and_(
        exp.EQ(this=fixed("t.channel"), expression=text_of(channel.value)),
        exp.GTE(this=fixed("t.day"), expression=first),
        fixed("t.lives AND t.day <= p.today AND t.sender IS NOT NULL"),
    )
    columns = (fixed("p.world"), fixed("t.sender"), exp.alias_(sql.literal(place), "place"), fixed("count(*) AS n"))
    query = exp.select(*columns).from_("touch AS t")
    return query.join("people AS p", on=fixed("p.customer = t.customer")).where(counted).group_by("p.world", "t.sender")


def _batch(source: Source, channel: Channel, rows: pa.Table) -> PlannedBatch:
    counts = pc.value_counts(rows.column("reason").drop_null()).to_pylist()
    reasons = {one["values"]: one["counts"] for one in sorted(counts, key=lambda one: str(one["values"]))}
    return PlannedBatch(source, channel, rows.column("today")[0].as_py(), rows.drop_columns(["today"]), reasons)
