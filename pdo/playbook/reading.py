"""Reading nodes as what is expected of them, noting what they are instead.

Every reader returns None where it has noted a finding, so that its caller leaves that part out and goes on.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Diagnostic, Related, Severity
from pdo.core.late import late
from pdo.core.nodes import Mapping, Node, Scalar, Sequence, Style
from pdo.model.conditions import Anchor
from pdo.playbook import grammar, vocabulary
from pdo.playbook.invisible import find_invisible
from pdo.playbook.lint import mapping_from_text
from pdo.playbook.localising import Languages

if TYPE_CHECKING:
    import difflib
    from collections.abc import Iterable

    from pdo.core.diagnostics import Findings
    from pdo.core.nodes import Entry
    from pdo.core.source import Span
    from pdo.model.fields import Type
    from pdo.model.settings import Settings
    from pdo.playbook.values import MisreadError
else:
    difflib = late("difflib")

MAX_NAME = 64
MAX_LISTED = 30
MAX_COMPARED = 2000
SURE = 0.75
"""As alike must a misspelt key be to be read as what was meant; `scores` and `stages` are less."""
_FORBIDDEN_IN_NAMES = re.compile(r"[/\\{}\"'\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Defined:
    """A name with the block behind it, found before the block is read.

    Args:
        kind: a key of `Names.blocks`; of a tag that another block brings, which: `answer`, `rfm`, `score`.
        playbook: the name of its playbook.
        family: of one that was spelt out, the name as written (`爱{品类}`); empty otherwise.
    """

    kind: str
    name: str
    key: Scalar
    value: Node
    playbook: str
    family: str = ""


@dataclass(slots=True)
class Names:
    """All names of a project.

    Args:
        blocks: kind → name → block, in file order.
        stages: stage → lifecycles that have it.
        metric_types: of metrics, scores and parts of an RFM setting (`全店.R`); None for a metric that could not be read.
        first_answers: question that staff answer → the tag of its first answer.
        stateful: lifecycles that are moved through and remember since when; derived ones are not among them.
        lost: texts that could not be read at all; a name that occurs in one may well be defined there.
    """

    blocks: dict[str, dict[str, Defined]] = field(default_factory=dict)
    stages: dict[str, list[str]] = field(default_factory=dict)
    metric_types: dict[str, Type | None] = field(default_factory=dict)
    first_answers: dict[str, str] = field(default_factory=dict)
    stateful: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def of(self, kind: str) -> dict[str, Defined]:
        """The blocks of a kind."""
        return self.blocks.setdefault(kind, {})

    def is_value(self, name: str) -> bool:
        """Whether a name is that of a metric, a score or a part of an RFM setting."""
        return name in self.of("metric") or name in self.of("score") or name in self.metric_types

    @property
    def values(self) -> tuple[str, ...]:
        """The names of all metrics, scores and parts of RFM settings."""
        return tuple(dict.fromkeys((*self.of("metric"), *self.of("score"), *self.metric_types)))

    def may_be_lost(self, name: str) -> bool:
        """Whether a name may be defined where nothing could be read."""
        return any(name in text for text in self.lost)


@dataclass(frozen=True, slots=True)
class Reading:
    """What every reader needs: the settings, the names, and where findings go.

    Args:
        anchors: moments that `since:` may name where this is read; journeys add `ENTRY`, goals of campaigns `MESSAGE`, metrics
            know attributes only.
        lifecycle: whose transition is read, which `since: stage` means then; empty elsewhere.
        journey: whose conditions are read, which `since: entry` means then; empty elsewhere.
        languages: of the files: keys may be Chinese.
    """

    settings: Settings
    findings: Findings
    names: Names = field(default_factory=Names)
    anchors: frozenset[Anchor] = frozenset((Anchor.STAGE, Anchor.ATTRIBUTE))
    lifecycle: str = ""
    journey: str = ""
    languages: Languages = field(default_factory=Languages)

    def english(self, root: Node, place: str) -> Node:
        """The nodes of a file with English keys.

        Args:
            place: what the file is, as the grammar calls it.

        Diagnostics:
            PB103 a key in both languages, PB122 both languages in one file.
        """
        return self.languages.english(root, place, self.settings, self.findings)


def near(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    candidates = list(known)
    folded = {candidate.casefold(): candidate for candidate in reversed(candidates)}
    if word.casefold() in folded:
        return folded[word.casefold()]
    if translated := next((english for english in grammar.english_of(word) if english in candidates), None):
        return translated
    if len(candidates) > MAX_COMPARED:
        return None
    chinese = {} if word.isascii() else grammar.chinese_of(candidates)
    spelt = [*candidates, *chinese]
    found = difflib.get_close_matches(word[:MAX_NAME], spelt, n=1, cutoff=0.6)
    if not found and len(word) <= 6:  # noqa: PLR2004 - one wrong character of a short Chinese name weighs much
        found = difflib.get_close_matches(word, spelt, n=1, cutoff=0.5)
    return chinese.get(found[0], found[0]) if found else None


def report_unknown(
    code: str, span: Span, name: str, known: Iterable[str], found: Findings, **params: object
) -> str | None:
    """Note an unknown word: with the word that was probably meant, which is returned, or else with all that exist."""
    names = list(known)
    if meant := near(name, names):
        report_near(code, span, name, meant, found, **params)
        return meant
    listed = ", ".join(names[:MAX_LISTED]) + (" …" if len(names) > MAX_LISTED else "")
    found.extend((Diagnostic(code, span, {"name": name, "known": listed or "–", **params}),))
    return None


def report_near(code: str, span: Span, name: str, meant: str, found: Findings, **params: object) -> None:
    """Note an unknown word with the one that was meant."""
    found.extend((Diagnostic(code, span, {"name": name, "near": meant, **params}, variant="near"),))


def report_misread(wrong: MisreadError, span: Span, reading: Reading) -> None:
    """Note that a value is not what its place expects."""
    reading.findings.extend((Diagnostic(wrong.code, span, wrong.params, variant=wrong.variant),))


def describe(node: Node) -> str:
    """The variant of a finding about a node's shape."""
    if isinstance(node, Mapping):
        return "mapping"
    return "list" if isinstance(node, Sequence) else "text"


