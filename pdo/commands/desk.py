"""What a command has at hand: the project's settings, its output, the user's name and the clock."""

from __future__ import annotations

import getpass
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pdo.api.project import OpenProject, open_project, open_settings
from pdo.commands.log import begin_log
from pdo.commands.options import Format
from pdo.commands.present import Output, output_of
from pdo.commands.speech import speak
from pdo.core.calendar import Moment, parse_moment
from pdo.core.errors import UsageError
from pdo.core.frozen import dataclass
from pdo.core.memory import LEAST_MEMORY
from pdo.core.sizes import parse_size, shown_size

if TYPE_CHECKING:
    from pdo.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with.

    Args:
        settings: of the project.
        output: where the result goes.
        actor: who calls, as the journals note it.
    """

    settings: Settings
    output: Output
    actor: str

    def moment(self, as_of: str | None = None) -> Moment:
        """The command's now: what `--as-of` says, else the clock.

        Raises:
            UsageError: `--as-of` is no date or time.
        """
        if as_of is None:
            return Moment(int(time.time()), self.settings.timezone)
        try:
            return parse_moment(as_of, self.settings.timezone)
        except (ValueError, OverflowError) as error:
            raise UsageError("error.as_of", value=as_of) from error

    def project(self) -> OpenProject:
        """The project with its playbooks.

        Raises:
            FindingsError: the playbooks have errors.
        """
        return open_project(self.settings, actor=self.actor)


def open_desk(command: str, folder: Path | None, output_format: Format, *, memory: str | None = None) -> Desk:
    """Find the project and get ready.

    Args:
        command: as called, for JSON.
        folder: what `--project` says; the current folder and those above it otherwise.
        output_format: what `--format` says.
        memory: what `--memory` says, which goes before the setting.

    Raises:
        UsageError: there is no project, or `--memory` is no size that suffices.
        FindingsError: `pdo.yaml` has errors.
    """
    settings = open_settings(folder)
    speak(settings.language)
    begin_log(command, settings)
    if memory is not None:
        settings = replace(settings, memory=_memory_of(memory))
    return Desk(settings, output_of(command, output_format), actor_name())


def _memory_of(text: str) -> int:
    size = parse_size(text)
    if size is None or size < LEAST_MEMORY:
        raise UsageError("error.memory", value=text, least=shown_size(LEAST_MEMORY))
    return size


def actor_name() -> str:
    """Who calls: the login name, or the number of a user who has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
