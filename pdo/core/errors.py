"""The exceptions of a broken world and the exit codes of the program.

A mistake of the user in a file is a `Diagnostic`, collected with all others. These exceptions are for what ends a command:
each names the key of its wording (`pdo.core.wording`) and the values for it, is caught once, in `pdo.cli`, and becomes one
line, a hint and an exit code.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pdo.core.diagnostics import Diagnostic


class ExitCode(IntEnum):
    """What a script may rely on; documented in `docs/reference/exit-codes.md`."""

    DONE = 0
    BUG = 1
    USAGE = 2
    FINDINGS = 3
    PARTIAL = 4
    NO_DATABASE = 10
    LOCKED = 11
    SCHEMA = 12
    STORAGE = 13
    DELIVERY = 20
    HANGUP = 129
    INTERRUPTED = 130
    TERMINATED = 143


class PdoError(Exception):
    """A command cannot go on.

    Args:
        key: key of the wording, as in `error.no_database`.
        params: values that the wording names; never personal data.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.BUG

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key, params)
        self.key = key
        self.params = params


class UsageError(PdoError):
    """The call or the file it names cannot be used: wrong option, missing file, not a CSV, unknown name."""

    exit_code = ExitCode.USAGE


class FindingsError(PdoError):
    """Playbooks or settings have errors, so nothing was done.

    Args:
        diagnostics: everything that was found, warnings included.
        key: key of the wording, which names `count`.
    """

    exit_code = ExitCode.FINDINGS

    def __init__(self, diagnostics: tuple[Diagnostic, ...], key: str = "error.findings") -> None:
        super().__init__(key, count=sum(found.is_error for found in diagnostics))
        self.diagnostics = diagnostics


class NoDatabaseError(PdoError):
    """There is no database where the settings say."""

    exit_code = ExitCode.NO_DATABASE


class LockedError(PdoError):
    """Another process holds the store."""

    exit_code = ExitCode.LOCKED


class SchemaVersionError(PdoError):
    """The database is older or newer than this program."""

    exit_code = ExitCode.SCHEMA


class StorageError(PdoError):
    """The disk or the database file failed: full, forbidden, damaged; or memory is too small. Nothing was written."""

    exit_code = ExitCode.STORAGE


class StoppedError(PdoError):
    """A signal ended the command.

    Args:
        signal_number: the signal that came; the exit code is 128 more.
        has_written: whether it came after something was written for good, as while the result was printed.
    """

    def __init__(self, signal_number: int, *, has_written: bool = False) -> None:
        super().__init__("error.stopped_after" if has_written else "error.stopped")
        self.signal_number = signal_number
