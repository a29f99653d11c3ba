"""YAML as an editor reads it: plain scalars have the types of YAML 1.2's core schema, everything else is text."""

from __future__ import annotations

import re
from typing import Any

from pdo.core.nodes import Mapping, Node, Scalar, parse_nodes
from pdo.core.source import Source

_PLAIN: tuple[tuple[re.Pattern[str], Any], ...] = (
    (re.compile(r"(?:null|Null|NULL|~|)"), lambda _text: None),
    (re.compile(r"(?:true|True|TRUE|false|False|FALSE)"), lambda text: text.casefold() == "true"),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
)


def as_editors_read(text: str) -> Any:
    """A text as the data that a schema is held against."""
    root = parse_nodes(Source("x.yaml", text), text, lambda line, column: (line, column)).root
    assert root is not None
    return _value(root)


def _value(node: Node) -> Any:
    if isinstance(node, Mapping):
        return {entry.key.text: _value(entry.value) for entry in node.entries}
    if not isinstance(node, Scalar):
        return [_value(item) for item in node.items]
    if node.is_plain:
        for pattern, made in _PLAIN:
            if pattern.fullmatch(node.text):
                return made(node.text)
    return node.text
