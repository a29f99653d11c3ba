"""Who is one person, who was erased, and what was done with personal data."""

# SQLModel reads these annotations when a class is made, so they are imported for real.

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from pdo.store.types import Instant


class Profile(SQLModel, table=True):
    """A customer as one own id shows it, of those that were found to be one person (合并).

    Grain: own id of a person who has several. The kept one is among them; the others have no row in `customer` while they are
    joined. See `docs/adr/0012-who-is-one-person.md`.
    """

    id: int | None = Field(default=None, primary_key=True)
    """Its surrogate key as a customer of its own."""
    key: str = Field(unique=True)
    person_id: int = Field(foreign_key="customer.id", index=True)
    """The customer that is kept."""
    rank: int
    """1 for the kept one; of the others the first that says something fills what the kept one leaves open."""
    evidence: str
    """JSON object: its row of `customer`, as files wrote it."""
    filled: str | None = None
    """JSON object: the kept one's row as it was filled; NULL for the others."""


class Carried(SQLModel, table=True):
    """A row that names an own id whose customer was joined to another, and that stands with the kept one."""

    __table_args__ = (Index("ix_carried_table", "of_table", "of_column", "named_id"),)
    id: int | None = Field(default=None, primary_key=True)
    of_table: str
    of_column: str
    named_id: int
    """The surrogate key that the row itself names."""
    person_id: int
    row_id: int | None = None
    """The row, where its key does not name the customer."""
    content: str | None = None
    """JSON object: the row as it was, where its key names the customer."""
    placed: int = 0
    """1: it stands with the kept customer; 0: set aside, for there is such a row already.

    2: what stood there, made one of several.
    """
    became: str | None = None
    """JSON object: what of it was changed, where `placed` is 2."""


class IdentityConflict(SQLModel, table=True):
    """What joins nobody though it stands on several customers. Decided anew with every join."""

    __tablename__ = "identity_conflict"
    id: int | None = Field(default=None, primary_key=True)
    reason: str
    """`same_source`, `names` or `listed` for a shared identifier.

    `several` for a customer that points at two, `apart` where a hand parted them.
    """
    kind: str
    value: str
    keys: str
    """JSON array: own ids, sorted, at most twenty."""
    count: int


class IdentityDecision(SQLModel, table=True):
    """A hand's word on who is one person; the later one holds."""

    __tablename__ = "identity_decision"
    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=Instant)
    actor: str
    action: str
    """`merge` or `split`."""
    key: str
    """The own id that is joined to another one, or that stands for itself."""
    into_key: str | None = None
    """The own id that is kept; NULL for a split."""
    note: str | None = None
    undone_at: int | None = Field(default=None, sa_type=Instant)
    undone_by: str | None = None


class Suppression(SQLModel, table=True):
    """Somebody who was erased and must not come back. Holds no personal data: a keyed digest, whose key lies beside the store."""

    __table_args__ = ({"sqlite_with_rowid": False},)
    digest: str = Field(primary_key=True)
    """HMAC-SHA-256 over kind and value of an identifier, hexadecimal."""
    kind: str
    at: int = Field(sa_type=Instant)
    key_check: str
    """The first 16 hex digits of the sha256 of the key."""


class Processing(SQLModel, table=True):
    """A journal row for each use of personal data that is no export: erased, shown unmasked, purged. Holds no personal data."""

    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=Instant)
    actor: str
    action: str
    rows: int
    detail: str | None = None
    """JSON object: counts by table, the purpose."""
