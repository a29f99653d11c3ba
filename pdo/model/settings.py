"""What `pdo.yaml` says."""

from __future__ import annotations

from dataclasses import field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from pdo.core.frozen import dataclass
from pdo.model.fields import CUSTOMERS, KINDS, SUBJECTS, Kind, Subject

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pdo.core.wording import Language
    from pdo.model.fields import Column
    from pdo.model.made import MadeCell


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column of one's own, declared under `attributes`, kept in the `extra` column of its kind's table.

    Args:
        column: name, type and label.
        values: the only ones allowed; empty for any.
        sensitive: masked on screens.
    """

    column: Column
    values: tuple[str, ...] = ()
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class DeclaredTable:
    """A kind of row of one's own, declared under `tables`; its columns are the attributes declared for its kind.

    Args:
        kind: as files bring it; each row belongs to a customer through `customer_id`.
        time: the column that says when a row happened, of type instant or date; None where rows have no time.
    """

    kind: Kind
    time: Column | None = None

    @property
    def subject(self) -> Subject:
        """As conditions see it."""
        name = self.kind.name
        if self.time is None:
            return Subject(name, self.kind.label, (), None, kind=name)
        return Subject(name, self.kind.label, (), self.time.name, self.time.type, kind=name)


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """Which products belong to a category, where a file does not say so.

    Args:
        category: of the products that are meant.
        titles: texts of which a product's name holds one.
        skus: of products that are meant whatever they are called.
        cycle_days: how long one lasts; None where nobody knows.
    """

    category: str
    titles: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    cycle_days: int | None = None


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """How the columns of somebody's export are called.

    Args:
        kind: what its rows are.
        columns: canonical column → header in the file.
        paid_is: whether the paid column still holds what was refunded later (gross) or no longer does (net).
        statuses: status in the file → status to keep; others stay as they are.
        required: canonical columns without which a record is rejected, besides those of its kind.
        profile: the profile and file that it is a part of, as `taobao.orders`; such a one says all that is meant, and headers
            may be absent. Empty for a mapping of `pdo.yaml` or of a file.
        made: canonical column → how its cells are made of others.
        needs: canonical columns without which a record has no row of this kind, and is not rejected for it.
        repeats: whether several records of the file are one row, as the items of an order are.
    """

    name: str
    kind: str
    columns: Mapping[str, str]
    paid_is: Literal["gross", "net"] = "gross"
    statuses: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    profile: str = ""
    made: Mapping[str, MadeCell] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    repeats: bool = False

    @property
    def headers(self) -> frozenset[str]:
        """All headers that it names."""
        named = set(self.columns.values())
        for cell in self.made.values():
            tests = (test.header for test in (*cell.only, *cell.unless))
            named |= {*cell.headers, *cell.key_of, *cell.or_key_of, *tests, cell.times, cell.after}
        return frozenset(named - {""})


class ImportMode(StrEnum):
    """What a row of a file does to one that the store knows already. A column that the file lacks is left alone in any mode."""

    MERGE = "merge"
    """Filled cells replace what is kept, empty ones leave it."""
    REPLACE = "replace"
    """Empty cells empty what is kept, too; identifiers and consents stay."""
    NEW_ONLY = "new-only"
    """Nothing: only rows that are not known yet go in, or that are known by name only."""


NIGHTLY_STEPS = ("inbox", "run", "batches", "sheets", "report")
"""What `pdo nightly` does, in the order in which it does it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A project's settings, checked.

    Args:
        root: the folder of `pdo.yaml`.
        database: where the store is.
        timezone: days, hours and quiet hours are counted there.
        language: of messages and files, unless `PDO_LANG` says otherwise.
        currency: ISO 4217 code, shown only.
        attributes: declared columns by kind (`customers`, `orders`, `events` …), those of declared tables among them.
        mappings: by name.
        tables: declared tables by name.
        aliases: what files call a colleague, by name or account → staff_id.
        categories: rules for products; the first that fits counts.
        shared_phones: phones that join nobody: of a shop, a family, a switchboard.
        retention_days: how long customers are kept of whom nothing is heard; None for ever.
        nightly: the steps of a night, in order; None for all there are.
        heartbeat: the address that is told how nights end; empty for none.
        log: the folder of logs; None for none.
        memory: bytes that the process may take where it evaluates; None for what is usual.
    """

    root: Path
    database: Path
    timezone: str = "Asia/Shanghai"
    language: Language = "zh"
    currency: str = "CNY"
    attributes: Mapping[str, tuple[Attribute, ...]] = field(default_factory=dict)
    mappings: Mapping[str, ImportMapping] = field(default_factory=dict)
    tables: Mapping[str, DeclaredTable] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[CategoryRule, ...] = ()
    shared_phones: frozenset[str] = frozenset()
    retention_days: int | None = None
    nightly: tuple[str, ...] | None = None
    heartbeat: str = ""
    log: Path | None = None
    memory: int | None = None

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Everything that can be imported: built-in kinds, then declared tables.

        Consents of further channels are columns of customers' own, for they are not kept in `extra`.
        """
        consents = tuple(found.column for found in self.declared("customers") if found.column.consent)
        customers = replace(CUSTOMERS, columns=(*CUSTOMERS.columns, *consents)) if consents else CUSTOMERS
        tables = {name: table.kind for name, table in self.tables.items()}
        return {**KINDS, "customers": customers, **tables}

    @property
    def subjects(self) -> Mapping[str, Subject]:
        """Everything that a condition can measure: built-in subjects, then declared tables."""
        return {**SUBJECTS, **{name: table.subject for name, table in self.tables.items()}}

    def declared(self, kind: str) -> tuple[Attribute, ...]:
        """The declared columns of a kind."""
        return self.attributes.get(kind, ())
