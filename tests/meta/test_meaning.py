"""What the reference says is proved: every sentence by an example that could fail, every word by sentences."""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase as fnmatch
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

import pytest

from docs.meaning import EXCEPTIONS, SETTINGS, Group, Section, Sentence, files_of, load, read_sections
from pdo.api.testing import run_examples
from pdo.model.examples import ExampleFile
from pdo.model.verdicts import ExampleReport
from pdo.playbook import grammar
from pdo.playbook.grammar.blocks import RESERVED
from pdo.playbook.grammar.conditions import ANCHORS, AVERAGES, CALENDAR, SUBJECTS, TABLE
from pdo.playbook.project import load_project
from pdo.playbook.settings import read_settings
from tests.support.project import ROOT

SECTIONS = read_sections()
GROUPS = tuple((section, group) for section in SECTIONS for group in section.groups)
SENTENCES = tuple((group, sentence) for _, group in GROUPS for sentence in group.sentences)
ASPECTS = ("meaning", "missing", "no_rows", "boundary", "tie")
BLOCKS = (
    "tags",
    "ask",
    "tag_groups",
    "rfm",
    "rfm.part",
    "scores",
    "scores.rules",
    "fades",
    "lifecycles",
    "transitions",
)
PLACES = (*BLOCKS, "lifecycles.by", "segments", "condition", "tag", "stage", "segment", "of_is", "streak", "regularly")
WITHOUT_KEYS = (
    *("test.equal", "test.one_of", "test.range", "test.ago", "test.dates"),
    *(f"test.{limit}.{middle}" for limit in ("above", "below") for middle in AVERAGES),
    *(f"within.{word}" for word in CALENDAR),
    *("since.stage", "since.date"),
    *(f"condition.{one}" for one in ("everyone", "attribute", "metric", "table")),
    *(f"rfm.part.high.{one}" for one in ("threshold", "share", *AVERAGES, "score")),
    *("keys.chinese", "run.now", "run.refund", "run.attributes", "run.hands", "run.rules"),
)
"""What is said without a key of its own."""

COVERED_BY_FORMS = {"rfm.part.high"}
"""Keys whose every way of being written has its own sentences."""

OUTSIDE = {"entry", "message", "assigned"}
"""Beginnings of a window that exist inside journeys and campaigns only, or later."""


@lru_cache
def needed() -> tuple[str, ...]:
    """Every word whose meaning is to be told: `place.key`, subjects and metrics under one name each."""
    found: dict[str, None] = {}
    for name, place in grammar.PLACES.items():
        if (family := _family(name)) is None:
            continue
        for key in place.keys:
            if key not in RESERVED:
                found[f"{family}.{key.name}"] = None
    shared = {one for one in found if one.startswith("metric.") and f"rows.{one[7:]}" in found}
    of_rows = {f"metric.{key}" for key in ("where", "within", "full_days", "between", "since", "type", "campaign")}
    windows = {f"rows.{key.name}" for key in grammar.place("window").keys}
    subjects = {f"{family}.{subject}" for family in ("metrics", "followed_by") for subject in SUBJECTS}
    dropped = (shared & of_rows) | windows | subjects | COVERED_BY_FORMS
    return tuple(dict.fromkeys((*(one for one in found if one not in dropped), *WITHOUT_KEYS)))


def _family(place: str) -> str | None:
    """What a place is called in `about`; None where it is told under another name or is not of the language's meaning."""
    alike = {**dict.fromkeys((*SUBJECTS, TABLE), "rows"), "window": "window", "test": "test"}
    alike |= {f"{subject}.latest": "latest" for subject in (*SUBJECTS, TABLE)}
    alike |= {f"metrics.{subject}": "metric" for subject in (*SUBJECTS, TABLE)}
    own = (*PLACES, "stopped", "restarted", "metrics", "followed_by")
    return alike.get(place, place if place in own else None)


@lru_cache
def exceptions() -> dict[str, str]:
    """`place.key:aspect` → why there is nothing to say of it."""
    found: dict[str, str] = {}
    for one in load(EXCEPTIONS)["exceptions"]:
        for pattern in one["keys"]:
            keys = [key for key in needed() if fnmatch(key, pattern) and key not in one.get("but", ())]
            assert keys, f"{pattern} is no word of the language"
            found |= {f"{key}:{aspect}": one["reason"] for key in keys for aspect in one["aspects"]}
    return found


