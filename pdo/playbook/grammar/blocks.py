"""The places of a playbook, without conditions and without what is sent."""

from __future__ import annotations

from pdo.playbook.grammar.conditions import AVERAGES
from pdo.playbook.grammar.shapes import (
    BOOLEAN,
    COLUMN,
    CONDITION,
    COUNT,
    DURATION,
    DURATIONS,
    NAME,
    NUMBER,
    PATH,
    PROSE,
    RANGE,
    SHARE,
    TEXT,
    Key,
    Place,
    block,
    listed,
    named,
    reference,
    some,
    word,
)

RESERVED = (
    Key("assign", "分配", TEXT, "以后的版本", "of a later version"),
    Key("chat_sops", "社群SOP", TEXT, "以后的版本", "of a later version"),
    Key("fissions", "裂变", TEXT, "以后的版本", "of a later version"),
    Key("goals", "目标分解", TEXT, "以后的版本", "of a later version"),
    Key("reports", "报表", TEXT, "以后的版本", "of a later version"),
    Key("surveys", "问卷", TEXT, "以后的版本", "of a later version"),
    Key("activities", "线下活动", TEXT, "以后的版本", "of a later version"),
)
"""Blocks of the systems to come: known, so that they can be refused by their name."""

_WHEN = Key("when", "条件", CONDITION, "什么样的客户", "which customers")
_WAS = Key("was", "原名", NAME, "改名前叫什么，名单不丢", "its name before, so that nobody loses it")

PLAYBOOK = Place(
    "playbook",
    "运营方案：一个文件",
    "a playbook: one file",
    (
        Key("version", "版本", word("1"), "写法的版本，总是 1", "of the language, always 1", required=True),
        Key("playbook", "方案", NAME, "方案的名字，全项目唯一", "its name, unique in the project"),
        Key("metrics", "指标", named("metric", block("metrics")), "客户的量", "named measures of a customer"),
        Key("tags", "标签", named("tag", block("tags")), "按规则来去、或人工打的标签", "labels by rule or by hand"),
        Key(
            "tag_groups",
            "标签组规则",
            named("tag_group", block("tag_groups")),
            "对整个标签组成立的事",
            "what is true of a whole tag group",
        ),
        Key(
            "rfm", "RFM", named("rfm", block("rfm")), "RFM 八类，可以有几套", "the eight types, one or several settings"
        ),
        Key("scores", "评分", named("score", block("scores")), "行为的分数", "points for behaviour"),
        Key(
            "lifecycles",
            "生命周期",
            named("lifecycle", block("lifecycles")),
            "一次只在一个阶段",
            "one stage at a time",
        ),
        Key("segments", "人群", named("segment", block("segments")), "客户的名单", "lists of customers"),
        Key("offers", "权益", named("offer", block("offers")), "可以给什么", "what may be offered"),
        Key(
            "contents",
            "素材",
            named("content", block("contents")),
            "可以说什么，表格由运营维护",
            "what may be said, as tables",
        ),
        Key(
            "campaigns",
            "触达",
            named("campaign", block("campaigns")),
            "给一些客户发消息",
            "a message to some customers",
        ),
        Key("journeys", "旅程", named("journey", block("journeys")), "一步步的 SOP", "steps in time (SOP)"),
        Key(
            "policy",
            "触达管控",
            block("policy"),
            "所有消息都要过的关，全项目一份",
            "what no message passes round, one a project",
        ),
        Key(
            "examples",
            "示例",
            listed(block("examples")),
            "方案的测试，pdo test 来跑",
            "tests of the playbook, run by pdo test",
        ),
        *RESERVED,
    ),
)

