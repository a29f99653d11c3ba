"""The kinds of row that can be imported, and their columns.

The one registry behind header recognition, the store's bulk statements, the attributes and `where` columns of conditions, and
the reference pages. A test proves that the tables of `pdo.store` have a place for each column.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


class Type(StrEnum):
    """What a cell holds.

    Units: money is integer minor units (分), number is integer thousandths, an instant is UTC seconds, a date is ISO text in
    the store and a day number in a program; a boolean is 0 or 1; a list is several texts, a JSON array in the store.
    """

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    DATE = "date"
    PHONE = "phone"
    LIST = "list"


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
        consent: the channel whose consent it is (a row of `consent`), for yes-or-no columns of a customer.
        values: the only ones allowed; empty for any.
        newest: of what is kept and what comes in the later moment holds, whatever the order of files.
        default: what an empty cell means.
        note: what the reference page says besides.
        prose: whether a name that tells rows apart is written as people write it: wide characters and blanks in it stay.
    """

    name: str
    type: Type
    label: str
    headers: tuple[str, ...] = ()
    required: bool = False
    refers: str | None = None
    identity: str | None = None
    consent: str | None = None
    values: tuple[str, ...] = ()
    newest: bool = False
    default: str | None = None
    note: str = ""
    prose: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row.

    Args:
        name: as on the command line.
        label: the Chinese name.
        columns: in the order of the reference page; those of a declared table stand in `pdo.yaml` as attributes of it.
        key: the columns that tell one row from another; empty where a row is told by all that it says.
        made: whether a row without a key gets one, made of its content and a number among rows of the same content.
        any_of: columns of which a row needs at least one.
        extensible: whether `pdo.yaml` may declare columns of one's own.
        declared: whether it is a table that `pdo.yaml` declares.
    """

    name: str
    label: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    made: bool = False
    any_of: tuple[str, ...] = ()
    extensible: bool = True
    declared: bool = False

    def column(self, name: str) -> Column | None:
        """The column of that name, if there is one."""
        return next((column for column in self.columns if column.name == name), None)


def _text(name: str, label: str, *headers: str, required: bool = False) -> Column:
    return Column(name, Type.TEXT, label, headers, required)


def _refers(kind: str, name: str, label: str, *headers: str, required: bool = False) -> Column:
    return Column(name, Type.TEXT, label, headers, required, refers=kind)


def _typed(type_: Type, name: str, label: str, *headers: str, required: bool = False) -> Column:
    return Column(name, type_, label, headers, required)


def _consent(channel: str, label: str, *headers: str) -> Column:
    return Column(f"{channel}{CONSENT_SUFFIX}", Type.BOOLEAN, label, headers, consent=channel)


CONSENT_SUFFIX = "_consent"
"""A customer's column of this name says whether the channel before it is allowed; it is kept in the table of consents."""

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
        _consent("sms", "短信授权", "是否同意短信", "允许短信"),
        _consent("call", "外呼授权", "电话授权", "允许电话"),
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
        _typed(Type.DATE, "left_on", "离职日期"),
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
        _refers("customers", "customer_id", "客户编号", "客户ID", "会员编号", required=True),
        _text("type", "事件类型", "类型", required=True),
        _typed(Type.INSTANT, "occurred_at", "发生时间", "时间", required=True),
    ),
    ("event_id",),
    made=True,
)
FOLLOWS = Kind(
    "follows",
    "跟进关系",
    (
        _refers("customers", "customer_id", "客户编号", "客户ID", "会员编号", required=True),
        _refers("staff", "staff", "跟进人", "添加人账号", "添加人", "导购", "员工编号", "staff_id", required=True),
        _typed(Type.INSTANT, "added_at", "添加时间", "成为好友时间"),
        _typed(Type.INSTANT, "removed_at", "删除时间", "流失时间", "删除好友时间"),
        _text("remark_name", "备注名", "客户备注名"),
        _text("add_way", "添加方式", "来源", "添加渠道"),
        _text("state", "渠道参数", "渠道活码"),
    ),
    ("customer_id", "staff"),
)
CHATS = Kind(
    "chats",
    "社群",
    (
        _text("chat_id", "群编号", "群ID", "群聊ID", "客户群ID", required=True),
        _text("name", "群名称", "群名", "群聊名称", "客户群名称"),
        _text("type", "群类型", "类型"),
        _refers("stores", "store", "所属门店", "门店编号", "store_id"),
        _refers("staff", "owner", "群主", "群主账号"),
        _text("city", "城市", "所在城市"),
        _typed(Type.INSTANT, "created_at", "建群时间", "创建时间"),
        _typed(Type.INSTANT, "dissolved_at", "解散时间"),
        _typed(Type.INTEGER, "capacity", "人数上限", "群人数上限"),
    ),
    ("chat_id",),
)
MEMBERS = Kind(
    "members",
    "群成员",
    (
        _refers("chats", "chat_id", "群编号", "群ID", "群聊ID", "客户群ID", required=True),
        _refers("customers", "customer_id", "客户编号", "客户ID", "会员编号", required=True),
        _typed(Type.INSTANT, "joined_at", "入群时间", "进群时间", "加入时间", required=True),
        _typed(Type.INSTANT, "left_at", "退群时间", "离群时间"),
        _text("join_way", "入群方式", "进群方式", "加入方式"),
    ),
    ("chat_id", "customer_id", "joined_at"),
)
CHANNELS = Kind(
    "channels",
    "渠道",
    (
        Column("channel", Type.TEXT, "渠道", ("渠道名称", "渠道编号"), required=True, prose=True),
        _text("kind", "渠道类型", "类型"),
        _refers("stores", "store", "所属门店", "门店编号", "store_id"),
        _refers("staff", "staff", "负责人", "员工编号", "staff_id"),
        _typed(Type.DATE, "started_on", "开始日期"),
        _typed(Type.DATE, "ended_on", "结束日期"),
        _text("note", "备注"),
    ),
    ("channel",),
)
SPEND = Kind(
    "spend",
    "渠道花费",
    (
        Column("channel", Type.TEXT, "渠道", ("渠道名称", "渠道编号"), required=True, refers="channels", prose=True),
        _typed(Type.DATE, "spent_on", "日期", "花费日期", "投放日期", "时间", required=True),
        Column("item", Type.TEXT, "花费明细", ("计划名称", "推广计划", "项目"), default="", prose=True),
        _typed(Type.MONEY, "amount", "花费", "消耗", "花费金额", "投放金额", "费用", "金额", required=True),
    ),
    ("channel", "spent_on", "item"),
)
LEADS = Kind(
    "leads",
    "线索",
    (
        _typed(Type.PHONE, "phone", "手机号", "手机", "联系手机", "电话", "客户手机号", required=True),
        _text("name", "姓名", "客户姓名", "客户名称", "昵称"),
        _text("city", "城市", "所在城市"),
        _text("source_channel", "来源渠道", "来源"),
        _typed(Type.INSTANT, "created_at", "创建时间", "提交时间", "留资时间", "线索创建时间"),
        _refers("staff", "staff", "跟进人", "分配给", "员工编号", "staff_id"),
        _typed(Type.INSTANT, "assigned_at", "分配时间"),
        _typed(Type.INSTANT, "accepted_at", "通过时间", "添加成功时间"),
        _text("status", "状态", "线索状态", "跟进状态"),
        _text("note", "备注"),
    ),
    ("phone",),
)
COUPONS = Kind(
    "coupons",
    "优惠券",
    (
        _text("code", "券码", "优惠券码", "券号", "核销码", required=True),
        _refers("customers", "customer_id", "客户编号", "客户ID", "会员编号"),
        _text("offer", "权益", "优惠券名称", "券名称", "优惠券"),
        _text("campaign", "活动", "活动名称"),
        _typed(Type.MONEY, "value", "面额", "券面额", "优惠金额"),
        _typed(Type.INSTANT, "issued_at", "发放时间", "发券时间", "领取时间"),
        _typed(Type.INSTANT, "used_at", "使用时间", "核销时间"),
        _typed(Type.INSTANT, "expires_at", "到期时间", "过期时间", "失效时间", "有效期至"),
        _text("order_id", "订单号", "核销订单号", "使用订单号", "订单编号"),
        _text("status", "状态", "券状态", "优惠券状态"),
    ),
    ("code",),
)
TASKS = Kind(
    "tasks",
    "任务",
    (
        _text("task_id", "任务编号", "任务ID", required=True),
        _refers("customers", "customer_id", "客户编号", "客户ID", "会员编号"),
        _text("type", "任务类型", "类型"),
        _refers("staff", "staff", "执行人", "员工编号", "导购", "跟进人", "staff_id"),
        _typed(Type.INSTANT, "created_at", "创建时间", "派发时间", "任务创建时间"),
        _typed(Type.DATE, "due_on", "截止日期", "截止时间", "到期日"),
        _typed(Type.INSTANT, "done_at", "完成时间"),
        _text("status", "状态", "任务状态"),
        _text("result", "结果", "跟进结果", "结果▼", "结果 ▼"),
        _text("note", "备注", "跟进备注"),
        _text("text", "任务内容", "内容", "说明"),
    ),
    ("task_id",),
)
TAGS = Kind(
    "tags",
    "客户标签",
    (
        _refers("customers", "customer_id", "客户编号", "客户ID", "会员编号", required=True),
        Column("tag", Type.TEXT, "标签", ("标签名称",), required=True, refers="labels", prose=True),
        Column(
            "since",
            Type.INSTANT,
            "打标时间",
            ("打标签时间", "添加时间"),
            note="空着就是导入的时刻 if empty, the import's",
        ),
        Column("source", Type.TEXT, "标签来源", ("来源",), values=("file", "platform", "staff"), default="file"),
    ),
    ("tag", "customer_id", "source"),
    extensible=False,
)
CONSENTS = Kind(
    "consents",
    "触达授权",
    (
        _refers("customers", "customer_id", "客户编号", "客户ID", "会员编号", required=True),
        _text("channel", "渠道", "授权渠道", "触达渠道", required=True),
        Column("given_at", Type.INSTANT, "授权时间", ("同意时间", "订阅时间"), newest=True),
        Column("withdrawn_at", Type.INSTANT, "撤回时间", ("退订时间", "取消授权时间"), newest=True),
        _text("source", "授权来源", "来源"),
    ),
    ("customer_id", "channel"),
    any_of=("given_at", "withdrawn_at"),
)
REFERRALS = Kind(
    "referrals",
    "推荐",
    (
        _text("referral_id", "推荐编号", "裂变编号", "邀请编号"),
        _refers(
            "customers",
            "customer_id",
            "推荐人编号",
            "推荐人",
            "邀请人编号",
            "邀请人",
            "老客编号",
            "referrer",
            "客户编号",
            required=True,
        ),
        _refers(
            "customers",
            "referred",
            "被推荐人编号",
            "被推荐人",
            "被邀请人编号",
            "被邀请人",
            "新客编号",
            "new_customer_id",
            required=True,
        ),
        _text("channel", "渠道", "邀请渠道", "裂变渠道"),
        _text("campaign", "活动", "活动名称"),
        _typed(Type.INSTANT, "occurred_at", "发生时间", "推荐时间", "邀请时间", "时间", required=True),
    ),
    ("referral_id",),
    made=True,
)
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            PRODUCTS,
            STORES,
            STAFF,
            CHANNELS,
            SPEND,
            CHATS,
            CUSTOMERS,
            CONSENTS,
            TAGS,
            FOLLOWS,
            MEMBERS,
            LEADS,
            ORDERS,
            ITEMS,
            EVENTS,
            COUPONS,
            TASKS,
            REFERRALS,
        )
    }
)
"""In the order in which files that belong together are imported; the tables that `pdo.yaml` declares come last."""