# Proofs --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.path.stem)
def test_every_sentence_is_true(section: Section, tmp_path: Path) -> None:
    report = played(section.groups, tmp_path)
    told = [(one.name, wrong) for one in report.verdicts for wrong in (*one.failures, *one.unchecked)]
    assert told == []
    assert len(report.verdicts) == sum(1 for group in section.groups if group.facts)


def test_a_wrong_sentence_is_found_out(tmp_path: Path) -> None:
    group = GROUPS[0][1]
    first, *others = group.sentences
    turned = tuple(one for one in group.customers if one not in first.members[0])
    wrong = replace(group, sentences=(replace(first, members=(turned,)), *others))
    (verdict,) = played((wrong,), tmp_path).verdicts
    assert [failure.name for failure in verdict.failures] == [first.name]


def played(groups: tuple[Group, ...], folder: Path) -> ExampleReport:
    """What comes of the proofs of some groups, all run at once as one project."""
    shutil.copy(SETTINGS, folder)
    shutil.copytree(SETTINGS.parent / "lists", folder / "lists")
    (folder / "playbooks").mkdir()
    for number, group in enumerate(groups, 1):
        for name, content in files_of(group, number).items():
            (folder / "playbooks" / name).write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    settings, findings = read_settings(folder)
    assert settings is not None
    project, more = load_project(settings)
    wrong = [one for one in (*findings.sorted(), *more.sorted()) if one.is_error]
    assert [f"{one.span}: {one.message('zh')}" for one in wrong] == []
    assert project is not None
    return run_examples(project, settings, no_file)


def no_file(file: ExampleFile) -> NoReturn:
    """Proofs have their rows beside them."""
    raise AssertionError(file.path)


def test_no_proof_can_only_pass() -> None:
    assert [sentence.name for group, sentence in SENTENCES if not could_fail(group, sentence)] == []


def could_fail(group: Group, sentence: Sentence) -> bool:
    """Whether somebody is in and somebody is out, or what is expected differs between customers or moments."""
    if (sentence.when is not None) + bool(sentence.expect) + bool(sentence.tested) != 1:
        return False
    if sentence.tested:
        return exists(sentence.tested)
    if sentence.when is not None:
        return any(sentence.members) and any(set(one) < set(group.customers) for one in sentence.members)
    return len(set(outcomes(group, sentence))) > 1


def exists(test: str) -> bool:
    """Whether there is a test of that name in that file."""
    file, _, name = test.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return name.partition("[")[0] in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def outcomes(group: Group, sentence: Sentence) -> Iterator[str]:
    """What an example expects, of whatever it names: values, stages, in or out."""
    for moment in sentence.expect:
        yield from (f"members {one in named}" for named in _members(moment) for one in group.customers)
        for aspect in ("stages", "scores", "metrics"):
            for told in moment.get(aspect, {}).values():
                yield from (str(value) for value in told.values())
        yield from (f"{aspect} True" for aspect in ("tags", "tasks") if aspect in moment)
        yield from (f"{aspect} False" for aspect in ("tags", "tasks", "stages") if aspect in moment.get("absent", {}))


def _members(moment: Any) -> Iterator[list[str]]:
    yield from moment.get("members", {}).values()


# Completeness --------------------------------------------------------------------------------------------------------------


def settled() -> set[str]:
    return {about for _, sentence in SENTENCES for about in sentence.about}


@pytest.mark.parametrize("aspect", ASPECTS)
def test_every_word_is_settled_or_has_nothing_to_settle(aspect: str) -> None:
    wanted = {f"{key}:{aspect}" for key in needed()}
    assert sorted(wanted - settled() - set(exceptions())) == []


def test_sentences_are_about_words_of_the_language() -> None:
    known = {f"{key}:{aspect}" for key in needed() for aspect in ASPECTS}
    assert sorted(settled() - known) == []
    assert sorted(set(exceptions()) - known) == []


def test_what_has_nothing_to_settle_has_no_sentence_and_a_reason() -> None:
    assert sorted(settled() & set(exceptions())) == []
    assert all(len(reason) > 10 for reason in exceptions().values())
    assert not any(one.endswith(":meaning") for one in exceptions())


def test_every_beginning_of_a_window_is_told() -> None:
    assert set(ANCHORS) - OUTSIDE == {"stage"}


def test_groups_have_names_of_their_own() -> None:
    names = [group.zh for _, group in GROUPS]
    assert len(names) == len(set(names))


def test_every_sentence_is_said_in_both_languages() -> None:
    assert [
        sentence.name for _, sentence in SENTENCES if not (sentence.zh.endswith("。") and sentence.en.endswith("."))
    ] == []
