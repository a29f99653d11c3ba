"""What a file is, by its header: the layout of a profile, a mapping of `pdo.yaml`, or one of the kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdo.core.errors import UsageError
from pdo.core.spill import spill_folder
from pdo.ingest.decoding import decode
from pdo.ingest.dialect import find_dialect, folded
from pdo.ingest.headers import known_headers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pdo.model.fields import Kind
    from pdo.model.profiles import Layout, Profile
    from pdo.model.settings import ImportMapping, Settings


@dataclass(frozen=True, slots=True)
class Recognised:
    """How a file comes in.

    Args:
        label: what it is, for people; empty for a plain kind.
        profile: the layout, as `taobao.orders`; empty without one.
        parts: the kinds that come in of it, in order, and how their columns are called.
    """

    parts: tuple[tuple[str, ImportMapping | None], ...]
    label: str = ""
    profile: str = ""


def header_of(
    path: Path, settings: Settings, profiles: Iterable[Profile], *, encoding: str | None = None
) -> tuple[str, ...]:
    """The header of a file, wherever it stands.

    Args:
        path: the file; `-` is standard input.
        settings: for the columns and mappings they declare.
        profiles: whose headers are known.
        encoding: what the user says the file is in.

    Raises:
        UsageError: the file cannot be used as it is.
        StorageError: the disk is full.
    """
    known = {folded(header) for profile in profiles for layout in profile.layouts for header in layout.known}
    for kind in settings.kinds.values():
        known |= known_headers(kind, settings, None)
    for mapping in settings.mappings.values():
        known |= set(map(folded, mapping.headers))
    with spill_folder(settings.database) as folder:
        text = decode(path, folder, encoding=encoding, progress=lambda *_: None)
        return find_dialect(text, known).header


def recognise(
    path: Path,
    cells: Sequence[str],
    settings: Settings,
    profiles: Sequence[Profile],
    *,
    kind: str | None = None,
    named: bool = False,
) -> Recognised:
    """Say what a header means.

    A profile goes before a mapping, and that before a kind; among several the one that knows most of the headers is meant, of
    equals the project's own.

    Args:
        path: the file, for what is told, and for its name, which may say the kind.
        cells: its header.
        settings: for the kinds and mappings of the project.
        profiles: that may be meant.
        kind: the only one that is wanted of a profile's; None for all.
        named: whether the user named the profile, so that nothing else will do.

    Raises:
        UsageError: nothing is meant, or no one thing.
    """
    here = frozenset(map(folded, cells))
    fitting = [
        (len(here & frozenset(map(folded, layout.known))), profile.is_own, layout)
        for profile in profiles
        for layout in profile.layouts
        if here >= frozenset(map(folded, layout.headers))
    ]
    found = ", ".join(filter(None, cells))
    if fitting:
        return _of_layout(path, max(fitting, key=lambda one: one[:2])[2], kind)
    if named:
        expected = "; ".join(
            f"{layout.label}: {', '.join(layout.headers)}" for each in profiles for layout in each.layouts
        )
        raise UsageError("error.import_profile_misfit", path=path, found=found, expected=expected)
    mapped = [
        (len(mapping.columns), mapping)
        for mapping in settings.mappings.values()
        if len(mapping.columns) > 1 and here >= frozenset(map(folded, mapping.columns.values()))
    ]
    if mapped:
        mapping = max(mapped, key=lambda one: one[0])[1]
        return Recognised(((mapping.kind, mapping),), mapping.name)
    return Recognised(((_kind_of(path, here, found, settings), None),))


def _of_layout(path: Path, layout: Layout, kind: str | None) -> Recognised:
    parts = tuple((part.kind, part) for part in layout.parts if kind in (None, part.kind))
    profile = layout.parts[0].profile if layout.parts else layout.name
    if not parts:
        kinds = ", ".join(part.kind for part in layout.parts)
        raise UsageError("error.import_profile_kind", path=path, profile=profile, kind=kind, kinds=kinds)
    return Recognised(parts, layout.label, profile)


def _kind_of(path: Path, here: frozenset[str], found: str, settings: Settings) -> str:
    """The kind that a header fits best; where several do alike, the file's name decides."""
    scores = {
        kind.name: score for kind in settings.kinds.values() if (score := _score(kind, here, settings)) is not None
    }
    stem = path.stem.casefold()
    called = [name for name in scores if stem.startswith((name, settings.kinds[name].label))]
    if called:
        return called[0]
    best = [name for name, score in scores.items() if score == max(scores.values())]
    if len(best) == 1:
        return best[0]
    if best:
        raise UsageError("error.import_auto_several", path=path, kinds=", ".join(best), first=best[0])
    raise UsageError("error.import_auto_unknown", path=path, found=found)


def _score(kind: Kind, here: frozenset[str], settings: Settings) -> tuple[int, int] | None:
    """How many columns of a kind stand in a header, and how many of those are required; None where one is missing."""
    columns = (*kind.columns, *(each.column for each in settings.declared(kind.name) if not each.column.consent))
    present = {
        column.name for column in columns if here & frozenset(map(folded, (column.name, column.label, *column.headers)))
    }
    required = {column.name for column in columns if column.required}
    if not required <= present or (kind.any_of and not present & set(kind.any_of)):
        return None
    if not required and not present & set(kind.key):
        return None
    return len(present), len(required)
