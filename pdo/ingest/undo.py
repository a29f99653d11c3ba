"""An import is taken back: changed rows are what they were, rows that it made are gone, also those it made by naming them.

Last in, first out: whatever rests on its rows must go first. Looked for are

- later imports that changed its rows, named them, or found theirs the same,
- runs, hand edits, batches and messages that name customers which it made.

What a run worked out of its rows and put on customers that were there before stays until the next run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, delete, func, literal, select, tuple_, type_coerce, update

from pdo.core.errors import UsageError
from pdo.ingest.places import table_of
from pdo.model.reports import ImportUndone
from pdo.store.tables import JOURNALS, METADATA, BeforeImage, FileImport, Identity, RunImage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, ColumnElement, Table

    from pdo.store.door import Door

MOST_NAMED = 10
"""How many of what must go first are named."""


@dataclass
class _Blockers:
    """What rests on the rows of an import."""

    imports: set[int] = field(default_factory=set)
    runs: set[int] = field(default_factory=set)
    hands: int = 0
    """Rows that hands wrote."""


def undo_import(door: Door, import_id: int, *, now: int, actor: str) -> ImportUndone:
    """Take an import back through an open door; the caller commits by closing it.

    Args:
        door: the store; SQLite need not look references up, for that is done here for all rows at once.
        import_id: its number.
        now: when, for the journal.
        actor: who, for the journal.

    Raises:
        UsageError: there is no such import, it was taken back before, or something rests on its rows; nothing may be committed
            then.
    """
    done = table_of(FileImport)
    found = door.rows(select(done.c.kind, done.c.path, done.c.undone_at).where(done.c.id == import_id))
    if not found:
        raise UsageError("error.unknown_import", import_id=import_id)
    kind, path, undone_at = found[0]
    if undone_at is not None:
        raise UsageError("error.import_undone", import_id=import_id)
    blockers = _Blockers()
    blockers.imports |= _built_upon(door, import_id, str(kind))
    restored = sum(_restore(door, table, import_id) for table in _tables())
    # What still names the import now was made by it.
    for table in _tables():
        _find_references(door, table, import_id, blockers)
        blockers.runs |= _changed_by_runs(door, table, import_id)
    if blockers.imports or blockers.runs or blockers.hands:
        raise _refused(import_id, blockers)
    _remove_identifiers(door, import_id)
    removed = {}
    for table in _tables():
        if count := door.execute(delete(table).where(table.c.import_id == import_id)):
            removed[table.name] = count
    images = table_of(BeforeImage)
    door.execute(delete(images).where(images.c.import_id == import_id))
    door.execute(update(done).where(done.c.id == import_id).values(undone_at=now, undone_by=actor))
    return ImportUndone(import_id, str(kind), str(path), removed, restored)


def _tables() -> Iterator[Table]:
    """Tables whose rows name the import that wrote them."""
    for table in METADATA.sorted_tables:
        if "import_id" in table.columns and table.name not in JOURNALS:
            yield table


def _built_upon(door: Door, import_id: int, kind: str) -> set[int]:
    """Later imports that changed its rows, or that found rows the same which it may have brought."""
    images, done = table_of(BeforeImage).c, table_of(FileImport).c
    wrote = type_coerce(func.json_extract(images.content, "$.import_id"), Integer)
    changed = select(images.import_id).where(images.import_id != import_id, wrote == import_id).distinct()
    later = (done.id > import_id) & done.undone_at.is_(None) & (done.kind == kind)
    same = select(done.id).where(later, done.same > 0)
    return {row[0] for query in (changed, same) for row in door.rows(query)}


def _restore(door: Door, table: Table, import_id: int) -> int:
    """Make changed rows what they were.

    Returns:
        How many.
    """
    images = table_of(BeforeImage)
    meant = and_(images.c.import_id == import_id, images.c.of_table == table.name, images.c.content.is_not(None))
    if not door.rows(select(images.c.id).where(meant).limit(1)):
        return 0
    key = [column.name for column in table.primary_key]
    same = [
        table.c[column] == type_coerce(func.json_extract(images.c.identity, f"$[{place}]"), table.c[column].type)
        for place, column in enumerate(key)
    ]
    values: dict[str, Any] = {
        column.name: func.json_extract(images.c.content, f'$."{column.name}"')
        for column in table.columns
        if column.name not in key
    }
    return door.execute(update(table).values(values).where(meant, *same))


def _changed_by_runs(door: Door, table: Table, import_id: int) -> set[int]:
    """Runs that changed rows which the import made, as a task that they passed on to somebody else."""
    images = table_of(RunImage).c
    made = select(func.json_array(*table.primary_key)).where(table.c.import_id == import_id)
    changed = select(images.run_id).where(images.of_table == table.name)
    if not door.rows(changed.limit(1)):
        return set()
    return {row[0] for row in door.rows(changed.where(images.identity.in_(made)).distinct())}


def _find_references(door: Door, made: Table, import_id: int, blockers: _Blockers) -> None:
    """What names rows that the import made in a table, besides its own rows."""
    if not door.rows(select(made.c.import_id).where(made.c.import_id == import_id).limit(1)):
        return
    for table in METADATA.tables.values():
        for column in table.columns:
            if any(key.column.table is made for key in column.foreign_keys) and table.name != Identity.__tablename__:
                _find_naming(door, made, column, import_id, blockers)


def _find_naming(door: Door, made: Table, column: Column[Any], import_id: int, blockers: _Blockers) -> None:
    """Who wrote the rows that name them in one column, now or before a later import changed them."""
    table: Table = column.table
    ids = select(made.c.id).where(made.c.import_id == import_id)
    imports, runs = _writers(table)
    # Of an assignment either number may be absent: it came from a file, a run or a hand.
    by = select(imports.label("import_id"), runs.label("run_id"), func.count(type_=Integer()).label("count"))
    for number, run, count in door.rows(by.select_from(table).where(column.in_(ids)).group_by(imports, runs)):
        if number == import_id:
            continue
        if number:
            blockers.imports.add(int(number))
        elif run:
            blockers.runs.add(int(run))
        else:
            blockers.hands += int(count)
    images = table_of(BeforeImage).c
    kept = type_coerce(func.json_extract(images.content, f'$."{column.name}"'), Integer)
    before = select(images.import_id).where(images.of_table == table.name, images.import_id != import_id, kept.in_(ids))
    blockers.imports |= {int(row[0]) for row in door.rows(before.distinct())}


def _writers(table: Table) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The import and the run that wrote a row of a table; 0 for neither."""
    zero = type_coerce(literal(0), Integer)
    imports = func.coalesce(table.c.import_id, 0, type_=Integer()) if "import_id" in table.columns else zero
    if table.name == "message":
        batch = METADATA.tables["batch"].c
        run = select(batch.run_id).where(batch.id == table.c.batch_id).scalar_subquery()
        return imports, func.coalesce(run, 0, type_=Integer())
    runs = func.coalesce(table.c.run_id, 0, type_=Integer()) if "run_id" in table.columns else zero
    return imports, runs


def _refused(import_id: int, blockers: _Blockers) -> UsageError:
    def told(numbers: set[int]) -> str:
        return ", ".join(map(str, sorted(numbers, reverse=True)[:MOST_NAMED])) or "-"

    return UsageError(
        "error.import_rests",
        import_id=import_id,
        imports=told(blockers.imports),
        runs=told(blockers.runs),
        hands=blockers.hands or "-",
    )


def _remove_identifiers(door: Door, import_id: int) -> None:
    """Identifiers of customers that it made, and those that it added to others."""
    identity, images, customer = table_of(Identity), table_of(BeforeImage), METADATA.tables["customer"]
    made = select(customer.c.id).where(customer.c.import_id == import_id)
    door.execute(delete(identity).where(identity.c.customer_id.in_(made)))
    key = [column.name for column in identity.primary_key]
    parts = [func.json_extract(images.c.identity, f"$[{place}]") for place in range(len(key))]
    added = select(*parts).where(
        images.c.import_id == import_id, images.c.of_table == identity.name, images.c.content.is_(None)
    )
    door.execute(delete(identity).where(tuple_(*(identity.c[column] for column in key)).in_(added)))
