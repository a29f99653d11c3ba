"""What came of examples, as lines for people and as data for JSON and JUnit."""

from __future__ import annotations

from html import escape
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.commands.cells import clean
from pdo.commands.changes import reason_words
from pdo.commands.explain import explanation_data, explanation_lines
from pdo.commands.present import Table, local
from pdo.core.wording import hint_of, say
from pdo.model.examples import Aspect
from pdo.model.verdicts import Unknown
from pdo.playbook.invisible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pdo.commands.present import Output
    from pdo.core.source import Span
    from pdo.model.verdicts import Covered, ExampleReport, Failure, RenderedMessage, Unchecked, Unread, Verdict

_SAID: Mapping[Aspect, tuple[str, str]] = MappingProxyType(
    {
        Aspect.TAG: ("test.tag_missing", "test.tag_unwanted"),
        Aspect.SEGMENT: ("test.segment_missing", "test.segment_unwanted"),
        Aspect.STAGE: ("test.stage_missing", "test.stage_unwanted"),
        Aspect.SCORE: ("test.value_missing", "test.value_missing"),
        Aspect.METRIC: ("test.value_missing", "test.value_missing"),
        Aspect.MESSAGE: ("test.message_missing", "test.message_unwanted"),
        Aspect.TASK: ("test.task_missing", "test.task_unwanted"),
    }
)
_UNKNOWN: Mapping[Unknown, str] = MappingProxyType(
    {
        Unknown.CUSTOMER: "test.unknown_customer",
        Unknown.NAME: "test.unknown_name",
    }
)


def place_of(span: Span) -> str:
    """`file:line:column`."""
    return f"{visible(span.source.path)}:{span.line}:{span.column}"


# Sentences ----------------------------------------------------------------------------------------------------------------


def failure_words(found: Failure, output: Output) -> str:
    """One sentence: whom it is about, what was expected, what is there."""
    nothing = output.say("test.nothing")
    got = found.got
    if found.whole:
        key = "test.more_than_exactly" if found.customer else "test.members_differ"
    else:
        key = _SAID[found.aspect][found.absent]
    if found.aspect is Aspect.MESSAGE and not found.whole and not found.absent:
        if found.withheld:
            key, got = "test.message_withheld", reason_words(found.withheld, output)
        elif got:
            key = "test.message_differs"
    said = output.say(
        key,
        customer=found.customer,
        name=found.name,
        expected=found.expected or nothing,
        got=got or nothing,
    )
    return clean(said)


def unchecked_words(found: Unchecked, output: Output) -> str:
    """Why an expectation cannot be checked."""
    return clean(output.say(_UNKNOWN[found.reason], name=found.name))


def unread_words(found: Unread, output: Output) -> str:
    """Why rows could not be brought in, and what to do."""
    line = output.say("test.line", line=found.line) + "  " if found.line is not None else ""
    file = f"{found.path}  " if found.path else ""
    code = f"{found.key} " if found.key.startswith("IM") else ""
    hint = hint_of(found.key, output.language, **found.params)
    return clean(f"{file}{line}{code}{say(found.key, output.language, **found.params)}{hint and ' ' + hint}")


def message_words(found: RenderedMessage, output: Output) -> str:
    """A message that an example made, or that was held back."""
    key = "test.withheld" if found.reason else "test.message"
    return clean(
        output.say(
            key,
            moment=local(found.moment),
            campaign=found.campaign,
            customer=found.customer,
            text=found.text,
            reason=reason_words(found.reason, output),
        )
    )


def missing_words(found: Covered, output: Output) -> str:
    """Which side of a rule no example has seen."""
    if found.kind == "rfm":
        key = "test.never_seen" if not found.failed and not found.held else ""
        return output.say(key or ("test.part_high" if found.held else "test.part_low"))
    if not found.held:
        return output.say("test.never_held" if found.failed else "test.never_seen")
    return output.say("test.always_held")


# Text ---------------------------------------------------------------------------------------------------------------------


def verdict_lines(found: Verdict, output: Output, *, messages: bool) -> Iterator[str]:
    """An example that did not pass with everything that is wrong; any with its messages, where these are asked for."""
    if found.passed and not messages:
        return
    yield f"{'✓' if found.passed else '✗'} {clean(found.name)}  {place_of(found.span)}"
    for unread in found.unread:
        yield f"  {place_of(unread.span)}"
        yield f"    {unread_words(unread, output)}"
    for unchecked in found.unchecked:
        yield f"  {place_of(unchecked.span)}"
        yield f"    {unchecked_words(unchecked, output)}"
    told = set()
    for failure in found.failures:
        yield "  " + output.say("test.at", place=place_of(failure.span), moment=local(failure.moment))
        yield f"    {failure_words(failure, output)}"
        for why in failure.why:
            once = why.customer_key, why.kind, why.name, failure.moment
            if once not in told:
                yield from (f"      {line}" for line in explanation_lines(why, output))
            told.add(once)
    if not found.passed:
        for path, columns in found.unused:
            yield "  " + clean(output.say("test.unused", path=path, columns="、".join(columns)))
    if messages:
        yield from (f"  {message_words(one, output)}" for one in found.messages)
        if not found.messages:
            yield "  " + output.say("test.no_message")
    yield ""


