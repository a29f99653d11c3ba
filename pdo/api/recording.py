"""An example written from the store: all that is known of some customers, with what the rules make of it now."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pdo.api.testing import file_reader, run_examples
from pdo.compiler.program import Wants
from pdo.core.diagnostics import Findings
from pdo.core.errors import UsageError
from pdo.core.figures import local_time, shown
from pdo.core.source import Source
from pdo.evaluate.arrival import Arrival
from pdo.evaluate.engine import open_engine
from pdo.evaluate.example_facts import World
from pdo.evaluate.rehearse import Rehearsal
from pdo.model.conditions import Measure, MeasureName
from pdo.model.fields import Type
from pdo.playbook.files import CASES_SUFFIXES, playbook_files, read_source
from pdo.playbook.project import read_project
from pdo.playbook.reading import Reading
from pdo.report.customers import resolve_customer
from pdo.report.labels import held_by
from pdo.report.recorded import Recorder
from pdo.store.session import open_session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pdo.api.project import OpenProject
    from pdo.core.calendar import Moment
    from pdo.evaluate.rehearse import Seen
    from pdo.model.examples import Cell
    from pdo.model.playbook import Project
    from pdo.model.settings import Settings

WHOLE = (Type.INTEGER, Type.MONEY, Type.NUMBER)
DIVIDED = (MeasureName.AVERAGE, MeasureName.GAP)
HEAD = "version: 1\nexamples:\n"
NAME = "录"
"""Of the file that the text is checked as; no user sees it."""
_PLAIN = re.compile(r"[A-Za-z_一-鿿][\w一-鿿]*|[0-9]+(\.[0-9]+)?")


def record(opened: OpenProject, customers: Sequence[str], now: Moment) -> str:
    """An example with all rows of some customers up to now, personal data replaced, and what the rules make of them.

    Its expectations are what the rules say of these rows alone, so that it passes when it is run; what the store holds besides,
    of earlier runs or of averages over everybody, stands above it as a comment.

    Args:
        customers: own ids or other identifiers.
        now: the moment of the example.

    Returns:
        The item of a list of examples, without indent.

    Raises:
        UsageError: there is no such customer, or no rule.
    """
    settings, project = opened.settings, opened.project
    with open_session(settings.database) as session:
        found = tuple({one.id: one for one in (resolve_customer(session, text) for text in customers)}.values())
        recorder = Recorder(session, settings, found, now.at)
        rows = recorder.rows()
        names = {recorder.alias(one): one for one in found}
        held = {
            alias: {
                (label.kind, label.scope, label.name)
                for label in held_by(session, one.id or 0, settings.timezone, open_only=True)
            }
            for alias, one in names.items()
        }
    title = _title(project, "、".join(names), now)
    head = _head(title, rows, settings, now)
    seen = _seen(settings, f"{head}  expect: {_anything(project, next(iter(names)))}\n", now)
    expected = "".join(f"    {line}\n" for line in _expected(project, {alias: seen[alias] for alias in names}))
    text = f"{_differences(held, seen)}{head}  expect:\n{expected}"
    _check(settings, text)
    return text


def _anything(project: Project, alias: str) -> str:
    """Some expectation that can be read; whether it holds is not asked."""
    if project.tags or project.segments:
        name = next((one.name for one in project.tags.values() if not one.column), next(iter(project.segments), ""))
        return f"{{members: {{{_quoted(name)}: []}}}}"
    if project.lifecycles:
        cycle = next(iter(project.lifecycles.values()))
        return f"{{stages: {{{_quoted(cycle.name)}: {{{alias}: {_quoted(cycle.stages[0])}}}}}}}"
    raise UsageError("error.record_nothing")


def _title(project: Project, customers: str, now: Moment) -> str:
    """A name that no example has."""
    known = {one.name for one in project.examples}
    plain = f"录自 {customers} {local_time(now.at, now.zone)[:10]}"
    names = (plain, *(f"{plain} 之{number}" for number in range(2, len(known) + 3)))
    return next(name for name in names if name not in known)


# Text ---------------------------------------------------------------------------------------------------------------------


def _head(title: str, rows: Mapping[str, list[dict[str, Cell]]], settings: Settings, now: Moment) -> str:
    lines = [f"- name: {_quoted(title)}", f"  now: {local_time(now.at, now.zone)}"]
    order = sorted(rows, key=list(settings.kinds).index)
    for kind in ("customers", *(kind for kind in order if kind != "customers")):
        types = {column.name: column.type for column in settings.kinds[kind].columns}
        types |= {one.column.name: one.column.type for one in settings.declared(kind)}
        lines.append(f"  {kind}:")
        for cells in rows[kind]:
            told = (f"{_quoted(name)}: {_cell(types[name], cell, now.zone)}" for name, cell in cells.items())
            lines.append(f"    - {{{', '.join(told)}}}")
    return "\n".join(lines) + "\n"


def _cell(type_: Type, cell: Cell, zone: str) -> str:
    if isinstance(cell, tuple):
        return f"[{', '.join(map(_quoted, cell))}]"
    if type_ is Type.BOOLEAN:
        return "true" if cell else "false"
    return _quoted(cell if isinstance(cell, str) else shown(type_.value, cell, zone))


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _expected(project: Project, seen: Mapping[str, Seen]) -> Iterator[str]:
    """Labels as a whole, scores and whole metrics by customer."""
    yield "exactly: true"
    for key, labels in (
        ("tags", {alias: sorted(one.tags) for alias, one in seen.items()}),
        ("segments", {alias: sorted(one.segments) for alias, one in seen.items()}),
    ):
        filled = {alias: names for alias, names in labels.items() if names}
        if filled:
            told = (f"{_quoted(alias)}: [{', '.join(map(_quoted, names))}]" for alias, names in filled.items())
            yield f"{key}: {{{', '.join(told)}}}"
    stages = {
        name: {alias: one.stages[name] for alias, one in seen.items() if name in one.stages}
        for name in project.lifecycles
    }
    yield from _table("stages", stages)
    yield from _table("scores", {name: _told(name, seen) for name in project.scores})
    yield from _table("metrics", {name: _told(name, seen) for name in _whole_metrics(project)})


def _table(key: str, values: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    filled = {name: found for name, found in values.items() if found}
    if filled:
        yield f"{key}:"
    for name, found in filled.items():
        yield f"  {_quoted(name)}: {{{', '.join(f'{_quoted(alias)}: {_quoted(value)}' for alias, value in found.items())}}}"


def _told(name: str, seen: Mapping[str, Seen]) -> dict[str, str]:
    return {alias: one.shown[name] for alias, one in seen.items() if one.shown[name]}


def _whole_metrics(project: Project) -> list[str]:
    """Metrics whose value is told as exactly as it is kept."""
    return [
        one.name
        for one in project.metrics.values()
        if one.type in WHOLE and isinstance(one.measure, Measure) and one.measure.name not in DIVIDED
    ]


def _differences(held: Mapping[str, set[tuple[str, str, str]]], seen: Mapping[str, Seen]) -> str:
    """What the store has and the example has not, and the other way round, as comments."""
    lines = []
    for alias, labels in held.items():
        one = seen[alias]
        here = {("tag", name) for name in one.tags} | {("segment", name) for name in one.segments}
        here |= {("stage", f"{scope}/{name}") for scope, name in one.stages.items()}
        there = {
            (kind, f"{scope}/{name}" if kind == "stage" else name)
            for kind, scope, name in labels
            if kind in ("tag", "stage", "segment")
        }
        lines += [f"# {alias}  store: {kind} {name}" for kind, name in sorted(there - here)]
        lines += [f"# {alias}  here: {kind} {name}" for kind, name in sorted(here - there)]
    return "".join(f"{line}\n" for line in lines)


# Run ----------------------------------------------------------------------------------------------------------------------


def _read(settings: Settings, item: str) -> Project:
    """The project with this example as its only one."""
    findings = Findings()
    sources = (read_source(path, findings) for path in playbook_files(settings, None))
    text = HEAD + "".join(f"  {line}\n" for line in item.splitlines())
    mine = Source(f"{NAME}{CASES_SUFFIXES[0]}", text)
    others = tuple(one for one in sources if one is not None and not one.path.endswith(CASES_SUFFIXES))
    project = read_project((*others, mine), Reading(settings, findings))
    wrong = [
        (one.code, one.span.line) for one in findings.sorted() if one.is_error and one.span and one.span.source is mine
    ]
    if wrong:
        message = f"what was recorded cannot be read: {wrong}"
        raise RuntimeError(message)
    return project


def _seen(settings: Settings, item: str, now: Moment) -> Mapping[str, Seen]:
    project = _read(settings, item)
    example = project.examples[-1]
    shown_names = [*project.scores, *_whole_metrics(project)]
    world = World(0)
    with open_engine() as engine:
        rehearsal = Rehearsal(engine, project, settings)
        Arrival(world, settings, file_reader(settings), rehearsal.tags).bring(example.moments[0])
        wants = Wants(shown={name: name for name in shown_names}, worlds=True)
        return rehearsal.round([world], [now], wants)[0]


def _check(settings: Settings, item: str) -> None:
    project = _read(settings, item)
    (verdict,) = run_examples(project, settings, file_reader(settings), chosen=project.examples[-1:]).verdicts
    if not verdict.passed:
        message = f"what was recorded does not hold: {[(one.aspect, one.name) for one in verdict.failures]}"
        raise RuntimeError(message)


# Files --------------------------------------------------------------------------------------------------------------------


def append(target: Path, item: str) -> None:
    """Put an example behind those of a file of cases, or begin one.

    Raises:
        UsageError: it is no file of cases, or its examples are not what stands last in it.
    """
    if not target.name.endswith(CASES_SUFFIXES):
        raise UsageError("error.record_file", path=target)
    before = target.read_text("utf-8") if target.exists() else HEAD
    found = re.search(r"^examples:[^\n]*\n(?:\s*#[^\n]*\n|\s*\n)*( *)- ", before, flags=re.MULTILINE)
    last = re.findall(r"^([A-Za-z_]+|[一-鿿]+):", before, flags=re.MULTILINE)[-1:]
    if last != ["examples"] or (found is None and before.rstrip() != HEAD.rstrip()):
        raise UsageError("error.record_file", path=target)
    indent = found[1] if found is not None else "  "
    text = "".join(f"{indent}{line}\n" for line in item.splitlines())
    target.write_text(before.rstrip("\n") + "\n" + text, "utf-8")
