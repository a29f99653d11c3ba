"""Pages as data, and as Markdown."""

from __future__ import annotations

import re

from pdo.playbook.invisible import visible

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$])")


def escaped(text: str) -> str:
    """A text of a user that Markdown takes as it is."""
    return _SPECIAL.sub(r"\\\1", visible(text))
