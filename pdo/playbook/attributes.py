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
