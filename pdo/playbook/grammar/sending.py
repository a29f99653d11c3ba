"""The places of what is sent: offers, contents, campaigns, journeys, policy."""

from __future__ import annotations

from pdo.playbook.grammar.shapes import (
    CLOCK,
    COLUMN,
    CONDITION,
    COUNT,
    DATE,
    DURATION,
    HOURS,
    MONEY,
    NAME,
    NUMBER,
    PATH,
    PROSE,
    SHARE,
    TEXT,
    Key,
    Names,
    Place,
    block,
    listed,
    named,
    reference,
    some,
    word,
)

CHANNELS = ("wecom", "one_to_one", "chat", "moments", "sms", "call", "webhook", "file")
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_ON = some(word(*WEEKDAYS) | DATE | NAME)
_WHEN = Key("when", "条件", CONDITION, "什么样的客户", "which customers")
_CHANNEL = Key(
    "channel",
    "渠道",
    some(word(*CHANNELS)),
    "从哪里发；几个时依次试",
    "by what it is sent; of several the first that reaches",
)
_SENDER = Key(
    "sender",
    "发送人",
    word("owner", "manager", "robot") | NAME,
    "谁来发：owner、manager、robot 或员工编号",
    "who sends: owner, manager, robot or a staff id",
)
_VALID = Key("valid", "有效期", DURATION, "多久以内有效", "for so long")
_CAPS = Key("caps", "频控", listed(block("caps")), "多久最多几条", "so many in so long")
_TEXT = Key("text", "文案", PROSE, "发什么，{{ }} 里是变量", "what is said, variables in {{ }}")
_OFFER = Key("offer", "给权益", reference("offer"), "带上哪个权益", "which offer goes with it")
_CONTENT = Key("content", "用素材", reference("content"), "从哪份素材里选", "from which content")
_CHOOSE = Key(
    "choose",
    "择一",
    listed(block("choose")),
    "第一条成立的那一行",
    "the first line that holds",
)

OFFER_PLACES = (
    Place(
        "offers",
        "权益",
        "an offer",
        (
            Key("coupon", "券", block("coupon"), "一张券", "a coupon"),
            Key("product", "商品名称", TEXT, "什么商品", "which product"),
            Key("price", "价格", MONEY, "单位元", "in yuan"),
            Key("redeem", "兑现方式", TEXT, "门店自提、包邮…", "how it is had"),
            _VALID,
            Key("cost", "成本", MONEY, "一份的成本，单位元", "what one costs us, in yuan"),
        ),
    ),
    Place(
        "coupon",
        "券",
        "a coupon",
        (
            Key("pool", "券码池", NAME, "手里的券码", "codes we hold"),
            Key("grant", "发放", NAME, "给商城系统的发券名单", "a list for the shop system to issue"),
        ),
    ),
    Place(
        "contents",
        "素材",
        "content",
        (
            Key("table", "表格", PATH, "素材所在的 CSV", "the CSV it stands in", required=True),
            Key(
                "match",
                "匹配",
                named("column", word("tag", "segment") | COLUMN | block("contents.match")),
                "{表格的列: 客户的什么}，对上最多的那行",
                "{column of the table: what of the customer}; the row with most cells that hold",
            ),
            Key("by", "按", word("rotation", "date"), "轮着用，或按日期", "in turn, or by date"),
            Key("never_repeat", "不重复", DURATION, "同一人多久不重复", "not twice to one person in so long"),
            Key("otherwise", "其他", word("skip") | TEXT, "没有合适的怎么办：skip", "where nothing fits: skip"),
        ),
    ),
    Place(
        "contents.match",
        "匹配",
        "what is matched",
        (Key("stage", "在阶段", reference("lifecycle"), "客户在这个生命周期的阶段", "the stage in that lifecycle"),),
    ),
)

CAMPAIGN_PLACES = (
    Place(
        "campaigns",
        "触达",
        "a campaign",
        (
            Key(
                "to",
                "发给",
                reference("segment") | CONDITION,
                "人群的名字或条件",
                "a segment or a condition",
                required=True,
            ),
            _CHANNEL.must(),
            _SENDER,
            Key(
                "every",
                "间隔",
                DURATION | word("once"),
                "同一人多久最多一次；默认只一次",
                "the same person at most so often",
            ),
            Key("on", "日子", _ON, "周一、日期、节日", "weekdays, dates, festivals"),
            Key("at", "时刻", CLOCK, '几点："10:30"', 'at what time: "10:30"'),
            Key("priority", "优先级", COUNT, "1 最先", "1 goes first"),
            Key("control", "对照组", SHARE, "留出多少不发，用来比较", "held back to measure the effect"),
            _OFFER,
            _CONTENT,
            _TEXT,
            Key("variants", "分版", named("variant", block("variants")), "几种文案比一比", "several texts to compare"),
            _CHOOSE,
            Key("goal", "目标", block("goal"), "怎样算有效果", "what counts as success"),
            _VALID,
            Key("approval", "审批", word("auto", "manual"), "manual 要人批，auto 不用", "manual waits for approval"),
            Key("exclusive", "互斥", NAME, "同一组里一人只收一条", "one of the group a person"),
            _CAPS,
        ),
    ),
    Place(
        "variants",
        "一种文案",
        "a variant",
        (
            Key("weight", "权重", NUMBER, "占几份", "its share"),
            _TEXT,
            _OFFER,
            _CONTENT,
        ),
    ),
    Place(
        "choose",
        "一个选择",
        "a choice",
        (
            _WHEN,
            Key("otherwise", "其他", block("choose.otherwise"), "前面都不成立时", "where none before holds"),
            _OFFER,
            _CONTENT,
            _TEXT,
        ),
    ),
    Place(
        "choose.otherwise",
        "都不成立时",
        "where nothing holds",
        (
            Key("skip", "不发", TEXT, "不发，写明原因", "nothing is sent, for this reason"),
            _OFFER,
            _CONTENT,
            _TEXT,
        ),
    ),
    Place(
        "goal",
        "目标",
        "a goal",
        (
            Key("within", "以内", DURATION, "发出后多久以内", "so long after the message", required=True),
            _WHEN.must(),
        ),
    ),
)

