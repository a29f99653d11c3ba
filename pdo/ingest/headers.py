"""Which column of the file means which column of the kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.core.errors import UsageError
from pdo.ingest.dialect import folded
from pdo.ingest.making import BoundMade, bind_made
from pdo.ingest.workspace import name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pdo.ingest.workspace import Workspace
    from pdo.model.fields import Column, Kind
    from pdo.model.settings import Attribute, ImportMapping, Settings

REJECT_COLUMNS = ("reject_line", "reject_column", "reject_code", "reject_reason", "reject_suggestion")
"""What a file of rejects has behind the columns of its input. Coming back in, they mean nothing and are not told."""


CATEGORISED = ("category", "cycle_days")
"""Columns of products that `categories` of `pdo.yaml` fill in."""


@dataclass(frozen=True, slots=True)
class BoundColumn:
    """A column of the file that means something.

    Args:
        place: its index in the file, from 0.
        header: as in the file.
        column: what it means.
        required: whether a record may go without it.
        attribute: set where it is a declared one.
    """

    place: int
    header: str
    column: Column
    required: bool
    attribute: Attribute | None = None

    @property
    def values(self) -> tuple[str, ...]:
        """The only ones allowed; empty for any."""
        return self.attribute.values if self.attribute else self.column.values


@dataclass(frozen=True, slots=True)
class Header:
    """A header understood.

    Args:
        cells: all headers, in the order of the file.
        bound: the columns that are read, in the order of the kind, declared ones behind.
        unused: headers of columns that are not stored.
        nameless: places of columns without a header; refused if anything stands in them.
        doubled: places of columns whose header another one has; refused likewise. With a mapping only those count whose
            header is used: it says which columns are meant.
        derived: columns of the kind that the file does not have and that follow from those that it has.
        made: cells that are made of others; their places come behind those of the file.
    """

    cells: tuple[str, ...]
    bound: tuple[BoundColumn, ...]
    unused: tuple[str, ...]
    nameless: tuple[int, ...]
    doubled: tuple[int, ...] = ()
    derived: tuple[str, ...] = ()
    made: tuple[BoundMade, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        """What the columns are called, by place, those of made cells behind."""
        return (*self.cells, *(made.header for made in self.made))

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the kind that rows have: the file's, and those that follow from them."""
        return (*(bound.column.name for bound in self.bound if bound.attribute is None), *self.derived)

    def of(self, column: str) -> BoundColumn | None:
        """The file's column for a column of the kind."""
        return next((found for found in self.bound if found.attribute is None and found.column.name == column), None)

    @property
    def needed(self) -> tuple[int, ...]:
        """Places of the columns that are looked at; a file may have thousands of others."""
        of_file = (bound.place for bound in self.bound if bound.place < len(self.cells))
        sources = (place for made in self.made for place in made.sources)
        return tuple(sorted({*of_file, *sources, *self.nameless, *self.doubled}))

    @property
    def kept(self) -> tuple[int, ...]:
        """Places of the columns that a file of rejects repeats."""
        return tuple(place for place, cell in enumerate(self.cells) if folded(cell) not in REJECT_COLUMNS)


def known_headers(kind: Kind, settings: Settings, mapping: ImportMapping | None) -> frozenset[str]:
    """Folded headers that mean something for a kind."""
    columns = (*kind.columns, *(found.column for found in settings.declared(kind.name)))
    mapped = mapping.headers if mapping else ()
    if mapping and mapping.profile:
        columns = tuple(found.column for found in settings.declared(kind.name))
    return frozenset(spelling for column in columns for spelling in _spellings(column)) | frozenset(map(folded, mapped))


def bind_header(
    path: Path, cells: tuple[str, ...], kind: Kind, *, settings: Settings, mapping: ImportMapping | None
) -> Header:
    """Understand a header.

    A mapping goes first; a profile says all columns that are not declared. Of several headers that could mean one column the
    best known one does, the others are unused.
    Whether something stands in two columns of one header is seen when the rows are read: `check_headers`.

    Args:
        path: the file, for what is told.
        cells: its header.
        kind: what its rows are.
        settings: which columns are declared.
        mapping: how the user says that columns are called.

    Raises:
        UsageError: a required column is missing, or the mapping names what is not there.
    """
    # A declared consent is a column of the kind itself.
    attributes = {found.column.name: found for found in settings.declared(kind.name) if not found.column.consent}
    columns = (*kind.columns, *(found.column for found in attributes.values()))
    mapped = _mapped(path, cells, kind, columns, mapping)
    standing = _standing(cells)
    places = {name: standing[folded(header)][0] for name, header in mapped.items()}
    made = bind_made(cells, standing, mapping.made if mapping else {})
    places |= {cell.column: len(cells) + index for index, cell in enumerate(made)}
    told = (*cells, *(cell.header for cell in made))
    for column in columns:
        if column.name not in places and (column.name in attributes or not (mapping and mapping.profile)):
            found = _places(standing, _spellings(column), taken=set(places.values()))
            places |= {column.name: found[0]} if found else {}
    required = {column.name for column in columns if column.required} | set(mapping.required if mapping else ())
    missing = tuple(column for column in columns if column.name in required and column.name not in places)
    if kind.any_of and not any(column in places for column in kind.any_of):
        missing += tuple(column for column in columns if column.name in kind.any_of)
    if missing:
        raise _missing(path, cells, kind, missing, mapping)
    bound = tuple(
        BoundColumn(
            places[column.name],
            told[places[column.name]],
            column,
            column.name in required,
            None if kind.column(column.name) else attributes[column.name],
        )
        for column in columns
        if column.name in places
    )
    used = {*places.values(), *(place for cell in made for place in cell.sources)}
    doubled = _doubled(cells, standing, used, only_used=mapping is not None)
    derived = tuple(column for column in CATEGORISED if column not in places) if settings.categories else ()
    derived = derived if kind.name == "products" else ()
    return Header(cells, bound, *_rest(cells, used), doubled, derived, made)


