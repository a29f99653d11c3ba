"""The places of conditions: subjects, rows and their measures, windows, tests."""

from __future__ import annotations

from dataclasses import replace

from pdo.playbook.grammar.shapes import (
    BOOLEAN,
    COLUMN,
    CONDITION,
    COUNT,
    DATE,
    DURATION,
    DURATIONS,
    NUMBERS,
    PATH,
    RANGE,
    SHARE,
    TEST,
    TEXT,
    Key,
    Names,
    Place,
    Value,
    block,
    listed,
    named,
    reference,
    some,
    word,
)

CALENDAR = (
    "today",
    "yesterday",
    "this_week",
    "last_week",
    "this_month",
    "last_month",
    "this_year",
    "last_year",
)
ANCHORS = ("entry", "stage", "message", "assigned")
AVERAGES = ("average", "median")
RFM_TYPES = ("HHH", "HLH", "LHH", "LLH", "HHL", "HLL", "LHL", "LLL")
_LEVEL = RANGE | word(*AVERAGES)
_OF_IS = block("of_is")


# Subjects ---------------------------------------------------------------------------------------------------------

_ROWS_KEYS = (
    Key("orders", "订单", block("orders") | listed(block("orders")), "客户的订单", "the customer's orders"),
    Key("items", "商品明细", block("items") | listed(block("items")), "订单里的商品", "what was in the orders"),
    Key("events", "事件", block("events") | listed(block("events")), "客户做过的事", "what the customer did"),
    Key("chats", "社群", block("chats") | listed(block("chats")), "客户在的群", "the chats the customer is in"),
    Key("follows", "跟进关系", block("follows") | listed(block("follows")), "跟进客户的员工", "the staff who follow"),
    Key("coupons", "优惠券", block("coupons") | listed(block("coupons")), "客户的券", "the customer's coupons"),
    Key("tasks", "任务", block("tasks") | listed(block("tasks")), "关于客户的任务", "tasks about the customer"),
    Key(
        "messages", "消息", block("messages") | listed(block("messages")), "发给客户的消息", "messages to the customer"
    ),
    Key(
        "referrals",
        "推荐",
        block("referrals") | listed(block("referrals")),
        "客户带来的人",
        "whom the customer brought",
    ),
)
SUBJECTS = tuple(key.name for key in _ROWS_KEYS)

_LOGIC = (
    Key("all", "所有", listed(CONDITION), "每一条都成立", "every condition of the list holds"),
    Key("any", "任一", listed(CONDITION), "至少一条成立", "at least one of the list holds"),
    Key("none", "都不", listed(CONDITION) | block("condition"), "一条都不成立", "none of the list holds"),
    Key("not", "非", listed(CONDITION) | block("condition"), "里面的条件不成立", "the condition inside does not hold"),
)
_REFERENCES = (
    Key("tag", "有标签", some(reference("tag")) | block("tag"), "有这个标签", "has the tag"),
    Key("stage", "在阶段", some(reference("stage")) | block("stage"), "处在这个阶段", "is in the stage"),
    Key("segment", "在人群", some(reference("segment")) | block("segment"), "在这个人群里", "belongs to the segment"),
)
CONDITION_PLACE = Place(
    "condition",
    "条件：每一项都要成立",
    "a condition: every key must hold",
    (
        *_LOGIC,
        *_REFERENCES,
        Key(
            "rfm",
            "RFM",
            named("rfm", some(word(*RFM_TYPES))),
            "在这套 RFM 里是哪一类：{全店: [HHH, HLH]}",
            "the type under an RFM setting: {全店: [HHH, HLH]}",
        ),
        *_ROWS_KEYS,
        Key("in_list", "在名单", some(PATH), "客户编号在这个 CSV 里", "the id stands in this CSV"),
        Key("not_in_list", "不在名单", some(PATH), "客户编号不在这个 CSV 里", "the id does not stand in this CSV"),
        Key("bucket", "分桶", RANGE, "稳定的百分位 0 到 99，用于抽样", "a stable hundredth, 0 to 99, for samples"),
    ),
    Names("attribute", TEST, columns="customers"),
)

# What a customer is -------------------------------------------------------------------------------------------------

