"""What holds for all tests: the profile of property tests, names that every worker gives alike, and what saves time.

Property tests try few examples, always the same ones; `PDO_FUZZ=1` looks for new ones.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture import providers

if TYPE_CHECKING:
    from tests.cli.inside import Shop

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

if find_spec("dateutil") is None:
    # PyArrow looks for it again whenever it takes Python's values, on the whole path; that there is none is said at once.
    sys.modules["dateutil"] = None  # type: ignore[assignment]


def pytest_make_parametrize_id(val: object, argname: str) -> None:
    """Names are those of the parameters as they stand; what holds bytes that a clock or a seed may change has one given."""
    if isinstance(val, bytes) and (len(val) > LONGEST_NAME or val.startswith(GZIP)):
        raise pytest.UsageError(
            f"{argname}: {len(val)} bytes as the name of a test; give ids=, or workers that make others find other tests"
        )


GZIP = b"\x1f\x8b"
"""How files begin that hold the time when they were packed."""

LONGEST_NAME = 100
"""Bytes of a parameter that may stand in a test's name: what a human wrote, and no packed file."""


# What collecting makes lives as long as the process: looking through it again and again frees nothing.
gc.disable()


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_unconfigure() -> None:
    """Native modules complain of what is left at the end."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store without rows, made once; whoever wants one copies it."""
    from pdo.store import schema

    path = tmp_path_factory.mktemp("empty") / "pdo.db"
    assert schema.create(path)
    return path


@pytest.fixture(scope="session")
def new_project(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """What `pdo init` makes, made once; whoever wants one copies it."""
    from tests.cli.inside import Shop, call

    root = tmp_path_factory.mktemp("new") / "shop"
    assert call("init", str(root)).returncode == 0
    return Shop(root)
