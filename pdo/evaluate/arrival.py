"""What comes in before a moment of an example: its rows and files, with what they name made, as an import makes it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pdo.evaluate.example_facts import KEYS
from pdo.model.verdicts import Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pdo.core.source import Span
    from pdo.evaluate.example_facts import World
    from pdo.model.examples import Cell, ExampleFile, ExampleMoment
    from pdo.model.fields import Kind
    from pdo.model.settings import Settings

    ReadFile = Callable[
        [ExampleFile], tuple[Sequence[tuple[int, Mapping[str, Cell]]], Sequence[Unread], tuple[str, ...]]
    ]

MADE = {**KEYS, "chats": "chat_id", "channels": "channel"}
"""Kinds that come into being where a row names one, with the column of their key."""
TOLD = 20
"""So many faults of one file are told."""


class Arrival:
    """Brings the rows of one moment into a world.

    Args:
        world: where to.
        settings: for the keys of each kind.
        read_file: reads the rows of a file, typed as an import would type them, by line; says what it rejects, and which columns
            mean nothing to it.
        tags: every name of a tag: a file or a hand puts on none that no playbook knows.
    """

    def __init__(self, world: World, settings: Settings, read_file: ReadFile, tags: frozenset[str]) -> None:
        self.world = world
        self.settings = settings
        self.read_file = read_file
        self.tags = tags
        self.unused: list[tuple[str, tuple[str, ...]]] = []

    def bring(self, moment: ExampleMoment) -> tuple[Unread, ...]:
        """Everything that comes in before a moment; a row that comes again replaces what it says.

        Returns:
            What could not be brought in.
        """
        found: list[Unread] = []
        brought: list[tuple[str, Mapping[str, Cell], str, int | None, Span]] = [
            (row.kind, self._bring(row.kind, row.cells, moment.now), "", None, row.span) for row in moment.rows
        ]
        for file in moment.files:
            rows, faults, unused = self.read_file(file)
            found += faults[:TOLD]
            self.unused += [(file.path, unused)] if unused else []
            brought += [
                (file.kind, self._bring(file.kind, cells, moment.now), file.path, line, file.span)
                for line, cells in self._keyed(self.settings.kinds[file.kind], rows)
            ]
        for kind, cells, path, line, span in brought:
            found += [Unread(path, line, column, key, params, span) for column, key, params in self._named(kind, cells)]
        return tuple(found)

    def _bring(self, kind: str, cells: Mapping[str, Cell], now: int) -> Mapping[str, Cell]:
        if kind == "tags":
            given = "tag", "", str(cells["tag"])
            since = cells.get("since")
            self.world.give(str(cells["customer_id"]), given, since if isinstance(since, int) else now, "file")
        else:
            columns = self.settings.kinds[kind].key
            key = tuple(cells.get(column, "") for column in columns) if columns else _content(cells)
            self.world.bring(kind, key, cells)
        return cells

    @staticmethod
    def _keyed(kind: Kind, rows: Iterable[tuple[int, Mapping[str, Cell]]]) -> Iterator[tuple[int, Mapping[str, Cell]]]:
        """Rows with the keys that their file leaves out: the line of an item, what a row without key says."""
        counts: Counter[object] = Counter()
        for line, cells in rows:
            missing = "line" if kind.name == "items" else kind.key[0] if kind.made else ""
            if not missing or missing in cells:
                yield line, cells
                continue
            content = cells["order_id"] if kind.name == "items" else _content(cells)
            counts[content] += 1
            number = str(counts[content])
            yield line, {**cells, missing: number if kind.name == "items" else f"{content}#{number}"}

    def _named(self, kind: str, cells: Mapping[str, Cell]) -> Iterator[tuple[str, str, dict[str, object]]]:
        """What a row names and nobody brought in: most of it is made; of the rest the column and what to say."""
        for column in self.settings.kinds[kind].columns:
            named = cells.get(column.name)
            if named is None or column.refers is None:
                continue
            if column.refers == "orders" and (named,) not in self.world.rows.get("orders", {}):
                yield column.name, "IM130", {"column": column.name}
            elif column.refers == "labels" and named not in self.tags:
                yield column.name, "test.unknown_tag", {"name": named}
            elif column.refers in MADE and (named,) not in self.world.rows.get(column.refers, {}):
                self.world.bring(column.refers, (named,), {MADE[column.refers]: named})


def _content(cells: Mapping[str, Cell]) -> tuple[object, ...]:
    return tuple(sorted(cells.items(), key=str))
