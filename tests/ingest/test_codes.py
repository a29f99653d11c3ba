"""Every reason why a record is not taken, or is told: a file that has it and nothing else, one that has not, and what is said.

The files are those of the package (`pdo/core/codes/IM*.yaml`, by kind of row); of a workbook each sheet stands under its name in
brackets. What `pdo import` says of them in both languages stands in `codes/CODE.txt`; `PDO_UPDATE=1` writes it as it is now.
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
from tests.support.workbooks import write_workbook

OUTPUTS = Path(__file__).parent / "codes"
CODES = sorted(key for key in WORDING if key.startswith("IM"))


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an order, which the lines of orders refer to, and a person who was erased; copied for each file."""
    root = tmp_path_factory.mktemp("codes") / "shop"
    root.mkdir()
    (root / "pdo.yaml").write_text("language: zh\n", "utf-8")
    create(root / "pdo.db")
    shop = Shop(root)
    shop.pdo("import", "orders", str(shop.write("orders.csv", "订单号,客户编号\nO1,C1\n")))
    shop.pdo("import", "customers", str(shop.write("people.csv", "客户编号\nERASED1\n")))
    shop.pdo("customer", "erase", "ERASED1", "--yes")
    return root


@pytest.fixture(scope="module")
def shop(stored: Path, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("codes") / "shop"
    shutil.copytree(stored, folder)
    return Shop(folder)


def written(shop: Shop, text: str) -> Path:
    """An example as the file that it is."""
    if not text.startswith("["):
        return shop.write("in.csv", text)
    sheets: dict[str, list[tuple[str, ...]]] = {}
    for part in text.split("[")[1:]:
        name, *lines = part.splitlines()
        sheets[name.removesuffix("]")] = [tuple(line.split(",")) for line in lines]
    return write_workbook(shop.root / "in.xlsx", sheets)


def told(shop: Shop, example: Example, text: str) -> list[str]:
    """The codes of what an import would tell of a file."""
    done = shop.data("import", example.place, str(written(shop, text)), "--dry-run", "--max-rejects", "100%")
    (file,) = done["files"]
    return sorted({each["code"] for each in (*file["rejects"], *file["notes"])})


def test_every_reason_has_files() -> None:
    assert [code for code in CODES if not examples_of(code)] == []
    assert sorted(path.stem for path in OUTPUTS.iterdir()) == CODES


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_bad_has_it_alone_and_good_is_clean(shop: Shop, code: str) -> None:
    (example,) = examples_of(code)
    assert told(shop, example, example.bad) == sorted((code, *example.beside))
    assert told(shop, example, example.good) == []
    words = ("import", example.place, written(shop, example.bad).name, "--dry-run", "--max-rejects", "100%")
    with contextlib.chdir(shop.root):
        said = [f"{language}: {call(*words, PDO_LANG=language).stdout}" for language in ("zh", "en")]
    path = OUTPUTS / f"{code}.txt"
    if os.environ.get("PDO_UPDATE"):
        path.write_text("\n".join(said), "utf-8")
    assert path.read_text("utf-8") == "\n".join(said)
