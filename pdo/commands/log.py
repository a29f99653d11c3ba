"""The log of what commands did, one JSON object a line, for whoever watches a server. It holds no personal data."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pdo.core.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.model.settings import Settings

PRIVATE = 0o600
_LOG: ContextVar[Path | None] = ContextVar("log", default=None)


def choose_log(path: Path | None) -> None:
    """Note what `--log` says."""
    _LOG.set(path)


def begin_log(command: str, settings: Settings) -> None:
    """Say that a command begins, in the file that `--log` names, else in this day's file of the folder that `pdo.yaml` names.

    Raises:
        StorageError: the file cannot be written.
    """
    if _LOG.get() is None and settings.log is not None:
        _LOG.set(settings.log / f"pdo-{datetime.now(UTC).date().isoformat()}.jsonl")
    path = _LOG.get()
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _append(path, "begin", {"command": command})
    except OSError as error:
        _LOG.set(None)
        raise StorageError("error.log", path=path, reason=error.strerror or "") from error


def log_line(event: str, **fields: object) -> None:
    """Add a line, if a log was begun; a disk that is full by now fails no command that is done."""
    path = _LOG.get()
    if path is not None:
        with suppress(OSError):
            _append(path, event, fields)


def _append(path: Path, event: str, fields: Mapping[str, object]) -> None:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = json.dumps({"at": at, "pid": os.getpid(), "event": event, **fields}, ensure_ascii=False, default=str)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE)
    try:
        os.write(descriptor, f"{line}\n".encode())
    finally:
        os.close(descriptor)
