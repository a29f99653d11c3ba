"""Every reason why a record is not taken, or is told: a file that has it and nothing else, one that has not, and what is said.

The files are those of the package (`pdo/core/codes/IM*.yaml`, by kind of row). What `pdo import` says of them in both
languages stands in `codes/CODE.txt`; `PDO_UPDATE=1` writes it as it is now.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

import pytest

from pdo.core.codes import Example, examples_of
from pdo.core.wording import WORDING
from pdo.store.schema import create
from tests.cli.inside import Shop, call

OUTPUTS = Path(__file__).parent / "codes"
CODES = sorted(key for key in WORDING if key.startswith("IM"))
ELSEWHERE = {
    "IM164": "a workbook: tests/ingest/test_sheets.py",
    "IM170": "what people have refused: tests/cli/test_rights.py",
}
"""Reasons that no text file can show, and where they are shown."""


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an order, which the lines of orders refer to; copied for each file."""
    root = tmp_path_factory.mktemp("codes") / "shop"
    root.mkdir()
    (root / "pdo.yaml").write_text("language: zh\n", "utf-8")
    create(root / "pdo.db")
    shop = Shop(root)
    shop.pdo("import", "orders", str(shop.write("orders.csv", "订单号,客户编号\nO1,C1\n")))
    return root


@pytest.fixture(scope="module")
def shop(stored: Path, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("codes") / "shop"
    shutil.copytree(stored, folder)
    return Shop(folder)


def told(shop: Shop, example: Example, text: str) -> list[str]:
    """The codes of what an import would tell of a file."""
    path = shop.write("in.csv", text)
    done = shop.data("import", example.place, str(path), "--dry-run", "--max-rejects", "100%")
    (file,) = done["files"]
    return sorted({each["code"] for each in (*file["rejects"], *file["notes"])})


def test_every_reason_has_files() -> None:
    assert [code for code in CODES if not examples_of(code) and code not in ELSEWHERE] == []
    assert sorted(path.stem for path in OUTPUTS.iterdir()) == [code for code in CODES if code not in ELSEWHERE]


@pytest.mark.slow
@pytest.mark.parametrize("code", [code for code in CODES if code not in ELSEWHERE])
def test_bad_has_it_alone_and_good_is_clean(shop: Shop, code: str) -> None:
    (example,) = examples_of(code)
    assert told(shop, example, example.bad) == sorted((code, *example.beside))
    assert told(shop, example, example.good) == []
    shop.write("in.csv", example.bad)
    words = ("import", example.place, "in.csv", "--dry-run", "--max-rejects", "100%")
    with contextlib.chdir(shop.root):
        said = [f"{language}: {call(*words, PDO_LANG=language).stdout}" for language in ("zh", "en")]
    path = OUTPUTS / f"{code}.txt"
    if os.environ.get("PDO_UPDATE"):
        path.write_text("\n".join(said), "utf-8")
    assert path.read_text("utf-8") == "\n".join(said)