TAG_PLACES = (
    Place(
        "tags",
        "标签",
        "a tag",
        (
            Key("group", "标签组", NAME, "所属的标签组", "the tag group it belongs to"),
            _WHEN,
            Key(
                "each",
                "逐个",
                named("variable", listed(TEXT) | PATH),
                "一族标签：{变量: 值}",
                "a family: {variable: values}",
            ),
            Key("from", "取自列", COLUMN, "一列的每个值一个标签", "one tag for each value of a column"),
            Key("ask", "询问", block("ask"), "由员工回答，每个答案一个标签", "staff answer; each answer is a tag"),
            Key("keep", "保留", BOOLEAN, "规则不再成立也不摘", "never taken off by rule"),
            Key("expires", "到期摘除", DURATION, "打上多久以后摘掉", "taken off after so long"),
            Key("alert", "提醒", block("alert"), "打上时提醒谁去做", "a task for somebody when it comes"),
            _WAS,
        ),
    ),
    Place(
        "ask",
        "询问",
        "a question for staff",
        (
            Key("who", "谁来问", TEXT, "哪种员工来问", "the role that asks"),
            Key("question", "问题", PROSE, "问什么", "what is asked", required=True),
            Key(
                "answers",
                "答案",
                listed(NAME),
                "可以选的答案；默认是、否",
                "the answers to choose from; by default yes and no",
            ),
        ),
    ),
    Place(
        "alert",
        "提醒",
        "an alert",
        (
            Key(
                "to",
                "发给",
                some(word("owner", "manager") | NAME),
                "owner、manager 或员工编号",
                "owner, manager or staff",
            ),
            Key("due", "期限", DURATION, "多久以内完成", "by when"),
            Key("text", "文案", PROSE, "任务上写什么", "what the task says", required=True),
            Key("at_most", "限次", block("at_most"), "同一客户最多提醒几次", "so many a customer in so long"),
            Key("escalate", "升级", block("escalate"), "没人处理就转给谁", "to whom it goes when nothing happens"),
        ),
    ),
    Place(
        "at_most",
        "限次",
        "at most",
        (
            Key("max", "最多", COUNT, "几次", "so many", required=True),
            Key("per", "每", DURATION, "在多久里", "in so long", required=True),
        ),
    ),
    Place(
        "escalate",
        "升级",
        "escalation",
        (
            Key("after", "之后", DURATION, "多久没有结果", "after so long without a result", required=True),
            Key("to", "发给", word("owner", "manager") | NAME, "转给谁", "to whom", required=True),
        ),
    ),
    Place(
        "tag_groups",
        "标签组规则",
        "a tag group",
        (Key("exclusive", "互斥", BOOLEAN, "一位客户最多有其中一个", "a customer has at most one of them"),),
    ),
)

_CUT = block("rfm.part")
VALUE_PLACES = (
    Place(
        "rfm",
        "一套 RFM",
        "an RFM setting",
        (
            Key("recency", "近度", _CUT, "最近一单多近算高", "how recent is high", required=True),
            Key("frequency", "频度", _CUT, "多少单算高", "how many orders are high", required=True),
            Key("money", "额度", _CUT, "多少钱算高", "how much money is high", required=True),
            Key("within", "以内", DURATION, "只看多久以内的订单", "only orders within so long"),
            Key("names", "名称", named("rfm_type", NAME), "各类自己的叫法：{HHH: 重要价值客户}", "names of the types"),
        ),
    ),
    Place(
        "rfm.part",
        "怎样算高",
        "what is high",
        (
            Key(
                "high",
                "高",
                RANGE | DURATIONS | SHARE | word(*(f"above {one}" for one in AVERAGES)),
                "..30d、3..、top 40%、above average、above median；用 score 时写分数",
                "..30d, 3.., top 40%, above average, above median; with `score` the scores",
                required=True,
            ),
            Key("score", "打分", word("quintile"), "五等分，1 到 5 分", "quintiles, 1 to 5"),
        ),
    ),
    Place(
        "scores",
        "评分",
        "a score",
        (
            Key("rules", "规则", listed(block("scores.rules")), "怎么得分", "how points are earned", required=True),
            Key(
                "bands",
                "分档",
                named("tag", NUMBER),
                "从几分起是哪个标签，互斥",
                "exclusive tags, each from its number up",
            ),
        ),
    ),
    Place(
        "scores.rules",
        "一条得分规则",
        "a rule of a score",
        (
            Key("when", "条件", CONDITION, "成立就加分", "points where it holds"),
            Key("each", "每次", block("scores.each"), "每一行都加分", "points for each row"),
            Key("add", "加分", NUMBER, "加几分，可以是负数", "how many points, may be negative", required=True),
            Key("up_to", "封顶", NUMBER, "这条规则最多几分", "no more than so many from this rule"),
            Key("fades", "衰减", block("fades"), "随天数变少", "lose weight with the days"),
            Key("because", "理由", PROSE, "解释里怎么说", "what explanations say"),
        ),
    ),
    Place(
        "fades",
        "衰减",
        "fading",
        (
            Key("half_life", "半衰期", DURATION, "多久减一半", "half of it after so long"),
            Key("to_zero_in", "归零期", DURATION, "多久减到零", "nothing left after so long"),
        ),
    ),
)

