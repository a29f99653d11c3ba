"""Every column that can be imported has its place in the store."""

from __future__ import annotations

import pytest

from pdo.ingest.places import place_of
from pdo.model.fields import KINDS

OWN = {"id", "key", "seed", "extra", "row_hash", "import_id", "order_id", "line", "run_id", "until", "until_run_id"}


MADE = {
    "tasks": frozenset(("source", "run_id", "entry_id", "message_id", "escalate_at", "escalate_to", "escalated_at"))
}
"""Columns that runs fill in, and no file."""


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_has_a_place_and_every_place_a_column(kind: str) -> None:
    place = place_of(kind)
    for column in KINDS[kind].columns:
        kept = (place.columns, place.references, place.outside, place.consents, KINDS[kind].key)
        assert any(column.name in found for found in kept), column.name
    names = set(place.table.columns.keys())
    assert set(place.references.values()) <= names
    assert (
        names - OWN - MADE.get(kind, frozenset())
        == {*place.columns, *place.references.values(), *place.identity, *place.constants} - OWN
    )


def test_what_refers_names_its_kind() -> None:
    assert place_of("items").referred("sku") == "products"
    with pytest.raises(RuntimeError):
        place_of("items").referred("quantity")
