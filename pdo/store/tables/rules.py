"""What imports, runs and hands leave: journals, labels, and who has them."""

# SQLModel reads these annotations when a class is made, so they are imported for real.

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from pdo.store.types import Instant


class FileImport(SQLModel, table=True):
    """A journal row for each imported file: who, when, from what, how many.

    The other six counts sum up to `read`.
    """

    __tablename__ = "file_import"
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    path: str
    digest: str
    """sha256 of the file's bytes."""
    encoding: str
    mode: str = Field(default="merge", sa_column_kwargs={"server_default": "merge"})
    """`merge`, `replace` or `new-only`."""
    recipe: str | None = None
    """sha256 of all that decides what the same bytes come to: kind, options, mapping, declared columns."""
    started_at: int = Field(sa_type=Instant)
    actor: str
    read: int
    new: int
    changed: int
    same: int
    duplicate: int
    rejected: int
    blank: int
    undone_at: int | None = Field(default=None, sa_type=Instant)
    undone_by: str | None = None


class BeforeImage(SQLModel, table=True):
    """What a row was before an import changed it, so that the import can be taken back.

    Grain: import × row that it changed, or that it made in a table whose rows do not name their import.
    """

    __tablename__ = "before_image"
    id: int | None = Field(default=None, primary_key=True)
    import_id: int = Field(foreign_key="file_import.id", index=True)
    of_table: str
    identity: str
    """JSON array: the row's primary key."""
    content: str | None = None
    """JSON object: the row, column by column; NULL where there was none."""


class Reject(SQLModel, table=True):
    """Why a record of a file did not go in. Grain: one fault of one record."""

    id: int | None = Field(default=None, primary_key=True)
    import_id: int = Field(foreign_key="file_import.id", index=True)
    line: int
    column: str | None = None
    value: str | None = None
    code: str
    params: str | None = None
    """JSON: the values that the wording of the code names."""


class Run(SQLModel, table=True):
    """A run of playbooks that was applied."""

    id: int | None = Field(default=None, primary_key=True)
    as_of: int = Field(sa_type=Instant)
    started_at: int = Field(sa_type=Instant)
    actor: str
    playbooks: str
    """JSON: playbook → sha256 of its file."""
    changes: int
    counts: str
    """JSON: gained, lost and moved per rule."""
    thresholds: str | None = None
    """JSON: what values were held against (averages, medians, quintiles, the last of the best), for `explain`."""
    renames: str | None = None
    """JSON: label id → its name before and after, where a rule was renamed."""
    override: str | None = None
    """JSON: why the guard was passed over, and what it had stopped; NULL where it had nothing to say."""
    import_id: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The last import that it saw; 0 for none."""
    undone_at: int | None = Field(default=None, sa_type=Instant)
    undone_by: str | None = None


class Label(SQLModel, table=True):
    """A tag, a stage of a lifecycle or a segment: what an assignment assigns."""

    __table_args__ = (Index("ix_label_name", "kind", "scope", "name", unique=True),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    """`tag`, `stage` or `segment`."""
    scope: str = ""
    """The lifecycle of a stage; empty for tags and segments."""
    name: str
    playbook: str = ""
    """The playbook that owns the rule; empty for what only hands and files put on."""
    import_id: int | None = None
    """The import that made it; NULL for what no file made."""


class Assignment(SQLModel, table=True):
    """A label on a customer. Grain: label × customer × source × the run or hand that gave it.

    Clustered by label, so a rule's members are read and written in one stretch.
    """

    __table_args__ = ({"sqlite_with_rowid": False},)
    label_id: int = Field(primary_key=True, foreign_key="label.id")
    customer_id: int = Field(primary_key=True, foreign_key="customer.id")
    source: str = Field(primary_key=True)
    """`rule`, `staff`, `file` or `platform`."""
    since: int = Field(primary_key=True, sa_type=Instant)
    run_id: int = Field(primary_key=True, default=0)
    """The run that gave it; 0 for a hand. Part of the key, for two runs may have the same as-of."""
    until: int | None = Field(default=None, sa_type=Instant)
    until_run_id: int | None = None
    """The run that took it away; NULL while it holds, 0 for a hand."""
    import_id: int | None = None
    """The import that gave it; NULL for what did not come from a file."""


class Block(SQLModel, table=True):
    """A rule's tag that a hand took off: it stays off until unblocked."""

    __table_args__ = ({"sqlite_with_rowid": False},)
    label_id: int = Field(primary_key=True, foreign_key="label.id")
    customer_id: int = Field(primary_key=True, foreign_key="customer.id")
    since: int = Field(sa_type=Instant)
    actor: str


class HandEdit(SQLModel, table=True):
    """A journal row for each change by hand: who put on or took off what, when, why."""

    __tablename__ = "hand_edit"
    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=Instant)
    actor: str
    action: str
    """`set` or `remove`."""
    label_id: int = Field(foreign_key="label.id")
    customer_id: int = Field(foreign_key="customer.id")
    note: str | None = None


class ExportLog(SQLModel, table=True):
    """A journal row for each file with customers in it that left the store. Holds no personal data."""

    __tablename__ = "export_log"
    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=Instant)
    actor: str
    what: str
    path: str
    rows: int
    columns: str
    digest: str
    """sha256 of the file's bytes."""


class RunImage(SQLModel, table=True):
    """What a row was before a run changed it, so that the run can be taken back. Assignments say by themselves what a run did.

    Grain: run × change of a row; the first one of a row says what it was.
    """

    __tablename__ = "run_image"
    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(index=True)
    of_table: str
    identity: str
    """JSON array: the row's primary key."""
    content: str | None = None
    """JSON object: the row, column by column; NULL where there was none."""


class StoreState(SQLModel, table=True):
    """Which store this is and how often it was written. Grain: one row."""

    __tablename__ = "store_state"
    id: int | None = Field(default=None, primary_key=True)
    lineage: str
    """Made with the store, at random; copies of it share it."""
    serial: int
    """One more with every transaction that wrote something."""
