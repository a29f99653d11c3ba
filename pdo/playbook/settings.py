"""`pdo.yaml`: the settings of a project, and mappings of imports."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pdo.core.diagnostics import Findings
from pdo.core.nodes import Mapping, Node, Scalar
from pdo.model.settings import NIGHTLY_STEPS, ImportMapping, Settings
from pdo.playbook.categories import CATEGORY_KEYS, read_categories
from pdo.playbook.declared import ATTRIBUTE_KEYS, TABLE_KEYS, TYPES, read_attributes, read_tables
from pdo.playbook.files import SETTINGS_FILE, find_project, read_source
from pdo.playbook.mending import read_nodes, read_root
from pdo.playbook.plain import read_memory, read_whole
from pdo.playbook.reading import (
    Reading,
    near,
    read_block,
    read_choice,
    read_fields,
    read_list,
    read_name,
    read_text,
    read_texts,
    report_near,
    report_unknown,
    require,
)
from pdo.playbook.shared_phones import read_shared_phones

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly
    from pathlib import Path

    from pdo.core.source import Span

__all__ = ["ATTRIBUTE_KEYS", "CATEGORY_KEYS", "TABLE_KEYS", "TYPES", "find_project", "read_mapping", "read_settings"]

DEFAULT_DATABASE = "pdo.db"
KEYS = (
    "version",
    "timezone",
    "language",
    "currency",
    "database",
    "attributes",
    "tables",
    "aliases",
    "categories",
    "mappings",
    "shared_phones",
    "retention_days",
    "nightly",
    "heartbeat",
    "log",
    "memory",
)
ALIAS_KEYS = ("staff",)
MAPPING_KEYS = ("kind", "columns", "paid_is", "statuses", "required")
_LANGUAGES = {"中文": "zh", "zh-cn": "zh", "zh_cn": "zh", "英文": "en", "english": "en"}


def read_settings(root: Path) -> tuple[Settings | None, Findings]:
    """The settings in a project's `pdo.yaml`.

    Returns:
        The settings, without what could not be read, so that playbooks can be checked all the same (so ask
        `has_errors` before acting on them); None where there is nothing to read at all.

    Raises:
        UsageError: there is no `pdo.yaml` in the folder.
        StorageError: it may not be read.
    """
    findings = Findings()
    settings = Settings(root, root / DEFAULT_DATABASE)
    reading = Reading(settings, findings)
    source = read_source(root / SETTINGS_FILE, findings)
    if source is None:
        return None, findings
    mended = read_nodes(source, findings)
    if mended.root is None:
        return (None if mended.lost else settings), findings
    english = reading.languages.english(mended.root, SETTINGS_FILE, _declared(mended.root, settings), findings)
    mapping = read_block(english, SETTINGS_FILE, reading)
    if mapping is None:
        return None, reading.languages.worded(findings)
    settings = _settings_of(read_fields(mapping, KEYS, SETTINGS_FILE, reading), settings, reading)
    return settings, reading.languages.worded(findings)


def _declared(root: Node, settings: Settings) -> Settings:
    """The settings with what a text declares: mappings further down may name those columns by their labels."""
    quiet = Reading(settings, Findings())
    english = quiet.english(root, SETTINGS_FILE)
    fields = {entry.key.text: entry.value for entry in english.entries} if isinstance(english, Mapping) else {}
    return _read_data(fields, settings, quiet)


def _settings_of(fields: dict[str, Node], settings: Settings, reading: Reading) -> Settings:
    if "timezone" in fields and (zone := _read_timezone(fields["timezone"], reading)):
        settings = replace(settings, timezone=zone)
    if "language" in fields and (language := _read_language(fields["language"], reading)):
        settings = replace(settings, language=language)
    if "currency" in fields and (currency := read_text(fields["currency"], "currency", reading)):
        if not re.fullmatch("[A-Z]{3}", currency):
            reading.findings.add(
                "PB314", fields["currency"].span, name=currency, place="currency", known="CNY, HKD, USD"
            )
        settings = replace(settings, currency=currency)
    if "database" in fields and (database := read_text(fields["database"], "database", reading)):
        settings = replace(settings, database=settings.root / database)
    settings = _read_data(fields, settings, reading)
    if "aliases" in fields:
        settings = replace(settings, aliases=_read_aliases(fields["aliases"], reading))
    if "categories" in fields:
        settings = replace(settings, categories=read_categories(fields["categories"], reading))
    if "shared_phones" in fields:
        settings = replace(settings, shared_phones=read_shared_phones(fields["shared_phones"], reading))
    if "retention_days" in fields and (days := read_whole(fields["retention_days"], "retention_days", reading)):
        settings = replace(settings, retention_days=days)
    settings = _read_nights(fields, settings, reading)
    if "mappings" in fields:
        inner = Reading(settings, reading.findings)
        settings = replace(settings, mappings=_read_mappings(fields["mappings"], inner))
    return settings


def _read_nights(fields: dict[str, Node], settings: Settings, reading: Reading) -> Settings:
    """What `pdo nightly` does, whom it tells, where it is written down, and how much memory it may take."""
    if "nightly" in fields:
        items = read_list(fields["nightly"], "nightly", reading) or ()
        chosen = {read_choice(item, "nightly", NIGHTLY_STEPS, reading) for item in items}
        settings = replace(settings, nightly=tuple(step for step in NIGHTLY_STEPS if step in chosen))
    if "heartbeat" in fields and (address := read_text(fields["heartbeat"], "heartbeat", reading)):
        if not re.match(r"https?://[^/\s]+", address):
            known = "https://hc-ping.com/…"
            reading.findings.add("PB314", fields["heartbeat"].span, name=address, place="heartbeat", known=known)
        settings = replace(settings, heartbeat=address.rstrip("/"))
    if "log" in fields and (folder := read_text(fields["log"], "log", reading)):
        settings = replace(settings, log=settings.root / folder)
    if "memory" in fields and (memory := read_memory(fields["memory"], "memory", reading)):
        settings = replace(settings, memory=memory)
    return settings


def _read_language(node: Node, reading: Reading) -> Literal["zh", "en"] | None:
    if isinstance(node, Scalar) and node.text.casefold() in _LANGUAGES:
        node = replace(node, text=_LANGUAGES[node.text.casefold()])
    text = read_choice(node, "language", ("zh", "en"), reading)
    return None if text is None else ("zh" if text == "zh" else "en")


def _read_timezone(node: Node, reading: Reading) -> str | None:
    text = read_text(node, "timezone", reading)
    if text is None:
        return None
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zones = _zones()
        short = {zone.rsplit("/", 1)[-1].casefold(): zone for zone in sorted(zones)}
        meant = short.get(text.replace(" ", "_").casefold()) or near(text, sorted(zones)) or "Asia/Shanghai"
        reading.findings.add("PB315", node.span, name=text, near=meant)
        return None
    return text


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(zone for zone in available_timezones() if "/" in zone)


# Data -------------------------------------------------------------------------------------------------------------


def _read_data(fields: dict[str, Node], settings: Settings, reading: Reading) -> Settings:
    """Columns and tables of one's own."""
    attributes = read_attributes(fields["attributes"], reading) if "attributes" in fields else {}
    read = read_tables(fields["tables"], attributes.get("customers", ()), reading) if "tables" in fields else {}
    attributes |= {name: columns for name, (_, columns) in read.items()}
    return replace(settings, attributes=attributes, tables={name: table for name, (table, _) in read.items()})


