"""`pdo config`: the settings as they are in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.commands.desk import open_desk
from pdo.commands.help import command, group
from pdo.commands.options import Format, OutputFormat, ProjectDir
from pdo.commands.present import Table
from pdo.core.sizes import shown_size

if TYPE_CHECKING:
    from pdo.model.settings import Settings

app = group()


@command(app, "show", "help.config.show")
def show(*, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Show every setting."""
    desk = open_desk("config show", project, output_format)
    data = settings_data(desk.settings)
    rows = [(name, _text(value)) for name, value in data.items()]
    desk.output.show(data, Table(desk.output.headings("setting", "value"), rows))


def settings_data(settings: Settings) -> dict[str, object]:
    """What JSON says of the settings."""
    return {
        "root": str(settings.root),
        "database": str(settings.database),
        "timezone": settings.timezone,
        "language": settings.language,
        "currency": settings.currency,
        "attributes": {
            kind: [
                {
                    "name": attribute.column.name,
                    "type": attribute.column.type.value,
                    "label": attribute.column.label,
                    "values": list(attribute.values),
                    "sensitive": attribute.sensitive,
                }
                for attribute in attributes
            ]
            for kind, attributes in settings.attributes.items()
        },
        "tables": {
            name: {
                "label": table.kind.label,
                "key": list(table.kind.key),
                "time": None if table.time is None else table.time.name,
            }
            for name, table in settings.tables.items()
        },
        "categories": [
            {
                "category": rule.category,
                "title": list(rule.titles),
                "sku": list(rule.skus),
                "cycle_days": rule.cycle_days,
            }
            for rule in settings.categories
        ],
        "aliases": {"staff": dict(settings.aliases)},
        "nightly": None if settings.nightly is None else list(settings.nightly),
        "heartbeat": "/".join([*settings.heartbeat.split("/")[:3], "…"]) if settings.heartbeat else None,
        "memory": None if settings.memory is None else shown_size(settings.memory),
        "log": None if settings.log is None else str(settings.log),
        "mappings": {
            mapping.name: {
                "kind": mapping.kind,
                "columns": dict(mapping.columns),
                "paid_is": mapping.paid_is,
                "statuses": dict(mapping.statuses),
                "required": list(mapping.required),
            }
            for mapping in settings.mappings.values()
        },
    }


def _text(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(
            f"{name} ({', '.join(found['name'] for found in inner)})" if isinstance(inner, list) else name
            for name, inner in value.items()
        )
    return str(value)
