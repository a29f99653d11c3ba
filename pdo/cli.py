"""Floor 7: the program. Its commands, loaded when called; the one error boundary; the exit codes.

What ends a command becomes one line and a hint on standard error, and with `--format json` one JSON object on standard output.
"""

from __future__ import annotations

import errno
import gc
import importlib
import os
import re
import signal
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from pdo import __version__
from pdo.commands.failure import failed_envelope, failure_lines, worded
from pdo.commands.help import Command, Group, words
from pdo.commands.log import choose_log, log_line
from pdo.commands.options import ColorWhen, Format, Loudness, option
from pdo.commands.present import Unfinished, choose_color, choose_loudness, output_of, silence, writing
from pdo.commands.speech import speak
from pdo.core.committed import begin_command, has_committed
from pdo.core.errors import ExitCode, LockedError, PdoError, StoppedError, StorageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType

    from typer._click import Command as AnyCommand
    from typer._click import Context


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command stands.

    Args:
        module: its module, which holds a Typer `app`.
        is_group: whether it has commands of its own.
    """

    module: str
    is_group: bool = False


COMMANDS: Mapping[str, Entry] = MappingProxyType(
    {
        "init": Entry("pdo.commands.init"),
        "import": Entry("pdo.commands.import_"),
        "imports": Entry("pdo.commands.imports", is_group=True),
        "validate": Entry("pdo.commands.validate"),
        "test": Entry("pdo.commands.test"),
        "rule": Entry("pdo.commands.rule"),
        "fmt": Entry("pdo.commands.fmt"),
        "schema": Entry("pdo.commands.schema"),
        "describe": Entry("pdo.commands.describe"),
        "diff": Entry("pdo.commands.diff"),
        "handbook": Entry("pdo.commands.handbook"),
        "plan": Entry("pdo.commands.plan"),
        "run": Entry("pdo.commands.run"),
        "runs": Entry("pdo.commands.runs", is_group=True),
        "nightly": Entry("pdo.commands.nightly"),
        "today": Entry("pdo.commands.today"),
        "count": Entry("pdo.commands.count"),
        "explain": Entry("pdo.commands.explain"),
        "customer": Entry("pdo.commands.customer", is_group=True),
        "identity": Entry("pdo.commands.identity", is_group=True),
        "tag": Entry("pdo.commands.tag", is_group=True),
        "stage": Entry("pdo.commands.stage", is_group=True),
        "segment": Entry("pdo.commands.segment", is_group=True),
        "block": Entry("pdo.commands.block", is_group=True),
        "preview": Entry("pdo.commands.preview"),
        "campaign": Entry("pdo.commands.campaign", is_group=True),
        "journey": Entry("pdo.commands.journey", is_group=True),
        "batch": Entry("pdo.commands.batch", is_group=True),
        "task": Entry("pdo.commands.task", is_group=True),
        "report": Entry("pdo.commands.report", is_group=True),
        "db": Entry("pdo.commands.db", is_group=True),
        "config": Entry("pdo.commands.config", is_group=True),
        "doctor": Entry("pdo.commands.doctor"),
        "help": Entry("pdo.commands.topics"),
    }
)
"""Every command, in the order of the help."""


class LateGroup(Group):
    """The root: its commands are listed from `COMMANDS` and loaded when one is called."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002  (Typer's signature)
        """The names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> AnyCommand | None:  # noqa: ARG002  (Typer's signature)
        """Enough of a command to list it."""
        return Command(cmd_name, help=words(f"help.{cmd_name}")) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, AnyCommand | None, list[str]]:
        """The command itself."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, load_command(name) if found is not None and name is not None else found, rest


GENERAL: Mapping[str, bool] = MappingProxyType(
    {"--color": True, "--no-color": False, "--wait": True, "--quiet": False, "--summary": False, "--log": True}
)
"""Options of the root that may stand anywhere → whether a value follows."""
RETRY_SECONDS = 1.0
SECONDS_OF: Mapping[str, int] = MappingProxyType({"s": 1, "m": 60, "min": 60, "h": 3600})
COLLECT_AFTER = 200_000
"""New objects before Python looks for garbage: playbooks become many small objects that all stay, and looking takes long."""
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
RELAYED = signal.SIGUSR1


def load_command(name: str) -> AnyCommand:
    """Import the module of a command."""
    found = get_command(importlib.import_module(COMMANDS[name].module).app)
    found.name = name
    found.help = words(f"help.{name}")
    return found


