"""What examples mean: the project beside this file says it example by example; all of them hold, alone and together."""

from __future__ import annotations

import pytest

from pdo.model.examples import Example
from pdo.model.verdicts import ExampleReport, Verdict
from tests.testing.tried import HERE, opened, tried

PROJECT = HERE / "project"
EXAMPLES = opened(PROJECT)[0].examples


@pytest.fixture(scope="module")
def together() -> ExampleReport:
    return tried(PROJECT)


def verdict(report: ExampleReport, name: str) -> Verdict:
    return next(one for one in report.verdicts if one.name == name)


@pytest.mark.parametrize("example", EXAMPLES, ids=[one.name for one in EXAMPLES])
def test_it_holds(example: Example, together: ExampleReport) -> None:
    found = verdict(together, example.name)
    assert [(one.customer, one.name, one.expected, one.got) for one in found.failures] == []
    assert found.passed


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=[one.name for one in EXAMPLES])
def test_alone_it_comes_out_the_same(example: Example, together: ExampleReport) -> None:
    (alone,) = tried(PROJECT, (example,)).verdicts
    assert alone == verdict(together, example.name)


@pytest.mark.slow
def test_in_another_order_they_come_out_the_same(together: ExampleReport) -> None:
    turned = tried(PROJECT, EXAMPLES[::-1])
    assert turned.verdicts[::-1] == together.verdicts
    assert turned.coverage == together.coverage
