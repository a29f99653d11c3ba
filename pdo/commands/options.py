"""Options that several commands share: one word, one meaning."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pdo.commands.help import words


class Format(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"


class ColorWhen(StrEnum):
    """When output is coloured."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Loudness(StrEnum):
    """How much a command says that ends well."""

    FULL = "full"
    SUMMARY = "summary"
    QUIET = "quiet"


class CheckFormat(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"
    GITLAB = "gitlab"


class FileType(StrEnum):
    """What an exported file is."""

    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


def option(*names: str, key: str, metavar: str | None = None) -> typer.models.OptionInfo:
    """An option whose help stands under `option.KEY`."""
    found: typer.models.OptionInfo = typer.Option(
        *names, help=words(f"option.{key}"), metavar=metavar, show_default=False
    )
    return found


def argument(key: str, *, metavar: str) -> typer.models.ArgumentInfo:
    """An argument whose help stands under `argument.KEY`."""
    found: typer.models.ArgumentInfo = typer.Argument(
        help=words(f"argument.{key}"), metavar=metavar, show_default=False
    )
    return found


ProjectDir = Annotated[Path | None, option("--project", key="project", metavar="DIR")]
OutputFormat = Annotated[Format, option("--format", key="format", metavar="text|json")]
AsOf = Annotated[str | None, option("--as-of", key="as_of", metavar="WHEN")]
Memory = Annotated[str | None, option("--memory", key="memory", metavar="SIZE")]
Playbook = Annotated[str, option("--playbook", key="playbook", metavar="NAME")]
DryRun = Annotated[bool, option("--dry-run", key="dry_run")]
Note = Annotated[str | None, option("--note", key="note", metavar="TEXT")]
OutputFile = Annotated[Path | None, option("--output", key="output", metavar="FILE")]
ExportedAs = Annotated[FileType | None, option("--file-type", key="file_type", metavar="csv|jsonl|xlsx")]
ExportProfileName = Annotated[str | None, option("--as", key="export_as", metavar="PROFILE")]
Limit = Annotated[int, option("--limit", key="limit", metavar="N")]
Reveal = Annotated[bool, option("--reveal", key="reveal")]
CustomerName = Annotated[str, argument("customer", metavar="CUSTOMER")]
At = Annotated[str | None, option("--at", key="at", metavar="WHEN")]
OverrideGuard = Annotated[str, option("--override-guard", key="override_guard", metavar="REASON")]