JOURNEY_PLACES = (
    Place(
        "journeys",
        "旅程",
        "a journey",
        (
            Key("enter", "进入", CONDITION, "谁进来", "who enters", required=True),
            Key(
                "existing",
                "已有客户",
                word("skip", "enter"),
                "第一晚已经符合的：skip、enter",
                "who holds already: skip or enter",
            ),
            Key(
                "again",
                "再次进入",
                word("never", "each anniversary", "each anchor") | DURATION,
                "never、90d、each anniversary、each anchor",
                "never, 90d, each anniversary, each anchor",
            ),
            Key("anchor", "锚点", COLUMN, "从客户的哪个日期数起", "the date of the customer that steps count from"),
            Key("exit", "退出", CONDITION, "达到就离开", "who leaves before the end"),
            Key(
                "late",
                "错过时",
                word("send", "skip", "next_window"),
                "send、skip、next_window",
                "send, skip, next_window",
            ),
            Key("steps", "步骤", listed(block("steps")), "一步一步", "step by step", required=True),
            Key("end", "走完后", block("journeys.end"), "走完后做什么", "what is done at the end"),
        ),
    ),
    Place(
        "steps",
        "一步",
        "a step",
        (
            Key("name", "名字", NAME, "这一步的名字", "its name"),
            Key("after", "之后", DURATION, "进入后第几天", "so long after entry"),
            Key("before", "之前", DURATION, "锚点前几天", "so long before the anchor"),
            Key("weekday", "星期", word(*WEEKDAYS), "挪到星期几", "moved on to that weekday"),
            Key("at", "时刻", CLOCK, '几点："10:00"', 'at what time: "10:00"'),
            _WHEN,
            _CHANNEL,
            _SENDER,
            _TEXT,
            _CONTENT,
            _OFFER,
            _CHOOSE,
            Key("wait_for", "等待", CONDITION, "等客户做什么", "waits until the customer does this"),
            Key("timeout", "最多等", DURATION, "等多久", "waits no longer than this"),
            Key("on", "结果", block("steps.on"), "等的结果去哪一步", "which step follows which outcome"),
            Key("task", "派任务", PROSE, "让员工做什么", "what staff is asked to do"),
            Key("due", "期限", DURATION, "多久以内完成", "by when"),
        ),
    ),
    Place(
        "steps.on",
        "等的结果",
        "outcomes of waiting",
        (Key("timeout", "最多等", NAME, "等不到去哪一步", "the step when it does not come"),),
    ),
    Place(
        "journeys.end",
        "走完后",
        "the end",
        (Key("tag", "打标签", reference("tag"), "打上这个标签", "the tag that is put on"),),
    ),
)

POLICY_PLACES = (
    Place(
        "policy",
        "触达管控",
        "the policy",
        (
            Key(
                "consent",
                "授权",
                named("channel", COLUMN, words=CHANNELS),
                "{渠道: 授权列}",
                "{channel: column of consent}",
            ),
            Key("quiet_hours", "免打扰时段", HOURS, "这些钟点不发：21:00..09:00", "nothing is sent then: 21:00..09:00"),
            _CAPS,
            Key(
                "quota",
                "配额",
                named("channel", word("daily", "weekly", "monthly"), words=CHANNELS),
                "{渠道: daily、weekly、monthly}，企微给的额度",
                "{channel: daily, weekly or monthly}, what the tenant allows",
            ),
            Key("capacity", "承接量", block("capacity"), "一位员工做得过来多少", "how many a guide can do"),
            Key("guard", "护栏", block("guard"), "变化太大就停下", "stops a run that would change too much"),
        ),
    ),
    Place(
        "caps",
        "频控",
        "a cap",
        (
            Key("channel", "渠道", word("any", *CHANNELS), "哪个渠道；any 是所有", "which channel; any is all"),
            Key("max", "最多", COUNT, "最多几条", "so many messages", required=True),
            Key("per", "每", DURATION, "在多久里", "in so long", required=True),
        ),
    ),
    Place(
        "capacity",
        "承接量",
        "capacity",
        (Key("per", "每", DURATION, "在多久里：1d", "in so long: 1d", required=True),),
        Names("channel", COUNT, words=CHANNELS),
    ),
    Place(
        "guard",
        "护栏",
        "the guard",
        (
            Key(
                "max_share_changed",
                "最大变动比例",
                SHARE,
                "原有的最多少掉几成",
                "the share that may lose what they had",
            ),
            Key("max_messages", "最多消息", COUNT, "一次最多几条消息", "so many messages a run"),
            Key("max_data_age", "数据最旧", DURATION, "数据最多多旧", "how old the data may be"),
            Key("max_shrink", "最大缩水", SHARE, "客户数最多少几成", "the share of customers that may be missing"),
        ),
    ),
)

PLACES = (*OFFER_PLACES, *CAMPAIGN_PLACES, *JOURNEY_PLACES, *POLICY_PLACES)
