"""The profile of all property tests: few examples, always the same ones; `PDO_FUZZ=1` looks for new ones."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture import providers

COMMON = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
# A failing example is not made small: it takes minutes, and the failure is there already.
settings.register_profile(
    "pdo",
    max_examples=25,
    derandomize="PDO_FUZZ" not in os.environ,
    deadline=None,
    database=None,
    suppress_health_check=COMMON,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile("pdo")
if "PDO_FUZZ" not in os.environ:
    # Hypothesis puts constants of whatever modules are loaded into its examples, so that the same test would see others
    # after other tests; the same examples everywhere take its own constants only.
    providers._get_local_constants = lambda: providers._local_constants