def _read_aliases(node: Node, reading: Reading) -> dict[str, str]:
    """What files call a colleague → staff_id."""
    mapping = read_block(node, "aliases", reading)
    fields = read_fields(mapping, ALIAS_KEYS, "aliases", reading) if mapping else {}
    return read_pairs(fields["staff"], "staff", reading) if "staff" in fields else {}


# Mappings ---------------------------------------------------------------------------------------------------------


def read_mapping(path: Path, settings: Settings | None = None) -> tuple[ImportMapping | None, Findings]:
    """The mapping in a file of its own (`--mapping FILE`), named after the file.

    Args:
        path: of the file.
        settings: for the columns they declare.

    Raises:
        UsageError: there is no such file.
        StorageError: it may not be read.
    """
    findings = Findings()
    folder = path.parent
    reading = Reading(settings or Settings(folder, folder / DEFAULT_DATABASE), findings)
    node = read_root(path, findings)
    if node is None:
        return None, findings
    root = reading.english(node, "mappings")
    found = _read_import_mapping(path.stem, root, root.span, reading)
    findings = reading.languages.worded(findings)
    return (None if findings.has_errors else found), findings


def _read_mappings(node: Node, reading: Reading) -> dict[str, ImportMapping]:
    mapping = read_block(node, "mappings", reading)
    found: dict[str, ImportMapping] = {}
    for entry in mapping.entries if mapping else ():
        name = read_name(entry.key, reading)
        read = _read_import_mapping(name or "", entry.value, entry.key.span, reading)
        if name is not None and read is not None:
            found.setdefault(name, read)
    return found


