"""Modules that are loaded when one of their names is first asked for, because loading them takes long and few calls need them."""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


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


@contextmanager
def loading_late(name: str) -> Iterator[None]:
    """While it lasts, packages of others that load a module get it as `late` gives it; afterwards it loads as any other.

    Args:
        name: of a module that exists.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = stand_in = late(name)
    try:
        yield
    finally:
        if sys.modules.get(name) is stand_in:
            del sys.modules[name]
