"""What is said never to hold holds for nobody, and what is said always to hold for everybody."""

from __future__ import annotations

import os
from itertools import permutations

import pytest
from hypothesis import given, settings

from pdo.playbook.possible import Known, conflict_in, tree_of
from tests.property.worlds import Asked, oracle, questions, rule_questions

WORLDS = max(int(os.environ.get("PDO_FUZZ", "0")), 12)


@settings(max_examples=WORLDS)
@given(questions())
@pytest.mark.slow
def test_contradictions_are_certain(world: Asked) -> None:
    population, project, conditions = world
    known = Known(project.metrics, project.segments)
    naive = oracle(population, project)
    asked = []
    for condition in {**conditions, **rule_questions(project)}.values():
        met = naive.who(condition)
        holds, fails = tree_of(condition, known), tree_of(condition, known, holds=False)
        asked.append((condition, met, holds, fails))
        assert conflict_in(holds) is None or not met, condition
        assert conflict_in(fails) is None or len(met) == len(naive.customers), condition
    for (one, mine, first, opposite), (other, theirs, second, _) in permutations(asked, 2):
        assert conflict_in(first, second) is None or not mine & theirs, (one, other)
        assert conflict_in(second, opposite) is None or theirs <= mine, (one, other)
