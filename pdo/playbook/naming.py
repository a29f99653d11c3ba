"""Names: what a file defines, found before anything behind a name is read."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Related
from pdo.core.nodes import Entry, Mapping, Node, Scalar, Style, lines_of
from pdo.model.fields import Type
from pdo.model.playbook import RFM_TYPES
from pdo.playbook import vocabulary
from pdo.playbook.attributes import attributes_of, words_of
from pdo.playbook.families import is_family, spell_out
from pdo.playbook.lifecycles import stages_in
from pdo.playbook.reading import Defined, Names, Reading, read_block, read_name, report_twice
from pdo.playbook.rfm import part_types, part_types_in, type_names_in
from pdo.playbook.scores import bands_in
from pdo.playbook.tags import answer_tag, answers_in

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

    from pdo.model.outreach import Content, Offer
    from pdo.model.playbook import Lifecycle, Metric, Project, Rfm, Score, Segment, Tag

KINDS: ReadOnly[str, str] = MappingProxyType(
    {
        "metrics": "metric",
        "tags": "tag",
        "rfm": "rfm",
        "scores": "score",
        "lifecycles": "lifecycle",
        "segments": "segment",
        "offers": "offer",
        "contents": "content",
        "campaigns": "campaign",
        "journeys": "journey",
    }
)
"""Key of a file → kind of block."""
_KEYS = {
    "metric": frozenset((*vocabulary.ROW_KEYS, "measure")),
    "tag": frozenset(vocabulary.TAG_KEYS),
    "rfm": frozenset(vocabulary.RFM_KEYS),
    "score": frozenset(vocabulary.SCORE_KEYS),
    "lifecycle": frozenset(vocabulary.LIFECYCLE_KEYS),
    "segment": frozenset(vocabulary.SEGMENT_KEYS),
    "offer": frozenset(vocabulary.OFFER_KEYS),
    "content": frozenset(vocabulary.CONTENT_KEYS),
    "campaign": frozenset(vocabulary.CAMPAIGN_KEYS),
    "journey": frozenset(vocabulary.JOURNEY_KEYS),
}
"""Keys of a block that, met where a name is expected, stand one level too far left."""
_VALUES = ("metric", "score", "rfm")
"""Kinds that share one name space with the attributes of a customer."""


def collect_names(playbook: str, fields: ReadOnly[str, list[Node]], reading: Reading) -> None:
    """Note every name that a file defines, with the block behind it, unread.

    Args:
        playbook: its name.
        fields: key of the file → what stands under it.

    Diagnostics:
        PB112, PB116, PB117, PB204 a name twice, PB208, PB209, PB223 a family that cannot be spelt out.
    """
    for block, kind in KINDS.items():
        for node in fields.get(block, ()):
            if isinstance(node, Mapping):
                _collect_block(node, kind, playbook, reading)
            elif not (isinstance(node, Scalar) and node.is_empty):
                read_block(node, block, reading)


def _collect_block(node: Mapping, kind: str, playbook: str, reading: Reading) -> None:
    names = reading.names
    in_file: set[str] = set()
    before = ""
    for entry in node.entries:
        if entry.key.text in _KEYS[kind]:
            reading.findings.add("PB208", entry.key.span, variant="key", name=entry.key.text)
            names.of(kind).pop(before, None)
            names.lost.append(before)
            continue
        before = entry.key.text
        if kind != "tag" or not is_family(entry):
            _collect_one(Defined(kind, "", entry.key, entry.value, playbook), in_file, reading)
            continue
        members = spell_out(entry, reading)
        if not members:
            names.lost.append(_lost_family(entry))
        for each in members:
            member = Defined(kind, "", each.key, each.value, playbook, entry.key.text)
            _collect_one(member, in_file, reading)


def _lost_family(entry: Entry) -> str:
    """All texts of a family that could not be spelt out: a name may well be one of its members."""
    span = entry.span
    lines = lines_of(span.source)[span.line - 1 : span.end_line]
    return "\n".join(lines)


def _collect_one(block: Defined, in_file: set[str], reading: Reading) -> None:
    """Note a name, and those that its block brings."""
    names, kind = reading.names, block.kind
    reserved = vocabulary.RESERVED_NAMES if kind in _VALUES else ()
    name = read_name(block.key, reading, reserved=reserved)
    if name is None:
        return
    if kind in _VALUES and (name in words_of(attributes_of(reading)) or name in reading.settings.tables):
        reading.findings.add("PB208", block.key.span, variant="attribute", name=name)
        return
    others = (other for other in (_VALUES if kind in _VALUES else (kind,)) if name in names.of(other))
    first = next((names.of(other)[name] for other in others), None)
    if first is not None:
        # Of a key given twice in one mapping the parser has told already, unless it comes of a family.
        if name not in in_file or block.family or first.family or first.kind != kind:
            report_twice("PB204", block.key.span, first.key.span, name, reading)
        return
    in_file.add(name)
    found = replace(block, name=name, key=replace(block.key, text=name))
    names.of(kind)[name] = found
    _collect_inner(found, reading)


def _collect_inner(block: Defined, reading: Reading) -> None:
    """Note the names that a block brings besides its own."""
    names, name = reading.names, block.name
    match block.kind:
        case "tag":
            _collect_answers(block, reading)
        case "rfm":
            names.metric_types.update(part_types_in(name, block.value))
            _bring_types(block, reading)
        case "score":
            names.metric_types[name] = Type.NUMBER
            bands = bands_in(block.value)
            for entry in bands.entries if bands else ():
                _bring(replace(block, name=entry.key.text.strip()), entry.key, reading)
        case "lifecycle":
            if isinstance(block.value, Mapping) and block.value.get("stages") is not None:
                names.stateful.append(name)
            for stage in stages_in(block.value):
                names.stages.setdefault(stage, []).append(name)
        case _:
            pass


def _collect_answers(question: Defined, reading: Reading) -> None:
    for answer in answers_in(question.value):
        name = answer_tag(question.name, answer)
        reading.names.first_answers.setdefault(question.name, name)
        _bring(replace(question, name=name, kind="answer"), None, reading)


def _bring(block: Defined, key: Scalar | None, reading: Reading) -> None:
    """Note a tag that another block brings, with the place of its own name where it has one."""
    tags = reading.names.of("tag")
    first = tags.get(block.name)
    span = key.span if key is not None else block.key.span
    if first is None:
        tags[block.name] = replace(block, key=Scalar(block.name, Style.PLAIN, span))
    elif first.key.span != span:
        report_twice("PB204", span, first.key.span, block.name, reading)


def _bring_types(setting: Defined, reading: Reading) -> None:
    """Note the eight types of an RFM setting; where another one has them, once."""
    tags = reading.names.of("tag")
    told = False
    for type_, node in type_names_in(setting.value).items():
        name = node.text.strip() if node else RFM_TYPES[type_]
        first = tags.get(name)
        if first is None or first.kind != "rfm" or first.value is setting.value:
            _bring(replace(setting, name=name), node, reading)
        elif not told:
            told = True
            span = node.span if node is not None else setting.key.span
            related = (Related(first.key.span, "related.first"),)
            reading.findings.add("PB204", span, variant="rfm", related=related, name=name)


def names_of(project: Project) -> Names:
    """The names of a project that was read, for a condition by itself."""
    names = Names()
    blocks: dict[str, ReadOnly[str, Metric | Tag | Rfm | Score | Lifecycle | Segment | Offer | Content]] = {
        "metric": project.metrics,
        "tag": project.tags,
        "rfm": project.rfm,
        "score": project.scores,
        "lifecycle": project.lifecycles,
        "segment": project.segments,
        "offer": project.outreach.offers,
        "content": project.outreach.contents,
    }
    for kind, named in blocks.items():
        for name, block in named.items():
            key = Scalar(name, Style.PLAIN, block.span)
            names.of(kind)[name] = Defined(kind, name, key, key, block.playbook)
    names.stateful.extend(lifecycle.name for lifecycle in project.lifecycles.values() if not lifecycle.is_derived)
    for lifecycle in project.lifecycles.values():
        for stage in lifecycle.stages:
            names.stages.setdefault(stage, []).append(lifecycle.name)
    names.metric_types.update({name: metric.type for name, metric in project.metrics.items()})
    names.metric_types.update(dict.fromkeys(project.scores, Type.NUMBER))
    for setting in project.rfm.values():
        names.metric_types.update(part_types(setting))
    for tag in project.tags.values():
        if tag.ask is not None:
            names.first_answers.setdefault(tag.exclusive, tag.name)
    return names
