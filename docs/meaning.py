"""What the language means, in sentences that are proved: `docs/reference/meaning/*.yaml` as pages and as projects.

A file is a section; a section has groups, each with facts (the rows of an example), perhaps a playbook, and sentences. The
proof of a sentence is one of three:

- `when` and `members`: the condition holds for exactly these customers of the facts; `later` has those of the following moments;
- `expect`: what an example expects, of the playbook of the group; `after` has that of the following moments;
- `tested`: a test that exists, where an example cannot say it.

`about` says what a sentence settles: `place.key:aspect`, as `tests/meta/test_meaning.py` asks for them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER = Path(__file__).resolve().parent / "reference" / "meaning"
SETTINGS = FOLDER / "pdo.yaml"
EXCEPTIONS = FOLDER / "does-not-apply.yaml"
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_QUOTED = re.compile(r"[\[\]{},\"]|^[#&*!|>'%@`]| #|: |:$|^[-?] |^\s|\s$|^$")


@dataclass(frozen=True)
class Sentence:
    """A sentence and its proof.

    Args:
        about: `place.key:aspect`, at least one.
        when: the condition; None where the playbook of the group is what is meant.
        members: for whom it holds, one list a moment.
        expect: what an example expects, one mapping a moment.
        tested: `file::test`; empty where an example proves it.
        written: how it is written, where that is not the condition.
        name: of the tag that stands for the condition.
    """

    about: tuple[str, ...]
    zh: str
    en: str
    when: Any
    members: tuple[tuple[str, ...], ...]
    expect: tuple[Mapping[str, Any], ...]
    tested: str
    written: str
    name: str


@dataclass(frozen=True)
class Group:
    """Sentences that share their facts.

    Args:
        facts: the rows of an example, with its `now`; those that come later under `then`.
        playbook: the blocks that they are about.
        shown: whether the page shows the playbook.
    """

    zh: str
    en: str
    facts: Mapping[str, Any]
    playbook: Mapping[str, Any]
    shown: bool
    sentences: tuple[Sentence, ...]

    @property
    def customers(self) -> tuple[str, ...]:
        """Everybody in it, at its first moment and later."""
        rows = [self.facts, *self.facts.get("then", ())]
        return tuple(str(row["customer_id"]) for moment in rows for row in moment.get("customers", ()))


@dataclass(frozen=True)
class Section:
    """A file of groups."""

    path: Path
    zh: str
    en: str
    groups: tuple[Group, ...]


@lru_cache
def read_sections() -> tuple[Section, ...]:
    """All sections, in the order of their file names.

    Raises:
        KeyError: a part is missing.
    """
    return tuple(_section(path) for path in sorted(FOLDER.glob("[0-9]*.yaml")))


def load(path: Path) -> Any:
    """A file with every scalar as text, as playbooks are read."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - makes nothing but texts


def _section(path: Path) -> Section:
    told = load(path)
    return Section(path, told["zh"], told["en"], tuple(_group(one) for one in told["groups"]))


def _group(told: Mapping[str, Any]) -> Group:
    sentences = tuple(_sentence(one, f"{told['zh']}·{place}") for place, one in enumerate(told["sentences"], 1))
    shown = told.get("shown", "true") == "true"
    return Group(told["zh"], told["en"], told.get("facts", {}), told.get("playbook", {}), shown, sentences)


def _sentence(told: Mapping[str, Any], name: str) -> Sentence:
    about = told["about"]
    members = [told["members"], *told.get("later", ())] if "members" in told else []
    return Sentence(
        (about,) if isinstance(about, str) else tuple(about),
        told["zh"],
        told["en"],
        told.get("when"),
        tuple(tuple(one) for one in members),
        tuple(one for one in (told.get("expect"), *told.get("after", ())) if one is not None),
        told.get("tested", ""),
        told.get("written", ""),
        name,
    )


# As a project ------------------------------------------------------------------------------------------------------------


