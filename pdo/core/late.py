"""Modules that are loaded when one of their names is first asked for, because loading them takes long and few calls need them."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any


class _Late(ModuleType):
    """Stands for a module until then, and passes on what is asked."""

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self.__name__), name)


def late(name: str) -> ModuleType:
    """A module that is loaded late; submodules do not load their package either.

    Args:
        name: of a module that exists.
    """
    return _Late(name)
