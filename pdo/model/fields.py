"""The kinds of row that can be imported, and their columns.

The one registry behind header recognition, the store's bulk statements, the attributes and `where` columns of conditions, and
the reference pages. A test proves that the tables of `pdo.store` have a place for each column.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Type(StrEnum):
    """What a cell holds.

    Units: money is integer minor units (分), number is integer thousandths, an instant is UTC seconds, a date is ISO text in
    the store and a day number in a program; a boolean is 0 or 1.
    """

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    DATE = "date"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a kind.

    Args:
        name: as in playbooks, JSON and the store.
        type: what a cell holds.
        label: the Chinese name, also recognised as a header.
        headers: other headers that mean this column, compared without case and blanks.
        required: a row without it is rejected.
        refers: the kind whose natural key a cell names.
        identity: the kind of identifier it is (a row of `identity`), for columns that identify a customer.
    """

    name: str
    type: Type
    label: str
    headers: tuple[str, ...] = ()
    required: bool = False
    refers: str | None = None
    identity: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row.

    Args:
        name: as on the command line.
        label: the Chinese name.
        columns: in the order of the reference page.
        key: the columns that tell one row from another.
    """

    name: str
    label: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    def column(self, name: str) -> Column | None:
        """The column of that name, if there is one."""
        return next((column for column in self.columns if column.name == name), None)


def _text(name: str, label: str, *headers: str, required: bool = False) -> Column:
    return Column(name, Type.TEXT, label, headers, required)


def _refers(kind: str, name: str, label: str, *headers: str) -> Column:
    return Column(name, Type.TEXT, label, headers, refers=kind)


def _typed(type_: Type, name: str, label: str, *headers: str, required: bool = False) -> Column:
    return Column(name, type_, label, headers, required)


CUSTOMERS = Kind(
    "customers",
    "客户",
    (
        Column("customer_id", Type.TEXT, "客户编号", ("客户ID", "会员编号", "会员ID"), required=True, identity="own"),
        _text("name", "姓名", "客户姓名", "客户名称", "昵称"),
        _text("remark_name", "备注名", "客户备注名"),
        Column("phone", Type.PHONE, "手机号", ("手机", "客户手机号", "联系手机", "电话"), identity="phone"),
        Column("external_id", Type.TEXT, "企微客户ID", ("external_userid",), identity="external"),
        Column("unionid", Type.TEXT, "微信UnionID", (), identity="unionid"),
        _text("gender", "性别", "客户性别"),
        _typed(Type.DATE, "birthday", "生日", "客户生日", "出生日期"),
        _text("city", "城市", "所在城市"),
        _text("source_channel", "来源渠道", "来源"),
        _typed(Type.INSTANT, "added_at", "添加时间", "成为客户时间"),
        _refers("staff", "owner", "跟进人", "导购员", "添加人账号"),
        _refers("stores", "store", "所属门店", "门店编号", "store_id"),
        _text("member_level", "会员等级", "等级"),
        _typed(Type.INTEGER, "points", "积分", "客户积分"),
        _typed(Type.BOOLEAN, "is_friend", "是否好友", "企微好友"),
        _typed(Type.DATE, "vip_from", "付费会员开始"),
        _typed(Type.DATE, "vip_until", "付费会员到期"),
    ),
    ("customer_id",),
)
PRODUCTS = Kind(
    "products",
    "商品",
    (
        _text("sku", "商品编码", "商家编码", "货号", required=True),
        _text("product", "商品名称", "商品标题", "title", "标题"),
        _text("category", "品类", "类目", "商品分类"),
        _text("brand", "品牌"),
        _typed(Type.MONEY, "price", "售价", "价格"),
        _typed(Type.INTEGER, "cycle_days", "消耗周期天数", "周期天数"),
    ),
    ("sku",),
)
STORES = Kind(
    "stores",
    "门店",
    (
        _text("store_id", "门店编号", "门店ID", required=True),
        _text("name", "门店名称", "店铺名称"),
        _text("city", "城市", "所在城市"),
        _refers("staff", "manager", "店长"),
    ),
    ("store_id",),
)
STAFF = Kind(
    "staff",
    "员工",
    (
        _text("staff_id", "员工编号", "员工ID", "工号", required=True),
        _text("name", "员工姓名", "姓名"),
        _text("role", "岗位", "角色"),
        _text("persona", "人设"),
        _refers("stores", "store", "所属门店", "门店编号", "store_id"),
        _typed(Type.INTEGER, "capacity", "服务上限"),
    ),
    ("staff_id",),
)
ORDERS = Kind(
    "orders",
    "订单",
    (
        _text("order_id", "订单号", "订单编号", required=True),
        _refers("customers", "customer_id", "客户编号", "客户ID", "会员编号", "user_id"),
        _typed(Type.INSTANT, "created_at", "下单时间", "订单创建时间"),
        _typed(Type.INSTANT, "paid_at", "付款时间", "支付时间", "订单付款时间", "买家付款时间"),
        _text("status", "订单状态", "状态"),
        _text("channel", "渠道", "销售渠道", "订单来源"),
        _refers("stores", "store", "门店编号", "归属店铺", "门店", "store_id"),
        _refers("staff", "staff", "导购", "销售导购", "staff_id"),
        _text("coupon", "优惠券"),
        _typed(Type.MONEY, "discount", "优惠金额"),
        _typed(Type.MONEY, "paid", "实付金额", "订单实付金额", "买家实际支付金额", "支付金额"),
        _typed(Type.MONEY, "refunded", "退款金额", "订单已退款金额"),
        _typed(Type.INSTANT, "refunded_at", "退款时间"),
    ),
    ("order_id",),
)
ITEMS = Kind(
    "items",
    "商品明细",
    (
        Column("order_id", Type.TEXT, "订单号", ("订单编号",), required=True, refers="orders"),
        _text("line", "行号", "子订单编号"),
        Column("sku", Type.TEXT, "商品编码", ("商家编码", "货号"), required=True, refers="products"),
        _typed(Type.NUMBER, "quantity", "数量", "购买数量", "商品数量"),
        _typed(Type.MONEY, "amount", "金额", "商品金额"),
    ),
    ("order_id", "line"),
)
EVENTS = Kind(
    "events",
    "事件",
    (
        _text("event_id", "事件编号", "事件ID"),
        Column("customer_id", Type.TEXT, "客户编号", ("客户ID", "会员编号"), required=True, refers="customers"),
        _text("type", "事件类型", "类型", required=True),
        _typed(Type.INSTANT, "occurred_at", "发生时间", "时间", required=True),
    ),
    ("event_id",),
)
KINDS: Mapping[str, Kind] = MappingProxyType(
    {kind.name: kind for kind in (PRODUCTS, STORES, STAFF, CUSTOMERS, ORDERS, ITEMS, EVENTS)}
)
"""In the order in which files that belong together are imported."""

ATTRIBUTES: tuple[Column, ...] = tuple(
    column for column in CUSTOMERS.columns if column.name not in ("external_id", "unionid")
)
"""What a condition may ask of a customer, besides what `pdo.yaml` declares."""

ROWS: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        "orders": tuple(column for column in ORDERS.columns if column.name not in ("customer_id", "created_at")),
        "items": (
            _text("sku", "商品编码"),
            _text("product", "商品名称"),
            _text("category", "品类"),
            _text("brand", "品牌"),
            _typed(Type.NUMBER, "quantity", "数量"),
            _typed(Type.MONEY, "amount", "金额"),
            _text("order_id", "订单号"),
            _typed(Type.INSTANT, "paid_at", "付款时间"),
            _text("status", "订单状态"),
            _text("channel", "渠道"),
            _text("store", "门店编号"),
        ),
        "events": tuple(column for column in EVENTS.columns if column.name != "customer_id"),
    }
)
"""The columns that `where` may test, by subject; declared attributes of the kind come on top."""