_FOR = Key("for", "持续", DURATIONS, "已经多久：30d..", "for how long already: 30d..")
REFERENCE_PLACES = (
    Place(
        "tag",
        "标签",
        "a tag",
        (
            Key("is", "是", some(reference("tag")), "其中一个", "one of these"),
            Key("all", "所有", listed(reference("tag")), "全都有", "all of these"),
            Key("not", "非", some(reference("tag")), "没有", "none of these"),
            _FOR,
        ),
    ),
    Place(
        "stage",
        "阶段",
        "a stage",
        (
            Key("of", "哪个周期", reference("lifecycle"), "哪个生命周期", "of which lifecycle"),
            Key("is", "是", some(reference("stage")), "其中一个阶段", "one of these stages"),
            Key("not", "非", some(reference("stage")), "不在这些阶段", "none of these stages"),
            _FOR,
        ),
    ),
    Place(
        "segment",
        "人群",
        "a segment",
        (
            Key("is", "是", some(reference("segment")), "其中一个", "one of these"),
            Key("not", "非", some(reference("segment")), "不在这些人群", "none of these"),
        ),
    ),
)

# Rows and measures ------------------------------------------------------------------------------------------------

WINDOW = (
    Key("full_days", "完整天数", COUNT, "今天之前的整天：7 是平台的近7天", "so many whole days before today"),
    Key("between", "介于", listed(DATE), "[第一天, 最后一天]", "[first day, last day]"),
    Key(
        "since",
        "起自",
        word(*ANCHORS) | COLUMN | DATE | block("since"),
        "从这位客户的那一刻起：entry stage message assigned 或日期列",
        "from that moment of this customer on: entry, stage, message, assigned or a date of theirs",
    ),
)
_WITHIN = Key(
    "within",
    "以内",
    DURATION | word(*CALENDAR) | block("window"),
    "多久以内：30d、24h、this_month、{full_days: 7}",
    "within which time: 30d, 24h, this_month, {full_days: 7}",
)
WINDOW_PLACES = (
    Place("window", "时间窗", "a window", WINDOW),
    Place(
        "since",
        "从进入阶段起",
        "from entering a stage on",
        (
            Key(
                "stage",
                "在阶段",
                reference("lifecycle"),
                "现在这个阶段所在的生命周期",
                "the lifecycle of the present stage",
                required=True,
            ),
        ),
    ),
)
_COUNT = Key("count", "次数", NUMBERS, "有几行", "the number of rows")
_COMMON = (
    _COUNT,
    Key("sum", "合计", _OF_IS, "某一列的合计", "the sum of a column"),
    Key("min", "最小", _OF_IS, "某一列的最小值", "the least of a column"),
    Key("max", "最大", _OF_IS, "某一列的最大值", "the greatest of a column"),
    Key("first", "首次", TEST, "最早一次距今多久", "how long ago the first was"),
    Key("last", "最近一次", TEST, "最近一次距今多久", "how long ago the last was"),
    Key("distinct", "不同值", _OF_IS, "某一列有几种值", "how many different values of a column"),
    Key("days", "天数", NUMBERS, "有几个不同的日子", "the number of different dates"),
    Key("gap", "平均间隔", NUMBERS, "平均隔几天一次", "the average days between two"),
    Key("days_since_last", "距上次天数", NUMBERS, "最近一次距今几天", "days since the last"),
    Key("days_since_first", "距首次天数", NUMBERS, "最早一次距今几天", "days since the first"),
    Key("streak", "连续", block("streak"), "连着多少段都有", "so many pieces of time in a row"),
    Key("first_ever", "历史首次", BOOLEAN, "最早的一行就在时间窗里", "the earliest of all time lies in the window"),
    Key("followed_by", "随后", block("followed_by"), "之后又有另一种行", "a later row of another kind follows"),
    Key("regularly", "规律", block("regularly"), "切成几段，其中几段够数", "in so many pieces of the window"),
    Key("stopped", "中断", block("stopped"), "原来有，近来没有", "there were some, lately none"),
    Key("restarted", "恢复", block("restarted"), "断过，近来又有", "after a silence some again"),
)
_MONEY = Key("amount", "金额", NUMBERS, "金额合计，单位元", "the sum of money, in yuan")
_OWN: dict[str, tuple[Key, ...]] = {
    "orders": (_MONEY, Key("average", "平均金额", NUMBERS, "每单平均金额", "the average amount of an order")),
    "items": (
        _MONEY,
        Key("quantity", "数量", NUMBERS, "商品数量合计", "the sum of quantities"),
        Key("orders", "订单数", NUMBERS, "不同的订单有几张", "the number of different orders"),
        Key("bought_all", "全买过", listed(TEXT), "这些商品编码都买过", "every one of these skus was bought"),
    ),
}
_TYPE = Key("type", "类型", TEST, "哪一类，where 里 type 的短写", "of which type; short for where")
_SHORT: dict[str, tuple[Key, ...]] = {
    "events": (_TYPE,),
    "chats": (_TYPE,),
    "tasks": (_TYPE,),
    "messages": (Key("campaign", "哪次触达", TEST, "哪次触达，where 的短写", "of which campaign; short for where"),),
}
TABLE = "table"
"""The place of a declared table, whose name is the key of a condition or metric."""


