"""The generated reference pages, from `docs/build.py`."""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from types import ModuleType

from tests.support.project import ROOT


def builder() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("docs_build", ROOT / "docs" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@lru_cache
def help_texts(language: str, columns: int) -> dict[str, str]:
    """The help of every command."""
    found: dict[str, str] = builder().help_texts(language, columns=columns)
    return found
