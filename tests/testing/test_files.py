"""Rows from files come through the reader of imports and mean what they mean there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.testing.tried import tried, written

CUSTOMERS = "会员ID,姓名,来源渠道,手机号,兴趣\na,王芳,抖音,13800138000,钓鱼;下棋\nb,李娜,,,\n"
ORDERS = '订单编号,客户编号,支付时间,实付金额,门店编号\n1,a,2026/3/1 08:00,"1,000.50",一店\n2,c,2026年3月1日,8,二店\n'
ITEMS = "订单编号,商品编码,数量,金额\n1,s1,1,600\n1,s1,1,400.5\n"
EVENTS = "会员编号,类型,时间\na,看,2026-03-01 08:00\na,看,2026-03-01 08:00\nb,看,2026-03-01 08:00\n"
PRODUCTS = "商品编码,品类\ns1,水果\n"
EXAMPLE = """\
  - name: 文件
    now: 2026-03-02 09:00
    customers: 数/客户.csv
    orders: 数/订单.csv
    items: 数/明细.csv
    products: 数/商品.csv
    events: 数/事件.csv
    expect:
      members: {买过: [a, c], 大额: [a]}
      tags: {a: [抖音]}
      metrics: {累计消费: {a: 1000.5, c: 8}, 常买: {a: 水果}}
      scores: {分: {a: 14, b: 2, c: 10}}
      messages: {问候: {a: {contains: 王芳}}}
    then:
      - now: 2026-03-03 09:00
        orders: 数/订单.csv
        events: 数/事件.csv
        expect: {metrics: {单数: {a: 1}}, scores: {分: {a: 14}}}
"""


@pytest.mark.slow
def test_files_come_through_the_reader_of_imports(tmp_path: Path) -> None:
    folder = tmp_path / "数"
    folder.mkdir()
    texts = {"客户": CUSTOMERS, "订单": ORDERS, "明细": ITEMS, "事件": EVENTS, "商品": PRODUCTS}
    for name, text in texts.items():
        (folder / f"{name}.csv").write_bytes(text.encode("gb18030"))
    (verdict,) = tried(written(tmp_path, EXAMPLE)).verdicts
    assert (verdict.unread, verdict.unchecked) == ((), ())
    assert [(one.customer, one.name, one.expected, one.got) for one in verdict.failures] == []


def test_a_file_that_two_examples_name_is_read_for_both(tmp_path: Path) -> None:
    (tmp_path / "客户.csv").write_text("客户编号\na\n", "utf-8")
    text = "".join(
        f"  - {{name: {name}, now: 2026-03-02, customers: 客户.csv, expect: {{tags: {{a: [可打扰]}}}}}}\n"
        for name in "甲乙"
    )
    assert [one.passed for one in tried(written(tmp_path, text)).verdicts] == [True, True]


def test_a_column_that_means_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "客户.csv").write_text("客户编号,来路\na,抖音\n", "utf-8")
    text = "  - {name: 例, now: 2026-03-02, customers: 客户.csv, expect: {tags: {a: [买过]}}}\n"
    (verdict,) = tried(written(tmp_path, text)).verdicts
    assert verdict.unused == (("客户.csv", ("来路",)),)
