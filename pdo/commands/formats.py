"""Findings in the formats of those who show them: GitHub annotations, SARIF, JUnit, GitLab's code quality.

What decides is the exit code, the same in every format. Lines and columns count from 1, columns in characters.
"""

from __future__ import annotations

import json
from collections import Counter
from html import escape
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote

from pdo import __version__
from pdo.core.codes.rules import title_of
from pdo.core.late import late
from pdo.core.nodes import lines_of
from pdo.playbook.invisible import visible

if TYPE_CHECKING:
    import hashlib
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pdo.api.checking import CheckReport
    from pdo.core.diagnostics import Diagnostic
    from pdo.core.source import Span
    from pdo.core.wording import Language
else:
    hashlib = late("hashlib")

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_GITHUB = MappingProxyType({"error": "error", "warning": "warning", "advice": "notice"})
_SARIF = MappingProxyType({"error": "error", "warning": "warning", "advice": "note"})
_GITLAB = MappingProxyType({"error": "major", "warning": "minor", "advice": "info"})
_NOWHERE = "pdo.yaml"


def _path(found: Diagnostic) -> str:
    return PurePath(found.span.source.path).as_posix() if found.span else _NOWHERE


def _told(found: Diagnostic, language: Language) -> str:
    """The message and what to do, on a line each."""
    hint = found.hint(language)
    return visible(found.message(language)) + (f"\n{visible(hint)}" if hint else "")


# GitHub -----------------------------------------------------------------------------------------------------------------


def github(report: CheckReport, language: Language) -> Iterator[str]:
    """A workflow command a finding; what follows `::` can be read in the log as well."""
    for found in report.diagnostics:
        place = {"title": f"pdo {found.code}"}
        where = ""
        if span := found.span:
            place |= {"file": _path(found), "line": str(span.line), "col": str(span.column)}
            place |= {"endLine": str(span.end_line), "endColumn": str(span.end_column)}
            where = f"{_path(found)}:{span.line}:{span.column}: "
        said = ",".join(f"{name}={_property(value)}" for name, value in place.items())
        text = _data(f"{where}{found.code} {_told(found, language)}")
        yield f"::{_GITHUB[found.severity.value]} {said}::{text}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


# SARIF ------------------------------------------------------------------------------------------------------------------


def sarif(report: CheckReport, language: Language) -> str:
    """A log of SARIF 2.1.0, with the findings that comments silence marked as such."""
    every = [*report.diagnostics, *(found for found, _ in report.silenced)]
    reasons: Sequence[str | None] = [None] * len(report.diagnostics) + [reason for _, reason in report.silenced]
    codes = sorted({found.code for found in every})
    run = {
        "tool": {
            "driver": {
                "name": "pdo",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_sarif_rule(code, every, language) for code in codes],
            }
        },
        "language": "zh-CN" if language == "zh" else "en-US",
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": [
            _sarif_result(found, mark, codes.index(found.code), reason, language)
            for found, mark, reason in zip(every, fingerprints(every), reasons, strict=True)
        ],
    }
    return _json({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _sarif_rule(code: str, every: Iterable[Diagnostic], language: Language) -> dict[str, object]:
    worst = next(found.severity.value for found in every if found.code == code)
    return {
        "id": code,
        "shortDescription": {"text": title_of(code, language)},
        "help": {"text": f"pdo rule {code}"},
        "defaultConfiguration": {"level": _SARIF[worst]},
    }


def _sarif_result(found: Diagnostic, mark: str, rule: int, reason: str | None, language: Language) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": _SARIF[found.severity.value],
        "message": {"text": _told(found, language)},
        "locations": [_sarif_place(_path(found), found.span)],
        "partialFingerprints": {"pdo/v1": mark},
    }
    if found.related:
        result["relatedLocations"] = [
            _sarif_place(related.span.source.path, related.span) | {"message": {"text": related.message(language)}}
            for related in found.related
        ]
    if reason is not None:
        result["suppressions"] = [{"kind": "inSource", "justification": reason}]
    return result


def _sarif_place(path: str, span: Span | None) -> dict[str, object]:
    pure = PurePath(path)
    uri = pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())
    place: dict[str, object] = {"artifactLocation": {"uri": uri}}
    if span is not None:
        place["region"] = {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        }
    return {"physicalLocation": place}