def _where(subject: str) -> Key:
    columns = block(f"{subject}.where")
    return Key("where", "满足", columns, "哪些行：列和要满足的条件", "which rows: columns and what must hold of them")


def _latest(subject: str) -> Key:
    place = block(f"{subject}.latest")
    return Key("latest", "最后一次", place, "时间窗里最后一行是这样", "the last row of the window is so")


def _rows_of(subject: str) -> tuple[Key, ...]:
    return (_where(subject), *_SHORT.get(subject, ()), _WITHIN, *WINDOW)


ROW_PLACES = tuple(
    Place(
        subject,
        f"{key.about_zh if key else '自有表的行'}：哪些行、多久以内、要怎样",
        f"{key.about_en if key else 'rows of a declared table'}: which rows, within which time, what must hold",
        (*_rows_of(subject), *_OWN.get(subject, ()), *_COMMON, _latest(subject)),
    )
    for subject, key in (*((key.name, key) for key in _ROWS_KEYS), (TABLE, None))
)
CHOSEN_PLACES = tuple(
    Place(f"{subject}.rows", "哪些行、多久以内", "which rows, within which time", _rows_of(subject))
    for subject in (*SUBJECTS, TABLE)
)
LATEST_PLACES = tuple(
    Place(
        f"{subject}.latest",
        "最后一行",
        "the last row",
        (Key("has", "具有", block(f"{subject}.where"), "这一行的列", "columns of that row", required=True),),
    )
    for subject in (*SUBJECTS, TABLE)
)
WHERE_PLACES = tuple(
    Place(
        f"{subject}.where",
        "列的条件",
        "tests on columns",
        (),
        Names("column", TEST, columns=subject if subject != TABLE else ""),
    )
    for subject in (*SUBJECTS, TABLE)
)


def _chosen() -> tuple[Key, ...]:
    return tuple(replace(key, value=block(f"{key.name}.rows")) for key in _ROWS_KEYS)


MEASURE_PLACES = (
    Place(
        "of_is",
        "一列的量",
        "a measure of a column",
        (
            Key("of", "哪一列", COLUMN, "哪一列", "which column", required=True),
            Key("is", "是", TEST, "要满足的条件", "what must hold", required=True),
        ),
    ),
    Place(
        "streak",
        "连续",
        "a streak",
        (
            Key("per", "每", DURATION, "一段多长：1d", "the length of a piece: 1d", required=True),
            Key("grace", "宽限", COUNT, "可以断几段", "so many missing pieces do not end it"),
            Key("is", "是", NUMBERS, "连续几段：7..", "how many in a row: 7..", required=True),
        ),
    ),
    Place(
        "followed_by",
        "随后",
        "what follows",
        (
            *_chosen(),
            Key("within", "以内", DURATION, "多久以内：24h", "within which time: 24h", required=True),
        ),
        Names("table", block(f"{TABLE}.rows")),
    ),
    Place("scores.each", "每一行", "each row", _chosen(), Names("table", block(f"{TABLE}.rows"))),
    Place(
        "regularly",
        "规律",
        "a regular habit",
        (
            Key("count", "次数", NUMBERS, "一段里要有几行", "how many rows a piece must have"),
            Key("per", "每", DURATION, "一段多长：7d", "the length of a piece: 7d", required=True),
            Key("in", "段数", NUMBERS, "有几段够数：3..4", "in how many pieces: 3..4", required=True),
        ),
    ),
    Place(
        "stopped",
        "中断",
        "a habit that stopped",
        (
            Key("active", "活跃", DURATION, "之前这么久里有过", "there was one in so long before", required=True),
            Key("silent", "沉默", DURATION, "最近这么久没有", "none for so long", required=True),
        ),
    ),
    Place(
        "restarted",
        "恢复",
        "a habit that came back",
        (
            Key("silent", "沉默", DURATION, "断了这么久", "none for so long", required=True),
            Key("active", "活跃", DURATION, "最近这么久里又有", "and one in so long until now", required=True),
        ),
    ),
)

# Tests ------------------------------------------------------------------------------------------------------------

