"""What a customer belongs to: tags, stages, segments, RFM types, lists of ids, buckets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.diagnostics import Severity
from pdo.core.nodes import Entry, Mapping, Node, Scalar, Sequence
from pdo.model.conditions import (
    AgeRange,
    All,
    AnyOf,
    BucketTest,
    ListTest,
    NoneOf,
    RfmTest,
    SegmentTest,
    StageTest,
    TagTest,
)
from pdo.model.fields import CUSTOMERS
from pdo.model.playbook import RFM_TYPES
from pdo.playbook.reading import (
    expect,
    read_block,
    read_fields,
    read_text,
    read_texts,
    report_misread,
    report_near,
    report_unknown,
    require,
)
from pdo.playbook.tables import read_table
from pdo.playbook.values import MisreadError, parse_calendar, parse_whole_range, split_limits

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.model.conditions import Condition
    from pdo.playbook.reading import Reading

HUNDREDTHS = 100


def read_membership(name: str, entry: Entry, reading: Reading) -> Condition | None:
    """One of `vocabulary.REFERENCES`.

    Diagnostics:
        PB114 to PB118, PB201, PB206, PB213, PB215, PB221, PB222, PB302, PB304, PB324, PB903.
    """
    match name:
        case "stage":
            return _read_stage(entry.value, entry.span, reading)
        case "rfm":
            return _read_rfm(entry.value, entry.span, reading)
        case "in_list":
            return _read_lists(entry.value, entry.span, reading)
        case "not_in_list":
            listed = _read_lists(entry.value, entry.span, reading)
            return None if listed is None else NoneOf((listed,), entry.span)
        case "bucket":
            return _read_bucket(entry.value, entry.span, reading)
        case _:
            return _read_labels(name, entry.value, entry.span, reading)


# Tags and segments --------------------------------------------------------------------------------------------------


def _read_labels(kind: str, node: Node, span: Span, reading: Reading) -> Condition | None:
    """`tag: A`, `tag: [A, B]`, `tag: {is: A, for: 30d..}`, `tag: {all: [A, B]}`, `tag: {not: A}`; segments likewise."""
    if not isinstance(node, Mapping):
        names = read_known(node, kind, reading)
        return None if names is None else _labels(kind, names, span)
    keys = ("is", "all", "not", "for") if kind == "tag" else ("is", "not")
    fields = read_fields(node, keys, kind, reading)
    held, readable = _read_held(fields, reading)
    chosen = [key for key in keys[:-1] if key in fields] if kind == "tag" else [key for key in keys if key in fields]
    if not chosen:
        if not any(entry.key.text not in keys for entry in node.entries):
            require({}, "is", node.span, f"{kind}: {{is: 爱水果}}", reading)
        return None
    if len(chosen) > 1:
        reading.findings.add("PB311", node.span, names=", ".join(chosen))
        return None
    names = read_known(fields[chosen[0]], kind, reading)
    if names is None or not readable or len(fields) != len(node.entries):
        return None
    test = _labels(kind, names, span, every=chosen == ["all"], held=held)
    return NoneOf((test,), span) if chosen == ["not"] else test


def _labels(
    kind: str, names: tuple[str, ...], span: Span, *, every: bool = False, held: AgeRange | None = None
) -> SegmentTest | TagTest:
    return SegmentTest(names, span) if kind == "segment" else TagTest(names, span, every=every, held=held)


def _read_held(fields: dict[str, Node], reading: Reading) -> tuple[AgeRange | None, bool]:
    """`for: 30d..`: how long already, in days; and whether it could be read."""
    if "for" not in fields:
        return None, True
    node = fields["for"]
    text = read_text(node, "for", reading)
    if text is None:
        return None, False
    try:
        limits = split_limits(text)
        low, high = parse_calendar(limits, text)
    except MisreadError as wrong:
        report_misread(wrong, node.span, reading)
        return None, False
    if limits.single:
        found = reading.findings
        found.add("PB903", node.span, variant="for", severity=Severity.ADVICE, value=text, mended=f"{text}..")
    return AgeRange(low, high), True


def read_known(node: Node, kind: str, reading: Reading) -> tuple[str, ...] | None:
    """One or several names of blocks that exist; of a question for staff the tag of its first answer.

    Diagnostics:
        PB201.
    """
    texts = read_texts(node, kind, reading)
    if texts is None:
        return None
    complete = bool(texts)
    answers = reading.names.first_answers if kind == "tag" else {}
    for name, span in texts:
        if name not in reading.names.of(kind) and name not in answers:
            report_unknown_name(name, kind, span, reading)
            complete = False
    return tuple(dict.fromkeys(answers.get(name, name) for name, _ in texts)) if complete else None


def report_unknown_name(name: str, kind: str, span: Span, reading: Reading) -> None:
    """Note a name that nothing has; where it is one of another kind, which.

    Diagnostics:
        PB201.
    """
    if reading.names.may_be_lost(name):
        return
    others = ("tag", "segment", "lifecycle", "metric", "score", "rfm")
    kinds = [other for other in others if other != kind and name in reading.names.of(other)]
    other = "stage" if name in reading.names.stages and kind != "stage" else next(iter(kinds), None)
    if other:
        reading.findings.add("PB201", span, variant="kind", name=name, kind=kind, other=other)
    else:
        known = reading.names.stages if kind == "stage" else reading.names.of(kind)
        if not known and kind != "stage":
            reading.findings.add("PB201", span, variant="none", name=name, kind=kind, block=f"{kind}s")
            return
        report_unknown("PB201", span, name, known, reading.findings, kind=kind)


# Stages -------------------------------------------------------------------------------------------------------------


def _read_stage(node: Node, span: Span, reading: Reading) -> Condition | None:
    if not isinstance(node, Mapping):
        return _read_bare_stages(node, None, span, reading)
    keys = ("of", "is", "not", "for")
    fields = read_fields(node, keys, "stage", reading)
    held, readable = _read_held(fields, reading)
    chosen = [key for key in ("is", "not") if key in fields]
    if len(chosen) != 1:
        if chosen:
            reading.findings.add("PB311", node.span, names=", ".join(chosen))
        elif not any(entry.key.text not in keys for entry in node.entries):
            require({}, "is", node.span, "stage: {of: 客户阶段, is: 意向客户}", reading)
        return None
    if "of" in fields:
        test = _read_stages_of(fields["of"], fields[chosen[0]], held, span, reading)
    else:
        test = _read_bare_stages(fields[chosen[0]], held, span, reading)
    if test is None or not readable or len(fields) != len(node.entries):
        return None
    return NoneOf((test,), span) if chosen == ["not"] else test


def _read_bare_stages(node: Node, held: AgeRange | None, span: Span, reading: Reading) -> Condition | None:
    """Stages without their lifecycle: of each there must be one only."""
    texts = read_texts(node, "stage", reading)
    if texts is None:
        return None
    complete = bool(texts)
    by_lifecycle: dict[str, list[str]] = {}
    for name, place in texts:
        owners = reading.names.stages.get(name, [])
        if len(owners) == 1:
            by_lifecycle.setdefault(owners[0], []).append(name)
            continue
        complete = False
        if owners:
            mended = f"stage: {{of: {owners[0]}, is: {name}}}"
            reading.findings.add("PB206", place, name=name, owners=", ".join(owners), mended=mended)
        else:
            report_unknown_name(name, "stage", place, reading)
    if not complete:
        return None
    tests = tuple(StageTest(owner, tuple(dict.fromkeys(stages)), span, held) for owner, stages in by_lifecycle.items())
    return tests[0] if len(tests) == 1 else AnyOf(tests, span)


def _read_stages_of(of: Node, chosen: Node, held: AgeRange | None, span: Span, reading: Reading) -> Condition | None:
    lifecycle = read_text(of, "of", reading)
    texts = read_texts(chosen, "is", reading)
    if lifecycle is None or texts is None:
        return None
    if lifecycle not in reading.names.of("lifecycle"):
        report_unknown_name(lifecycle, "lifecycle", of.span, reading)
        return None
    known = [stage for stage, owners in reading.names.stages.items() if lifecycle in owners]
    complete = bool(texts)
    for name, place in texts:
        if name not in known:
            complete = False
            if not reading.names.may_be_lost(name):
                report_unknown("PB201", place, name, known, reading.findings, kind="stage")
    return StageTest(lifecycle, tuple(dict.fromkeys(name for name, _ in texts)), span, held) if complete else None


# RFM ----------------------------------------------------------------------------------------------------------------


def _read_rfm(node: Node, span: Span, reading: Reading) -> Condition | None:
    """`rfm: {全店: [HHH, HLH]}`; of a project with one setting only its types are enough."""
    settings = reading.names.of("rfm")
    if isinstance(node, Scalar | Sequence) and not (isinstance(node, Scalar) and node.is_empty):
        if len(settings) == 1:
            types = _read_types(node, reading)
            return None if types is None else RfmTest(next(iter(settings)), types, span)
        name = next(iter(settings), "全店")
        reading.findings.add("PB213", node.span, variant="setting", mended=f"rfm: {{{name}: HHH}}")
        return None
    mapping = read_block(node, "rfm", reading)
    if mapping is None:
        return None
    if not mapping.entries:
        reading.findings.add("PB118", node.span, name="rfm")
        return None
    tests: list[Condition | None] = []
    for entry in mapping.entries:
        name = entry.key.text
        types = _read_types(entry.value, reading)
        if name not in settings:
            report_unknown_name(name, "rfm", entry.key.span, reading)
            types = None
        tests.append(None if types is None else RfmTest(name, types, entry.span))
    complete = tuple(test for test in tests if test is not None)
    if len(complete) != len(tests):
        return None
    return complete[0] if len(complete) == 1 else All(complete, span)


def _read_types(node: Node, reading: Reading) -> tuple[str, ...] | None:
    texts = read_texts(node, "rfm", reading)
    if texts is None:
        return None
    names = {name: letters for letters, name in RFM_TYPES.items()}
    complete = bool(texts)
    for text, place in texts:
        if text.upper() in RFM_TYPES:
            continue
        complete = False
        if (letters := names.get(text.removesuffix("客户"))) is not None:
            report_near("PB213", place, text, letters, reading.findings)
        else:
            known = ", ".join(f"{letters} {name}" for letters, name in RFM_TYPES.items())
            reading.findings.add("PB213", place, name=text, known=known)
    return tuple(dict.fromkeys(text.upper() for text, _ in texts)) if complete else None


# Lists and buckets --------------------------------------------------------------------------------------------------


def _read_lists(node: Node, span: Span, reading: Reading) -> Condition | None:
    """The customer's id stands in one of these files."""
    texts = read_texts(node, "in_list", reading)
    if texts is None:
        return None
    found = [_read_list(path, place, span, reading) for path, place in texts]
    complete = tuple(test for test in found if test is not None)
    if not complete or len(complete) != len(found):
        return None
    return complete[0] if len(complete) == 1 else AnyOf(complete, span)