def coverage_blocks(found: ExampleReport, output: Output) -> Iterator[str | Table]:
    """How much of each playbook was seen, and every rule of which a side was not."""
    playbooks = dict.fromkeys(one.playbook for one in found.coverage)
    rows = []
    for playbook in playbooks:
        mine = [one for one in found.coverage if one.playbook == playbook]
        seen = sum(one.held + one.failed for one in mine)
        rows.append((playbook, str(len(mine)), f"{seen}/{2 * len(mine)}", f"{percent(seen, 2 * len(mine))}%"))
    yield Table(output.headings("playbook", "rules", "outcomes_seen", "share"), rows, frozenset({1, 2, 3}))
    yield ""
    missing = [one for one in found.coverage if not (one.held and one.failed)]
    for one in missing:
        name = f"{one.scope}/{one.name}" if one.scope else one.name
        kind = output.say(f"heading.{one.kind}")
        yield output.say(
            "test.uncovered", place=place_of(one.span), kind=kind, name=clean(name), what=missing_words(one, output)
        )
    if missing:
        yield ""


def percent(seen: int, outcomes: int) -> str:
    """A share with one decimal, never rounded up: 100 means all."""
    tenths = 1000 * seen // outcomes if outcomes else 1000
    return f"{tenths // 10}.{tenths % 10}".removesuffix(".0")


def summary(found: ExampleReport, output: Output) -> str:
    """How many passed."""
    total = len(found.verdicts)
    key = "test.failed" if found.failed else "test.passed"
    return output.say(key, total=total, passed=total - found.failed, failed=found.failed)


def coverage_words(found: ExampleReport, output: Output, least: int | None) -> str:
    """How much of the rules was seen, and whether that is enough."""
    share = percent(found.outcomes_seen, found.outcomes)
    said = output.say("test.coverage", share=share, seen=found.outcomes_seen, outcomes=found.outcomes)
    return said + (output.say("test.below", wanted=least) if least is not None and found.share_covered < least else "")


# JSON ---------------------------------------------------------------------------------------------------------------------


def report_data(found: ExampleReport, output: Output) -> dict[str, object]:
    """What JSON says."""
    return {
        "total": len(found.verdicts),
        "passed": len(found.verdicts) - found.failed,
        "failed": found.failed,
        "examples": [_verdict_data(one, output) for one in found.verdicts],
        "coverage": {
            "percent": float(percent(found.outcomes_seen, found.outcomes)),
            "seen": found.outcomes_seen,
            "outcomes": found.outcomes,
            "rules": [_covered_data(one) for one in found.coverage],
        },
    }


def _verdict_data(found: Verdict, output: Output) -> dict[str, object]:
    return {
        "name": found.name,
        "playbook": found.playbook,
        "passed": found.passed,
        **_place(found.span),
        "failures": [
            {
                "aspect": one.aspect.value,
                "customer_id": one.customer or None,
                "name": one.name,
                "expected": one.expected,
                "got": one.got,
                "absent": one.absent,
                "whole": one.whole,
                "moment": one.moment,
                "message": failure_words(one, output),
                **_place(one.span),
                "why": [explanation_data(why) for why in one.why],
            }
            for one in found.failures
        ],
        "unchecked": [
            {
                "aspect": one.aspect.value,
                "name": one.name,
                "reason": one.reason.value,
                "message": unchecked_words(one, output),
                **_place(one.span),
            }
            for one in found.unchecked
        ],
        "unread": [
            {
                "path": one.path or None,
                "row": one.line,
                "code": one.key,
                "message": unread_words(one, output),
                **_place(one.span),
            }
            for one in found.unread
        ],
        "unused": [{"path": path, "columns": list(columns)} for path, columns in found.unused],
        "messages": [
            {
                "campaign": one.campaign,
                "customer_id": one.customer,
                "text": one.text,
                "withheld": one.reason or None,
                "moment": one.moment,
            }
            for one in found.messages
        ],
    }


def _covered_data(found: Covered) -> dict[str, object]:
    return {
        "kind": found.kind,
        "scope": found.scope or None,
        "name": found.name,
        "playbook": found.playbook,
        "held": found.held,
        "failed": found.failed,
        **_place(found.span),
    }


def _place(span: Span) -> dict[str, object]:
    return {"file": PurePath(span.source.path).as_posix(), "line": span.line, "column": span.column}


# JUnit --------------------------------------------------------------------------------------------------------------------


def junit(found: ExampleReport, output: Output) -> str:
    """A suite a file, a case an example."""
    suites: dict[str, list[Verdict]] = {}
    for one in found.verdicts:
        suites.setdefault(PurePath(one.span.source.path).as_posix(), []).append(one)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="pdo test" tests="{len(found.verdicts)}" failures="{found.failed}" errors="0">',
    ]
    for path, each in suites.items():
        failed = sum(not one.passed for one in each)
        counts = f'tests="{len(each)}" failures="{failed}" errors="0" skipped="0" time="0"'
        lines.append(f"  <testsuite name={_attribute(path)} {counts}>")
        lines += [_junit_case(one, path, output) for one in each]
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>"])


def _junit_case(found: Verdict, path: str, output: Output) -> str:
    name, file = _attribute(found.name), _attribute(path)
    head = f'    <testcase name={name} classname={file} file={file} line="{found.span.line}" time="0"'
    if found.passed:
        return f"{head}/>"
    words = [
        *(unread_words(one, output) for one in found.unread),
        *(unchecked_words(one, output) for one in found.unchecked),
        *(failure_words(one, output) for one in found.failures),
    ]
    text = "\n".join(_xml(visible(line)) for line in verdict_lines(found, output, messages=False))
    return f"{head}><failure message={_attribute(words[0])}>{text}</failure></testcase>"


def _attribute(text: str) -> str:
    return f'"{_xml(visible(text))}"'


def _xml(text: str) -> str:
    return escape(text.replace("\ufffe", "").replace("\uffff", ""))