TEST_PLACE = Place(
    "test",
    "值要满足什么",
    "what must hold of a value",
    (
        Key("above", "高于", _LEVEL, "严格大于；average、median 是全体的", "strictly more; average, median of all"),
        Key("below", "低于", _LEVEL, "严格小于", "strictly less"),
        Key("not", "非", TEST, "里面的不成立", "the test inside does not hold"),
        Key("contains", "包含", TEXT, "文字里有", "the text has it"),
        Key("starts_with", "开头是", TEXT, "文字以它开头", "the text begins with it"),
        Key("ends_with", "结尾是", TEXT, "文字以它结尾", "the text ends with it"),
        Key("matches", "符合正则", TEXT, "正则表达式（RE2），不锚定", "a regular expression (RE2), not anchored"),
        Key("exists", "有值", BOOLEAN, "填了没有", "is filled in"),
        Key("top", "前", COUNT | SHARE, "最高的几个或百分之几", "the highest so many or share"),
        Key("in", "将在", DURATIONS, "从今天起多久：0d..30d", "so long from today on: 0d..30d"),
        Key("before", "早于", DATE, "在这天之前", "before that day"),
        Key("after", "晚于", DATE, "在这天之后", "after that day"),
        Key("on", "当天", DATE, "就是这天", "on that day"),
        Key("anniversary_in", "周年将在", DURATIONS, "生日、周年在多久以内：..7d", "the anniversary is so near: ..7d"),
        Key("age", "年龄", DURATIONS, "周岁、月龄：18y..25y", "in completed years or months: 18y..25y"),
        Key("turns", "将满", DURATION, "要满多大：6mo，与 in 一起写", "the age that is reached, with `in`"),
        Key("has", "具有", some(TEXT), "列表里有其中一个", "the list has one of these"),
        Key("has_all", "全部具有", some(TEXT), "列表里全都有", "the list has all of these"),
    ),
)

# Metrics ----------------------------------------------------------------------------------------------------------

_COUNTED = ("count", "days", "gap", "days_since_last", "days_since_first")
_SUMMED = {"orders": ("amount", "average"), "items": ("amount", "quantity", "orders")}


def _measure_names(subject: str) -> tuple[str, ...]:
    return (*_SUMMED.get(subject, ()), *_COUNTED)


_METRIC = (
    Key("sum", "合计", COLUMN, "这一列的合计", "the sum of that column"),
    Key("most", "最常见", COLUMN, "这一列最常见的值", "the commonest value of that column"),
    Key("latest", "最后一次", COLUMN, "最后一行的这一列", "that column of the last row"),
    Key("min", "最小", COLUMN, "这一列的最小值", "the least of that column"),
    Key("max", "最大", COLUMN, "这一列的最大值", "the greatest of that column"),
    Key("distinct", "不同值", COLUMN, "这一列有几种值", "how many different values of that column"),
    Key("streak", "连续", block("metrics.streak"), "连续几段", "how many pieces of time in a row"),
)


def _metric(subject: str) -> Value:
    return word(*_measure_names(subject)) | block(f"metrics.{subject}")


def _measure(subject: str) -> Key:
    return Key(
        "measure",
        "统计",
        word(*_measure_names(subject)),
        "统计什么：count、amount…",
        "what is measured: count, amount …",
    )


METRIC_PLACES = (
    Place(
        "metrics",
        "指标：一种数据的一个量",
        "a metric: one measure of one kind of row",
        (
            *(replace(key, value=_metric(key.name)) for key in _ROWS_KEYS),
            Key(
                "ratio",
                "比值",
                listed(reference("metric")),
                "[上, 下] 两个指标相除",
                "[over, under]: two metrics divided",
            ),
        ),
        Names("table", _metric(TABLE)),
    ),
    *(
        Place(
            f"metrics.{subject}",
            "指标：哪些行、多久以内、统计什么",
            "a metric: which rows, within which time, what of them",
            (*_rows_of(subject), _measure(subject), *_METRIC),
        )
        for subject in (*SUBJECTS, TABLE)
    ),
    Place(
        "metrics.streak",
        "连续",
        "a streak",
        (
            Key("per", "每", DURATION, "一段多长：1d", "the length of a piece: 1d", required=True),
            Key("grace", "宽限", COUNT, "可以断几段", "so many missing pieces do not end it"),
        ),
    ),
)

PLACES = (
    CONDITION_PLACE,
    *REFERENCE_PLACES,
    *ROW_PLACES,
    *WHERE_PLACES,
    *LATEST_PLACES,
    *CHOSEN_PLACES,
    *WINDOW_PLACES,
    *MEASURE_PLACES,
    TEST_PLACE,
    *METRIC_PLACES,
)
