"""Profiles: few examples, always the same ones, by default; many and new ones where a test is marked slow."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

COMMON = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
settings.register_profile(
    "pdo", max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=COMMON
)
settings.load_profile("pdo")
