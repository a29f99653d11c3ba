"""A small shop with data in it, made once and copied for those who change it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.inside import Shop, call

AS_OF = "2026-03-02T09:00"
SETTINGS = """\
timezone: Asia/Shanghai
language: zh
database: pdo.db
attributes:
  customers:
    skin_type: {type: text, label: 肤质, sensitive: true}
"""
PLAYBOOK = """\
version: 1
playbook: shop
metrics:
  累计消费: {orders: amount}
tags:
  爱水果: {group: 偏好, when: {items: {where: {category: 水果}}}}
  复购: {group: 价值, when: {orders: {count: 2..}}}
  首单未转化: {group: 行为, keep: true}
lifecycles:
  客户阶段:
    stages: [新客户, 意向客户, 成交]
    initial: 新客户
    final: [成交]
    transitions:
      - {from: any, to: 成交, when: {orders: {}}}
  活跃:
    derived: {活跃: {orders: {within: 30d}}}
    otherwise: 沉睡
segments:
  水果客:
    when: {tag: 爱水果}
    rank_by: {累计消费: desc}
    columns: [customer_id, name, phone, owner, 累计消费]
campaigns:
  上新:
    to: 水果客
    channel: file
    every: 30d
    priority: 1
    text: "{{ name | default('您') }}，车厘子到了"
  回访:
    to: {tag: 复购}
    channel: file
    every: 30d
    priority: 2
    text: "请来店里坐坐"
policy:
  caps: [{channel: any, max: 1, per: 1d}]
"""
FILES = {
    "products.csv": "sku,product,category\nS1,车厘子,水果\nS2,牛奶,乳品\n",
    "stores.csv": "store_id,name\nM1,一店\n",
    "staff.csv": "staff_id,name\nG1,李导购\n",
    "customers.csv": (
        "customer_id,name,phone,owner,store,is_friend,skin_type\n"
        "c1,王芳,15400000001,G1,M1,是,干性\n"
        "c2,=1+1,15400000002,G1,M1,否,\n"
        "c3,[vip] 张[/x],,,M1,是,\n"
    ),
    "orders.csv": (
        "order_id,customer_id,paid_at,paid,refunded\n"
        "o1,c1,2026-02-01 10:00,200,0\n"
        "o2,c1,2026-02-20 10:00,100.50,0\n"
        "o3,c2,2026-01-05 10:00,80,0\n"
        "o4,c3,2026-01-06 10:00,50,50\n"
    ),
    "items.csv": "order_id,line,sku,quantity,amount\no1,1,S1,2,200\no2,1,S2,1,100.50\no3,1,S1,1,80\no4,1,S2,1,50\n",
}
KINDS = ("products", "stores", "staff", "customers", "orders", "items")


@pytest.fixture(scope="session")
def made_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The shop, imported and run; nobody changes it."""
    root = tmp_path_factory.mktemp("cli") / "shop"
    shop = Shop(root)
    shop.write("pdo.yaml", SETTINGS)
    shop.write("playbooks/shop.yaml", PLAYBOOK)
    assert call("init", str(root)).returncode == 0
    for name, text in FILES.items():
        shop.write(f"in/{name}", text)
    for kind in KINDS:
        shop.pdo("import", kind, str(root / "in" / f"{kind}.csv"), "--allow-sensitive")
    shop.pdo("run", "--as-of", AS_OF)
    return shop


@pytest.fixture
def shop(made_shop: Shop, tmp_path: Path) -> Shop:
    """A copy of the shop to change."""
    return Shop(made_shop.copy(tmp_path / "shop").root)