def files_of(group: Group, number: int) -> dict[str, dict[str, Any]]:
    """Name → content of the two files of a group: a playbook with all that its sentences are about, and an example of it."""
    made = {key: dict(value) for key, value in group.playbook.items()}
    for sentence in group.sentences:
        if sentence.when is not None:
            made.setdefault("tags", {})[sentence.name] = {"when": sentence.when}
    chinese = any(not key.isascii() for key in group.playbook)
    version, name = ("版本", "方案") if chinese else ("version", "playbook")
    facts = {key: value for key, value in group.facts.items() if key != "then"}
    moments = [facts, *group.facts.get("then", ())]
    wanted = [dict(moment, expect=_expected(group, place)) for place, moment in enumerate(moments)]
    played = [moment for moment in wanted if moment["expect"]]
    example = {"name": group.zh, **wanted[0], **({"then": wanted[1:]} if wanted[1:] else {})}
    found = {f"{number:02}.yaml": {version: "1", name: group.zh, **made}}
    return found | ({f"{number:02}.cases.yaml": {"version": "1", "examples": [example]}} if played else {})


def _expected(group: Group, moment: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for sentence in group.sentences:
        if sentence.when is not None and moment < len(sentence.members):
            found.setdefault("members", {})[sentence.name] = list(sentence.members[moment])
        if moment < len(sentence.expect):
            _merge(found, sentence.expect[moment])
    return found


def _merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict):
            _merge(into.setdefault(key, {}), value)
        elif isinstance(value, list) and isinstance(into.get(key), list):
            into[key] = list(dict.fromkeys((*into[key], *value)))
        else:
            into[key] = value


# As a page ---------------------------------------------------------------------------------------------------------------


def render_meaning() -> str:
    """The Markdown of all sections: what is written, what it means, in both languages."""
    return "\n".join(line for section in read_sections() for line in _rendered(section))


def _rendered(section: Section) -> Iterator[str]:
    yield f"### {section.zh} · {section.en}"
    yield ""
    for group in section.groups:
        yield f"**{group.zh} · {group.en}**"
        yield ""
        if group.playbook and group.shown:
            yield "```yml"  # not `yaml`: it is loaded with the whole of its section, not alone
            yield block_of(group.playbook)
            yield "```"
            yield ""
        yield "| 写法 Written | 意思 | Meaning |"
        yield "| --- | --- | --- |"
        for sentence in group.sentences:
            written = sentence.written or ("" if sentence.when is None else flow(sentence.when, outer=False))
            code = f"`{written}`" if written else ""
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in (code, sentence.zh, sentence.en)) + " |"
        yield ""
    yield f"证明 Proofs：[{section.path.name}](meaning/{section.path.name})"
    yield ""


def flow(value: Any, *, outer: bool = True) -> str:
    """A value on one line, as people write it.

    Args:
        value: texts, lists and mappings of them.
        outer: with the braces around a mapping.
    """
    if isinstance(value, dict):
        inside = ", ".join(f"{flow(key)}: {flow(each)}" for key, each in value.items())
        return f"{{{inside}}}" if outer else inside
    if isinstance(value, list):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    text = str(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' if _QUOTED.search(text) else text


WIDTH = 100


def block_of(playbook: Mapping[str, Any]) -> str:
    """Blocks of a playbook, each on as few lines as stay readable."""
    return "\n".join(line for key, value in playbook.items() for line in _lines(key, value, 0))


def _lines(key: str, value: Any, depth: int) -> Iterator[str]:
    indent = "  " * depth
    line = f"{indent}{flow(key)}: {flow(value)}"
    if depth and len(line) <= WIDTH:
        yield line
        return
    if isinstance(value, dict):
        yield f"{indent}{flow(key)}:"
        for inner, each in value.items():
            yield from _lines(inner, each, depth + 1)
    elif isinstance(value, list):
        yield f"{indent}{flow(key)}:"
        yield from (f"{indent}  - {flow(each)}" for each in value)
    else:
        yield line