def expect(node: Node, place: str, expected: str, reading: Reading) -> None:
    """Note that a node has the wrong shape or is empty.

    Diagnostics:
        PB116, PB118.
    """
    if isinstance(node, Scalar) and node.is_empty:
        reading.findings.add("PB118", node.span, name=place)
    elif not (isinstance(node, Scalar) and node.style is Style.ALIAS):
        reading.findings.add("PB116", node.span, variant=f"{expected}_not_{describe(node)}", name=place)


def read_block(node: Node, place: str, reading: Reading) -> Mapping | None:
    """A mapping; a text such as `city：北京` is one that lacks its blank or has a full-width colon."""
    if isinstance(node, Mapping):
        return node
    if isinstance(node, Scalar) and (mended := mapping_from_text(node, reading.findings)):
        return mended
    expect(node, place, "mapping", reading)
    return None


def read_list(node: Node, place: str, reading: Reading) -> tuple[Node, ...] | None:
    """A list that has something in it."""
    if isinstance(node, Sequence) and node.items:
        return node.items
    if isinstance(node, Sequence):
        reading.findings.add("PB118", node.span, name=place)
    else:
        expect(node, place, "list", reading)
    return None


def read_text(node: Node, place: str, reading: Reading) -> str | None:
    """A text that is not empty, in NFC, without blanks around it."""
    if not isinstance(node, Scalar):
        expect(node, place, "text", reading)
        return None
    if node.style is Style.ALIAS:
        return None
    text = unicodedata.normalize("NFC", node.text).strip()
    if not text:
        reading.findings.add("PB118", node.span, name=place)
        return None
    return text


def read_texts(node: Node, place: str, reading: Reading) -> list[tuple[str, Span]] | None:
    """One text or a list of texts, with their places."""
    nodes = [node] if isinstance(node, Scalar) else read_list(node, place, reading)
    if nodes is None:
        return None
    texts = [(read_text(item, place, reading), item.span) for item in nodes]
    return [(text, span) for text, span in texts if text is not None]


def read_choice(node: Node, place: str, choices: tuple[str, ...], reading: Reading) -> str | None:
    """One of a few words.

    Diagnostics:
        PB314.
    """
    text = read_text(node, place, reading)
    if text is None or text in choices:
        return text
    if text in vocabulary.LATER_WORDS.get(place, ()):
        reading.findings.add("PB115", node.span, name=f"{place}: {text}")
    else:
        report_unknown("PB314", node.span, text, choices, reading.findings, place=place)
    return None


