"""What rules give and what customers have by rule, compared as bits: one row a customer instead of one for each tag of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.measures import CUSTOMER
from pdo.model.bits import RuleBits
from pdo.store.rule_bits import BITS, MOST_WORDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pdo.compiler.layers import Output
    from pdo.evaluate.engine import Engine
    from pdo.evaluate.facts import FactSource
    from pdo.evaluate.outcome import Outcome
    from pdo.store.rule_bits import HeldBits


@dataclass(frozen=True, slots=True)
class Slots:
    """Which bit is which rule's: the id of its label says it.

    Args:
        places: label id → its place among the outputs; below zero for a rule that is gone.
        fresh: (kind, scope, name) of a label that is still to be made → the id that it will get.
        kinds: of the labels that are there, but stages.
        highest: the highest id of all labels.
    """

    places: Mapping[int, int]
    fresh: Mapping[tuple[str, str, str], int]
    kinds: tuple[str, ...]
    highest: int

    def of(self, word: int) -> dict[int, int]:
        """Bit → place, of one word."""
        return {1 << label % BITS: place for label, place in self.places.items() if label // BITS == word}

    def table(self, words: Iterable[int]) -> pa.Table:
        """Grain: one row a bit that is decided, with its word and place."""
        rows = [{"word": word, "bit": bit, "place": place} for word in words for bit, place in self.of(word).items()]
        return pa.Table.from_pylist(rows, pa.schema([(name, pa.int64()) for name in ("word", "bit", "place")]))

    def mask(self, word: int) -> exp.Expr:
        """The bits of a word that are decided; the others stay as they are."""
        return sql.literal(sum(self.of(word)))


def add_changes(outcome: Outcome, source: FactSource, slots: Slots) -> RuleBits | None:
    """Add to `change` what rules give and the store does not have, and the other way round.

    Returns:
        What customers have afterwards; None where there are too many labels to keep it.
    """
    engine = outcome.engine
    held = source.rule_bits()
    _load_held(engine, source, slots, held)
    _load_blocked(engine, source, slots, outcome)
    words = range(slots.highest // BITS + 1)
    engine.load("slot", slots.table(words))
    is_kept = len(words) <= MOST_WORDS
    whole = is_kept and (held is None or held.words < len(words))
    bits = None
    for start in range(0, len(words), MOST_WORDS):
        group = words[start : start + MOST_WORDS]
        engine.create("current", _current(held, group, slots.highest))
        engine.create("desired", _desired(outcome, slots, group))
        engine.create("altered", _altered(slots, group, held, whole=whole))
        engine.add("change", sql.stacked([_nothing(), *_changes(group)]))
        if is_kept:
            bits = RuleBits(engine.table(_afterwards(slots, group)), whole, slots.fresh)
        for name in ("current", "desired", "altered"):
            engine.drop(name)
    for name in ("held", "off", "unsure", "slot"):
        engine.drop(name)
    return bits


def _load_held(engine: Engine, source: FactSource, slots: Slots, held: HeldBits | None) -> None:
    """`held`: words, or where there are none rows of label and customer; `unsure`: whose words are set anew in any case."""
    if held is not None:
        engine.load("held", held.rows)
        engine.load("unsure", pa.table({"customer_id": held.unsure}))
    else:
        engine.load("held", source.assignments(slots.kinds, by_rule=True))


def _load_blocked(engine: Engine, source: FactSource, slots: Slots, outcome: Outcome) -> None:
    """`off`: tags that values of a column name and a hand took off; of all others the program knows it."""
    if outcome.program.column_tags:
        outputs = outcome.program.outputs
        scoped = [label for label, place in slots.places.items() if place >= 0 and outputs[place].scope]
        engine.load("blocked", source.blocks())
        mine = exp.In(this=sql.column("label_id"), expressions=[sql.literal(label) for label in (-1, *scoped)])
        engine.create("off", exp.select(exp.Star()).from_("blocked").where(mine))
        engine.drop("blocked")


def _current(held: HeldBits | None, words: Sequence[int], highest: int) -> exp.Select:
    """`current`: the words of what customers have."""
    if held is None:
        return _packed("held", words, range(highest + 1))
    cells = [
        exp.alias_(sql.column(f"w{word}") if word < held.words else sql.integer(sql.literal(0)), f"w{word}")
        for word in words
    ]
    return exp.select(exp.alias_(sql.column("customer_id"), CUSTOMER), *cells).from_("held")


def _packed(table: str, words: Iterable[int], labels: Collection[int]) -> exp.Select:
    """Rows of label and customer as words."""
    cells = []
    for word in words:
        branches = [
            (exp.EQ(this=sql.column("label_id"), expression=sql.literal(label)), sql.literal(1 << label % BITS))
            for label in range(word * BITS, (word + 1) * BITS)
            if label in labels
        ]
        cells.append(exp.alias_(sql.integer(exp.Sum(this=sql.choose(branches, sql.literal(0)))), f"w{word}"))
    query = exp.select(exp.alias_(sql.column("customer_id"), CUSTOMER), *cells).from_(table)
    return query.group_by(sql.column("customer_id"))


def _desired(outcome: Outcome, slots: Slots, words: Sequence[int]) -> exp.Select:
    """`desired`: the words of what the rules give."""
    outputs = outcome.program.outputs
    rules = exp.select(sql.column(CUSTOMER), *(_word(word, slots, outputs) for word in words)).from_("outcome")
    if not outcome.program.column_tags:
        return rules
    cells = []
    for word in words:
        given = sql.column(f"d{word}", "g")
        taken = exp.BitwiseAnd(this=given.copy(), expression=sql.or_zero(sql.column(f"w{word}", "o")))
        cells.append(exp.alias_(exp.Sub(this=given, expression=exp.paren(taken)), f"d{word}"))
    same = exp.EQ(this=sql.column(CUSTOMER, "g"), expression=sql.column(CUSTOMER, "o"))
    query = exp.select(sql.column(CUSTOMER, "g"), *cells).from_(rules.subquery("g"))
    return query.join(_packed("off", words, range(slots.highest + 1)).subquery("o"), on=same, join_type="left")


def _word(word: int, slots: Slots, outputs: Sequence[Output]) -> exp.Expr:
    total: exp.Expr = sql.integer(sql.literal(0))
    for bit, place in slots.of(word).items():
        if place >= 0:
            one = sql.choose([(outputs[place].holds.copy(), sql.literal(bit))], sql.literal(0))
            total = exp.Add(this=total, expression=one)
    return exp.alias_(total, f"d{word}")


def _altered(slots: Slots, words: Sequence[int], held: HeldBits | None, *, whole: bool) -> exp.Select:
    """`altered`: both words of customers for whom they differ, or of everybody where all are to be kept anew."""
    same = exp.EQ(this=sql.column(CUSTOMER, "desired"), expression=sql.column(CUSTOMER, "current"))
    customer = exp.Coalesce(this=sql.column(CUSTOMER, "desired"), expressions=[sql.column(CUSTOMER, "current")])
    cells = [exp.alias_(sql.or_zero(sql.column(f"{side}{word}")), f"{side}{word}") for word in words for side in "dw"]
    query = exp.select(exp.alias_(customer, CUSTOMER), *cells).from_("desired")
    query = query.join(exp.to_table("current"), on=same, join_type="full")
    if whole:
        return query
    differs: list[exp.Expr] = [
        exp.NEQ(this=sql.column(f"d{word}"), expression=exp.paren(_both(f"w{word}", slots.mask(word))))
        for word in words
    ]
    if held is not None and len(held.unsure):
        unsure = exp.select(sql.column("customer_id")).from_("unsure")
        differs.append(exp.In(this=sql.column(CUSTOMER), query=unsure.subquery()))
    return exp.select(exp.Star()).from_(query.subquery("b")).where(exp.or_(*differs))


def _both(column: str, bits: exp.Expr) -> exp.Expr:
    return exp.BitwiseAnd(this=sql.column(column), expression=bits)


def _changes(words: Sequence[int]) -> Iterable[exp.Select]:
    """One pass a word over the customers whose words differ, beside the bits that are decided."""
    for word in words:
        now, before = (sql.column(f"{side}{word}", "altered") for side in "dw")
        bit = sql.column("bit", "slot")
        gained = exp.NEQ(this=exp.paren(exp.BitwiseAnd(this=now, expression=bit)), expression=sql.literal(0))
        differs = exp.BitwiseAnd(this=exp.BitwiseXor(this=now.copy(), expression=before), expression=bit.copy())
        query = exp.select(
            exp.alias_(sql.column("place", "slot"), "label"),
            sql.column(CUSTOMER, "altered"),
            exp.alias_(sql.choose([(gained, sql.literal(1))], sql.literal(0)), "gained"),
        ).from_("altered")
        mine = exp.EQ(this=sql.column("word", "slot"), expression=sql.literal(word))
        differ = exp.NEQ(this=exp.paren(differs), expression=sql.literal(0))
        yield query.join(exp.to_table("slot"), on=exp.and_(mine, differ), join_type="inner")


def _nothing() -> exp.Select:
    zero = sql.integer(sql.literal(0))
    columns = (exp.alias_(zero.copy(), name) for name in ("label", CUSTOMER))
    return exp.select(*columns, exp.alias_(sql.literal(0), "gained")).where(exp.false())


def _afterwards(slots: Slots, words: Sequence[int]) -> exp.Select:
    """Who has which words in the end, by key."""
    cells = []
    for word in words:
        kept = exp.Sub(this=sql.column(f"w{word}"), expression=exp.paren(_both(f"w{word}", slots.mask(word))))
        cells.append(exp.Add(this=kept, expression=sql.column(f"d{word}")))
    words_ = exp.Anonymous(this="array_value", expressions=cells)
    columns = (exp.alias_(sql.column(CUSTOMER), "customer_id"), exp.alias_(words_, "words"))
    return exp.select(*columns).from_("altered").order_by(sql.column("customer_id"))
