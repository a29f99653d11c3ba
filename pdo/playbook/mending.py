"""From a text that hands typed to nodes: what the parser refuses is mended in memory, so that everything is found in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdo.core.nodes import parse_nodes
from pdo.playbook.draft import Draft
from pdo.playbook.lint import lint_nodes

if TYPE_CHECKING:
    from pdo.core.diagnostics import Findings
    from pdo.core.nodes import Node
    from pdo.core.source import Source


@dataclass(frozen=True, slots=True)
class Mended:
    """A file as nodes.

    Args:
        root: None where nothing is in it, or nothing could be read.
        lost: the blocks that had to be left out, as text.
    """

    root: Node | None
    lost: tuple[str, ...] = ()


def read_nodes(source: Source, findings: Findings) -> Mended:
    """Read a text, mending what can only be meant one way."""
    draft = Draft(source)
    parsed = parse_nodes(source, draft.text, draft.place)
    findings.extend(parsed.diagnostics)
    if parsed.problem:
        findings.add("PB101", draft.span(parsed.problem.line, parsed.problem.column), reason=parsed.problem.reason)
        return Mended(None, (source.text,))
    return Mended(None if parsed.root is None else lint_nodes(parsed.root, findings))
