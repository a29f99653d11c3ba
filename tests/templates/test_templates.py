"""What holds for every worked project."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdo.deliver.starting import template_names
from tests.meta.pages import DOCS, read
from tests.support.project import ROOT, SAMPLE
from tests.templates.worked import make


@pytest.mark.parametrize("template", template_names())
def test_a_project_brings_its_own_data_and_no_scripts(template: str, tmp_path: Path) -> None:
    shop = make(template, tmp_path / "shop")
    own = ROOT / "playbooks" / template / "sample_data"
    source = own if own.is_dir() else SAMPLE
    brought = {path.name: path.read_bytes() for path in (shop.root / "sample_data").iterdir()}
    assert brought == {path.name: path.read_bytes() for path in source.iterdir() if path.suffix in (".csv", ".md")}


@pytest.mark.parametrize("template", template_names())
def test_it_is_listed_and_says_what_it_is_in_both_languages(template: str) -> None:
    assert f"(../playbooks/{template}/README.md)" in read(DOCS / "README.md")
    page = read(ROOT / "playbooks" / template / "README.md")
    assert f"--template {template}" in page
    assert "## In English" in page
