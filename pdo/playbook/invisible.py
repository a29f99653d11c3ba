"""Characters that cannot be seen and change what a word is."""

from __future__ import annotations

import re

_INVISIBLE = re.compile(
    "[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)

_TAB = "    "
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def find_invisible(text: str) -> str | None:
    """The first character that takes no room; None where there is none."""
    found = _INVISIBLE.search(text)
    return found[0] if found else None


def without_invisible(text: str) -> str:
    """The text without characters that take no room."""
    return _INVISIBLE.sub("", text)


def code_point(character: str) -> str:
    """How a character is named in a message: `U+200B`."""
    return f"U+{ord(character):04X}"


def visible(text: str) -> str:
    """A user's text in which nothing can move the cursor or hide: control characters as `U+200B` in brackets."""
    return _CONTROL.sub(lambda found: f"<{code_point(found[0])}>", text.replace("\t", _TAB))
