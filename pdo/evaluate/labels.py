"""The labels that the store knows, under the names that the playbooks give them now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdo.compiler.layers import EXPIRED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pdo.evaluate.facts import FactSource
    from pdo.model.playbook import Project

Name = tuple[str, str, str, str]
"""Kind, scope, name, playbook."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What assignments assign.

    Args:
        names: id → how it is called now.
        renamed: id → its name in the store and its new one, for those that a `was` names.
    """

    names: Mapping[int, Name]
    renamed: Mapping[int, tuple[str, str]]

    def where(self, chosen: Callable[[Name], bool]) -> dict[int, Name]:
        """Some of them."""
        return {number: name for number, name in self.names.items() if chosen(name)}


def known_labels(source: FactSource, project: Project) -> Labels:
    """The store's labels; one whose rule was renamed goes by its new name, so that nobody loses and regains anything."""
    stored = source.labels()
    numbers = {name[:3]: number for number, name in stored.items()}
    renamed: dict[int, tuple[str, str]] = {}
    names = dict(stored)
    for kind, scope, new, old in _renames(project):
        number = numbers.get((kind, scope, old))
        if number is not None and (kind, scope, new) not in numbers:
            names[number] = (kind, scope, new, stored[number][3])
            renamed[number] = (old, new)
    return Labels(names, renamed)


def _renames(project: Project) -> list[tuple[str, str, str, str]]:
    tags = [(kind, "", tag.name, tag.was) for tag in project.tags.values() if tag.was for kind in ("tag", EXPIRED)]
    segments = [("segment", "", one.name, one.was) for one in project.segments.values() if one.was]
    stages = [("stage", one.name, new, old) for one in project.lifecycles.values() for new, old in one.was.items()]
    return [*tags, *segments, *stages]
