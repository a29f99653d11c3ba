"""How imports are shown: `pdo import` and `pdo imports`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.commands.cells import clean
from pdo.commands.persons import named
from pdo.commands.present import Table, money, number
from pdo.core.wording import Language, say
from pdo.report.values import mask

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdo.commands.present import Output
    from pdo.core.errors import PdoError
    from pdo.model.reports import ChangeExample, ImportReport, RejectedCell

VERDICTS = ("read", "new", "changed", "same", "duplicate", "rejected", "blank")
REJECTS_SHOWN = 5


def import_data(
    reports: Sequence[ImportReport], failures: Sequence[PdoError] = (), *, dry_run: bool, language: Language
) -> dict[str, object]:
    """What JSON says of an import: the sums over all files, each file, and why others did not go in."""
    sums: dict[str, object] = {verdict: sum(getattr(report, verdict) for report in reports) for verdict in VERDICTS}
    failed = [
        {
            "code": failure.key,
            "path": str(failure.params.get("path", "")),
            "message": say(failure.key, language, **failure.params),
        }
        for failure in failures
    ]
    files = [file_data(report, language) for report in reports]
    return {**sums, "dry_run": dry_run, "files": files, "failed": failed}


def file_data(report: ImportReport, language: Language) -> dict[str, object]:
    """What JSON says of one kind of one file."""
    return {
        "path": report.path,
        "kind": report.kind,
        "encoding": report.encoding,
        "columns": dict(report.columns),
        "unused": list(report.unused),
        **{verdict: getattr(report, verdict) for verdict in VERDICTS},
        "figures": dict(report.figures),
        "rejects": [reject_data(cell, language) for cell in report.rejects],
        "notes": [reject_data(cell, language) for cell in report.notes],
        "note_counts": dict(report.note_counts),
        "import_id": report.import_id,
        "joined": report.joined,
        "separated": list(report.separated),
        "conflicts": report.conflicts,
        "known_from": report.known_from,
        "profile": report.profile,
        "examples": [_example_data(example) for example in report.examples],
    }


def _example_data(example: ChangeExample) -> dict[str, object]:
    changes = [{"column": column, "old": _masked(old), "new": _masked(new)} for column, old, new in example.changes]
    return {"line": example.line, "key": _masked(example.key), "changes": changes}


def _masked(text: str | None) -> str | None:
    return None if text is None else mask(text)


def reject_data(cell: RejectedCell, language: Language) -> dict[str, object]:
    """What JSON says of a fault."""
    return {
        "line": cell.line,
        "column": cell.column,
        "value": cell.value,
        "code": cell.code,
        "message": cell.message(language),
        "hint": cell.hint(language),
    }


def import_blocks(reports: Sequence[ImportReport], output: Output, *, dry_run: bool) -> Iterator[str | Table]:
    """What people read of an import."""
    rows = [(report.path, report.kind, *(number(getattr(report, name)) for name in VERDICTS)) for report in reports]
    yield Table(output.headings("file", "kind", *VERDICTS), rows, frozenset(range(2, 9)))
    for report in reports:
        if report.known_from is not None:
            yield output.say("import.known", path=report.path, import_id=report.known_from)
        yield from _figures(report, output)
        yield from _joins(report, output)
        yield from _examples(report, output)
        if report.unused:
            yield output.say("import.unused", path=report.path, columns=", ".join(map(clean, report.unused)))
        yield from _rejects(report, output)
        yield from _notes(report, output)
    if dry_run and reports:
        yield output.say("import.dry_run")


def _figures(report: ImportReport, output: Output) -> Iterator[str]:
    if "paid_orders" in report.figures:
        yield output.say(
            "import.figures",
            orders=number(report.read - report.blank - report.rejected - report.duplicate),
            paid=number(report.figures["paid_orders"]),
            net=money(report.figures["net_minor"]),
            refunded=money(report.figures["refunded_minor"]),
        )


def _joins(report: ImportReport, output: Output) -> Iterator[str]:
    """Who is one person since; that somebody is so no longer is never left unsaid."""
    if report.joined:
        yield output.say("import.joined", path=report.path, count=number(report.joined))
    if report.separated:
        count, keys = number(len(report.separated)), named(report.separated)
        yield output.say("import.separated", path=report.path, count=count, keys=keys)
    if report.conflicts and (report.joined or report.separated or report.kind == "customers"):
        yield output.say("import.conflicts", path=report.path, count=number(report.conflicts))


def _examples(report: ImportReport, output: Output) -> Iterator[str]:
    for example in report.examples:
        said = "; ".join(
            f"{column}: {_masked(old) or '-'} → {_masked(new) or '-'}" for column, old, new in example.changes
        )
        yield f"{report.path}:{example.line}: {clean(_masked(example.key) or '')} {clean(said)}"
    if report.changed > len(report.examples) > 0:
        yield output.say("import.more_changes", path=report.path, changed=number(report.changed))


def _rejects(report: ImportReport, output: Output) -> Iterator[str]:
    for cell in report.rejects[:REJECTS_SHOWN]:
        yield reject_line(cell, report.path, output)
    if report.rejected > 0 and len(report.rejects) > REJECTS_SHOWN:
        yield output.say("import.more_rejects", path=report.path, rejected=number(report.rejected))


def _notes(report: ImportReport, output: Output) -> Iterator[str]:
    """What is worth telling of records that went in: of each kind how many, and the first."""
    for code, count in report.note_counts.items():
        yield output.say("import.notes", path=report.path, count=number(count))
        yield from (reject_line(note, report.path, output) for note in report.notes if note.code == code)


def reject_line(cell: RejectedCell, path: str, output: Output) -> str:
    """One fault on one line: where, why it does not do, what was found, what to do."""
    value = output.say("import.value", value=clean(cell.value)) if cell.value else ""
    parts = (cell.code, cell.message(output.language), value, cell.hint(output.language))
    return f"{path}:{cell.line}: {' '.join(clean(part) for part in parts if part)}"


def exceeds(report: ImportReport, limit: tuple[float, bool]) -> bool:
    """Whether more records of a file were rejected than the limit allows."""
    most, is_share = limit
    return report.rejected > (report.read * most / 100 if is_share else most)
