"""All playbooks of a project: read in two passes, first the names, then what stands behind them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, TypeVar

from pdo.core.diagnostics import Findings, Related
from pdo.core.frozen import dataclass
from pdo.core.nodes import Node, Scalar
from pdo.core.source import Source, Span
from pdo.model.conditions import Anchor
from pdo.model.outreach import Outreach, OutreachPolicy
from pdo.model.playbook import Playbook, Project
from pdo.playbook import vocabulary
from pdo.playbook.campaigns import read_campaign
from pdo.playbook.certainty import Blocks
from pdo.playbook.conditions import read_condition
from pdo.playbook.contents import read_content
from pdo.playbook.examples import read_examples
from pdo.playbook.families import of_member
from pdo.playbook.files import CASES_SUFFIXES, playbook_files, read_source, shown
from pdo.playbook.journeys import read_journey
from pdo.playbook.lifecycles import read_lifecycle
from pdo.playbook.mending import read_nodes
from pdo.playbook.metrics import is_ratio, read_metric
from pdo.playbook.naming import KINDS, collect_names, names_of
from pdo.playbook.offers import read_offer
from pdo.playbook.ordering import exclusive_sets, order_rules
from pdo.playbook.policy import read_policy
from pdo.playbook.reading import (
    Defined,
    Names,
    Reading,
    read_block,
    read_fields,
    read_name,
    read_text,
    report_twice,
    require,
)
from pdo.playbook.rfm import read_rfm, type_tags
from pdo.playbook.said import Sending
from pdo.playbook.scores import read_score
from pdo.playbook.segments import read_segment
from pdo.playbook.sense import check_sense, check_unused
from pdo.playbook.tags import check_alert, read_tag, read_tag_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Mapping as ReadOnly

    from pdo.model.conditions import Condition
    from pdo.model.playbook import Metric, Rfm, Score, Tag
    from pdo.model.settings import Settings

Block = TypeVar("Block")


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
    texts = tuple(source for source in sources if source is not None)
    project = read_project(texts, reading)
    check_unused(project, texts, reading)
    found = reading.languages.worded(reading.findings)
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
    cases = tuple(source for source in sources if source.path.endswith(CASES_SUFFIXES))
    playbooks = (source for source in sources if not source.path.endswith(CASES_SUFFIXES))
    files = [file for source in playbooks if (file := _read_file(source, reading)) is not None]
    _check_playbook_names(files, reading)
    for file in files:
        collect_names(file.playbook.name, file.fields, reading)
    project = _read_blocks(files, reading)
    examples = [(file.playbook.name, node) for file in files for node in file.fields.get("examples", ())]
    examples += [pair for source in cases for pair in _read_cases(source, reading)]
    check_sense(project, reading)
    return replace(project, examples=read_examples(examples, project, reading))


# First pass -------------------------------------------------------------------------------------------------------


def _read_file(source: Source, reading: Reading) -> _File | None:
    mended = read_nodes(source, reading.findings)
    reading.names.lost.extend(mended.lost)
    whole = Span(source, 1, 1, 1, 1)
    if mended.root is None:
        if not mended.lost:
            reading.findings.add("PB118", whole, variant="file", name=source.path)
        return None
    mapping = read_block(reading.english(mended.root, "playbook"), source.path, reading)
    if mapping is None:
        return None
    first = read_fields(mapping, vocabulary.BLOCKS, "playbook", reading)
    fields: dict[str, list[Node]] = {}
    for entry in mapping.entries:
        if entry.key.text in first:
            fields.setdefault(entry.key.text, []).append(entry.value)
    for key, node in first.items():
        fields.setdefault(key, [node])
    start = mapping.entries[0].key.span if mapping.entries else whole
    name = _read_head(source, first, start, reading, lost="\n".join(mended.lost))
    return _File(Playbook(name, source.path, source.text), fields, start)


def _read_cases(source: Source, reading: Reading) -> list[tuple[str, Node]]:
    """The examples of a file of cases, with its name."""
    mended = read_nodes(source, reading.findings)
    whole = Span(source, 1, 1, 1, 1)
    if mended.root is None:
        if not mended.lost:
            reading.findings.add("PB118", whole, variant="file", name=source.path)
        return []
    mapping = read_block(reading.english(mended.root, "cases"), source.path, reading)
    if mapping is None:
        return []
    fields = read_fields(mapping, vocabulary.CASES_KEYS, "cases", reading)
    _check_version(fields, mapping.span, reading, lost="\n".join(mended.lost))
    node = require(fields, "examples", mapping.span, "examples: [{name: …}]", reading)
    return [] if node is None else [(PurePath(source.path.replace("\\", "/")).name, node)]


def _check_version(fields: dict[str, Node], start: Span, reading: Reading, *, lost: str) -> None:
    if "version" in fields:
        version = read_text(fields["version"], "version", reading)
        if version not in (None, "1"):
            reading.findings.add("PB119", fields["version"].span, found=version)
    elif "version" not in lost:
        reading.findings.add("PB117", start, name="version", example="version: 1")


def _read_head(source: Source, fields: dict[str, Node], start: Span, reading: Reading, *, lost: str) -> str:
    stem = source.path.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    _check_version(fields, start, reading, lost=lost)
    node = fields.get("playbook")
    if node is None:
        needed = any(kind in fields for kind in KINDS)
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


# Second pass ------------------------------------------------------------------------------------------------------


def _read_blocks(files: list[_File], reading: Reading) -> Project:
    names = reading.names
    metrics = _read_metrics(reading)
    rfm = _read_all(names, "rfm", lambda block: read_rfm(block, reading))
    scores, bands = _read_scores(reading)
    tags = _read_tags(reading, [tag for setting in rfm.values() for tag in type_tags(setting)] + bands)
    tags = _in_groups(tags, rfm, scores, files, reading)
    lifecycles = _read_all(names, "lifecycle", lambda block: read_lifecycle(block, reading))
    segments = _read_all(names, "segment", lambda block: read_segment(block, reading))
    blocks = Blocks(metrics, tags, segments)
    for block in names.of("tag").values():
        if block.kind == "tag" and block.name in tags:
            check_alert(block, tags[block.name], blocks, reading)
    outreach = _read_outreach(files, blocks, reading)
    ended = {one.end_tag for one in outreach.journeys.values()}
    project = Project(
        playbooks=tuple(file.playbook for file in files),
        metrics=metrics,
        tags={name: replace(tag, keep=True) if name in ended else tag for name, tag in tags.items()},
        exclusive=exclusive_sets(tags.values()),
        rfm=rfm,
        scores=scores,
        lifecycles=lifecycles,
        segments=segments,
        outreach=outreach,
    )
    return replace(project, order=order_rules(project, reading.findings))


def _read_metrics(reading: Reading) -> dict[str, Metric]:
    """Ratios last, for they ask what kind of number the others are; in file order all the same."""
    blocks = reading.names.of("metric")
    found: dict[str, Metric] = {}
    early = replace(reading, anchors=frozenset((Anchor.ATTRIBUTE,)))
    for block in sorted(blocks.values(), key=is_ratio):
        metric = read_metric(block, early)
        reading.names.metric_types[block.name] = metric.type if metric else None
        if metric is not None:
            found[block.name] = metric
    return {name: found[name] for name in blocks if name in found}


def _read_scores(reading: Reading) -> tuple[dict[str, Score], list[Tag]]:
    scores: dict[str, Score] = {}
    bands: list[Tag] = []
    for block in reading.names.of("score").values():
        score, tags = read_score(block, reading)
        bands.extend(tags)
        if score is not None:
            scores[block.name] = score
    return scores, bands


def _read_tags(reading: Reading, brought: list[Tag]) -> dict[str, Tag]:
    """All tags, in the order in which their names were found."""
    made = {tag.name: tag for tag in reversed(brought)}
    for block in reading.names.of("tag").values():
        if block.kind != "tag":
            continue
        if not block.family:
            made.update({tag.name: tag for tag in read_tag(block, reading)})
            continue
        inner = replace(reading, findings=Findings())
        made.update({tag.name: tag for tag in read_tag(block, inner)})
        reading.findings.extend(of_member(inner.findings, block.name, block.key))
    return {name: made[name] for name in reading.names.of("tag") if name in made}


def _in_groups(
    tags: dict[str, Tag],
    rfm: ReadOnly[str, Rfm],
    scores: ReadOnly[str, Score],
    files: list[_File],
    reading: Reading,
) -> dict[str, Tag]:
    """Tags of a group of which a customer has at most one belong to the set of that name."""
    known = {tag.group: tag.span for tag in tags.values() if tag.group}
    known |= {name: setting.span for name, setting in rfm.items()}
    known |= {name: score.span for name, score in scores.items()}
    nodes = [node for file in files for node in file.fields.get("tag_groups", ())]
    exclusive = read_tag_groups(nodes, known, reading)
    return {
        name: replace(tag, exclusive=tag.group) if tag.group in exclusive and not tag.exclusive else tag
        for name, tag in tags.items()
    }


def _read_outreach(files: list[_File], blocks: Blocks, reading: Reading) -> Outreach:
    """What is sent: the policy, offers and contents first, for messages refer to them."""
    names = reading.names
    policy = _read_policies(files, reading)
    offers = _read_all(names, "offer", lambda block: read_offer(block, reading))
    contents = _read_all(names, "content", lambda block: read_content(block, blocks.metrics, reading))
    sending = Sending(blocks, offers, contents, policy)
    campaigns = _read_all(names, "campaign", lambda block: read_campaign(block, sending, reading))
    journeys = _read_all(names, "journey", lambda block: read_journey(block, sending, reading))
    return Outreach(offers, contents, campaigns, journeys, policy)


def _read_policies(files: list[_File], reading: Reading) -> OutreachPolicy:
    policy = OutreachPolicy()
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
    reading = Reading(settings, Findings(), names_of(project))
    source = Source(path, text)
    mended = read_nodes(source, reading.findings)
    condition = None
    if mended.root is not None:
        condition = read_condition(reading.english(mended.root, "condition"), "when", reading)
    elif not mended.lost:
        reading.findings.add("PB118", Span(source, 1, 1, 1, 1), variant="condition", name="when")
    found = reading.languages.worded(reading.findings)
    return (None if found.has_errors else condition), found
