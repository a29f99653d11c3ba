"""Profiles: few examples, always the same ones, by default; many and new ones where a test is marked slow."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

COMMON = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
# A failing example is made small in the slow profile only: it takes minutes, and the small run is for finding.
settings.register_profile(
    "pdo",
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=COMMON,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile("pdo")