def check_headers(workspace: Workspace, path: Path, header: Header) -> None:
    """See that nothing stands under no header, or under one that another column has too.

    Raises:
        UsageError: something does; which column it is cannot be known.
    """
    places = (*header.nameless, *header.doubled)
    if not places:
        return
    filled = [name(f"c{place}").neq(exp.Literal.string("")) for place in places]
    found = workspace.rows(
        exp.select("at_line", *(exp.alias_(one, f"f{place}") for one, place in zip(filled, places, strict=True)))
        .from_("numbered")
        .where(exp.or_(*filled))
        .limit(1)
    )
    for line, *flags in found:
        place = next(place for place, flag in zip(places, flags, strict=True) if flag)
        if place in header.nameless:
            raise UsageError("error.import_header_blank", path=path, column=place + 1, line=line)
        raise UsageError("error.import_header_twice", path=path, header=header.cells[place])


def _spellings(column: Column) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(folded, (column.name, column.label, *column.headers))))


def _mapped(
    path: Path, cells: tuple[str, ...], kind: Kind, columns: tuple[Column, ...], mapping: ImportMapping | None
) -> Mapping[str, str]:
    """The mapping's columns, seen to be of this kind and in this file."""
    if mapping is None:
        return {}
    if mapping.kind != kind.name:
        raise UsageError("error.import_mapping_kind", mapping=mapping.name, expected=mapping.kind, found=kind.name)
    names = {column.name for column in columns}
    if unknown := [name for name in (*mapping.columns, *mapping.required) if name not in names]:
        raise UsageError(
            "error.import_mapping_column",
            mapping=mapping.name,
            unknown=", ".join(unknown),
            known=", ".join(sorted(names)),
        )
    counts = Counter(map(folded, cells))
    if mapping.profile:
        return {name: header for name, header in mapping.columns.items() if counts[folded(header)]}
    if absent := [header for header in mapping.columns.values() if not counts[folded(header)]]:
        raise UsageError(
            "error.import_mapping_header",
            path=path,
            mapping=mapping.name,
            absent=", ".join(absent),
            found=", ".join(filter(None, cells)),
        )
    return mapping.columns


def _standing(cells: tuple[str, ...]) -> dict[str, list[int]]:
    """Where each folded header stands."""
    found = defaultdict[str, list[int]](list)
    for place, cell in enumerate(cells):
        found[folded(cell)].append(place)
    return found


def _places(standing: Mapping[str, list[int]], spellings: tuple[str, ...], *, taken: set[int]) -> list[int]:
    """Where the best of some folded spellings stands, best first, apart from places that mean something already."""
    for spelling in spellings:
        if found := [place for place in standing.get(spelling, ()) if place not in taken]:
            return found
    return []


def _doubled(
    cells: tuple[str, ...], standing: Mapping[str, list[int]], used: set[int], *, only_used: bool
) -> tuple[int, ...]:
    """Places of headers that stand elsewhere too: where the column is used, however they are spelt."""
    found: list[int] = []
    for fold, places in standing.items():
        if not fold or len(places) == 1 or fold in REJECT_COLUMNS:
            continue
        if any(place in used for place in places):
            found += [place for place in places if place not in used]
        elif not only_used:
            found += [
                place for place in places if any(cells[other] == cells[place] for other in places if other < place)
            ]
    return tuple(sorted(found))


def _rest(cells: tuple[str, ...], used: set[int]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Headers that mean nothing, and places without a header."""
    rest = [(place, cell) for place, cell in enumerate(cells) if place not in used]
    unused = tuple(cell for _, cell in rest if cell and folded(cell) not in REJECT_COLUMNS)
    return unused, tuple(place for place, cell in rest if not cell)


def _missing(
    path: Path, cells: tuple[str, ...], kind: Kind, missing: tuple[Column, ...], mapping: ImportMapping | None
) -> UsageError:
    """What was found, what was expected, and the mapping to paste."""
    written = dict(mapping.columns) if mapping else {}
    lines = [f"      {name}: {header}" for name, header in written.items()]
    lines += [f"      {column.name}: …" for column in missing if column.name not in written]
    return UsageError(
        "error.import_column_missing",
        path=path,
        missing=", ".join(f"{column.name} ({column.label})" for column in missing),
        found=", ".join(filter(None, cells)),
        expected="; ".join(" | ".join((column.name, column.label, *column.headers)) for column in missing),
        mapping="\n".join(
            (
                "mappings:",
                f"  {mapping.name if mapping else path.stem}:",
                f"    kind: {kind.name}",
                "    columns:",
                *lines,
            )
        ),
    )
