"""A column says the same as each of its values by itself."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdo.core.columns import shown_column
from pdo.core.figures import shown

EDGES = [0, -1, 1, -5, 99, 100, -100, 1000, 1500, -86_400, 684_867_599, 684_867_600, 1_772_326_800]
DAYS = st.integers(-25_567, 60_000)
ANY = st.integers(-(2**40), 2**40)


@pytest.mark.parametrize("type_", ["money", "number", "instant", "integer", "boolean", "date"])
@given(st.data())
def test_a_column_says_what_its_values_say(type_: str, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.none() | (DAYS if type_ == "date" else ANY), max_size=9))
    values += [] if type_ == "date" else EDGES
    for column in (pa.array(values, pa.int64()), pa.chunked_array([values[:3], values[3:]], pa.int64())):
        texts = shown_column(type_, column, "Asia/Shanghai").to_pylist()
        assert texts == [None if value is None else shown(type_, value, "Asia/Shanghai") for value in values]