def _read_list(path: str, place: Span, span: Span, reading: Reading) -> ListTest | None:
    """The ids in a file: its column `customer_id`, by any name that an import knows it under."""
    table = read_table(path, place, reading)
    if table is None:
        return None
    own = CUSTOMERS.columns[0]
    known = [name.casefold() for name in (own.name, own.label, *own.headers)]
    column = next((name for name in table.header if name.replace(" ", "").casefold() in known), None)
    if column is None:
        headers = ", ".join(name for name in table.header if name) or "–"
        reading.findings.add("PB215", place, path=path, headers=headers, known=f"{own.name}, {own.label}")
        return None
    ids = tuple(sorted({row.cells[column] for row in table.rows if row.cells[column]}))
    if not ids:
        reading.findings.add("PB215", place, variant="empty", path=path)
        return None
    return ListTest(path, ids, span)


def _read_bucket(node: Node, span: Span, reading: Reading) -> Condition | None:
    if not isinstance(node, Scalar):
        expect(node, "bucket", "text", reading)
        return None
    text = read_text(node, "bucket", reading)
    if text is None:
        return None
    if "%" in text or "％" in text:
        digits = "".join(character for character in text if character.isdecimal()) or "10"
        mended = f"bucket: 0..{max(int(digits[:2]) - 1, 0)}"
        reading.findings.add("PB324", node.span, variant="share", value=text, mended=mended)
        return None
    try:
        low, high = parse_whole_range(text)
    except MisreadError as wrong:
        report_misread(wrong, node.span, reading)
        return None
    low, high = (0 if low is None else low), (HUNDREDTHS - 1 if high is None else high)
    if low < 0 or high >= HUNDREDTHS:
        reading.findings.add("PB324", node.span, value=text)
        return None
    return BucketTest(low, high, span)
