"""What may be asked of a customer: the columns that are built in and those that `pdo.yaml` declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.model.fields import ATTRIBUTES

if TYPE_CHECKING:
    from pdo.model.fields import Column
    from pdo.playbook.reading import Reading


def attributes_of(reading: Reading) -> dict[str, Column]:
    """The attributes of a customer by name."""
    declared = tuple(attribute.column for attribute in reading.settings.declared("customers"))
    return {column.name: column for column in (*ATTRIBUTES, *declared)}


def words_of(columns: dict[str, Column]) -> frozenset[str]:
    """Names and labels: both are keys of conditions, so that nothing else may be called so."""
    return frozenset(word for column in columns.values() for word in (column.name, column.label))
