"""A profile is checked like a playbook: what is wrong with it is told with its line and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdo.model.made import CellTest, MadeCell
from pdo.model.settings import Settings
from pdo.playbook.profiles import profile_files, read_profile

GOOD = """\
label: 小店
files:
  orders:
    label: 小店订单
    headers: [单号, 买家]
    parts:
      orders:
        paid_is: net
        repeats: yes
        needs: [customer_id]
        columns:
          order_id: 单号
          customer_id: {from: [买家, 会员], clean: unmasked, prefix: "xd:"}
          paid: 实付
          paid_at: {from: 付款时间, unless: {状态: [待付款]}, only: 单号}
          status: {from: 状态, values: {ok: 已完成}}
      customers:
        columns: {customer_id: {key_of: [手机, 昵称], clean: phone, or_key_of: 昵称}}
"""


def read(folder: Path, text: str) -> tuple[object, list[tuple[str, int]]]:
    path = folder / "xiaodian.yaml"
    path.write_text(text, encoding="utf-8")
    profile, findings = read_profile(path, Settings(folder, folder / "pdo.db"), is_own=True)
    return profile, [(found.code, found.span.line if found.span else 0) for found in findings.sorted()]


def test_a_profile_is_read(tmp_path: Path) -> None:
    path = tmp_path / "xiaodian.yaml"
    path.write_text(GOOD, encoding="utf-8")
    profile, findings = read_profile(path, Settings(tmp_path, tmp_path / "pdo.db"), is_own=True)
    assert not findings.sorted()
    assert profile is not None
    assert (profile.name, profile.label) == ("xiaodian", "小店")
    (layout,) = profile.layouts
    # In the order in which kinds come in, whatever that of the file.
    customers, orders = layout.parts
    assert (customers.kind, orders.kind, orders.profile) == ("customers", "orders", "xiaodian.orders")
    assert (orders.paid_is, orders.repeats, orders.needs) == ("net", True, ("customer_id",))
    # An amount is read as it stands; of texts those that mean nothing are taken out.
    assert dict(orders.columns) == {"paid": "实付"}
    assert orders.made["order_id"] == MadeCell(("单号",))
    assert orders.made["customer_id"] == MadeCell(("买家", "会员"), ("unmasked",), prefix="xd:")
    assert orders.made["paid_at"] == MadeCell(
        ("付款时间",), only=(CellTest("单号"),), unless=(CellTest("状态", ("待付款",)),)
    )
    assert layout.known == {"单号", "买家", "会员", "实付", "付款时间", "状态", "手机", "昵称"}


@pytest.mark.parametrize(
    ("wrong", "right", "expected"),
    [
        ("headers:", "header:", [("PB114", 5)]),
        ("order_id: 单号", "orderid: 单号", [("PB203", 12)]),
        ("clean: unmasked", "clean: unmask", [("PB314", 13)]),
        ("      orders:\n", "      order:\n", [("PB314", 7)]),
        ("from: [买家, 会员]", "form: [买家, 会员]", [("PB114", 13)]),
        ("paid_is: net", "paid_is: brutto", [("PB314", 8)]),
        ("repeats: yes", "repeats: maybe", [("PB308", 9)]),
        ("needs: [customer_id]", "needs: [buyer]", [("PB203", 10)]),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, wrong: str, right: str, expected: list[tuple[str, int]]
) -> None:
    assert wrong in GOOD
    profile, found = read(tmp_path, GOOD.replace(wrong, right, 1))
    assert profile is None
    assert sorted(found) == sorted(expected)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("order_id: 单号", "orderid: 单号").replace("clean: phone", "clean: fone")
    assert [code for code, _ in read(tmp_path, text)[1]] == ["PB203", "PB314"]


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    assert read(tmp_path, "")[1] == [("PB118", 1)]


def test_files_in_a_folder(tmp_path: Path) -> None:
    assert profile_files(tmp_path / "none") == ()
    (tmp_path / "b.yaml").touch()
    (tmp_path / "a.yaml").touch()
    (tmp_path / "notes.txt").touch()
    assert [path.name for path in profile_files(tmp_path)] == ["a.yaml", "b.yaml"]
