"""Examples of playbooks as stories: what is known of whom, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.figures import local_time, shown
from pdo.model.examples import Aspect
from pdo.model.fields import Type
from pdo.playbook.describing.conditions import Clause
from pdo.playbook.describing.measures import Measures
from pdo.playbook.describing.pages import Paragraph, Points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.model.examples import Cell, Example, ExampleMoment, ExampleRow, Expected, Membership
    from pdo.model.playbook import Project
    from pdo.playbook.describing.pages import Block
    from pdo.playbook.describing.tests import Voice


class Illustrations:
    """Tells examples.

    Args:
        voice: the language.
        project: that the examples are of.
    """

    def __init__(self, voice: Voice, project: Project) -> None:
        self.voice = voice
        self.project = project
        self.tests = Measures(voice).tests

    def example(self, example: Example) -> Iterator[Block]:
        """An example, moment by moment."""
        for number, moment in enumerate(example.moments):
            now = local_time(moment.now, self.voice.settings.timezone)[:16]
            yield Paragraph(self.voice.say("book.example.then" if number else "book.example.given", now=now))
            known = tuple(self._known(moment))
            if known:
                yield Points(known)
            yield Paragraph(self.voice.say("book.example.expect"))
            yield Points(tuple(self._follows(moment)))

    # What is known ------------------------------------------------------------------------------------------------------

    def _known(self, moment: ExampleMoment) -> Iterator[Clause]:
        for row in moment.rows:
            if not row.made:
                yield Clause(self._row(row))
        for file in moment.files:
            yield Clause(self.voice.say("book.example.file", kind=self._kind(file.kind), path=file.path))

    def _row(self, row: ExampleRow) -> str:
        kind = self.voice.settings.kinds[row.kind]
        declared = (each.column for each in self.voice.settings.declared(row.kind))
        columns = {column.name: column for column in (*kind.columns, *declared)}
        cells = []
        for name, value in row.cells.items():
            column = columns.get(name)
            label = column.label if column is not None and self.voice.language == "zh" else name.replace("_", " ")
            type_ = column.type if column is not None else Type.TEXT
            cells.append(self.voice.say("book.example.cell", name=label, value=self._cell(value, type_)))
        words = self.voice.say("block.join").join(cells)
        return self.voice.say("book.example.row", kind=self._kind(row.kind), cells=words)

    def _kind(self, name: str) -> str:
        kind = self.voice.settings.kinds[name]
        return kind.label if self.voice.language == "zh" else name

    def _cell(self, value: Cell, type_: Type) -> str:
        if isinstance(value, tuple):
            return self.voice.every(value) if value else ""
        if type_ is Type.BOOLEAN:
            return self.voice.say("book.example.yes" if value else "book.example.no")
        if type_ is Type.MONEY and isinstance(value, int):
            return self.voice.money(value)
        if type_ is Type.INSTANT and isinstance(value, int):
            return local_time(value, self.voice.settings.timezone)[:16].removesuffix(" 00:00")
        return shown(type_, value, self.voice.settings.timezone)

    # What follows -------------------------------------------------------------------------------------------------------

    def _follows(self, moment: ExampleMoment) -> Iterator[Clause]:
        for expected in moment.expect.expected:
            yield Clause(self._expected(expected))
        for members in moment.expect.members:
            yield Clause(self._members(members))

    def _expected(self, expected: Expected) -> str:
        test = ""
        if expected.test is not None and expected.type is not None:
            test = self.tests.predicate(expected.test, expected.type)
            if expected.aspect in (Aspect.MESSAGE, Aspect.TASK):
                test = self.voice.say("book.example.text", test=test)
        key = f"book.example.{expected.aspect}{'.not' if expected.absent else ''}"
        params = {"customer": expected.customer, "name": expected.name, "stage": expected.stage, "test": test}
        return self.voice.spaced(self.voice.say(key, **params))

    def _members(self, members: Membership) -> str:
        customers = self.voice.say("diff.join").join(members.customers) or self.voice.say("book.example.nobody")
        return self.voice.say(f"book.example.members.{members.aspect}", name=members.name, customers=customers)
