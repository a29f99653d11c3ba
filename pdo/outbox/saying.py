"""What is said to whom: the line of a choice, the variant, the row of contents, the text, as expressions over candidates.

`body` is the place of what is said among the bodies of a source, NULL where nothing is said; `row` the place of the row of its
contents from 1, 0 for what contents say `otherwise`, NULL for a text of the playbook.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.core.figures import thousandths
from pdo.model.conditions import AttributeTest, ColumnTest, Has, OneOf, SegmentTest, StageTest, TagTest
from pdo.model.fields import Type
from pdo.model.outbox import Reason, bodies_of
from pdo.model.outreach import Body, Choice, ContentOrder, Match, MatchKind, Variant
from pdo.outbox.engine import text_of
from pdo.outbox.hours import day_text, last_day_of
from pdo.outbox.texts import Slot, pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pdo.compiler.program import Program, Shown
    from pdo.core.source import Span
    from pdo.model.conditions import Condition
    from pdo.model.outbox import Source
    from pdo.model.outreach import Content, ContentRow, Offer, Outreach, Template

CODE = "\ue000"
"""Stands in a text where the code of an offer comes, until codes are given out."""

TODAY, OFFER_CODE = "today", "offer.code"
LETTERS = {Type.TEXT, Type.PHONE, Type.LIST}


def line_name(source: Source, place: int) -> str:
    """The name under which a program answers whether a line of `choose` holds."""
    return f"choose {source.name} {place}"


def cell_name(content: Content, match: Match, wanted: tuple[str, ...]) -> str:
    """The name under which a program answers whether a cell of contents fits."""
    return f"fits {content.name} {match.column} {'|'.join(wanted)}"


def conditions_of(source: Source, outreach: Outreach, types: Mapping[str, Type]) -> dict[str, Condition]:
    """What must be asked to know what is said.

    Args:
        types: attribute → type.
    """
    asked: dict[str, Condition] = {}
    for place, line in enumerate(choices_of(source)):
        if line.when is not None:
            asked[line_name(source, place)] = line.when
    for body in bodies_of(source.said):
        if body.content:
            content = outreach.contents[body.content]
            for row in content.rows:
                for match in content.matches:
                    wanted = row.wanted.get(match.column)
                    if wanted:
                        asked[cell_name(content, match, wanted)] = _fits(match, wanted, types, row.span)
    return asked


def choices_of(source: Source) -> tuple[Choice, ...]:
    """The lines of `choose`; none where it does not choose."""
    return () if isinstance(source.said, Body) else tuple(one for one in source.said if isinstance(one, Choice))


def _variants_of(source: Source) -> tuple[Variant, ...]:
    return () if isinstance(source.said, Body) else tuple(one for one in source.said if isinstance(one, Variant))


def _fits(match: Match, wanted: tuple[str, ...], types: Mapping[str, Type], span: Span) -> Condition:
    match match.kind:
        case MatchKind.STAGE:
            return StageTest(match.name, wanted, span)
        case MatchKind.TAG:
            return TagTest(wanted, span)
        case MatchKind.SEGMENT:
            return SegmentTest(wanted, span)
        case MatchKind.ATTRIBUTE:
            type_ = types[match.name]
            test = Has(wanted) if type_ is Type.LIST else OneOf(wanted)
            return AttributeTest(ColumnTest(match.name, type_, test), span)


def variables_of(source: Source, outreach: Outreach) -> tuple[str, ...]:
    """The values that the texts of a source show, without what offers, contents and the calendar say."""
    texts = [text for body in bodies_of(source.said) for text in _texts(body, outreach)]
    names = dict.fromkeys(name for text in texts for name in text.variables)
    return tuple(name for name in names if "." not in name and name != TODAY)


def _texts(body: Body, outreach: Outreach) -> Iterator[Template]:
    if body.text is not None:
        yield body.text
    if body.content:
        content = outreach.contents[body.content]
        yield from (row.text for row in content.rows)
        if content.otherwise is not None:
            yield content.otherwise


# One text -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One text that a source may say.

    Args:
        body: its place.
        row: see above.
        told: what it knows of its offer and its row: name → text, or None where everybody's differs.
    """

    body: int
    row: int | None
    text: Template
    offer: Offer | None
    content: Content | None
    cell: ContentRow | None
    told: Mapping[str, str]

    def applies(self) -> exp.Expr:
        """Whether a candidate gets this one."""
        same = exp.EQ(this=sql.column("body"), expression=sql.literal(self.body))
        if self.row is None:
            return same
        return exp.and_(same, exp.EQ(this=sql.column("row"), expression=sql.literal(self.row)))