def _read_import_mapping(name: str, node: Node, span: Span, reading: Reading) -> ImportMapping | None:
    mapping = read_block(node, "mappings", reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, MAPPING_KEYS, "mappings", reading)
    kind_node = require(fields, "kind", span, "kind: orders", reading)
    kind = read_choice(kind_node, "kind", tuple(reading.settings.kinds), reading) if kind_node is not None else None
    columns: ReadOnly[str, str] = {}
    if "columns" in fields:
        columns = _read_columns(fields["columns"], kind, reading)
    paid_is: Literal["gross", "net"] = "gross"
    if "paid_is" in fields:
        chosen = read_choice(fields["paid_is"], "paid_is", ("gross", "net"), reading)
        paid_is = "net" if chosen == "net" else "gross"
        if kind not in (None, "orders"):
            reading.findings.add("PB305", fields["paid_is"].span, variant="paid", name=kind)
    statuses = read_pairs(fields["statuses"], "statuses", reading) if "statuses" in fields else {}
    required: tuple[str, ...] = ()
    if "required" in fields:
        texts = read_texts(fields["required"], "required", reading) or []
        required = tuple(dict.fromkeys(text for text, span in texts if is_column(text, kind, span, reading)))
    return None if kind is None else ImportMapping(name, kind, columns, paid_is, statuses, required)


def _read_columns(node: Node, kind: str | None, reading: Reading) -> dict[str, str]:
    mapping = read_block(node, "columns", reading)
    found: dict[str, str] = {}
    for entry in mapping.entries if mapping else ():
        column = entry.key.text
        header = read_text(entry.value, column, reading)
        if is_column(column, kind, entry.key.span, reading) and header is not None:
            found.setdefault(column, header)
    return found


def is_column(name: str, kind: str | None, span: Span, reading: Reading) -> bool:
    """Whether a kind has this column, built in or declared; of an unknown kind all are believed."""
    if kind is None:
        return True
    columns = reading.settings.kinds[kind].columns
    known = [column.name for column in (*columns, *(found.column for found in reading.settings.declared(kind)))]
    labels = {column.label: column.name for column in columns}
    if name in known:
        return True
    if name in labels:
        report_near("PB203", span, name, labels[name], reading.findings, subject=kind)
    else:
        report_unknown("PB203", span, name, known, reading.findings, subject=kind)
    return False


def read_pairs(node: Node, place: str, reading: Reading) -> dict[str, str]:
    """Texts by text."""
    mapping = read_block(node, place, reading)
    found: dict[str, str] = {}
    for entry in mapping.entries if mapping else ():
        text = read_text(entry.value, entry.key.text, reading)
        if text is not None:
            found.setdefault(entry.key.text, text)
    return found
