"""Mends for a line that the YAML parser refused: each is tried until the parser gets further.

A mend changes the line in the draft and returns the finding, or returns None and changes nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Diagnostic
from pdo.playbook.lint import mended_comparison, quoted
from pdo.playbook.vocabulary import TEXT_KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pdo.playbook.draft import Draft

_BLOCK = re.compile(
    r"""^(?P<lead>[ ]*(?:-[ ]+)*)
    (?P<key>"[^"]*"|'[^']*'|[^\s"'\[\]{}\#&*!|>%@`,][^:]*?)
    (?P<colon>[ ]*:[ ]+)
    (?P<value>\S.*)$""",
    re.VERBOSE,
)
_ITEM = re.compile(r"^(?P<lead>[ ]*(?:-[ ]+)+)(?P<value>\S.*)$")
_FLOW = re.compile(
    r"""(?P<lead>[{,]\s*)
    (?P<key>[^\s{}\[\],:：]+)
    :[ ]+
    (?P<value>(?:\{\{.*?\}\}|[^,{}\[\]"'])(?:\{\{.*?\}\}|[^,{}\[\]])*)""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"\s+#(?:\s.*)?$")
_COMPARISON = re.compile(r"^>=?\s*[\d.]+\S*$")
_HEADER = re.compile(r"^[|>][+-]?\d?[+-]?\s*$")
_KEY_COLON = re.compile(r"(?:^\s*(?:- +)*|[{,，]\s*)[\w\-]+(：\s*)")
_KEY_COMMA = re.compile(r"(，\s*)(?=[\w\-]+\s*[:：])")
_TIGHT = re.compile(r"^(\s*(?:- +)*)([^\W\d][\w\-]*):(\S.*)$")
_BRACKETS = {"｛": "{", "｝": "}", "［": "[", "］": "]"}
_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*\"""")
_STARTS = "@`%*&!"


def _finding(draft: Draft, code: str, line: int, place: tuple[int, int], **params: object) -> Diagnostic:
    variant = str(params.pop("variant", ""))
    span = draft.span(line, place[0] + 1, place[1] + 1)
    return Diagnostic(code, span, params, variant=variant)


def _without_comment(value: str) -> str:
    return _COMMENT.sub("", value).rstrip()


def _outside_quotes(line: str, place: int) -> bool:
    before = line[:place]
    return before.count('"') % 2 == 0 and before.count("'") % 2 == 0


def _signs(line: str, wanted: str) -> Iterator[int]:
    """Where signs stand outside of quotes, in one walk however long the line is."""
    single = double = False
    for at, sign in enumerate(line):
        if sign == '"':
            double = not double
        elif sign == "'":
            single = not single
        elif sign in wanted and not single and not double:
            yield at


# One mend each ----------------------------------------------------------------------------------------------------


def mend_brackets(draft: Draft, number: int) -> Diagnostic | None:
    """`｛city: 北京｝`."""
    line = draft.line(number)
    places = list(_signs(line, "".join(_BRACKETS)))
    if not places:
        return None
    mended = "".join(_BRACKETS.get(sign, sign) for sign in line).strip()
    found = _finding(draft, "PB107", number, (places[0], places[0] + 1), variant="bracket", mended=mended)
    for at in places:
        draft.replace(number, at, at + 1, _BRACKETS[line[at]])
    return found


def mend_comparison(draft: Draft, number: int) -> Diagnostic | None:
    """`count: >= 3`."""
    line = draft.line(number)
    block = _BLOCK.match(line)
    for match in ([block] if block else []) + list(_FLOW.finditer(line)):
        value = _without_comment(match["value"])
        if _COMPARISON.match(value):
            start = match.start("value")
            place = (start, start + len(value))
            meant = mended_comparison(value)
            found = _finding(draft, "PB110", number, place, value=value, mended=f"{match['key']}: {meant}")
            draft.replace(number, *place, meant)
            return found
    return None


def mend_start(draft: Draft, number: int) -> Diagnostic | None:
    """`text: @所有人`, `[爱心]…`, `{{ name }}您好`, `*限时*`."""
    line = draft.line(number)
    match = _BLOCK.match(line) or _ITEM.match(line)
    if match is None:
        return None
    value = _without_comment(match["value"])
    start = match.start("value")
    variant = _misleading(value)
    if variant is None:
        return None
    key = match.groupdict().get("key")
    shown = "{{" if value.startswith("{{") else value[0]
    mended = (f"{key}: " if key else "- ") + quoted(value)
    place = (start, start + (len(value) if variant == "quote" else len(shown)))
    found = _finding(draft, "PB108", number, place, variant=variant, value=shown, mended=mended)
    draft.replace(number, start, start + len(value), quoted(value))
    return found


def _misleading(value: str) -> str | None:
    """Whether YAML takes the beginning of a text for something else."""
    first = value[0]
    if first == "!":
        return "exclamation"
    if first in _STARTS or value.startswith("{{") or (first in "|>" and not _HEADER.match(value)):
        return "start"
    if first in "[{" and (end := _closing(value)) is not None and _goes_on(value[end + 1 :]):
        return "start"
    if (whole := _QUOTED.match(value)) is not None and _goes_on(value[whole.end() :]):
        return "quote"
    return None


def _goes_on(rest: str) -> bool:
    stripped = rest.strip()
    return bool(stripped) and stripped[0] not in "#:,]}"


def _closing(value: str) -> int | None:
    depth = 0
    for at, sign in enumerate(value):
        depth += (sign in "[{") - (sign in "]}")
        if depth == 0:
            return at
    return None


def mend_key_colon(draft: Draft, number: int) -> Diagnostic | None:
    """`when：`, `{city：北京}`."""
    line = draft.line(number)
    for match in _KEY_COLON.finditer(line):
        start, end = match.span(1)
        if not _outside_quotes(line, start):
            continue
        text = ": " if line[end:].strip() else ":"
        mended = (line[:start] + text + line[end:]).strip()
        found = _finding(draft, "PB107", number, (start, start + 1), variant="colon", mended=mended)
        draft.replace(number, start, end, text)
        return found
    return None


def mend_key_comma(draft: Draft, number: int) -> Diagnostic | None:
    """`{count: 3..，amount: 500..}`."""
    line = draft.line(number)
    match = next((found for found in _KEY_COMMA.finditer(line) if _outside_quotes(line, found.start())), None)
    if match is None or "{" not in line[: match.start()]:
        return None
    start, end = match.span(1)
    mended = (line[:start] + ", " + line[end:]).strip()
    found = _finding(draft, "PB107", number, (start, start + 1), variant="comma", mended=mended)
    draft.replace(number, start, end, ", ")
    return found


def mend_value_colon(draft: Draft, number: int) -> Diagnostic | None:
    """`text: 今日特价: 39.9`, `when: tag: 爱水果`."""
    line = draft.line(number)
    match = _BLOCK.match(line)
    if match is None or match["value"][0] in "\"'[{|>":
        return None
    value = _without_comment(match["value"])
    start = match.start("value")
    colon = re.search(r":(?:\s|$)", value)
    if colon is None:
        return None
    nested = match["key"] not in TEXT_KEYS and re.match(r"^[\w\-]+: +\S", value) is not None
    meant = f"{{{value}}}" if nested else quoted(value)
    place = (start + colon.start(), start + colon.start() + 1)
    variant = "nested" if nested else "colon"
    found = _finding(draft, "PB108", number, place, variant=variant, mended=f"{match['key']}: {meant}")
    draft.replace(number, start, start + len(value), meant)
    return found


def mend_flow_text(draft: Draft, number: int) -> Diagnostic | None:
    """`{text: {{ name }}您好, every: 30d}`, `{text: 今日特价: 39.9}`, `{tag: #爱水果}`."""
    line = draft.line(number)
    for match in _FLOW.finditer(line):
        value = match["value"].rstrip()
        start = match.start("value")
        if not value:
            continue
        if value[0] in _STARTS:
            variant, sign = ("exclamation" if value[0] == "!" else "start"), value[0]
        elif "{{" in value:
            variant, sign = "start", "{{"
        elif ": " in value:
            variant, sign = "colon", ":"
        elif value.startswith("#") or " #" in value:
            variant, sign = "empty" if value.startswith("#") else "", "#"
        else:
            continue
        at = start + value.find(sign)
        place = (at, start + len(value) if sign == "#" else at + len(sign))
        is_name = sign == "#" and match["key"] not in TEXT_KEYS
        mended = f"{match['key']}: {value.strip('#') if is_name else quoted(value)}"
        code = "PB106" if sign == "#" else "PB108"
        params = {"value": value[value.find("#") :] if sign == "#" else sign, "mended": mended}
        found = _finding(draft, code, number, place, variant=variant, **params)
        meant = value.strip("#") if is_name else value
        draft.replace(number, start, start + len(value), quoted(meant))
        return found
    return None


def mend_tight_colon(draft: Draft, number: int) -> Diagnostic | None:
    """`count:3..`."""
    line = draft.line(number)
    match = _TIGHT.match(line)
    if match is None or ": " in line:
        return None
    value = f"{match[2]}:{_without_comment(match[3])}"
    place = (match.start(2), match.start(2) + len(value))
    mended = f"{match[2]}: {_without_comment(match[3])}"
    found = _finding(draft, "PB109", number, place, value=value, mended=mended)
    draft.replace(number, match.end(2), match.end(2) + 1, ": ")
    return found


def mend_open_quote(draft: Draft, number: int) -> Diagnostic | None:
    """`text: "您好` whose quote never ends."""
    line = draft.line(number)
    match = _BLOCK.match(line)
    if match is None or match["value"][0] not in "\"'":
        return None
    sign = match["value"][0]
    if match["value"].rstrip().count(sign) % 2 == 0:
        return None
    start = match.start("value")
    found = _finding(draft, "PB101", number, (start, start + 1), variant="quote", sign=sign)
    end = len(line.rstrip())
    draft.replace(number, end, end, sign)
    return found


def mend_open_bracket(draft: Draft, number: int) -> Diagnostic | None:
    """`when: {city: 北京` whose bracket never ends."""
    line = _without_comment(draft.line(number))
    opened: list[int] = []
    for at in _signs(line, "[]{}"):
        if line[at] in "[{":
            opened.append(at)
        elif opened:
            opened.pop()
    if not opened:
        return None
    first = opened[-1]
    closers = "".join("]" if line[at] == "[" else "}" for at in reversed(opened))
    params = {"sign": line[first], "closing": closers}
    found = _finding(draft, "PB101", number, (first, first + 1), variant="open", **params)
    draft.replace(number, len(line), len(line), closers)
    return found


MENDS: tuple[Callable[[Draft, int], Diagnostic | None], ...] = (
    mend_brackets,
    mend_comparison,
    mend_start,
    mend_key_colon,
    mend_key_comma,
    mend_value_colon,
    mend_flow_text,
    mend_tight_colon,
    mend_open_quote,
    mend_open_bracket,
)
ONCE = (mend_open_quote, mend_open_bracket)
"""Mends that make a line longer at its end: a second time they would mend what they have put there themselves."""
