"""The places around playbooks: `pdo.yaml`, import mappings, examples and files of cases."""

from __future__ import annotations

from dataclasses import replace

from pdo.model.fields import KINDS, Type
from pdo.model.settings import NIGHTLY_STEPS
from pdo.playbook.grammar.shapes import (
    BOOLEAN,
    CELLS,
    COLUMN,
    COUNT,
    MOMENT,
    NAME,
    PATH,
    PROSE,
    SIZE,
    TEST,
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

TYPES = tuple(type_.value for type_ in Type if type_ is not Type.PHONE)
_VERSION = Key("version", "版本", word("1"), "写法的版本，总是 1", "of the language, always 1")

# pdo.yaml ---------------------------------------------------------------------------------------------------------

_TYPE = Key("type", "类型", word(*TYPES), "值的类型", "the type of its values")
_ATTRIBUTE = word(*TYPES) | block("attributes")
SETTINGS_PLACES = (
    Place(
        "pdo.yaml",
        "项目的设置",
        "the settings of a project",
        (
            _VERSION,
            Key("timezone", "时区", TEXT, "日历和钟点按哪里：Asia/Shanghai", "whose days and hours: Asia/Shanghai"),
            Key("language", "语言", word("zh", "en"), "提示和文件的语言", "of messages and files"),
            Key("currency", "币种", TEXT, "三个字母：CNY", "three letters: CNY"),
            Key("database", "数据库", PATH, "数据库文件", "the store"),
            Key("attributes", "自定义列", block("pdo.yaml.attributes"), "内置以外的列", "columns of one's own"),
            Key("tables", "自定义表", named("table", block("tables")), "内置以外的数据", "kinds of row of one's own"),
            Key(
                "mappings", "映射", named("mapping", block("mappings")), "别人的表头", "how an export calls its columns"
            ),
            Key(
                "categories",
                "品类归并",
                named("category", block("categories")) | PATH,
                "哪些商品算哪个品类，或一个 CSV",
                "which products belong to a category, or a CSV",
            ),
            Key("aliases", "别名", block("aliases"), "{员工: {别名: 编号}}", "{staff: {alias: id}}"),
            Key(
                "nightly",
                "每晚",
                listed(word(*NIGHTLY_STEPS)),
                "pdo nightly 做哪几步",
                "the steps of pdo nightly",
            ),
            Key(
                "shared_phones",
                "公用电话",
                listed(TEXT) | PATH,
                "不用来合并客户的手机号，或一个 CSV",
                "phones that join nobody, or a CSV",
            ),
            Key(
                "retention_days",
                "保留天数",
                COUNT,
                "没有任何动静的客户保留多少天",
                "for how many days customers are kept of whom nothing is heard",
            ),
            Key("heartbeat", "心跳", TEXT, "pdo nightly 开始和结束时通知的网址", "the address that pdo nightly tells"),
            Key(
                "log",
                "日志",
                PATH,
                "日志目录：每天一个 JSON Lines 文件",
                "the folder of logs, a file of JSON lines a day",
            ),
            Key(
                "memory",
                "内存",
                SIZE,
                "计算规则时整个程序最多用多少内存，更多的写到磁盘",
                "the memory that the program may take where it evaluates rules; what needs more goes to disk",
            ),
        ),
    ),
    Place(
        "pdo.yaml.attributes",
        "按数据种类分的自定义列",
        "columns of one's own, by kind",
        tuple(
            Key(kind.name, kind.label, named("attribute", _ATTRIBUTE), f"{kind.label}的列", f"columns of {kind.name}")
            for kind in KINDS.values()
            if kind.extensible
        ),
    ),
    Place(
        "attributes",
        "一列",
        "a column",
        (
            _TYPE.must(),
            Key("label", "显示名", PROSE, "中文名", "its name for people"),
            Key("values", "可选值", listed(TEXT), "只允许这些值", "the only values allowed"),
            Key("sensitive", "敏感", BOOLEAN, "在屏幕上遮住", "masked on screens"),
        ),
    ),
    Place(
        "tables",
        "一张自定义表",
        "a table of one's own",
        (
            Key("label", "显示名", PROSE, "中文名", "its name for people"),
            Key("columns", "列", named("attribute", _ATTRIBUTE), "有哪些列", "its columns", required=True),
            Key("key", "主键", some(COLUMN), "哪几列认出一行", "the columns that tell one row from another"),
            Key("time", "时间列", COLUMN, "按哪一列算时间", "the column that dates a row"),
        ),
    ),
    Place(
        "mappings",
        "一份映射",
        "a mapping",
        (
            Key("kind", "种类", word(*KINDS) | NAME, "哪种数据", "what the rows are", required=True),
            Key(
                "columns",
                "列",
                named("column", TEXT, columns="by:kind"),
                "{列: 文件里的表头}",
                "{column: header in the file}",
            ),
            Key(
                "paid_is",
                "实付口径",
                word("gross", "net"),
                "实付减没减退款：net 已减",
                "net: refunds are taken off already",
            ),
            Key("statuses", "状态", named("status", TEXT), "{文件里的: 存下来的}", "{in the file: as it is kept}"),
            Key("required", "必需", listed(COLUMN), "空着就拒收的列", "columns without which a row is rejected"),
        ),
    ),
    Place(
        "categories",
        "一个品类",
        "a category",
        (
            Key("title", "标题", some(TEXT), "商品名称里有其中一个", "the product's name holds one of these"),
            Key("sku", "商品编码", some(TEXT), "哪些商品编码", "skus of products"),
            Key("cycle_days", "周期天数", COUNT, "一件用多少天", "how many days one lasts"),
        ),
    ),
    Place(
        "aliases",
        "别名",
        "aliases",
        (Key("staff", "员工", named("alias", TEXT), "{文件里的叫法: 员工编号}", "{as files call them: staff id}"),),
    ),
)

# Examples ---------------------------------------------------------------------------------------------------------

_KIND_KEYS = tuple(
    Key(
        kind.name,
        kind.label,
        listed(block(f"examples.{kind.name}")) | PATH,
        f"{kind.label}：逐行写，或一个 CSV",
        f"rows of {kind.name}, or a CSV",
    )
    for kind in KINDS.values()
)
_EXPECT = Key("expect", "期望", block("expect"), "应该怎样", "what must be there", required=True)
_THEN = Key("then", "接着", listed(block("then")), "之后的时刻", "what happens next")
_ANSWERS = named("customer", TEST)
_EXPECTED = (
    Key("tags", "标签", named("customer", some(reference("tag"))), "{客户: [标签]}", "{customer: [tags]}"),
    Key("segments", "人群", named("customer", some(reference("segment"))), "{客户: [人群]}", "{customer: [segments]}"),
    Key(
        "stages",
        "阶段",
        named("lifecycle", named("customer", reference("stage"))),
        "{生命周期: {客户: 阶段}}",
        "{lifecycle: {customer: stage}}",
    ),
    Key("scores", "评分", named("score", _ANSWERS), "{评分: {客户: 分数}}", "{score: {customer: points}}"),
    Key("metrics", "指标", named("metric", _ANSWERS), "{指标: {客户: 值}}", "{metric: {customer: value}}"),
    Key(
        "messages",
        "消息",
        named("campaign", _ANSWERS | some(NAME)),
        "{触达: {客户: 文案的条件}}",
        "{campaign: {customer: a test of the text}}",
    ),
    Key(
        "tasks",
        "任务",
        named("tag", _ANSWERS | some(NAME)),
        "{来源: {客户: 内容的条件}}",
        "{where from: {customer: a test of the text}}",
    ),
)
_ABSENT = (
    _EXPECTED[0],
    _EXPECTED[1],
    Key(
        "stages",
        "阶段",
        named("lifecycle", named("customer", some(reference("stage")))),
        "{生命周期: {客户: 阶段}}",
        "{lifecycle: {customer: stage}}",
    ),
    *_EXPECTED[5:],
)
EXAMPLE_PLACES = (
    Place(
        "examples",
        "一个示例",
        "an example",
        (
            Key("name", "名字", NAME, "说明这个示例", "what it shows", required=True),
            Key("now", "现在", MOMENT, "算哪一刻", "the moment of the run", required=True),
            *_KIND_KEYS,
            _EXPECT,
            _THEN,
        ),
        Names("table", listed(named("column", CELLS)) | PATH),
    ),
    Place(
        "then",
        "之后",
        "what happens next",
        (Key("now", "现在", MOMENT, "算哪一刻", "the moment of the run", required=True), *_KIND_KEYS, _EXPECT),
        Names("table", listed(named("column", CELLS)) | PATH),
    ),
    Place(
        "expect",
        "期望",
        "what must be there",
        (
            *_EXPECTED,
            Key(
                "members",
                "成员",
                named("tag", replace(some(NAME), may_be_empty=True)),
                "{标签或人群: [全部客户]}",
                "{tag or segment: [all its customers]}",
            ),
            Key("absent", "不应有", block("absent"), "不应该有的", "what must not be there"),
            Key("exactly", "完全一致", BOOLEAN, "多一样都不行", "nothing besides"),
        ),
    ),
    Place("absent", "不应有", "what must not be there", _ABSENT),
    *(
        Place(
            f"examples.{kind.name}",
            f"一行{kind.label}",
            f"a row of {kind.name}",
            (Key("items", "商品明细", listed(block("examples.items")), "这一单的商品", "what was in the order"),)
            if kind.name == "orders"
            else (),
            Names("column", CELLS, columns=f"file:{kind.name}"),
        )
        for kind in KINDS.values()
    ),
)
CASES = Place(
    "cases",
    "示例文件：*.cases.yaml",
    "a file of examples: *.cases.yaml",
    (_VERSION, Key("examples", "示例", listed(block("examples")), "示例", "examples", required=True)),
)

PLACES = (*SETTINGS_PLACES, *EXAMPLE_PLACES, CASES)