def lines_of(source: Source, outreach: Outreach) -> tuple[Line, ...]:
    """Every text that a source may say."""
    found: list[Line] = []
    for place, body in enumerate(bodies_of(source.said)):
        offer = outreach.offers[body.offer] if body.offer else None
        if body.text is not None:
            found.append(Line(place, None, body.text, offer, None, None, _told(offer, None)))
        if body.content:
            content = outreach.contents[body.content]
            for number, row in enumerate(content.rows, 1):
                of_row = outreach.offers[row.offer] if row.offer else offer
                found.append(Line(place, number, row.text, of_row, content, row, _told(of_row, row)))
            if content.otherwise is not None:
                found.append(Line(place, 0, content.otherwise, offer, content, None, _told(offer, None)))
    return tuple(found)


def _told(offer: Offer | None, row: ContentRow | None) -> dict[str, str]:
    told = {f"content.{name}": cell for name, cell in row.cells.items()} if row is not None else {}
    if offer is not None:
        told |= {"offer.name": offer.name, "offer.product": offer.product, "offer.redeem": offer.redeem}
        if offer.price is not None:
            told["offer.price"] = thousandths(offer.price * 10)
        told[OFFER_CODE] = CODE
    return told


# Expressions ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Saying:
    """What a source says, over candidates that have its answers and shown values.

    Args:
        program: of the run.
        by_chance: variants are drawn; otherwise everybody gets the first.
    """

    source: Source
    outreach: Outreach
    program: Program
    by_chance: bool
    lines: tuple[Line, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Know the texts."""
        object.__setattr__(self, "lines", lines_of(self.source, self.outreach))

    @property
    def pools(self) -> frozenset[str]:
        """The pools of codes that it draws from."""
        return frozenset(pool for line in self.lines if (pool := _of_line(line, "pool")))

    # The body -------------------------------------------------------------------------------------------------------------

    def body(self) -> exp.Expr:
        """The place of what is said; NULL where a line says to skip, or none holds."""
        if isinstance(self.source.said, Body):
            return sql.literal(0)
        branches: list[tuple[exp.Expr, exp.Expr]] = []
        variants = _variants_of(self.source)
        for place, one in enumerate(variants):
            same = exp.EQ(this=sql.column("variant_had"), expression=text_of(one.name))
            branches.append((same, sql.literal(place)))
        if variants:
            return sql.choose([*branches, *self._drawn(variants)], sql.literal(0))
        place = 0
        for number, line in enumerate(choices_of(self.source)):
            holds = exp.true() if line.when is None else self._answer(line_name(self.source, number))
            branches.append((holds, exp.null() if line.body is None else sql.literal(place)))
            place += line.body is not None
        return sql.choose(branches, exp.cast(exp.null(), "BIGINT"))

    def _drawn(self, variants: Sequence[Variant]) -> Iterator[tuple[exp.Expr, exp.Expr]]:
        if not self.by_chance:
            return
        total, sum_ = sum(one.weight for one in variants), 0
        for place, one in enumerate(variants[:-1]):
            sum_ += one.weight
            yield drawn("variant", self.source.name, sum_, total), sql.literal(place)
        yield exp.true(), sql.literal(len(variants) - 1)

    def skipped(self) -> exp.Expr:
        """Why nothing is said, where nothing is."""
        skip = next((line.skip for line in choices_of(self.source) if line.skip), "")
        return text_of(f"{Reason.SKIPPED}:{skip}" if skip else str(Reason.SKIPPED))

    def variant(self) -> exp.Expr:
        """The name of the variant."""
        return self._by_body([text_of(one.name) for one in _variants_of(self.source)])

    def _by_body(self, values: Sequence[exp.Expr]) -> exp.Expr:
        same = [
            (exp.EQ(this=sql.column("body"), expression=sql.literal(place)), one) for place, one in enumerate(values)
        ]
        return sql.choose(same, exp.cast(exp.null(), "VARCHAR"))

    def _answer(self, name: str) -> exp.Expr:
        return sql.column(self.program.answers[name])

    # The row of contents --------------------------------------------------------------------------------------------------

    def row(self) -> exp.Expr:
        """The place of the row of contents that somebody gets; 0 for `otherwise`, NULL where nothing fits or is asked."""
        branches = []
        for place, body in enumerate(bodies_of(self.source.said)):
            if body.content:
                content = self.outreach.contents[body.content]
                same = exp.EQ(this=sql.column("body"), expression=sql.literal(place))
                rest: exp.Expr = exp.cast(exp.null(), "BIGINT") if content.otherwise is None else sql.literal(0)
                branches.append((same, self._row_of(content, rest)))
        return sql.choose(branches, exp.cast(exp.null(), "BIGINT"))

    def _row_of(self, content: Content, rest: exp.Expr) -> exp.Expr:
        numbered = list(enumerate(content.rows, 1))
        if content.order is ContentOrder.ROTATION:
            return _in_turn(content, rest)
        if content.order is ContentOrder.DATE:
            fitting: list[tuple[int, ContentRow, exp.Expr]] = [
                (number, row, exp.EQ(this=sql.column("today"), expression=sql.literal(row.day or 0)))
                for number, row in numbered
            ]
        else:
            numbered.sort(key=lambda one: (-len(one[1].wanted), one[0]))
            fitting = [(number, row, self._row_fits(content, row)) for number, row in numbered]
        branches = [
            (sql.every([fits, _is_new(content, text_of(row.key))]), sql.literal(number))
            for number, row, fits in fitting
        ]
        return sql.choose(branches, rest)

    def _row_fits(self, content: Content, row: ContentRow) -> exp.Expr:
        cells = [(match, row.wanted.get(match.column)) for match in content.matches]
        return sql.every(self._answer(cell_name(content, match, wanted)) for match, wanted in cells if wanted)

    def no_content(self) -> exp.Expr:
        """Whether contents should say something and no row fits."""
        places = [place for place, body in enumerate(bodies_of(self.source.said)) if body.content]
        same = [exp.EQ(this=sql.column("body"), expression=sql.literal(place)) for place in places]
        return sql.every([sql.some(same), sql.absent(sql.column("row"))]) if places else exp.false()

    # The text -------------------------------------------------------------------------------------------------------------

    def is_plain(self, line: Line) -> bool:
        """Whether a query can put a text together."""
        pieces = pieces_of(line.text.text)
        names = [piece.name for piece in pieces or () if isinstance(piece, Slot)]
        shown = [self.program.shown[name] for name in names if "." not in name and name != TODAY]
        return pieces is not None and not any(one.type is Type.INSTANT or one.per for one in shown)

    def text(self) -> exp.Expr:
        """The text of whoever gets a plain one; NULL for others, and where a value is missing."""
        plain = [(line.applies(), self._put_together(line)) for line in self.lines if self.is_plain(line)]
        return sql.choose(plain, exp.cast(exp.null(), "VARCHAR"))

    def _put_together(self, line: Line) -> exp.Expr:
        made: exp.Expr | None = None
        for piece in pieces_of(line.text.text) or ():
            part = text_of(piece) if isinstance(piece, str) else self._slot(piece, line)
            made = part if made is None else exp.DPipe(this=made, expression=part)
        return exp.paren(made, copy=False) if made is not None else text_of("")

    def _slot(self, slot: Slot, line: Line) -> exp.Expr:
        value = self._value(slot.name, line)
        return value if slot.default is None else exp.Coalesce(this=value, expressions=[text_of(slot.default)])

    def _value(self, name: str, line: Line) -> exp.Expr:
        """A value as a text shows it; NULL where it is absent."""
        if name == TODAY:
            return day_text(sql.column("today"))
        if name == "offer.until":
            return self.until(line.offer)
        if "." in name:
            return text_of(line.told.get(name) or None)
        return _written(self.program.shown[name])

    @staticmethod
    def day() -> exp.Expr:
        """Today, as text."""
        return day_text(sql.column("today"))

    @staticmethod
    def until(offer: Offer | None) -> exp.Expr:
        """The last day of an offer, as text."""
        if offer is None or offer.valid is None:
            return exp.cast(exp.null(), "VARCHAR")
        return day_text(last_day_of(sql.column("today"), offer.valid))

    def missing(self) -> exp.Expr:
        """Why a plain text cannot be said: the first absent value that has no default; NULL for others."""
        branches = []
        for line in self.lines:
            slots = [
                piece for piece in pieces_of(line.text.text) or () if isinstance(piece, Slot) and piece.default is None
            ]
            absent = [
                (sql.absent(self._value(slot.name, line)), text_of(f"{Reason.MISSING_VALUE}:{slot.name}"))
                for slot in slots
                if self.is_plain(line)
            ]
            if absent:
                branches.append((line.applies(), sql.choose(absent, exp.cast(exp.null(), "VARCHAR"))))
        return sql.choose(branches, exp.cast(exp.null(), "VARCHAR"))

    def fallbacks(self) -> exp.Expr:
        """The variables for which the text says its default, with commas."""
        branches = []
        for line in self.lines:
            guarded = [
                piece
                for piece in pieces_of(line.text.text) or ()
                if isinstance(piece, Slot) and piece.default is not None
            ]
            told = [
                sql.choose([(sql.absent(self._value(slot.name, line)), text_of(slot.name))], exp.null())
                for slot in guarded
            ]
            if told:
                joined = exp.Anonymous(this="concat_ws", expressions=[text_of(","), *told])
                branches.append((line.applies(), exp.Nullif(this=joined, expression=text_of(""))))
        return sql.choose(branches, exp.cast(exp.null(), "VARCHAR"))

    def of_line(self, which: str) -> exp.Expr:
        """Something of the line that somebody gets: `offer`, `pool`, `content` or `content_row`."""
        branches = [(line.applies(), text_of(value)) for line in self.lines if (value := _of_line(line, which))]
        return sql.choose(branches, exp.cast(exp.null(), "VARCHAR"))


def _of_line(line: Line, which: str) -> str:
    match which:
        case "offer":
            return line.offer.name if line.offer is not None else ""
        case "pool":
            coupon = line.offer.coupon if line.offer is not None else None
            return coupon.name if coupon is not None and coupon.source == "pool" else ""
        case "content":
            return line.content.name if line.content is not None and line.cell is not None else ""
        case _:
            return line.cell.key if line.cell is not None else ""


def _is_new(content: Content, key: exp.Expr) -> exp.Expr:
    """Whether a row was not said to somebody of late."""
    if content.never_repeat is None:
        return exp.true()
    return sql.opposite(
        sql.known(exp.Anonymous(this="list_contains", expressions=[sql.column(had_name(content)), key]))
    )


def had_name(content: Content) -> str:
    """The column with the rows that somebody had of late."""
    return f"had {content.name}"


def turn_name(content: Content) -> str:
    """The column with the row that somebody had last."""
    return f"turn {content.name}"


def _in_turn(content: Content, rest: exp.Expr) -> exp.Expr:
    """The row after the one that somebody had last, from the top again after the last."""
    keys = [row.key for row in content.rows]
    after = [
        (exp.EQ(this=sql.column(turn_name(content)), expression=text_of(key)), (place + 1) % len(keys))
        for place, key in enumerate(keys)
    ]
    number = sql.choose([(same, sql.literal(place + 1)) for same, place in after], sql.literal(1))
    if content.never_repeat is None:
        return number
    key = sql.choose([(same.copy(), text_of(keys[place])) for same, place in after], text_of(keys[0]))
    return sql.choose([(_is_new(content, key), number)], rest)


def drawn(purpose: str, name: str, part: int, of: int) -> exp.Expr:
    """Whether chance falls below `part` of `of` parts: the first 16 hexadecimal digits of a sha256, compared as text."""
    if part <= 0 or part >= of:
        return exp.true() if part >= of else exp.false()
    seeded = exp.DPipe(this=text_of(f"{purpose}|{name}|"), expression=sql.column("seed"))
    digest = exp.Anonymous(this="sha256", expressions=[seeded])
    return exp.LT(this=digest, expression=text_of(f"{part * 2**64 // of:016x}"))


def _written(value: Shown) -> exp.Expr:
    """A shown value as texts print it."""
    number = sql.column(value.number)
    if value.type in LETTERS:
        return exp.Nullif(this=number, expression=text_of(""))
    if value.type is Type.DATE:
        return day_text(number)
    if value.type is Type.BOOLEAN:
        yes = exp.EQ(this=number.copy(), expression=sql.literal(1))
        return sql.choose([(sql.absent(number), exp.null()), (yes, text_of("是"))], text_of("否"))
    if value.type is Type.MONEY:
        return _decimal(number, 100, 2)
    if value.type is Type.NUMBER:
        bare = exp.Anonymous(this="rtrim", expressions=[_decimal(number, 1000, 3), text_of("0")])
        return exp.Anonymous(this="rtrim", expressions=[bare, text_of(".")])
    return exp.cast(number, "VARCHAR")


def _decimal(number: exp.Expr, unit: int, places: int) -> exp.Expr:
    """An integer as a decimal with so many places."""
    below = exp.LT(this=number.copy(), expression=sql.literal(0))
    sign = sql.choose([(sql.absent(number.copy()), exp.null()), (below, text_of("-"))], text_of(""))
    size = exp.Abs(this=number.copy())
    whole = exp.cast(exp.IntDiv(this=size.copy(), expression=sql.literal(unit)), "VARCHAR")
    rest = exp.cast(exp.Mod(this=size, expression=sql.literal(unit)), "VARCHAR")
    padded = exp.Anonymous(this="lpad", expressions=[rest, sql.literal(places), text_of("0")])
    made: exp.Expr = exp.DPipe(this=sign, expression=whole)
    for part in (text_of("."), padded):
        made = exp.DPipe(this=made, expression=part)
    return exp.paren(made, copy=False)
