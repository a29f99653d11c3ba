"""Answers to searches: each different value of a column is asked once, in Python."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import re2

from pdo.compiler.clock import next_anniversary
from pdo.model.conditions import Anniversary, Has, TextOperator, TextTest

if TYPE_CHECKING:
    from pdo.compiler.searches import SearchTest
    from pdo.core.calendar import Moment


def answers(test: SearchTest, values: pa.ChunkedArray, now: Moment) -> pa.Table:
    """Which values pass a search.

    Args:
        test: of texts, lists as JSON, or day numbers.
        values: different ones, none absent.

    Returns:
        `value` and `found`: of an anniversary the day number of the next one, else 1.
    """
    asked = values.to_pylist()
    if isinstance(test, Anniversary):
        days = [next_anniversary(now.today, day, test.low) for day in asked]
        return pa.table({"value": pa.array(asked, pa.int64()), "found": pa.array(days, pa.int64())})
    found = [value for value in asked if (has(test, value) if isinstance(test, Has) else is_found(test, value))]
    return pa.table({"value": pa.array(found, pa.string()), "found": pa.array([1] * len(found), pa.int64())})


def has(test: Has, text: str) -> bool:
    """Whether a list has one of the values, or every one."""
    listed = set(json.loads(text))
    return listed.issuperset(test.values) if test.every else not listed.isdisjoint(test.values)


def is_found(test: TextTest, text: str) -> bool:
    """Whether a search finds a text; code points, case counts, `%` is a `%`, expressions are RE2 and not anchored."""
    match test.operator:
        case TextOperator.CONTAINS:
            return test.value in text
        case TextOperator.STARTS_WITH:
            return text.startswith(test.value)
        case TextOperator.ENDS_WITH:
            return text.endswith(test.value)
        case TextOperator.MATCHES:
            return re2.search(test.value, text) is not None
