"""Playbooks as hands spoil them: pieces of real ones, with characters, words and lines put in, taken out and moved."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from random import Random

from pdo.commands.frame import as_json, render_frame
from pdo.core.codes import codes, examples_of
from pdo.core.diagnostics import Findings
from pdo.core.source import Source
from pdo.core.wording import Language
from pdo.model.settings import Settings
from pdo.playbook.project import read_project
from pdo.playbook.reading import Reading
from pdo.playbook.suppressions import read_suppressions, sift
from tests.support.project import ROOT

LANGUAGES: tuple[Language, ...] = ("zh", "en")
HEAD = "version: 1\nplaybook: p\n"
MOST_LINES = 30
SETTINGS = Settings(Path(), Path("pdo.db"))
SPOILT: tuple[str, ...] = (
    *"：，、；。“”‘’（）【】［］｛｝《》　\u00a0\u200b\ufeff\u2028\u0085\t\x00\x1b#&*!|>%@`'\"{}[]:,?~-=<",
    *(
        ": ",
        " #",
        "\n",
        "\r\n",
        "- ",
        "..",
        "...",
        "…",
        "{{ ",
        " }}",
        "{% if name %}",
        "---\n",
        "<<: ",
        "~",
        "null",
        "３",
    ),
    *("30d", "m", "5折", "120万", "-1", "99999999999999999999", "2026-02-30", "tag: ", "when: ", "any: [", "orders: {"),
    *("none: ", "not: ", "each: ", "within: ", "of: ", "is: ", "甲", "everyone", "🎉", "e\u0301", "\ud800", "{0}"),
)


@lru_cache
def seeds() -> tuple[str, ...]:
    """What is spoilt: the examples of all findings, and the blocks of the worked playbooks in short pieces."""
    found = []
    for code in codes():
        for example in examples_of(code):
            if code.startswith("PB") and example.repeated is None:
                for piece in (example.good, example.bad):
                    inside = "".join(f"      {line}\n" for line in piece.split("\n"))
                    found.append(HEAD + (piece if example.place == "blocks" else f"tags:\n  例:\n    when:\n{inside}"))
    for path in sorted((ROOT / "playbooks").rglob("*.yaml")):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        found += ["".join(lines[at : at + MOST_LINES]) for at in range(0, len(lines), MOST_LINES // 2)]
    return tuple(found)


def mutate(random: Random) -> str:
    """A spoilt playbook."""
    text = random.choice(seeds())
    for _ in range(random.randint(1, 4)):
        text = _spoil(text, random)
    return text


def _spoil(text: str, random: Random) -> str:
    at = random.randint(0, len(text))
    end = min(len(text), at + random.randint(1, 8))
    lines = text.split("\n")
    number = random.randrange(len(lines))
    match random.randrange(8):
        case 0 | 1:
            return text[:at] + random.choice(SPOILT) + text[at:]
        case 2:
            return text[:at] + text[end:]
        case 3:
            return text[:at] + random.choice(SPOILT) + text[end:]
        case 4:
            return text[:end] + text[at:]
        case 5:
            lines.insert(random.randrange(len(lines) + 1), lines[number])
        case 6:
            lines[number] = random.choice(("", " ", "  ", "\t", "　")) + lines[number].lstrip(random.choice(" -"))
        case _:
            other = random.choice(seeds()).split("\n")
            lines[number : number + 1] = other[random.randrange(len(other)) :][:3]
    return "\n".join(lines)


def check(text: str) -> int:
    """Read a text as a playbook and say in both languages what is found; how many findings there are.

    Raises:
        AssertionError: a finding lies outside the text, or cannot be said.
    """
    reading = Reading(SETTINGS, Findings())
    source = Source("p.yaml", text)
    read_project((source,), reading)
    lines = len(source.lines)
    sifted = sift(reading.findings.sorted(), read_suppressions(source), codes())
    for found in sifted.kept:
        for language in LANGUAGES:
            assert found.message(language)
            render_frame(found, language, color=False)
        as_json(found, "zh")
        if found.span is not None:
            assert 1 <= found.span.line <= found.span.end_line <= lines + 1, (found.key, found.span)
            assert found.span.column >= 1
    return len(sifted.kept)