ATTRIBUTES: tuple[Column, ...] = tuple(
    column for column in CUSTOMERS.columns if column.name not in ("external_id", "unionid")
)
"""What a condition may ask of a customer, besides what `pdo.yaml` declares."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a condition may measure: the rows that a customer has of something.

    The rows are read with `FactSource.rows(name, columns)`. Orders, items and events come as their tables are (surrogate
    keys, see `pdo.evaluate.load`). Every other subject serves

    - `customer_id`, the surrogate key of the customer, never absent,
    - `key`, a text by which ties are broken, unique among the customer's rows of one time,
    - each of `columns` under its own name, natural keys in the place of surrogate ones, in the units of the store,
    - `time`, where that is not one of `columns`,
    - `extra`, the JSON object with what `pdo.yaml` declares: all columns of a declared table, which has no `columns` here.

    Args:
        name: as in conditions, and the kind that a fact source is asked for.
        label: the Chinese name.
        columns: what `where` may test; what is declared for `kind` comes on top.
        time: the column that says when a row happened; None where rows have no time.
        time_type: `INSTANT`, or `DATE` for what only knows its day.
        kind: whose declared columns its rows have; None for what cannot be extended.
        short: the column that may be tested without `where`.
        key: the column by which ties are broken.
    """

    name: str
    label: str
    columns: tuple[Column, ...]
    time: str | None
    time_type: Type = Type.INSTANT
    kind: str | None = None
    short: str | None = None
    key: str = "key"