# JUnit ------------------------------------------------------------------------------------------------------------------


def junit(report: CheckReport, language: Language, *, strict: bool) -> str:
    """A suite a file, a case a finding; a file without findings is one case that passes.

    Args:
        strict: warnings and advice fail too; otherwise they pass and are told.
    """
    files = list(dict.fromkeys((*report.files, *(_path(found) for found in report.diagnostics))))
    by_file = {name: [found for found in report.diagnostics if _path(found) == name] for name in files}
    fails = {name: sum(found.is_error or strict for found in each) for name, each in by_file.items()}
    tests = sum(max(len(each), 1) for each in by_file.values())
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="pdo validate" tests="{tests}" failures="{sum(fails.values())}" errors="0">',
    ]
    for name, each in by_file.items():
        suite = f'tests="{max(len(each), 1)}" failures="{fails[name]}"'
        lines.append(f'  <testsuite name={_attribute(name)} {suite} errors="0" skipped="0" time="0">')
        lines += [_junit_case(found, language, strict=strict) for found in each] or [
            f'    <testcase name={_attribute(name)} classname={_attribute(name)} time="0"/>'
        ]
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>"])


def _junit_case(found: Diagnostic, language: Language, *, strict: bool) -> str:
    place = f":{found.span.line}:{found.span.column}" if found.span else ""
    name = f"{found.code}{place}"
    at = f' line="{found.span.line}" column="{found.span.column}"' if found.span else ""
    text = _xml(f"{_path(found)}{place}: {found.code} {_told(found, language)}")
    file = _attribute(_path(found))
    head = f'    <testcase name={_attribute(name)} classname={file} file={file}{at} time="0">'
    if found.is_error or strict:
        message = _attribute(found.message(language))
        inner = f"<failure type={_attribute(found.severity.value)} message={message}>{text}</failure>"
    else:
        inner = f"<system-out>{text}</system-out>"
    return f"{head}{inner}</testcase>"


def _attribute(text: str) -> str:
    return f'"{_xml(visible(text))}"'


def _xml(text: str) -> str:
    """A text as XML takes it; two characters that `visible` lets through are none there."""
    return escape(text.replace("\ufffe", "").replace("\uffff", ""))


# GitLab -----------------------------------------------------------------------------------------------------------------


def gitlab(report: CheckReport, language: Language) -> str:
    """A report of GitLab's code quality: an array with an object a finding."""
    return _json(
        [
            {
                "description": f"{found.code} {_told(found, language)}",
                "check_name": found.code,
                "fingerprint": mark,
                "severity": _GITLAB[found.severity.value],
                "location": {
                    "path": _path(found),
                    "positions": {"begin": _begin(found.span), "end": _end(found.span)},
                },
            }
            for found, mark in zip(report.diagnostics, fingerprints(report.diagnostics), strict=True)
        ]
    )


def _begin(span: Span | None) -> Mapping[str, int]:
    return {"line": span.line, "column": span.column} if span else {"line": 1, "column": 1}


def _end(span: Span | None) -> Mapping[str, int]:
    return {"line": span.end_line, "column": span.end_column} if span else {"line": 1, "column": 1}


def fingerprints(every: Iterable[Diagnostic]) -> list[str]:
    """What tells a finding again when lines above it have come or gone: its code, its file and what its line says."""
    seen: Counter[tuple[str, ...]] = Counter()
    marks = []
    for found in every:
        key = (found.key, _path(found), _line(found.span))
        marks.append(hashlib.sha256("\0".join((*key, str(seen[key]))).encode("utf-8", "replace")).hexdigest())
        seen[key] += 1
    return marks


def _line(span: Span | None) -> str:
    lines = lines_of(span.source) if span else ()
    return lines[span.line - 1].strip() if span and span.line <= len(lines) else ""


def _json(found: object) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2).encode("utf-8", "replace").decode("utf-8")
