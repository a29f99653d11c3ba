"""All playbooks of a project: read in two passes, first the names, then what stands behind them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pdo.core.diagnostics import Findings, Related
from pdo.core.nodes import Mapping, Node, Scalar, Style
from pdo.core.source import Source, Span
from pdo.model.playbook import Playbook, Policy, Project, Rule
from pdo.playbook import vocabulary
from pdo.playbook.blocks import read_campaign, read_metric, read_policy, read_segment, read_tag
from pdo.playbook.certainty import Blocks
from pdo.playbook.conditions import attributes_of, read_condition
from pdo.playbook.files import playbook_files, read_source, shown
from pdo.playbook.lifecycles import read_lifecycle, stages_in
from pdo.playbook.mending import read_nodes
from pdo.playbook.reading import (
    Defined,
    Names,
    Reading,
    read_block,
    read_fields,
    read_name,
    read_text,
    report_twice,
)
from pdo.playbook.references import order_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Mapping as ReadOnly

    from pdo.model.conditions import Condition
    from pdo.model.playbook import Lifecycle, Metric, Segment, Tag
    from pdo.model.settings import Settings

_KEYS = {
    "metric": frozenset((*vocabulary.ROW_KEYS, "measure")),
    "tag": frozenset(("when", "group", "keep")),
    "lifecycle": frozenset(vocabulary.LIFECYCLE_KEYS),
    "segment": frozenset(vocabulary.SEGMENT_KEYS),
    "campaign": frozenset(vocabulary.CAMPAIGN_KEYS),
}
"""Keys of a block that, met where a name is expected, stand one level too far left."""
Block = TypeVar("Block")
_KINDS = {
    "metrics": "metric",
    "tags": "tag",
    "lifecycles": "lifecycle",
    "segments": "segment",
    "campaigns": "campaign",
}


@dataclass(frozen=True, slots=True)
class _File:
    """One playbook before its blocks are read."""

    playbook: Playbook
    fields: dict[str, list[Node]]
    span: Span


def load_project(settings: Settings, paths: Sequence[Path] | None = None) -> tuple[Project | None, Findings]:
    """Read and check the playbooks of a project.

    Args:
        settings: of the project.
        paths: files or folders. Of the project's own playbooks, what is found in them is told, and the others are read
            for their names; others make a project by themselves. None for all of the project's.

    Returns:
        The project, None where there are errors; and everything that was found.

    Raises:
        UsageError: a path does not exist.
        StorageError: a file may not be read.
    """
    reading = Reading(settings, Findings())
    every = playbook_files(settings, None)
    chosen = every if paths is None else playbook_files(settings, tuple(paths))
    inside = {path.resolve() for path in chosen} <= {path.resolve() for path in every}
    if not chosen:
        reading.findings.add("PB120", None, folder=shown(settings.root))
    sources = (read_source(path, reading.findings) for path in (every if inside else chosen))
    project = read_project(tuple(source for source in sources if source is not None), reading)
    found = reading.findings
    if inside and len(chosen) < len(every):
        found = _only(found, {path.resolve() for path in chosen})
    return (None if reading.findings.has_errors else project), found


def _only(findings: Findings, paths: set[Path]) -> Findings:
    """What was found in some of the files."""
    kept = Findings()
    kept.extend(tuple(found for found in findings if found.span and Path(found.span.source.path).resolve() in paths))
    return kept


def read_project(sources: tuple[Source, ...], reading: Reading) -> Project:
    """The project that some texts make; what could not be read is left out."""
    files = [file for source in sources if (file := _read_file(source, reading)) is not None]
    _check_playbook_names(files, reading)
    for file in files:
        _collect(file, reading)
    return _read_blocks(files, reading)


# First pass -------------------------------------------------------------------------------------------------------


def _read_file(source: Source, reading: Reading) -> _File | None:
    mended = read_nodes(source, reading.findings)
    reading.names.lost.extend(mended.lost)
    whole = Span(source, 1, 1, 1, 1)
    if mended.root is None:
        if not mended.lost:
            reading.findings.add("PB118", whole, variant="file", name=source.path)
        return None
    mapping = read_block(mended.root, source.path, reading)
    if mapping is None:
        return None
    first = read_fields(mapping, vocabulary.BLOCKS, "playbook", reading)
    fields: dict[str, list[Node]] = {}
    for entry in mapping.entries:
        if entry.key.text in first:
            fields.setdefault(entry.key.text, []).append(entry.value)
    start = mapping.entries[0].key.span if mapping.entries else whole
    name = _read_head(source, first, start, reading, lost="\n".join(mended.lost))
    digest = hashlib.sha256(source.text.encode("utf-8", "surrogatepass")).hexdigest()
    return _File(Playbook(name, source.path, digest), fields, start)


def _read_head(source: Source, fields: dict[str, Node], start: Span, reading: Reading, *, lost: str) -> str:
    stem = source.path.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if "version" in fields:
        version = read_text(fields["version"], "version", reading)
        if version not in (None, "1"):
            reading.findings.add("PB119", fields["version"].span, found=version)
    elif "version" not in lost:
        reading.findings.add("PB117", start, name="version", example="version: 1")
    node = fields.get("playbook")
    if node is None:
        needed = any(kind in fields for kind in _KINDS)
        if needed and "playbook" not in lost:
            reading.findings.add("PB117", start, name="playbook", example=f"playbook: {stem}")
        return stem
    text = read_text(node, "playbook", reading)
    if text is None or not isinstance(node, Scalar):
        return stem
    return read_name(node, reading) or stem


def _check_playbook_names(files: list[_File], reading: Reading) -> None:
    first: dict[str, _File] = {}
    for file in files:
        before = first.setdefault(file.playbook.name, file)
        if before is not file:
            span, other = _name_span(file), _name_span(before)
            report_twice("PB204", span, other, file.playbook.name, reading)


def _name_span(file: _File) -> Span:
    nodes = file.fields.get("playbook")
    return nodes[0].span if nodes else file.span


def _collect(file: _File, reading: Reading) -> None:
    for block, kind in _KINDS.items():
        for node in file.fields.get(block, ()):
            if isinstance(node, Mapping):
                _collect_block(node, kind, file, reading)
            elif not (isinstance(node, Scalar) and node.is_empty):
                read_block(node, block, reading)


def _collect_block(node: Mapping, kind: str, file: _File, reading: Reading) -> None:
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
        reserved = vocabulary.RESERVED_NAMES if kind == "metric" else ()
        name = read_name(entry.key, reading, reserved=reserved)
        if name is None:
            continue
        key = replace(entry.key, text=name)
        if kind == "metric" and (name in attributes_of(reading) or name in reading.settings.tables):
            reading.findings.add("PB208", key.span, variant="attribute", name=name)
            continue
        first = names.of(kind).get(name)
        if first is not None:
            if name not in in_file:
                report_twice("PB204", key.span, first.key.span, name, reading)
            continue
        in_file.add(name)
        names.of(kind)[name] = Defined(kind, name, key, entry.value, file.playbook.name)
        if kind == "lifecycle":
            for stage in stages_in(entry.value):
                names.stages.setdefault(stage, []).append(name)


# Second pass ------------------------------------------------------------------------------------------------------


def _read_blocks(files: list[_File], reading: Reading) -> Project:
    names = reading.names
    metrics = {}
    for block in names.of("metric").values():
        metric = read_metric(block, reading)
        names.metric_types[block.name] = metric.type if metric else None
        if metric is not None:
            metrics[block.name] = metric
    tags = _read_all(names, "tag", lambda block: read_tag(block, reading))
    lifecycles = _read_all(names, "lifecycle", lambda block: read_lifecycle(block, reading))
    segments = _read_all(names, "segment", lambda block: read_segment(block, reading))
    rules: dict[Rule, Tag | Lifecycle | Segment] = {
        **{Rule("tag", name): tag for name, tag in tags.items()},
        **{Rule("lifecycle", name): lifecycle for name, lifecycle in lifecycles.items()},
        **{Rule("segment", name): segment for name, segment in segments.items()},
    }
    blocks = Blocks(metrics, tags, segments)
    campaigns = _read_all(names, "campaign", lambda block: read_campaign(block, blocks, reading))
    return Project(
        playbooks=tuple(file.playbook for file in files),
        metrics=metrics,
        tags=tags,
        lifecycles=lifecycles,
        segments=segments,
        campaigns=campaigns,
        policy=_read_policies(files, reading),
        order=_order(rules, reading),
    )


def _read_policies(files: list[_File], reading: Reading) -> Policy:
    policy = Policy()
    first: Node | None = None
    for file in files:
        for node in file.fields.get("policy", ()):
            found = read_policy(node, reading)
            if first is None:
                first, policy = node, found
            elif first.span.source is not node.span.source:
                related = (Related(first.span, "related.first"),)
                reading.findings.add("PB204", node.span, variant="policy", related=related)
    return policy


def _read_all(names: Names, kind: str, read: Callable[[Defined], Block | None]) -> dict[str, Block]:
    found = {}
    for name, block in names.of(kind).items():
        made = read(block)
        if made is not None:
            found[name] = made
    return found


def _order(blocks: dict[Rule, Tag | Lifecycle | Segment], reading: Reading) -> tuple[Rule, ...]:
    """By file and line first, then so that each comes after all it refers to."""
    files = {path: number for number, path in enumerate(dict.fromkeys(b.span.source.path for b in blocks.values()))}
    written = sorted(
        blocks, key=lambda r: (files[blocks[r].span.source.path], blocks[r].span.line, blocks[r].span.column)
    )
    return order_rules({rule: blocks[rule] for rule in written}, reading.findings)


# One condition ----------------------------------------------------------------------------------------------------


def parse_condition_text(
    text: str, settings: Settings, project: Project, *, path: str = "<条件>"
) -> tuple[Condition | None, Findings]:
    """Read a condition that was typed on the command line.

    Args:
        text: as under `when`, without that word.
        settings: of the project.
        project: whose metrics, tags, lifecycles and segments it may name.
        path: what findings call the place.
    """
    reading = Reading(settings, Findings(), _names_of(project))
    source = Source(path, text)
    mended = read_nodes(source, reading.findings)
    condition = None
    if mended.root is not None:
        condition = read_condition(mended.root, "when", reading)
    elif not mended.lost:
        reading.findings.add("PB118", Span(source, 1, 1, 1, 1), variant="condition", name="when")
    return (None if reading.findings.has_errors else condition), reading.findings


def _names_of(project: Project) -> Names:
    names = Names()
    blocks: dict[str, ReadOnly[str, Metric | Tag | Lifecycle | Segment]] = {
        "metric": project.metrics,
        "tag": project.tags,
        "lifecycle": project.lifecycles,
        "segment": project.segments,
    }
    for kind, named in blocks.items():
        for name, block in named.items():
            key = Scalar(name, Style.PLAIN, block.span)
            names.of(kind)[name] = Defined(kind, name, key, key, block.playbook)
    for lifecycle in project.lifecycles.values():
        for stage in lifecycle.stages:
            names.stages.setdefault(stage, []).append(lifecycle.name)
    names.metric_types.update({name: metric.type for name, metric in project.metrics.items()})
    return names
