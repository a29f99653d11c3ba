"""The documentation, as files and as the script that writes parts of it."""

from __future__ import annotations

import importlib.util
import re
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from tests.support.project import ROOT

DOCS = ROOT / "docs"
PAGES = tuple(sorted((ROOT / "README.md", *DOCS.rglob("*.md"))))
_FENCE = re.compile(r"^```yaml\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@lru_cache
def builder() -> ModuleType:
    """`docs/build.py` as a module."""
    spec = importlib.util.spec_from_file_location("docs_build", DOCS / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(path: Path) -> str:
    """The text of a page."""
    return path.read_text(encoding="utf-8")


def yaml_blocks(path: Path) -> list[str]:
    """The YAML examples of a page."""
    return _FENCE.findall(read(path))
