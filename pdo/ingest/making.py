"""Cells that profiles make of others, before anything is read: `numbered` gets them behind those of the file.

A record may so have no row of a kind (a sale without a buyer is no customer) or several (a cell with three tags is three).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.ingest.dialect import folded
from pdo.ingest.macros import plain_text
from pdo.ingest.workspace import call, name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pdo.ingest.workspace import Workspace
    from pdo.model.fields import Kind
    from pdo.model.made import CellTest, MadeCell
    from pdo.model.settings import ImportMapping

UNIT = chr(31)
KEY_LETTERS = 16
"""How many hexadecimal digits of a digest make a key."""


@dataclass(frozen=True, slots=True)
class BoundTest:
    """A test of a cell at a place."""

    place: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoundMade:
    """A made cell, with the places of those that it is made of.

    Args:
        column: what it means.
        header: what it is called where something is the matter with it.
        cell: how it is made.
        places: of the cells of which the first that is filled holds.
        key: of the cells of which a key is made.
        or_key: the same where that gives none.
        times: of the quantity.
        only: what must be so.
        unless: what must not.
        spread: of the columns behind a header.
    """

    column: str
    header: str
    cell: MadeCell
    places: tuple[int, ...] = ()
    key: tuple[int, ...] = ()
    or_key: tuple[int, ...] = ()
    times: int | None = None
    only: tuple[BoundTest, ...] = ()
    unless: tuple[BoundTest, ...] = ()
    spread: tuple[int, ...] = ()

    @property
    def sources(self) -> tuple[int, ...]:
        """All places that it looks at."""
        tests = (test.place for test in (*self.only, *self.unless))
        times = () if self.times is None else (self.times,)
        return (*self.places, *self.key, *self.or_key, *times, *tests, *self.spread)


def bind_made(
    cells: Sequence[str], standing: Mapping[str, list[int]], made: Mapping[str, MadeCell]
) -> tuple[BoundMade, ...]:
    """Find the cells of a file that others are made of. What cannot be made of it is left out.

    Args:
        cells: the header.
        standing: where each folded header stands.
        made: canonical column → how its cells are made.
    """
    found = []
    for column, cell in made.items():
        bound = _bound(column, cell, cells, standing)
        if bound is not None:
            found.append(bound)
    return tuple(found)


def _bound(column: str, cell: MadeCell, cells: Sequence[str], standing: Mapping[str, list[int]]) -> BoundMade | None:
    def at(headers: Iterable[str]) -> tuple[int, ...]:
        return tuple(standing[folded(header)][0] for header in headers if folded(header) in standing)

    def tests(said: Iterable[CellTest]) -> tuple[BoundTest, ...]:
        return tuple(BoundTest(place, test.values) for test in said for place in at((test.header,)))

    places, key, or_key = at(cell.headers), at(cell.key_of), at(cell.or_key_of)
    # A key of less than it is to be made of would join what is not the same.
    key, or_key = (
        found if len(found) == len(said) else () for found, said in ((key, cell.key_of), (or_key, cell.or_key_of))
    )
    times = next(iter(at((cell.times,))), None) if cell.times else None
    only, behind = tests(cell.only), at((cell.after,)) if cell.after else ()
    spread = tuple(place for place in range(behind[0] + 1, len(cells)) if cells[place]) if behind else ()
    if not (places or key or or_key or spread or cell.always):
        return None
    if (cell.times and times is None) or len(only) < len(cell.only):
        return None
    first = next(iter((*places, *key, *or_key, *spread)), None)
    header = column if first is None else cells[first]
    return BoundMade(column, header, cell, places, key, or_key, times, only, tests(cell.unless), spread)


def make_cells(
    workspace: Workspace, made: Sequence[BoundMade], *, width: int, needed: Sequence[int], needs: Mapping[str, str]
) -> None:
    """Put the made cells behind those that were read.

    Args:
        workspace: with the table `numbered`.
        made: the cells.
        width: places of the file.
        needed: places that were read.
        needs: columns without which a record has no row → the macro that reads them.
    """
    cells = [name(f"c{place}") for place in needed]
    columns = [exp.alias_(_value(one), f"c{width + index}") for index, one in enumerate(made)]
    filled = exp.select(name("at_line"), *cells, *columns).from_("numbered").subquery("filled")
    places = {one.column: f"c{width + index}" for index, one in enumerate(made)}
    present = [
        call(f"as_{macro}", name(places[column])).is_(exp.null()).not_()
        for column, macro in needs.items()
        if column in places
    ]
    query = exp.select("*").from_(filled).where(exp.and_(exp.true(), *present))
    workspace.create("made_record", query)
    workspace.run("DROP VIEW record")
    workspace.run("DROP TABLE numbered")
    for relation in ("numbered", "record"):
        workspace.view(relation, exp.select("*").from_("made_record"))


def _value(one: BoundMade) -> exp.Expression:
    """The text of a made cell; empty where it says nothing."""
    if one.cell.each:
        return call("unnest", _texts((*one.places, *one.spread)))
    value = _first(one)
    if one.times is not None:
        value = call("money_times", value, name(f"c{one.times}"))
    if one.cell.values:
        value = _renamed(value, one.cell.values)
    if one.cell.prefix:
        value = call("prefixed", one.cell.prefix, value)
    conditions = [_holds(test) for test in one.only] + [_holds(test).not_() for test in one.unless]
    return exp.Case().when(exp.and_(*conditions), value).else_(_text("")) if conditions else value


def _first(one: BoundMade) -> exp.Expression:
    """The first of several cells that is filled, or a key made of some."""
    found = [call("nullif", _cleaned(_filled(place), one.cell.clean), _text("")) for place in one.places]
    if one.key:
        first, *rest = one.key
        found.append(_key(_cleaned(_filled(first), one.cell.clean), rest))
    if one.or_key:
        first, *rest = one.or_key
        found.append(_key(_filled(first), rest))
    return call("coalesce", *found, one.cell.always)


def _key(first: exp.Expression, rest: Sequence[int]) -> exp.Expression:
    """A key made of cells; NULL without the first of them."""
    parts = [call("plain", first), *(call("plain", _filled(place)) for place in rest)]
    digest = call("substr", call("md5", call("concat_ws", UNIT, *parts)), 1, KEY_LETTERS)
    return exp.Case().when(call("plain", first.copy()).eq(_text("")), exp.null()).else_(digest)


def _filled(place: int) -> exp.Expression:
    """A cell as it stands; empty where it says that there is nothing."""
    return call("present_text", name(f"c{place}"))


def _cleaned(value: exp.Expression, cleaners: Sequence[str]) -> exp.Expression:
    for cleaner in cleaners:
        value = call(f"clean_{cleaner}", value)
    return value


def _renamed(value: exp.Expression, values: Mapping[str, str]) -> exp.Expression:
    """Compared whatever their width: platforms write full-width commas into what they say."""
    said, kept = (exp.array(*map(_text, texts)) for texts in (map(plain_text, values), values.values()))
    place = call("list_position", said, call("plain", value.copy()))
    return call("coalesce", call("list_extract", kept, place), value)


def with_staff(mapping: ImportMapping | None, kind: Kind, names: Mapping[str, str]) -> ImportMapping | None:
    """The part of a profile with what its columns may call colleagues; other mappings as they are.

    Args:
        mapping: the part.
        kind: of its rows.
        names: what files may call a colleague → staff_id.
    """
    if mapping is None or not mapping.profile:
        return mapping
    refers = {column.name for column in kind.columns if column.refers == "staff"}
    made = {
        column: replace(cell, values={**names, **cell.values}) if column in refers else cell
        for column, cell in mapping.made.items()
    }
    return replace(mapping, made=made)


def _holds(test: BoundTest) -> exp.Expression:
    cell = name(f"c{test.place}")
    if not test.values:
        return call("is_absent", cell).not_()
    said = exp.array(*(_text(plain_text(value)) for value in test.values))
    return call("list_contains", said, call("plain", call("coalesce", cell, "")))


def _texts(places: Sequence[int]) -> exp.Expression:
    """All texts of some cells, each once."""
    lists = [
        exp.Case().when(call("is_absent", name(f"c{place}")), exp.null()).else_(call("as_list", name(f"c{place}")))
        for place in places
    ]
    joined: exp.Expression = lists[0]
    for one in lists[1:]:
        joined = call("list_concat", joined, one)
    return call("list_sort", call("list_distinct", joined))


def _text(text: str) -> exp.Expression:
    return exp.Literal.string(text)
