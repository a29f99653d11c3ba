"""Spoilt playbooks give findings or pass: no crash, no hang, no traceback. `make fuzz` runs many more."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.mutations import check, mutate, seeds


@settings(derandomize=True, max_examples=150, deadline=None, database=None)
@given(st.integers(0, 2**32))
def test_spoilt_playbooks_give_findings_or_pass(seed: int) -> None:
    check(mutate(Random(seed)))


@pytest.mark.slow
def test_pieces_of_real_playbooks_are_read_before_they_are_spoilt() -> None:
    assert len(seeds()) > 100
    for text in seeds():
        check(text)
