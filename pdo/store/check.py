"""Whether the store is sound: what `pdo db check` looks at.

Each check is a statement that finds what must not be, with the key of the sentence that tells it.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, case, distinct, func, or_, select
from sqlalchemy.types import TypeDecorator

from pdo.core.errors import StorageError
from pdo.store.backup import PRIVATE
from pdo.store.rule_bits import FORGET
from pdo.store.session import open_session
from pdo.store.tables import METADATA
from pdo.store.version import SCHEMA_VERSION
from pdo.store.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Connection, Select, Table

MOST_LINES = 20
"""How many lines of SQLite's own check are told."""

_TABLES = METADATA.tables


@dataclass(frozen=True, slots=True)
class Unsound:
    """Something that must not be.

    Args:
        key: of the wording, `store.…`.
        params: what the wording names; no personal data.
    """

    key: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was looked at and what is wrong.

    Args:
        version: of the schema.
        rows: table → how many rows it has.
        unsound: everything that must not be; empty for a sound store.
    """

    version: str
    rows: Mapping[str, int]
    unsound: tuple[Unsound, ...] = field(default=())


def check(path: Path) -> CheckReport:
    """Look the whole store through. Reads every page of the file.

    Raises:
        NoDatabaseError: there is no database.
        SchemaVersionError: its schema is older or newer than this program's.
        StorageError: it is so damaged that it cannot be looked through.
    """
    with open_session(path) as session:
        connection = session.connection()
        unsound = [*_file_mode(path), *_pages(connection)]
        rows: dict[str, int] = {}
        # What a damaged file says about its rows is worth nothing.
        if not unsound or unsound[0].key != "store.damaged":
            for name, table in sorted(_TABLES.items()):
                rows[name] = int(connection.scalar(select(func.count()).select_from(table)) or 0)
                unsound += _cell_types(connection, table)
            unsound += [*_declared_references(connection), *_other_references(connection)]
            for key, statement in _laws():
                count = int(connection.scalar(select(func.count()).select_from(statement.subquery())) or 0)
                if count:
                    unsound.append(Unsound(key, {"count": count}))
    return CheckReport(SCHEMA_VERSION, rows, tuple(unsound))


def repair(path: Path) -> tuple[str, ...]:
    """Mend what follows from the rest: the mode of the file, indexes, views; the bits of rules are made anew by the next run.

    Returns:
        Keys of the wording of what was mended, `store.mended_…`.

    Raises:
        NoDatabaseError: there is no database.
        StorageError: pages of rows are damaged: only a backup helps.
    """
    mended = []
    if next(_file_mode(path), None) is not None:
        path.chmod(PRIVATE)
        mended.append("store.mended_mode")
    with open_session(path, write=True, doing="db check") as session:
        connection = session.connection()
        if _pages(connection):
            connection.exec_driver_sql("REINDEX")
            if lines := _pages(connection):
                raise StorageError("error.beyond_repair", path=path, reason=lines[0].params["reason"])
            mended.append("store.mended_indexes")
        views = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'view'")
        found = {str(name): str(statement) for name, statement in views}
        if any(found.get(name) != statement.strip().rstrip(";") for name, statement in VIEWS.items()):
            for name, statement in VIEWS.items():
                connection.exec_driver_sql(f'DROP VIEW IF EXISTS "{name}"')
                connection.exec_driver_sql(statement)
            mended.append("store.mended_views")
        if (
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE name = 'rule_bits_stale'").first()
            is not None
        ):
            connection.exec_driver_sql(FORGET)
    return tuple(mended)


def _file_mode(path: Path) -> Iterator[Unsound]:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Unsound("store.open_to_others", {"path": path, "mode": f"{mode:o}"})


def _pages(connection: Connection) -> list[Unsound]:
    lines = connection.exec_driver_sql(f"PRAGMA integrity_check({MOST_LINES})").scalars().all()
    return [Unsound("store.damaged", {"reason": line}) for line in lines if line != "ok"]


def _declared_references(connection: Connection) -> Iterator[Unsound]:
    counts: dict[tuple[str, str], int] = {}
    for table, _rowid, target, _number in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        counts[table, target] = counts.get((table, target), 0) + 1
    for (table, target), count in sorted(counts.items()):
        yield Unsound("store.orphans", {"table": table, "target": target, "count": count})


def _other_references(connection: Connection) -> Iterator[Unsound]:
    """Runs and imports are named without a foreign key, because 0 stands for a hand."""
    targets = {"import_id": _TABLES["file_import"], "run_id": _TABLES["run"], "until_run_id": _TABLES["run"]}
    targets["ended_run_id"] = _TABLES["run"]
    for name, table in sorted(_TABLES.items()):
        for column in table.columns:
            target = targets.get(column.name)
            if target is None or column.foreign_keys:
                continue
            known = select(target.c.id).where(target.c.id == column).exists()
            lost = select(func.count()).select_from(table).where(column != 0, ~known)
            count = int(connection.scalar(lost) or 0)
            if count:
                yield Unsound("store.orphans", {"table": name, "target": target.name, "count": count})


def _cell_types(connection: Connection, table: Table) -> Iterator[Unsound]:
    """SQLite lets anything into any column; the door does not."""
    counts = []
    for column in table.columns:
        type_: Any = column.type
        while isinstance(type_, TypeDecorator):
            type_ = type_.impl
        wanted = "integer" if isinstance(type_, Integer) else "text"
        counts.append(func.sum(case((func.typeof(column).not_in((wanted, "null")), 1), else_=0)).label(column.name))
    found = connection.execute(select(*counts)).one()
    for name, count in zip(found._fields, found, strict=True):
        if count:
            yield Unsound("store.wrong_type", {"table": table.name, "column": name, "count": count})


def _laws() -> Iterator[tuple[str, Select[Any]]]:
    yield from _laws_of_imports()
    yield from _laws_of_assignments()
    customer, identity = _TABLES["customer"], _TABLES["identity"]
    own = and_(identity.c.kind == "own", identity.c.value == customer.c.key, identity.c.customer_id == customer.c.id)
    yield "store.no_identity", select(customer.c.id).where(~select(identity.c.value).where(own).exists())
    twice = select(identity.c.value).where(identity.c.kind == "own").group_by(identity.c.value).having(func.count() > 1)
    yield "store.own_twice", twice
    message, batch = _TABLES["message"], _TABLES["batch"]
    differs = or_(message.c.campaign != batch.c.campaign, message.c.planned_on != batch.c.planned_on)
    yield (
        "store.foreign_message",
        select(message.c.id).join(batch, batch.c.id == message.c.batch_id).where(differs),
    )


def _laws_of_imports() -> Iterator[tuple[str, Select[Any]]]:
    done, reject = _TABLES["file_import"], _TABLES["reject"]
    verdicts = done.c.new + done.c.changed + done.c.same + done.c.duplicate + done.c.rejected + done.c.blank
    yield "store.import_sum", select(done.c.id).where(done.c.read != verdicts)
    told = select(func.count(distinct(reject.c.line))).where(reject.c.import_id == done.c.id).scalar_subquery()
    yield "store.import_rejects", select(done.c.id).where(done.c.rejected != told)


def _laws_of_assignments() -> Iterator[tuple[str, Select[Any]]]:
    held, label = _TABLES["assignment"], _TABLES["label"]
    yield "store.until_before_since", select(held.c.label_id).where(held.c.until < held.c.since)
    once = (held.c.label_id, held.c.customer_id, held.c.source)
    twice = select(held.c.label_id).where(held.c.until.is_(None)).group_by(*once).having(func.count() > 1)
    yield "store.held_twice", twice
    where = (label.c.scope, held.c.customer_id, held.c.source)
    stages = select(held.c.customer_id).join(label, label.c.id == held.c.label_id)
    open_stages = stages.where(label.c.kind == "stage", held.c.until.is_(None))
    yield "store.two_stages", open_stages.group_by(*where).having(func.count() > 1)