app = typer.Typer(
    cls=LateGroup,
    help=words("help.pdo"),
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _show_version(asked: bool) -> None:  # noqa: FBT001  (Typer's signature)
    if asked:
        typer.echo(f"pdo {__version__}")
        raise typer.Exit


class _Everywhere(dict[str, object]):
    """The same defaults for every command of a group, whatever it is called; the group itself has only `--help`."""

    def get(self, name: str, default: object = None) -> object:
        """The defaults of a command."""
        return default if name == "help" else dict(self)


@app.callback()
def root(
    context: typer.Context,
    *,
    project: Annotated[Path | None, option("--project", key="project", metavar="DIR")] = None,
    color: Annotated[ColorWhen, option("--color", key="color", metavar="auto|always|never")] = ColorWhen.AUTO,
    no_color: Annotated[bool, option("--no-color", key="no_color")] = False,
    wait: Annotated[str, option("--wait", key="wait", metavar="TIME")] = "",
    quiet: Annotated[bool, option("--quiet", key="quiet")] = False,
    summary: Annotated[bool, option("--summary", key="summary")] = False,
    log: Annotated[Path | None, option("--log", key="log", metavar="FILE")] = None,
    version: Annotated[  # noqa: ARG001  (its callback ends the call)
        bool,
        typer.Option("--version", help=words("option.version"), callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Nothing of its own; the options that every command has."""
    choose_color(ColorWhen.NEVER if no_color else color)
    choose_loudness(Loudness.QUIET if quiet else Loudness.SUMMARY if summary else Loudness.FULL)
    choose_log(log)
    if wait and seconds_of(wait) is None:
        raise UsageError("error.wait", value=wait)
    if project is not None:
        default = {"project": str(project)}
        context.default_map = {
            name: _Everywhere(default) if entry.is_group else default for name, entry in COMMANDS.items()
        }


# The boundary -----------------------------------------------------------------------------------------------------------


def main() -> NoReturn:
    """Run the program and end the process with its exit code."""
    gc.set_threshold(COLLECT_AFTER)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    catch_signals()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one call, telling what ends it.

    Args:
        arguments: of the command line, without the program's name.

    Returns:
        The exit code.
    """
    speak(None)
    choose_color(ColorWhen.AUTO)
    choose_loudness(Loudness.FULL)
    choose_log(None)
    begin_command()
    arguments = general_first(arguments)
    began = time.monotonic()
    code = _run(arguments)
    log_line("end", command=_called(arguments), exit_code=int(code), seconds=round(time.monotonic() - began, 3))
    return code


def _run(arguments: Sequence[str]) -> int:
    try:
        code = _call_patiently(arguments)
        with writing(sys.stdout):
            pass
    except PdoError as error:
        return _tell(error, arguments)
    except Unfinished as unfinished:
        if not _wants_json(arguments):
            output_of(_called(arguments), Format.TEXT).show({}, *unfinished.blocks)
        return _tell(unfinished.error, arguments, unfinished.data)
    except TyperException as error:
        return _tell(worded(error), arguments)
    except typer.Abort:
        return _tell(StoppedError(signal.SIGINT), arguments)
    except OSError as error:
        silence(sys.stdout)
        return _tell(_storage_error(error), arguments)
    except Exception:  # noqa: BLE001  (the one place for our bugs: a traceback, without locals)
        traceback.print_exc()
        return _tell(PdoError("error.bug"), arguments)
    return code


def general_first(arguments: Sequence[str]) -> list[str]:
    """The arguments with those of `GENERAL` in front, where the root reads them; they may stand anywhere."""
    first: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            return [*first, *rest, argument, *waiting]
        name, sign, _ = argument.partition("=")
        takes_value = GENERAL.get(name)
        if takes_value is None:
            rest.append(argument)
        else:
            first.append(argument)
            first += [next(waiting, "")] if takes_value and not sign else []
    return [*first, *rest]


def _call_patiently(arguments: Sequence[str]) -> int:
    """Call, and as long as `--wait` says call again where another process holds the store."""
    patience = wait_of(arguments)
    until = time.monotonic() + patience
    while True:
        try:
            return _call(arguments)
        except (LockedError, Unfinished) as refused:
            nothing_done = isinstance(refused, LockedError) or _is_untouched(refused)
            if not nothing_done or time.monotonic() >= until:
                raise
        time.sleep(min(RETRY_SECONDS, max(until - time.monotonic(), 0)))


def _is_untouched(refused: Unfinished) -> bool:
    return isinstance(refused.error, LockedError) and not has_committed()


def wait_of(arguments: Sequence[str]) -> int:
    """What `--wait` says, in seconds; 0 where it says nothing or no length of time, which the root refuses."""
    pairs = pairwise((*arguments, ""))
    said = [then if first == "--wait" else first.removeprefix("--wait=") for first, then in pairs if "--wait" in first]
    return next((found for text in said if (found := seconds_of(text)) is not None), 0)


def seconds_of(text: str) -> int | None:
    """A length of time as `90`, `90s`, `10m`, `10min` or `1h`; None for anything else."""
    found = re.fullmatch(r"(\d{1,6})(s|m|min|h)?", text.strip())
    return None if found is None else int(found[1]) * SECONDS_OF[found[2] or "s"]


def _call(arguments: Sequence[str]) -> int:
    found = get_command(app).main(list(arguments), prog_name="pdo", standalone_mode=False)
    return found if isinstance(found, int) else ExitCode.DONE


def _tell(error: PdoError, arguments: Sequence[str], data: Mapping[str, object] | None = None) -> int:
    if isinstance(error, StoppedError) and has_committed():
        error = StoppedError(error.signal_number, has_written=True)
    log_line("error", key=error.key)
    try:
        with writing(sys.stderr) as stream:
            stream.writelines(f"{line}\n" for line in failure_lines(error))
        if _wants_json(arguments):
            with writing(sys.stdout) as stream:
                stream.write(failed_envelope(_called(arguments), error, data or {}) + "\n")
    except StorageError as full:
        return full.exit_code
    if isinstance(error, StoppedError):
        return 128 + error.signal_number
    return error.exit_code


def _storage_error(error: OSError) -> PdoError:
    """What the operating system refused, where no stage has said it better."""
    path = error.filename or ""
    match error.errno:
        case errno.ENOENT:
            return UsageError("error.file_missing", path=path)
        case errno.EISDIR:
            return UsageError("error.file_is_folder", path=path)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return StorageError("error.not_permitted", path=path)
        case errno.ENOSPC | errno.EDQUOT | errno.EIO | errno.EFBIG:
            return StorageError("error.disk_full", path=path or os.strerror(error.errno))
    raise error


def _wants_json(arguments: Sequence[str]) -> bool:
    """Whether JSON is asked for; read from the raw arguments, since a call may fail before they are parsed."""
    pairs = pairwise((*arguments, ""))
    return any(first == "--format=json" or (first, then) == ("--format", "json") for first, then in pairs)


def _called(arguments: Sequence[str]) -> str:
    """The name of the called command, `customer show`; empty where there is none."""
    rest = list(arguments)
    while rest and rest[0].startswith("-"):  # options of the root, and their values
        takes_value = "=" not in rest[0] and rest[0] in ("--project", "--color", "--wait", "--log")
        rest = rest[2 if takes_value else 1 :]
    named = [argument for argument in rest if not argument.startswith("-")]
    if not named or named[0] not in COMMANDS:
        return ""
    return " ".join(named[:2]) if COMMANDS[named[0]].is_group else named[0]


def catch_signals() -> None:
    """Let a signal end the command as an error does, so that transactions are rolled back; a second one changes nothing."""
    # What is ignored already stays so: nohup, or a job in the background.
    heeded = [number for number in STOPPING if signal.getsignal(number) is not signal.SIG_IGN]

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in (*heeded, RELAYED):
            signal.signal(each, signal.SIG_IGN)
        raise StoppedError(signal.SIGINT if number == RELAYED else number)

    for number in heeded:
        signal.signal(number, stop)
    if signal.SIGINT in heeded:
        signal.signal(RELAYED, stop)
        _relay_interrupts()


def _relay_interrupts() -> None:
    """Wait for Ctrl-C in a thread and pass it on as another signal: ADBC takes SIGINT for itself while it works, and loses it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    main_thread = threading.get_ident()

    def relay() -> None:
        signal.sigwait({signal.SIGINT})
        signal.pthread_kill(main_thread, RELAYED)

    threading.Thread(target=relay, daemon=True).start()
