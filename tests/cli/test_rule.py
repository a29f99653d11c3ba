"""`pdo rule`: every code can be looked up, with the same text as in the documentation."""

from __future__ import annotations

import json

import pytest

from pdo.core.codes import examples_of
from pdo.core.wording import WORDING
from tests.cli.inside import call
from tests.support.project import ROOT

EVERY = sorted({key.partition(".")[0] for key in WORDING if key.startswith(("PB", "IM"))})


def test_every_code_is_listed() -> None:
    done = call("rule", "--format", "json")
    assert [one["code"] for one in json.loads(done.stdout)["data"]["rules"]] == EVERY
    assert [line.split()[0] for line in call("rule").stdout.splitlines()[1:]] == EVERY


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.slow)])
def test_every_code_is_explained_with_examples(language: str) -> None:
    page = (ROOT / "docs" / "reference" / "diagnostics.md").read_text("utf-8")
    for code in EVERY:
        data = json.loads(call("rule", code, "--format", "json", PDO_LANG=language).stdout)["data"]
        assert data["code"] == code
        keys = [one["key"] for one in data["findings"]]
        assert keys == [key for key in WORDING if key.partition(".")[0] == code]
        said = call("rule", code, PDO_LANG=language).stdout
        for one in data["findings"]:
            assert one["message"].split("\n")[0] in said
        for example in examples_of(code):
            one = data["findings"][keys.index(example.key)]
            assert (one["bad"], one["good"]) == (example.bad_shown, example.good_shown)
            first = one["good"].split("\n")[0]
            assert first in said
            assert code.startswith("IM") or first in page


def test_small_letters_and_unknown_codes() -> None:
    assert call("rule", "pb107").stdout == call("rule", "PB107").stdout
    done = call("rule", "PB10")
    assert (done.returncode, done.stdout) == (2, "")
    assert "PB" in done.stderr.splitlines()[1]