def read_boolean(node: Node, place: str, reading: Reading) -> bool | None:
    """Yes or no, in the spellings people use.

    Diagnostics:
        PB308.
    """
    text = read_text(node, place, reading)
    if text is None:
        return None
    known = vocabulary.BOOLEANS.get(text.casefold())
    if known is None:
        reading.findings.add("PB308", node.span, value=text)
    return known


def read_fields(mapping: Mapping, known: Iterable[str], place: str, reading: Reading) -> dict[str, Node]:
    """The values of a mapping whose keys are fixed; of a key given twice the first.

    A misspelt key is noted and read as what was meant, so that what is wrong behind it is told in the same run.

    Diagnostics:
        PB114 an unknown key, PB115 one of a later version.
    """
    allowed = list(known)
    found: dict[str, Node] = {}
    meant: dict[str, Node] = {}
    for entry in mapping.entries:
        key = entry.key.text
        if key in allowed:
            found.setdefault(key, entry.value)
        elif key in vocabulary.LATER_KEYS.get(place, ()):
            reading.findings.add("PB115", entry.key.span, name=key)
        elif entry.key.style is not Style.COMPLEX and not _report_under(entry, allowed, place, reading):
            guess = report_unknown("PB114", entry.key.span, key, allowed, reading.findings, place=place)
            if guess is not None and _is_sure(key, guess, entry.value):
                meant.setdefault(guess, entry.value)
    return meant | found


def _is_sure(key: str, guess: str, value: Node) -> bool:
    """Whether an unknown key is so near to a known one that its value can be read as that one's."""
    if guess in grammar.english_of(key):
        return True
    # What stands under a Chinese key that nobody knows has not been put into English.
    readable = key.isascii() or isinstance(value, Scalar)
    return readable and difflib.SequenceMatcher(None, key.casefold(), guess).ratio() >= SURE


def _report_under(entry: Entry, allowed: list[str], place: str, reading: Reading) -> bool:
    """Note a key that belongs under one of the keys of its place (`grant` of an offer under `coupon`)."""
    if place not in grammar.PLACES:
        return False
    key = entry.key.text
    inner = {one.name: one.value.place for one in grammar.place(place).keys if one.name in allowed}
    owners = [name for name, under in inner.items() if under and key in grammar.keys(under)]
    if len(owners) != 1:
        return False
    value = entry.value.text if isinstance(entry.value, Scalar) and entry.value.text else "…"
    mended = f"{owners[0]}: {{{key}: {value}}}"
    reading.findings.add("PB114", entry.key.span, variant="under", place=place, name=key, mended=mended)
    return True


def require(fields: dict[str, Node], key: str, span: Span, example: str, reading: Reading) -> Node | None:
    """The value of a key that must be there.

    Diagnostics:
        PB117.
    """
    node = fields.get(key)
    if node is None:
        reading.findings.add("PB117", span, name=key, example=example)
    return node


def read_name(key: Scalar, reading: Reading, *, reserved: Iterable[str] = ()) -> str | None:
    """A name that the user gives.

    Diagnostics:
        PB208 a reserved word, PB209 a name that cannot be one.
    """
    name = unicodedata.normalize("NFC", key.text).strip()
    if key.style in (Style.COMPLEX, Style.ALIAS):
        return None
    if name in reserved:
        reading.findings.add("PB208", key.span, name=name)
        return None
    bad = _FORBIDDEN_IN_NAMES.search(name) or find_invisible(name)
    if not name or len(name) > MAX_NAME or bad or name[0] in ".-~":
        reading.findings.add("PB209", key.span, name=name[:MAX_NAME], limit=MAX_NAME)
        return None
    return name


def report_twice(code: str, span: Span, first: Span, name: str, reading: Reading) -> None:
    """Note something that is there a second time, with the first place."""
    reading.findings.add(code, span, related=(Related(first, "related.first"),), name=name)


def warn(code: str, span: Span, reading: Reading, **params: object) -> None:
    """Note something that is allowed and probably not meant."""
    reading.findings.extend((Diagnostic(code, span, params, severity=Severity.WARNING),))


def advise(code: str, span: Span, reading: Reading, **params: object) -> None:
    """Note something that could be better."""
    reading.findings.extend((Diagnostic(code, span, params, severity=Severity.ADVICE),))
