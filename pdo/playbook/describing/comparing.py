"""What a change of playbooks means: the rules before and after, and what hangs on them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass
from pdo.playbook.describing.references import References, in_order
from pdo.playbook.describing.rules import describe, meaning, rules_of
from pdo.playbook.describing.tests import Voice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.core.wording import Language
    from pdo.model.playbook import Project
    from pdo.model.settings import Settings
    from pdo.playbook.describing.references import Key
    from pdo.playbook.describing.rules import Described

SETTINGS = ("timezone", "currency", "attributes", "tables", "categories")
"""What `pdo.yaml` says that changes what rules mean."""


class ChangeKind(StrEnum):
    """What happened to a rule."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class State:
    """A project at some time.

    Args:
        settings: what `pdo.yaml` says.
        project: its playbooks.
    """

    settings: Settings
    project: Project


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that is another one than before.

    Args:
        change: what happened. A rule that was renamed may have changed, too; one that was moved belongs to another playbook and
            is the same otherwise.
        before: as it was; None where it is new.
        after: as it is; None where it is gone.
        removed: lines of it that are no longer there.
        added: lines that are new; both empty where the words are the same.
        resting: titles of all that hangs on it, nearest kinds first.
        has_changed: whether it means something else.
    """

    change: ChangeKind
    before: Described | None
    after: Described | None
    removed: tuple[str, ...]
    added: tuple[str, ...]
    resting: tuple[str, ...]
    has_changed: bool

    @property
    def rule(self) -> Described:
        """The rule as it is, or was."""
        found = self.after or self.before
        if found is None:
            raise AssertionError(self.change)
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states of a project.

    Args:
        changes: in the order in which rules rest on each other; gone ones where they were.
        settings: keys of `pdo.yaml` that say something else.
        examples: names of examples that were added, removed or changed.
        reworded: playbooks whose text is another one though no rule of them means anything else.
    """

    changes: tuple[Change, ...]
    settings: tuple[str, ...]
    examples: tuple[str, ...]
    reworded: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing means anything else."""
        return not (self.changes or self.settings)


def compare(before: State, after: State, language: Language) -> Comparison:
    """Say what is different.

    Args:
        before: the older state.
        after: the newer one.
        language: of the sentences.
    """
    changes = tuple(_Comparing(before, after, language).changes())
    settings = (name for name in SETTINGS if _setting(before, name) != _setting(after, name))
    old, new = ({each.name: meaning(each.moments) for each in state.project.examples} for state in (before, after))
    examples = (name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name))
    return Comparison(changes, tuple(settings), tuple(examples), tuple(_reworded(before, after, changes)))


def _setting(state: State, name: str) -> object:
    return meaning(getattr(state.settings, name))


def _reworded(before: State, after: State, changes: tuple[Change, ...]) -> Iterator[str]:
    """Playbooks that are written otherwise and whose rules are not among the changes.

    What belongs to no playbook alone (the policy, groups of tags) may stand in any that has no other rules.
    """
    digests = {each.name: each.digest for each in before.project.playbooks}
    touched = {rule.playbook for each in changes for rule in (each.before, each.after) if rule is not None}
    owners = {getattr(rule, "playbook", "") for rule in rules_of(after.project).values()}
    for each in after.project.playbooks:
        is_touched = each.name in touched or ("" in touched and each.name not in owners)
        if digests.get(each.name, each.digest) != each.digest and not is_touched:
            yield each.name


class _Comparing:
    """Two projects side by side."""

    def __init__(self, before: State, after: State, language: Language) -> None:
        self.before, self.after = References(before.project), References(after.project)
        self.old = _described(before, language)
        self.new = _described(after, language)
        self.renamed = dict(self._renamed())
        self.names = {old: new[1] for new, old in self.renamed.items()}

    def changes(self) -> Iterator[Change]:
        """Every rule that is another one."""
        was = {old: new for new, old in self.renamed.items()}
        gone = (key for key in self.old if key not in self.new and key not in was)
        for key in in_order((*self.new, *gone)):
            if key not in self.new:
                resting = [*self._titles(self.before, self.old, key), *self._titles(self.after, self.new, key)]
                yield self._change(ChangeKind.REMOVED, self.old[key], None, resting, differs=True)
                continue
            found = self._of(key)
            if found is not None:
                yield found

    def _of(self, key: Key) -> Change | None:
        new, before = self.new[key], self.renamed.get(key, key)
        resting = self._titles(self.after, self.new, key)
        if before not in self.old:
            return self._change(ChangeKind.ADDED, None, new, resting, differs=True)
        old = self.old[before]
        differs = _plain(self.before.rules[before], self.names) != _plain(self.after.rules[key], {})
        if before != key:
            return self._change(ChangeKind.RENAMED, old, new, resting, differs=differs)
        if differs:
            return self._change(ChangeKind.CHANGED, old, new, resting, differs=True)
        if old.playbook != new.playbook:
            return self._change(ChangeKind.MOVED, old, new, [], differs=False)
        return None

    def _renamed(self) -> Iterator[tuple[Key, Key]]:
        """New key → old, as `was` says; of a rule only that was there under its old name and is not any more."""
        for key, rule in self.after.rules.items():
            was = getattr(rule, "was", "")
            if isinstance(was, str) and was and key not in self.old:
                old = (key[0], was)
                if old in self.old and old not in self.new:
                    yield key, old

    @staticmethod
    def _titles(references: References, described: Mapping[Key, Described], key: Key) -> list[str]:
        return [described[user].title for user in references.resting_on((key,)) if user in described]

    @staticmethod
    def _change(
        change: ChangeKind, old: Described | None, new: Described | None, resting: list[str], *, differs: bool
    ) -> Change:
        before, after = (() if each is None else tuple(each.lines()) for each in (old, new))
        removed, added = _lines(before, after)
        return Change(change, old, new, removed, added, tuple(dict.fromkeys(resting)), differs)


def _described(state: State, language: Language) -> dict[Key, Described]:
    return {(each.kind, each.name): each for each in describe(state.project, Voice(language, state.settings))}


def _plain(rule: object, names: Mapping[Key, str]) -> object:
    """What a rule means, whatever it is called."""
    called = {one.name: "" for one in fields(rule) if one.name in ("name", "was")} if is_dataclass(rule) else {}
    if isinstance(getattr(rule, "was", ""), Mapping):
        del called["was"]
    return meaning(replace(rule, **called), names)  # type: ignore[type-var]  # every rule is a dataclass


def _lines(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines that are in one only, in order."""
    removed: list[str] = []
    added: list[str] = []
    for kind, low, high, begin, end in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if kind != "equal":
            removed += before[low:high]
            added += after[begin:end]
    return tuple(removed), tuple(added)