_STAGE = NAME
LIFECYCLE_PLACES = (
    Place(
        "lifecycles",
        "生命周期",
        "a lifecycle",
        (
            Key("stages", "阶段", listed(_STAGE), "有哪些阶段", "its stages"),
            Key("initial", "初始", reference("stage"), "一开始在哪个阶段", "where customers begin"),
            Key("final", "终态", some(reference("stage")), "不再离开的阶段", "stages that nobody leaves, on purpose"),
            Key(
                "transitions",
                "流转",
                listed(block("transitions")),
                "从哪个到哪个、什么时候",
                "from where to where, when",
            ),
            Key(
                "derived",
                "推导",
                named("stage", CONDITION),
                "每次执行只看数据：{阶段: 条件}",
                "from the data alone, each run",
            ),
            Key(
                "take",
                "取",
                word("first", "highest"),
                "几个都成立取哪个：first、highest",
                "of several: first or highest",
            ),
            Key("otherwise", "其他", NAME, "都不成立时的阶段", "the stage of whoever meets none"),
            Key(
                "by",
                "按",
                COLUMN | block("lifecycles.by"),
                "按年龄、指标或列分段",
                "bands of an age, a metric or a column",
            ),
            Key(
                "bands",
                "分档",
                named("stage", DURATION | NUMBER | word("before birth")),
                "{阶段: 从多大起}，连续不重叠",
                "{stage: from which age}, no gap, no overlap",
            ),
            Key("was", "原名", named("stage", NAME), "改了名的阶段：{新名: 旧名}", "renamed stages: {new: old}"),
        ),
    ),
    Place(
        "transitions",
        "流转",
        "a transition",
        (
            Key(
                "from",
                "从",
                word("any") | some(reference("stage")),
                "从哪些阶段；any 是所有其他",
                "from which; any is every other",
                required=True,
            ),
            Key("to", "到", reference("stage"), "到哪个阶段", "to which stage", required=True),
            _WHEN,
            Key("after", "停留满", DURATION, "至少待了多久", "after so long in the stage"),
        ),
    ),
    Place(
        "lifecycles.by",
        "按年龄",
        "by age",
        (
            Key(
                "age_of",
                "谁的年龄",
                COLUMN,
                "日期列，可以是自有表的：children.birthday",
                "a date, also of a table",
                required=True,
            ),
            Key(
                "take",
                "取",
                word("youngest", "oldest"),
                "有几个时取哪个：youngest、oldest",
                "of several: youngest or oldest",
            ),
        ),
    ),
)

SEGMENT = Place(
    "segments",
    "人群",
    "a segment",
    (
        _WHEN.must(),
        Key(
            "rank_by",
            "排序",
            named("attribute", word("desc", "asc"), columns="customers"),
            "{指标或列: desc}，desc 从大到小",
            "{metric or column: desc or asc}",
        ),
        Key("top", "前", COUNT | SHARE, "只要前几位或百分之几", "the best so many or such a share"),
        Key("per", "每", COLUMN, "每个跟进人、门店各取前几位", "the best of each owner, store …"),
        Key("columns", "列", listed(COLUMN), "导出哪些列", "what an export shows"),
        _WAS,
    ),
)

PLACES = (PLAYBOOK, *TAG_PLACES, *VALUE_PLACES, *LIFECYCLE_PLACES, SEGMENT)
