"""`pdo describe`: rules as sentences that one can say aloud. Needs neither database nor engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pdo.api.describing import describe_rules
from pdo.commands.help import command, single
from pdo.commands.options import Format, OutputFormat, ProjectDir, argument
from pdo.commands.present import output_of
from pdo.commands.speech import speak, spoken_language
from pdo.playbook.invisible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.core.wording import Language
    from pdo.playbook.describing.conditions import Clause
    from pdo.playbook.describing.rules import Described

app = single()


@command(app, "describe")
def describe(
    *,
    names: Annotated[list[str] | None, argument("rules", metavar="NAME")] = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Say all rules, or those that are named."""
    found = describe_rules(project, tuple(names or ()), speak=spoken_in)
    output = output_of("describe", output_format)
    output.show({"rules": [as_data(each) for each in found]}, *_blocks(found))


def spoken_in(language: Language) -> Language:
    """Note the project's language; the one to speak."""
    speak(language)
    return spoken_language()


def as_data(rule: Described) -> dict[str, object]:
    """A rule for JSON."""
    return {
        "kind": rule.kind,
        "name": rule.name,
        "playbook": rule.playbook,
        "title": rule.title,
        "sentence": _tree(rule.sentence),
        "notes": [_tree(note) for note in rule.notes],
        "file": rule.span.source.path if rule.span else None,
        "line": rule.span.line if rule.span else None,
    }


def _tree(clause: Clause) -> dict[str, object]:
    return {"text": clause.text, "parts": [_tree(part) for part in clause.parts]}


def _blocks(found: tuple[Described, ...]) -> Iterator[str]:
    for number, each in enumerate(found):
        if number:
            yield ""
        yield from map(visible, each.lines())
