"""How joining and splitting is shown: `pdo customer merge|split`, `pdo identity apply|undo`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from pdo.commands.present import number

if TYPE_CHECKING:
    from pdo.api.persons import PersonsChanged
    from pdo.commands.present import Output

MOST_NAMED = 10


def show_changed(changed: PersonsChanged, output: Output) -> None:
    """Print who stands with whom since."""
    joins = changed.joins
    data = {
        "decisions": [asdict(word) for word in changed.words],
        "joined": list(joins.joined),
        "separated": list(joins.separated),
        "conflicts": joins.conflicts,
    }
    lines = [
        output.say(f"identity.{what}", count=number(len(keys)), keys=named(keys))
        for what, keys in (("joined", joins.joined), ("separated", joins.separated))
        if keys
    ]
    if joins.conflicts:
        lines.append(output.say("identity.conflicts_left", count=number(joins.conflicts)))
    output.show(data, *(lines or [output.say("identity.unchanged")]))


def named(keys: tuple[str, ...]) -> str:
    """Some own ids, and whether there are more."""
    return ", ".join(keys[:MOST_NAMED]) + (" …" if len(keys) > MOST_NAMED else "")
