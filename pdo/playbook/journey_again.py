"""A journey as it was defined before, read once more among the names of today."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Findings
from pdo.core.nodes import Mapping, Node
from pdo.core.source import Source
from pdo.playbook.certainty import Blocks
from pdo.playbook.journeys import read_journey
from pdo.playbook.mending import read_nodes
from pdo.playbook.naming import names_of
from pdo.playbook.reading import Defined, Reading
from pdo.playbook.said import Sending

if TYPE_CHECKING:
    from pdo.model.outreach import Journey
    from pdo.model.playbook import Project
    from pdo.model.settings import Settings


def read_journey_again(text: str, name: str, settings: Settings, project: Project) -> Journey | None:
    """A journey out of the text of a playbook.

    Args:
        text: of the whole file, as it was.
        name: of the journey.
        project: as it is, for what the journey refers to.

    Returns:
        None where it cannot be read any more: something that it names is gone, or has become another thing.
    """
    reading = Reading(settings, Findings(), names_of(project))
    root = read_nodes(Source(name, text), reading.findings).root
    if root is None:
        return None
    root = reading.english(root, "playbook")
    journeys = root.get("journeys") if isinstance(root, Mapping) else None
    if not isinstance(journeys, Mapping) or not isinstance(root, Mapping):
        return None
    entry = next((one for one in journeys.entries if one.key.text == name), None)
    if entry is None:
        return None
    outreach = project.outreach
    sending = Sending(
        Blocks(project.metrics, project.tags, project.segments), outreach.offers, outreach.contents, outreach.policy
    )
    # Of the rest of the file nothing is told, for it is not used.
    inner = replace(reading, findings=Findings())
    found = read_journey(Defined("journey", name, entry.key, entry.value, _playbook(root)), sending, inner)
    return None if inner.findings.has_errors else found


def _playbook(root: Mapping) -> str:
    node: Node | None = root.get("playbook")
    return getattr(node, "text", "")