def _without(kind: Kind, *names: str) -> tuple[Column, ...]:
    return tuple(column for column in kind.columns if column.name not in names)


_ITEM_COLUMNS = (
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
)
_CHAT_COLUMNS = (
    *(column for column in CHATS.columns if column.name in ("chat_id", "name", "type", "store", "owner")),
    *(column for column in MEMBERS.columns if column.name in ("joined_at", "left_at", "join_way")),
)
_MESSAGE_COLUMNS = (
    _text("campaign", "触达活动"),
    _text("channel", "触达渠道"),
    _text("status", "状态"),
    _typed(Type.DATE, "planned_on", "计划日期"),
    _typed(Type.INSTANT, "sent_at", "发送时间"),
)
SUBJECTS: Mapping[str, Subject] = MappingProxyType(
    {
        subject.name: subject
        for subject in (
            Subject("orders", "订单", _without(ORDERS, "customer_id", "created_at"), "paid_at", kind="orders"),
            Subject("items", "商品明细", _ITEM_COLUMNS, "paid_at", kind="items", key="line"),
            Subject("events", "事件", _without(EVENTS, "customer_id"), "occurred_at", kind="events", short="type"),
            # A customer's memberships; the chat's columns stand beside them, and so does what is declared for chats.
            Subject("chats", "社群", _CHAT_COLUMNS, "joined_at", kind="chats", short="type"),
            Subject("follows", "跟进关系", _without(FOLLOWS, "customer_id"), "added_at", kind="follows"),
            Subject("coupons", "优惠券", _without(COUPONS, "customer_id"), "issued_at", kind="coupons"),
            Subject("tasks", "任务", _without(TASKS, "customer_id"), "created_at", kind="tasks", short="type"),
            # `at` is when it was sent, else when it was planned.
            Subject("messages", "消息", _MESSAGE_COLUMNS, "at", short="campaign"),
            Subject("referrals", "推荐", _without(REFERRALS, "customer_id"), "occurred_at", kind="referrals"),
        )
    }
)
"""Built-in subjects; `Settings.subjects` has the declared tables too."""

ROWS: Mapping[str, tuple[Column, ...]] = MappingProxyType({name: found.columns for name, found in SUBJECTS.items()})
"""The columns that `where` may test, by subject; declared attributes of the kind come on top."""
