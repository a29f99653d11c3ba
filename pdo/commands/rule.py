"""`pdo rule`: what a code means, with an example that is wrong and one that is right.

Needs no project, but speaks the language of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pdo.api.checking import language_at
from pdo.commands.help import command, single
from pdo.commands.options import Format, OutputFormat, ProjectDir, argument
from pdo.commands.present import Table, output_of
from pdo.commands.speech import speak
from pdo.core.codes import codes
from pdo.core.codes.rules import findings_of, title_of
from pdo.playbook.invisible import visible
from pdo.report.names import unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.commands.present import Output
    from pdo.core.codes.rules import Finding

app = single()


@command(app, "rule")
def rule(
    *,
    code: Annotated[str | None, argument("code", metavar="CODE")] = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Show a code, or list them all."""
    speak(language_at(project))
    output = output_of("rule", output_format)
    if code is None:
        listed = [(each, title_of(each, output.language)) for each in codes()]
        data = {"rules": [{"code": each, "title": title} for each, title in listed]}
        output.show(data, Table(output.headings("code", "says"), listed))
        return
    asked = code.strip().upper()
    if asked not in codes():
        raise unknown_name("code", asked, codes())
    found = findings_of(asked, output.language)
    output.show({"code": asked, "findings": [_data(each) for each in found]}, *_lines(asked, found, output))


def _data(found: Finding) -> dict[str, object]:
    example = found.example
    return {
        "key": found.key,
        "message": found.message,
        "hint": found.hint or None,
        "bad": example.bad_shown if example else None,
        "good": example.good_shown if example else None,
    }


def _lines(code: str, findings: tuple[Finding, ...], output: Output) -> Iterator[str]:
    yield code
    for found in findings:
        yield ""
        yield visible(found.message)
        if found.hint:
            yield output.say("rule.hint", hint=visible(found.hint))
        if found.example and found.example.bad_shown:
            yield from _piece("rule.bad", found.example.bad_shown, output)
            yield from _piece("rule.good", found.example.good_shown, output)


def _piece(key: str, text: str, output: Output) -> Iterator[str]:
    yield f"  {output.say(key)}"
    yield from (f"    {visible(line)}" for line in text.rstrip("\n").split("\n"))
