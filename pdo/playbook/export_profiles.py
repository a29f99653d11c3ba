"""Export profiles: files that say how a list must look for those who take it, read and checked like playbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.diagnostics import Findings
from pdo.core.nodes import Mapping, Node
from pdo.model.exporting import ENCODINGS, FORMS, TYPES, ExportColumn, ExportProfile
from pdo.playbook.mending import read_root
from pdo.playbook.reading import (
    Reading,
    read_block,
    read_choice,
    read_fields,
    read_text,
    read_texts,
    require,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pdo.core.nodes import Scalar
    from pdo.model.settings import Settings

FOLDER = "exports"
"""Where a project has its own, beside `pdo.yaml`."""

PROFILE_KEYS = ("label", "type", "encoding", "needs", "columns")
COLUMN_KEYS = ("field", "as", "always")
_EXAMPLE = "columns: {手机号: {field: phone, as: national}, 内容: text}"


def read_export_profile(path: Path, settings: Settings) -> tuple[ExportProfile | None, Findings]:
    """The export profile in a file, named after the file.

    Args:
        path: of the file.
        settings: for messages.

    Raises:
        UsageError: there is no such file.
        StorageError: it may not be read.
    """
    findings = Findings()
    reading = Reading(settings, findings)
    found = read_root(path, findings)
    if found is None:
        return None, findings
    root = read_block(found, FOLDER, reading)
    if root is None:
        return None, findings
    fields = read_fields(root, PROFILE_KEYS, FOLDER, reading)
    label = read_text(fields["label"], "label", reading) if "label" in fields else None
    type_ = read_choice(fields["type"], "type", TYPES, reading) if "type" in fields else None
    encoding = read_choice(fields["encoding"], "encoding", ENCODINGS, reading) if "encoding" in fields else None
    needs = read_texts(fields["needs"], "needs", reading) if "needs" in fields else None
    node = require(fields, "columns", root.span, _EXAMPLE, reading)
    block = read_block(node, "columns", reading) if node is not None else None
    columns = [_read_column(entry.key, entry.value, reading) for entry in (block.entries if block is not None else ())]
    if findings.has_errors:
        return None, findings
    profile = ExportProfile(
        name=path.stem,
        label=label or path.stem,
        type=type_ or TYPES[0],
        encoding=encoding or ENCODINGS[0],
        columns=tuple(columns),
        needs=tuple(text for text, _ in needs or ()),
    )
    return profile, findings


def _read_column(key: Scalar, node: Node, reading: Reading) -> ExportColumn:
    """A field, or a block."""
    if not isinstance(node, Mapping):
        return ExportColumn(key.text, read_text(node, key.text, reading) or "")
    fields = read_fields(node, COLUMN_KEYS, "columns", reading)
    field = read_text(fields["field"], "field", reading) if "field" in fields else None
    always = read_text(fields["always"], "always", reading) if "always" in fields else None
    form = read_choice(fields["as"], "as", FORMS, reading) if "as" in fields else None
    if field is None and always is None:
        reading.findings.add("PB117", node.span, name="field", example="field: phone")
    return ExportColumn(key.text, field or "", form or "", always or "")
