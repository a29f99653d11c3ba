"""What YAML accepts in silence though it means something else than was typed.

Works on the nodes: each slip is noted with the mended line and put right in the tree, so that checking goes on with what was
meant.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from pdo.core.nodes import Entry, Mapping, Node, Scalar, Sequence, Style, lines_of
from pdo.core.source import Span
from pdo.playbook.invisible import code_point, find_invisible, without_invisible
from pdo.playbook.vocabulary import TEXT_KEYS

if TYPE_CHECKING:
    from pdo.core.diagnostics import Findings

_CUT = re.compile(r"\s+(#\S.*)$")
_TOPIC = re.compile(r"#[^#\s]+#")
_PAIR = re.compile(r"^(\w[\w\-]*)\s*(：|:)\s*(\S.*)$")
_COMMAS = re.compile(r"\s*[，、]\s*")
_COMPARISON = re.compile(r"^>=?\s*[\d.]")
_WIDE_LIST = re.compile(r"^［(.*)］$")
_THOUSANDS = re.compile(r"^(?:\.\.)?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?:元|\.\..*)?$")
_WRAPPED = re.compile(r"^[“”‘’「『](.*)[“”‘’」』]$")


def lint_nodes(root: Node, findings: Findings) -> Node:
    """The tree as it was meant.

    Diagnostics:
        PB104 to PB111, PB116 keys that are no text.
    """
    return _lint(root, "", findings)


def _lint(node: Node, key: str, findings: Findings) -> Node:
    if node.prefix and not (isinstance(node, Scalar) and node.prefix.startswith("!")):
        variant = "anchor" if node.prefix.startswith("&") else "tag"
        name = node.prefix.replace("tag:yaml.org,2002:", "!!")
        findings.add("PB104", node.span, variant=variant, name=name)
        node = replace(node, prefix="")
    if isinstance(node, Mapping):
        if (template := _template(node)) is not None:
            findings.add("PB108", node.span, variant="start", value="{{", mended=quoted(template.text))
            return template
        return _lint_mapping(node, findings)
    if isinstance(node, Sequence):
        return _lint_sequence(node, key, findings)
    if key not in TEXT_KEYS and node.is_plain and (listed := _WIDE_LIST.match(node.text)):
        return _lint_wide_list(node, listed, findings)
    return _lint_scalar(node, key, findings)


def _template(node: Mapping) -> Scalar | None:
    """`{{ name }}` without quotes is a mapping with a mapping for a key."""
    raw = raw_text(node.span)
    complex_key = bool(node.entries) and node.entries[0].key.style is Style.COMPLEX
    if node.flow and complex_key and raw.startswith("{{"):
        return Scalar(raw, Style.DOUBLE, node.span)
    return None


def raw_text(span: Span) -> str:
    """What stands in the source there; of several lines the first."""
    lines = lines_of(span.source)
    line = lines[span.line - 1] if span.line <= len(lines) else ""
    return line[span.column - 1 : span.end_column - 1] if span.line == span.end_line else line[span.column - 1 :]


# Mappings ---------------------------------------------------------------------------------------------------------


def _lint_mapping(node: Mapping, findings: Findings) -> Mapping:
    entries: list[Entry] = []
    for entry in node.entries:
        key = _lint_key(entry.key, findings)
        value = entry.value
        if node.flow and isinstance(value, Scalar) and value.is_empty:
            if pair := _split_pair(key, findings):
                entries.append(Entry(pair.key, _lint(pair.value, pair.key.text, findings)))
                continue
            if entries and _belongs_to_text(entries[-1], key):
                entries[-1] = _join(entries[-1], key, findings)
                continue
        elif isinstance(value, Scalar) and value.is_empty:
            value = _comment_value(key, value, findings)
        entries.append(Entry(key, _lint(value, key.text, findings)))
    return Mapping(tuple(entries), node.span, node.flow, node.prefix)


def _lint_key(key: Scalar, findings: Findings) -> Scalar:
    if key.style is Style.COMPLEX:
        findings.add("PB116", key.span, variant="key", value=raw_text(key.span))
        return key
    if key.style is Style.ALIAS or key.prefix or key.is_block:
        return _lint_scalar(key, "", findings)
    text = key.text.strip()
    if hidden := find_invisible(text):
        text = without_invisible(text)
        findings.add("PB111", key.span, name=text, character=code_point(hidden))
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        findings.add("PB111", key.span, variant="decomposed", name=composed)
    return key if composed == key.text else replace(key, text=composed)


def _split_pair(key: Scalar, findings: Findings) -> Entry | None:
    """`{city：北京}` and `{points:60..}` are one key each to YAML."""
    found = _PAIR.match(key.text) if key.is_plain else None
    if found is None or key.span.line != key.span.end_line:
        return None
    name, colon, value = found.groups()
    start = key.span.column
    begin = start + found.start(3)
    variant = {"：": "colon"}.get(colon)
    mended = f"{name}: {value}"
    source, line = key.span.source, key.span.line
    name_span = Span(source, line, start, line, start + len(name))
    if variant:
        place = Span(source, line, start + found.start(2), line, start + found.end(2))
        findings.add("PB107", place, variant=variant, mended=mended)
    else:
        findings.add("PB109", key.span, value=key.text, mended=mended)
    value_span = Span(source, line, begin, line, key.span.end_column)
    return Entry(Scalar(name, Style.PLAIN, name_span), Scalar(value, Style.PLAIN, value_span))


def mapping_from_text(node: Scalar, findings: Findings) -> Mapping | None:
    """The mapping that `city：北京` or `city:北京` was meant to be."""
    pair = _split_pair(node, findings)
    if pair is None:
        return None
    return Mapping((Entry(pair.key, _lint(pair.value, pair.key.text, findings)),), node.span)


def _belongs_to_text(before: Entry, key: Scalar) -> bool:
    value = before.value
    if isinstance(value, Sequence):
        return key.is_plain and not raw_text(value.span).startswith("[")
    return isinstance(value, Scalar) and not value.is_empty and value.is_plain and key.is_plain


def _join(before: Entry, key: Scalar, findings: Findings) -> Entry:
    """`{text: 您好, 券已到}`: what follows the comma has become a key of its own."""
    span = before.value.span.until(key.span)
    text = raw_text(span)
    if before.key.text not in TEXT_KEYS:
        value = Scalar(key.text, Style.DOUBLE, key.span)
        if isinstance(before.value, Sequence):  # the third value: reported with the second
            return Entry(before.key, Sequence((*before.value.items, value), span, flow=True))
        if isinstance(before.value, Scalar) and _THOUSANDS.match(f"{before.value.text},{key.text}"):
            number = f"{before.value.text}{key.text}"
            findings.add("PB108", span, variant="thousands", value=text, mended=f"{before.key.text}: {number}")
            return Entry(before.key, Scalar(number, Style.PLAIN, span))
        mended = f"{before.key.text}: [{text}]"
        findings.add("PB108", key.span, variant="list", value=key.text, mended=mended)
        return Entry(before.key, Sequence((before.value, value), span, flow=True))
    findings.add("PB108", key.span, variant="comma", value=key.text, mended=f"{before.key.text}: {quoted(text)}")
    return Entry(before.key, Scalar(text, Style.DOUBLE, span))


def _comment_value(key: Scalar, value: Scalar, findings: Findings) -> Scalar:
    """`tag: #爱水果`: the value has become a comment."""
    span = key.span
    line = lines_of(span.source)[span.end_line - 1] if span.end_line <= len(lines_of(span.source)) else ""
    rest = re.match(r"^\s*:\s+(#\S.*?)\s*$", line[span.end_column - 1 :])
    if rest is None:
        return value
    start = span.end_column + rest.start(1)
    place = Span(span.source, span.end_line, start, span.end_line, start + len(rest[1]))
    text = rest[1] if key.text in TEXT_KEYS else rest[1].strip("#")
    shown = quoted(text) if key.text in TEXT_KEYS else text
    findings.add("PB106", place, variant="empty", value=rest[1], mended=f"{key.text}: {shown}")
    return Scalar(text, Style.DOUBLE, place)


# Lists and texts --------------------------------------------------------------------------------------------------


def _lint_sequence(node: Sequence, key: str, findings: Findings) -> Sequence:
    items: list[Node] = []
    for item in node.items:
        plain = isinstance(item, Scalar) and item.is_plain and not item.prefix
        if node.flow and plain and isinstance(item, Scalar) and _COMMAS.search(item.text.strip("，、")):
            every = ", ".join(part for each in node.items for part in _COMMAS.split(raw_text(each.span)) if part)
            items.extend(_split_items(item, f"{key}: [{every}]" if key else f"[{every}]", findings))
        else:
            items.append(_lint(item, key, findings))
    return Sequence(tuple(items), node.span, node.flow, node.prefix)


def _lint_wide_list(node: Scalar, listed: re.Match[str], findings: Findings) -> Sequence:
    """`［北京, 上海］` is one city to YAML."""
    parts = [part for part in re.split(r"\s*[,，、]\s*", listed[1].strip()) if part]
    place = replace(node.span, end_line=node.span.line, end_column=node.span.column + 1)
    findings.add("PB107", place, variant="bracket", mended=f"[{', '.join(parts)}]")
    return Sequence(tuple(Scalar(part, Style.PLAIN, node.span) for part in parts), node.span, flow=True)


def _split_items(item: Scalar, mended: str, findings: Findings) -> list[Node]:
    """`[北京，上海]` is one city to YAML."""
    raw = raw_text(item.span)
    comma = re.search("[，、]", raw)
    at = item.span.column + (comma.start() if comma else 0)
    place = Span(item.span.source, item.span.line, at, item.span.line, at + 1)
    parts = [part for part in _COMMAS.split(item.text) if part]
    findings.add("PB107", place, variant="comma", mended=mended)
    found: list[Node] = []
    begin = 0
    for part in parts:
        begin = max(raw.find(part, begin), 0)
        column = item.span.column + begin
        span = Span(item.span.source, item.span.line, column, item.span.line, column + len(part))
        found.append(Scalar(part, Style.PLAIN, span))
        begin += len(part)
    return found


def _lint_scalar(node: Scalar, key: str, findings: Findings) -> Scalar:
    if node.style is Style.ALIAS:
        findings.add("PB104", node.span, variant="alias", name=node.text)
        return node
    if node.prefix:
        return _lint_exclamation(node, key, findings)
    if node.is_block:
        return _lint_block(node, key, findings)
    if not node.is_plain:
        return node if key in TEXT_KEYS else _lint_hidden(node, findings)
    if cut := _lint_cut(node, key, findings):
        return cut
    if key not in TEXT_KEYS:
        node = _lint_hidden(node, findings)
        if wrapped := _WRAPPED.match(node.text):
            findings.add("PB107", node.span, variant="quotes", mended=wrapped[1].strip())
            return replace(node, text=wrapped[1].strip())
    return node


def _lint_hidden(node: Scalar, findings: Findings) -> Scalar:
    hidden = find_invisible(node.text)
    if hidden is None:
        return node
    text = without_invisible(node.text)
    findings.add("PB111", node.span, name=text, character=code_point(hidden))
    return replace(node, text=text)


def _lint_exclamation(node: Scalar, key: str, findings: Findings) -> Scalar:
    """`text: ! 重要` loses its `!`, and `!重要` is an explicit tag to YAML."""
    raw = raw_text(node.span).rstrip()
    if node.prefix == "!" or key in TEXT_KEYS or not node.prefix.isascii():
        mended = f"{key}: {quoted(raw)}" if key else quoted(raw)
        findings.add("PB108", node.span, variant="exclamation", value="!", mended=mended)
        return Scalar(raw, Style.DOUBLE, node.span)
    findings.add("PB104", node.span, variant="tag", name=node.prefix)
    return replace(node, prefix="")


def _lint_block(node: Scalar, key: str, findings: Findings) -> Scalar:
    raw = raw_text(node.span)
    if _COMPARISON.match(raw):
        place = replace(node.span, end_line=node.span.line, end_column=node.span.column + len(raw.rstrip()))
        mended = f"{key}: {mended_comparison(raw)}" if key else mended_comparison(raw)
        findings.add("PB110", place, value=raw.strip(), mended=mended)
        return Scalar(raw.strip(), Style.PLAIN, place)
    if key in TEXT_KEYS:
        return node
    start = replace(node.span, end_line=node.span.line, end_column=node.span.column + 1)
    findings.add("PB105", start, sign=raw[:1])
    return Scalar(node.text.strip(), Style.DOUBLE, node.span)


def mended_comparison(text: str) -> str:
    """`>= 3` as the language says it."""
    value = text.strip().lstrip("<>=").strip()
    if text.strip().startswith(">="):
        return f"{value}.."
    return f"{{above: {value}}}"


def _lint_cut(node: Scalar, key: str, findings: Findings) -> Scalar | None:
    """`text: 带话题 #周大福# 发文` ends at the ` #`."""
    lines = lines_of(node.span.source)
    line = lines[node.span.end_line - 1] if node.span.end_line <= len(lines) else ""
    rest = _CUT.match(line[node.span.end_column - 1 :])
    if rest is None or node.is_empty or not (key in TEXT_KEYS or _TOPIC.match(rest[1])):
        return None
    start = node.span.end_column + rest.start(1)
    place = Span(node.span.source, node.span.end_line, start, node.span.end_line, start + len(rest[1].rstrip()))
    text = node.text + rest[0].rstrip()
    prefix = f"{key}: " if key else ""
    findings.add("PB106", place, value=rest[1].strip(), mended=prefix + quoted(text))
    return Scalar(text, Style.DOUBLE, node.span.until(place))


def quoted(text: str) -> str:
    """A text in the quotes that need no escapes."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'
