"""Keys of a file written in the other language: only the keys, everything else stays to the letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.diagnostics import Diagnostic, Findings, Related
from pdo.core.frozen import dataclass
from pdo.core.nodes import Mapping, Style
from pdo.core.source import Span
from pdo.playbook.files import CASES_SUFFIXES, SETTINGS_FILE
from pdo.playbook.grammar.shapes import block
from pdo.playbook.languages import rewritten, translate
from pdo.playbook.mending import read_nodes
from pdo.playbook.reading import report_unknown

if TYPE_CHECKING:
    from pdo.core.nodes import Node
    from pdo.core.source import Source
    from pdo.core.wording import Language
    from pdo.playbook.languages import Lexicon, Translated


@dataclass(frozen=True, slots=True)
class Formatted:
    """A file with its keys in one language.

    Args:
        text: the whole text.
        language: in which its keys were, for the most part; None where it has none of the language.
        keys: how many were written anew.
        is_mixed: whether both languages were in it.
    """

    text: str
    language: Language | None
    keys: int
    is_mixed: bool


def format_keys(source: Source, language: Language | None, lexicon: Lexicon, findings: Findings) -> Formatted | None:
    """A text with all its keys in one language.

    Args:
        source: a playbook, `pdo.yaml`, a file of cases or an import mapping, told apart by its name and its keys.
        language: of the keys; None to leave them as they are.
        lexicon: the words of its project.
        findings: where it is told why a text cannot be rewritten.

    Returns:
        The text; None where there are errors in it, so that nobody could say what a key is.

    Diagnostics:
        PB1xx what cannot be read or has to be mended, PB103 a key in both languages, PB114 an unknown key.
    """
    mine = Findings()
    mended = read_nodes(source, mine)
    if mended.root is None:
        if not mended.lost:
            mine.add("PB118", Span(source, 1, 1, 1, 1), variant="file", name=source.path)
        findings.extend(mine.sorted())
        return None
    found = translate(mended.root, block(place_of(source.path, mended.root)), lexicon, mine)
    _report_unclear(found, lexicon, mine)
    findings.extend(mine.sorted())
    if mine.has_errors:
        return None
    changed = [met for met in found.met if language and met.language and met.language != language]
    text = rewritten(source, changed, language) if language else source.text
    return Formatted(text, found.language, len(changed), bool(found.minority))


def place_of(path: str, root: Node) -> str:
    """What kind of file a text is."""
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    if name == SETTINGS_FILE:
        return SETTINGS_FILE
    if name.endswith(CASES_SUFFIXES):
        return "cases"
    keys = {entry.key.text for entry in root.entries} if isinstance(root, Mapping) else set()
    return "mappings" if keys & {"kind", "种类"} else "playbook"


def _report_unclear(found: Translated, lexicon: Lexicon, findings: Findings) -> None:
    for again, before in found.twice:
        related = (Related(before.span, "related.first"),)
        findings.extend((Diagnostic("PB103", again.span, {"name": again.text}, related),))
    for unknown in found.unknown:
        if unknown.key.style is Style.COMPLEX:
            continue
        if not unknown.place:
            findings.add("PB116", unknown.key.span, variant="text_not_mapping", name=unknown.under)
            continue
        words = dict.fromkeys(lexicon.words(unknown.place).values())
        known = [word.written(found.language or "en") for word in words]
        report_unknown("PB114", unknown.key.span, unknown.key.text, known, findings, place=unknown.under)
