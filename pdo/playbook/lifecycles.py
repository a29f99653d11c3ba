"""Lifecycles: stages that are moved through, or derived from the data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Related, Severity
from pdo.core.nodes import Mapping, Node, Scalar, Sequence
from pdo.model.conditions import StageTest
from pdo.model.playbook import Lifecycle, Transition
from pdo.playbook import vocabulary
from pdo.playbook.bands import read_bands, read_by
from pdo.playbook.conditions import read_condition
from pdo.playbook.plain import read_keyed
from pdo.playbook.reading import (
    advise,
    read_block,
    read_choice,
    read_fields,
    read_list,
    read_name,
    read_text,
    read_texts,
    report_twice,
    report_unknown,
    require,
)
from pdo.playbook.references import tests_in
from pdo.playbook.windows import read_duration

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.model.conditions import Condition, Duration
    from pdo.playbook.reading import Defined, Reading

_STATEFUL = ("stages", "initial", "final", "transitions")
_BANDED = ("by", "bands")
_DERIVED = ("take", "derived", "otherwise", *_BANDED)


def stages_in(node: Node) -> list[str]:
    """The names of the stages of a lifecycle, before anything of it is checked."""
    if not isinstance(node, Mapping):
        return []
    names: list[str] = []
    for entry in node.entries:
        if entry.key.text == "stages" and isinstance(entry.value, Sequence):
            names.extend(item.text for item in entry.value.items if isinstance(item, Scalar))
        elif entry.key.text in ("derived", "bands") and isinstance(entry.value, Mapping):
            names.extend(stage.key.text for stage in entry.value.entries)
        elif entry.key.text == "otherwise" and isinstance(entry.value, Scalar):
            names.append(entry.value.text)
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))


def read_lifecycle(block: Defined, reading: Reading) -> Lifecycle | None:
    """A lifecycle.

    Diagnostics:
        PB4xx, PB901, and what its conditions note.
    """
    mapping = read_block(block.value, block.name, reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, vocabulary.LIFECYCLE_KEYS, "lifecycles", reading)
    stateful = [key for key in _STATEFUL if key in fields]
    derived = [key for key in _DERIVED if key in fields]
    if stateful and derived:
        reading.findings.add("PB407", block.key.span, variant="both", stateful=stateful[0], derived=derived[0])
        return None
    banded = [key for key in _BANDED if key in fields]
    if banded and ("derived" in fields or "take" in fields):
        other = "derived" if "derived" in fields else "take"
        reading.findings.add("PB407", fields[banded[0]].span, variant="bands", banded=banded[0], derived=other)
        return None
    found = None
    if banded:
        found = _read_banded(block, fields, reading)
    elif derived:
        found = _read_derived(block, fields, reading)
    elif stateful:
        found = _read_stateful(block, fields, reading)
    else:
        reading.findings.add("PB407", block.key.span, name=block.name)
    if found is None or "was" not in fields:
        return found
    was = _read_was(fields["was"], found.stages, reading)
    return None if was is None else replace(found, was=was)


def _read_was(node: Node, stages: tuple[str, ...], reading: Reading) -> dict[str, str] | None:
    """Stage → its name before."""
    mapping = read_keyed(node, "was", "was: {新名: 旧名}", reading)
    if mapping is None:
        return None
    found: dict[str, str] = {}
    complete = True
    for entry in mapping.entries:
        old = read_text(entry.value, "was", reading)
        known = _is_stage(entry.key.text, entry.key.span, stages, reading)
        if old is not None and old in stages:
            reading.findings.add("PB224", entry.value.span, name=old)
            known = False
        complete = complete and known and old is not None
        found.setdefault(entry.key.text, old or "")
    return found if complete else None


# Derived ----------------------------------------------------------------------------------------------------------


def _read_derived(block: Defined, fields: dict[str, Node], reading: Reading) -> Lifecycle | None:
    node = require(fields, "derived", block.key.span, "derived: {老客: {orders: {count: 2..}}}", reading)
    stages = read_block(node, "derived", reading) if node is not None else None
    take = read_choice(fields["take"], "take", ("highest", "first"), reading) if "take" in fields else "first"
    found: list[tuple[str, Condition]] = []
    places: dict[str, Span] = {}
    for entry in stages.entries if stages else ():
        stage = read_name(entry.key, reading, reserved=("any",))
        condition = read_condition(entry.value, stage or "derived", reading)
        if stage is None:
            continue
        if stage not in places and condition is not None:
            found.append((stage, condition))
        places.setdefault(stage, entry.key.span)
    if stages is not None and not stages.entries:
        reading.findings.add("PB118", stages.span, name="derived")
    otherwise = _read_otherwise(block, fields, places, reading)
    _check_own(block.name, [condition for _, condition in found], reading)
    names = tuple(dict.fromkeys((*places, *((otherwise,) if otherwise else ()))))
    if len(found) != len(places) or not found or take is None:
        return None
    highest = take == "highest"
    return Lifecycle(block.name, block.playbook, names, "", (), (), tuple(found), highest, otherwise, block.key.span)


def _read_otherwise(block: Defined, fields: dict[str, Node], places: dict[str, Span], reading: Reading) -> str:
    if "otherwise" not in fields:
        if places:
            advise("PB901", block.key.span, reading, name=block.name)
        return ""
    node = fields["otherwise"]
    text = read_text(node, "otherwise", reading)
    if text is None or not isinstance(node, Scalar):
        return ""
    if text in places:
        reading.findings.add("PB405", node.span, related=(Related(places[text], "related.first"),), name=text)
        return ""
    return read_name(node, reading, reserved=("any",)) or ""


def _read_banded(block: Defined, fields: dict[str, Node], reading: Reading) -> Lifecycle | None:
    example = "by: {age_of: birthday}"
    by_node = require(fields, "by", block.key.span, example, reading)
    bands_node = require(fields, "bands", block.key.span, "bands: {少年: 10y, 青年: 18y}", reading)
    by = read_by(by_node, reading) if by_node is not None else None
    bands = "bands: {少年: 10y, 青年: 18y}"
    mapping = read_keyed(bands_node, "bands", bands, reading) if bands_node is not None else None
    places: dict[str, Span] = {}
    for entry in mapping.entries if mapping else ():
        stage = read_name(entry.key, reading, reserved=("any",))
        if stage is not None:
            places.setdefault(stage, entry.key.span)
    if mapping is not None and not mapping.entries:
        reading.findings.add("PB118", mapping.span, name="bands")
    otherwise = _read_otherwise(block, fields, places, reading)
    derived = read_bands(by, mapping, reading) if by is not None and mapping is not None else None
    if not derived or mapping is None or len(places) != len(mapping.entries):
        return None
    names = tuple(dict.fromkeys((*places, *((otherwise,) if otherwise else ()))))
    span = block.key.span
    return Lifecycle(
        block.name, block.playbook, names, "", (), (), derived, highest=False, otherwise=otherwise, span=span
    )


# Stateful ---------------------------------------------------------------------------------------------------------


def _read_stateful(block: Defined, fields: dict[str, Node], reading: Reading) -> Lifecycle | None:
    span = block.key.span
    node = require(fields, "stages", span, "stages: [新客户, 意向客户, 成交]", reading)
    stages = _read_stages(node, reading) if node is not None else None
    if stages is None:
        return None
    initial_node = require(fields, "initial", span, f"initial: {next(iter(stages), '')}", reading)
    initial = _read_known_stage(initial_node, "initial", stages, reading) if initial_node is not None else None
    final: list[str] = []
    if "final" in fields:
        for text, place in read_texts(fields["final"], "final", reading) or ():
            if _is_stage(text, place, stages, reading):
                final.append(text)
    inside = replace(reading, lifecycle=block.name)
    transitions = _read_transitions(block.name, fields.get("transitions"), tuple(stages), tuple(final), inside)
    if initial is None or not stages:
        return None
    unreached = _check_reachable(stages, initial, transitions, fields.get("transitions"), reading)
    _check_ends(stages, final, unreached, fields, reading)
    return Lifecycle(
        block.name,
        block.playbook,
        tuple(stages),
        initial,
        tuple(dict.fromkeys(final)),
        transitions,
        (),
        highest=False,
        otherwise="",
        span=span,
    )


def _read_stages(node: Node, reading: Reading) -> dict[str, Span] | None:
    items = read_list(node, "stages", reading)
    if items is None:
        return None
    stages: dict[str, Span] = {}
    for item in items:
        if read_text(item, "stages", reading) is None or not isinstance(item, Scalar):
            continue
        name = read_name(item, reading, reserved=("any",))
        if name is None:
            continue
        if name in stages:
            report_twice("PB403", item.span, stages[name], name, reading)
        stages.setdefault(name, item.span)
    return stages


def _is_stage(name: str, span: Span, stages: dict[str, Span] | tuple[str, ...], reading: Reading) -> bool:
    if name in stages:
        return True
    report_unknown("PB402", span, name, stages, reading.findings)
    return False


def _read_known_stage(
    node: Node, place: str, stages: dict[str, Span] | tuple[str, ...], reading: Reading
) -> str | None:
    text = read_text(node, place, reading)
    return text if text is not None and _is_stage(text, node.span, stages, reading) else None


def _read_transitions(
    name: str, node: Node | None, stages: tuple[str, ...], final: tuple[str, ...], reading: Reading
) -> tuple[Transition, ...]:
    if node is None:
        return ()
    found = []
    for item in read_list(node, "transitions", reading) or ():
        mapping = read_block(item, "transitions", reading)
        move = _read_transition(name, mapping, stages, final, reading) if mapping is not None else None
        found.extend([move] if move is not None else [])
    return tuple(found)


def _read_transition(
    name: str, mapping: Mapping, stages: tuple[str, ...], final: tuple[str, ...], reading: Reading
) -> Transition | None:
    fields = read_fields(mapping, vocabulary.TRANSITION_KEYS, "transitions", reading)
    example = "{from: 新客户, to: 成交, when: {orders: {}}}"
    start = require(fields, "from", mapping.span, example, reading)
    end = require(fields, "to", mapping.span, example, reading)
    target = _read_known_stage(end, "to", stages, reading) if end is not None else None
    origins = _read_origins(start, stages, final, target, reading) if start is not None else None
    when = read_condition(fields["when"], "when", reading) if "when" in fields else None
    _check_own(name, [when] if when is not None else [], reading)
    after = _read_after(fields["after"], reading) if "after" in fields else None
    if "when" not in fields and "after" not in fields:
        reading.findings.add("PB117", mapping.span, variant="condition", name="when", example=example)
        return None
    broken = ("when" in fields and when is None) or ("after" in fields and after is None)
    if broken or target is None or not origins:
        return None
    return Transition(origins, target, when, after, mapping.span)


def _read_after(node: Node, reading: Reading) -> Duration | None:
    text = read_text(node, "after", reading)
    return None if text is None else read_duration(node, text, reading, calendar=True)


def _read_origins(
    node: Node, stages: tuple[str, ...], final: tuple[str, ...], target: str | None, reading: Reading
) -> tuple[str, ...] | None:
    texts = read_texts(node, "from", reading)
    if texts is None:
        return None
    if [text for text, _ in texts] == ["any"]:
        return tuple(stage for stage in stages if stage not in (target, *final))
    complete = True
    for text, span in texts:
        if not _is_stage(text, span, stages, reading):
            complete = False
        elif text in final:
            reading.findings.add("PB401", span, name=text)
            complete = False
        elif text == target:
            reading.findings.add("PB408", span, name=text)
            complete = False
    return tuple(dict.fromkeys(text for text, _ in texts)) if complete else None


def _check_own(name: str, conditions: list[Condition], reading: Reading) -> None:
    for condition in conditions:
        for test in tests_in(condition):
            if isinstance(test, StageTest) and test.lifecycle == name:
                reading.findings.add("PB404", test.span, name=name)


def _check_reachable(
    stages: dict[str, Span], initial: str, transitions: tuple[Transition, ...], node: Node | None, reading: Reading
) -> set[str]:
    """The stages that no way leads to; where transitions could not be read, those of which none speaks as its end."""
    written = _moves_in(node)
    if written is None:
        return set()
    reached = {initial}
    if len(written) == len(transitions):
        grown = True
        while grown:
            more = {move.target for move in transitions if reached & set(move.origins)} - reached
            grown = bool(more)
            reached |= more
    else:
        reached |= {target for _, target in written}
        if not reached <= set(stages):
            return set()
    unreached = set(stages) - reached
    for stage in unreached:
        reading.findings.add("PB406", stages[stage], severity=Severity.WARNING, name=stage)
    return unreached


def _check_ends(
    stages: dict[str, Span], final: list[str], unreached: set[str], fields: dict[str, Node], reading: Reading
) -> None:
    """A stage that nobody leaves though it is not final; of a lifecycle without `final` the last one may well be."""
    written = _moves_in(fields.get("transitions"))
    if not written or any("any" in origins or not set(origins) <= set(stages) for origins, _ in written):
        return
    left = {origin for origins, _ in written for origin in origins}
    reached = {stage: span for stage, span in stages.items() if stage not in unreached}
    ends = {*left, *final} if "final" in fields else {*left, list(reached)[-1]}
    for stage, span in reached.items():
        if stage not in ends:
            other = next((target for _, target in written if target != stage), "")
            reading.findings.add("PB924", span, severity=Severity.WARNING, name=stage, other=other)


def _moves_in(node: Node | None) -> list[tuple[list[str], str]] | None:
    """From where and to where the transitions lead as written; None where one does not say it in plain words."""
    if not isinstance(node, Sequence):
        return [] if node is None else None
    found = []
    for item in node.items:
        start = item.get("from") if isinstance(item, Mapping) else None
        end = item.get("to") if isinstance(item, Mapping) else None
        origins = start.items if isinstance(start, Sequence) else (start,)
        texts = [each.text.strip() for each in origins if isinstance(each, Scalar)]
        if not isinstance(end, Scalar) or len(texts) != len(origins):
            return None
        found.append((texts, end.text.strip()))
    return found
