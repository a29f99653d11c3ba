"""Wording of findings about metrics, tags, RFM, scores, bands and the files that playbooks point at."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

_NEAR = ("是不是 {near}？", "Did you mean {near}?")
_KNOWN = ("可以写：{known}", "Possible are: {known}")
_ADD = ("补上，例如：{example}", "Add it, for example: {example}")

FILES: Mapping[str, Wording] = MappingProxyType(
    {
        "PB221": Wording(
            "没有 {path} 这个文件。",
            "There is no file {path}.",
            "路径从 pdo.yaml 所在的目录算起；检查文件名和后缀。",
            "Paths begin at the folder of pdo.yaml; check the name and its ending.",
        ),
        "PB221.outside": Wording(
            "{path} 不在这个项目里。",
            "{path} lies outside the project.",
            "把文件复制到项目里，写相对路径。",
            "Copy the file into the project and write a relative path.",
        ),
        "PB221.empty": Wording(
            "{path} 里没有内容。",
            "There is nothing in {path}.",
            "第一行写表头，下面一行一条。",
            "Write a header line, then one line each.",
        ),
        "PB221.large": Wording(
            "{path} 超过 {limit}，不像是手工维护的表。",
            "{path} is larger than {limit}: hardly a table kept by hand.",
            "数据用 pdo import 导入；表拆成几份。",
            "Import data with pdo import; split tables into several.",
        ),
        "PB221.encoding": Wording(
            "{path} 不是 UTF-8 或 GB18030 编码的 CSV。",
            "{path} is no CSV in UTF-8 or GB18030.",
            "在 Excel 里另存为“CSV UTF-8（逗号分隔）”。",
            "Save it from Excel as 'CSV UTF-8'.",
        ),
        "PB221.broken": Wording(
            "{path} 不是能读的 CSV。",
            "{path} is no CSV that can be read.",
            "检查引号是不是成对。",
            "Check that its quotes are paired.",
        ),
        "PB222": Wording("{path} 没有“{name}”这一列。", "{path} has no column '{name}'.", *_KNOWN),
        "PB222.near": Wording("{path} 没有“{name}”这一列。", "{path} has no column '{name}'.", *_NEAR),
        "PB222.missing": Wording(
            "表头里缺“{name}”这一列。",
            "The header lacks the column '{name}'.",
            "加上这一列。现在有：{known}",
            "Add the column. There are: {known}",
        ),
        "PB222.nameless": Wording(
            "表头的第 {number} 列没有名字，或者有看不见的字符。",
            "Column {number} of the header has no name, or one with invisible characters.",
            "给这一列起个名字，或者删掉这一列。",
            "Name the column or remove it.",
        ),
        "PB222.twice": Wording(
            "表头里有两个“{name}”。", "The header has '{name}' twice.", "改一个名字。", "Rename one of them."
        ),
        "PB222.cells": Wording(
            "这一行有 {found} 格，表头只有 {expected} 格。",
            "This line has {found} cells; the header has {expected}.",
            "内容里有逗号就加双引号。",
            "Put double quotes around a cell with a comma.",
        ),
    }
)

NAMES: Mapping[str, Wording] = MappingProxyType(
    {
        "PB204.rfm": Wording(
            "“{name}”在另一套 RFM 里已经有了。",
            "'{name}' is a type of another RFM setting already.",
            "用 names 给这一套的八类起自己的名字：names: {{HHH: …, HLH: …}}。",
            "Name the eight types of this setting with names: {{HHH: …, HLH: …}}.",
        ),
        "PB223": Wording(
            "each 里没有“{name}”。", "each says nothing of '{name}'.", "each 里有：{known}", "each has: {known}"
        ),
        "PB223.near": Wording("each 里没有“{name}”。", "each says nothing of '{name}'.", *_NEAR),
        "PB223.name": Wording(
            "标签名里没有“{name}”，展开后会重名。",
            "The tag's name lacks '{name}', so that members would share a name.",
            "写：{mended}",
            "Write: {mended}",
        ),
        "PB224": Wording(
            "“{name}”现在还有，不能是从前的名字。",
            "'{name}' exists, so it cannot be a name of the past.",
            "was 写改名以前的名字。",
            "Write in was what it was called before.",
        ),
        "PB225": Wording(
            "没有标签属于“{name}”组。", "No tag is in the group '{name}'.", "现有的组：{known}", "Groups are: {known}"
        ),
        "PB225.near": Wording("没有标签属于“{name}”组。", "No tag is in the group '{name}'.", *_NEAR),
        "PB112.family": Wording(
            "展开后超过 {limit} 个标签。",
            "This spells out more than {limit} tags.",
            "减少 each 里的值，或者用 from 让一列的每个值各成一个标签。",
            "List fewer values, or make a tag of each value of a column with from.",
        ),
    }
)

BLOCKS: Mapping[str, Wording] = MappingProxyType(
    {
        "PB116.example": Wording(
            "{name} 下面应该是“键: 值”。",
            "{name} should hold keys and values.",
            "例如 {example}",
            "For example {example}",
        ),
        "PB117.alert": Wording(
            "提醒在标签打上时发出，这个标签没有 {name}，不会由规则打上。",
            "An alert comes with the tag; without {name} no rule puts it on.",
            *_ADD,
        ),
        "PB220": Wording(
            "“{name}”自己就是两个指标相除，不能再除。",
            "'{name}' is itself one metric divided by another.",
            "写相除的那两个指标。",
            "Name the two metrics themselves.",
        ),
        "PB220.two": Wording(
            "ratio 要两个指标：前面的除以后面的。",
            "ratio names two metrics: the first divided by the second.",
            "例如 {example}",
            "For example {example}",
        ),
        "PB220.type": Wording(
            "“{name}”不是能相除的数：平均值、间隔、文字和日期都不行。",
            "'{name}' cannot be divided: averages, gaps, texts and dates cannot.",
            "用次数、金额、天数这样的指标。",
            "Use counts, amounts or days.",
        ),
        "PB301.negative": Wording(
            "“{value}”太小，至少是 0。",
            "'{value}' is too small; 0 is the least.",
            "写 0 或更大的数。",
            "Write 0 or more.",
        ),
        "PB302.months": Wording(
            "“{value}”：这里按天算，月和年长短不一。",
            "'{value}': days count here; months and years differ in length.",
            "写天或周，例如 30d。",
            "Write days or weeks, such as 30d.",
        ),
        "PB340": Wording(
            "一个指标只算一样，这里有：{names}。",
            "A metric measures one thing; these are {names}.",
            "分成几个指标。",
            "Make several metrics.",
        ),
        "PB342": Wording("“{value}”不是比例。", "'{value}' is not a share.", "写 1% 到 100%。", "Write 1% to 100%."),
        "PB342.control": Wording(
            "对照组是 {value}：谁也收不到。",
            "A control of {value}: nobody gets anything.",
            "一般留 5% 到 20%。",
            "Usually 5% to 20% are held back.",
        ),
        "PB343": Wording(
            "“{value}”不是时刻。",
            "'{value}' is not a time of day.",
            '写 24 小时制，加引号："10:30"。',
            'Write 24 hours, in quotes: "10:30".',
        ),
        "PB343.range": Wording(
            "“{value}”不是一段钟点。",
            "'{value}' is not a range of hours.",
            "写起止：21:00..09:00，可以跨过午夜。",
            "Write both ends: 21:00..09:00, across midnight if need be.",
        ),
        "PB344": Wording(
            "{name} 和 {other} 不能写在一起。",
            "{name} does not go with {other}.",
            "删掉其中一个，或者分成两个标签。",
            "Remove one of them, or make two tags.",
        ),
        "PB344.column": Wording(
            "“{name}”不是文字，不能每个值各成一个标签。",
            "'{name}' is no text, so its values make no tags.",
            "可以用：{known}；数字和日期用 when 写条件。",
            "Possible are: {known}; test numbers and dates with when.",
        ),
        "PB344.answers": Wording(
            "问题至少要有两个不同的答案。",
            "A question has at least two different answers.",
            "例如 answers: [是, 否, 不确定]；不写就是“是”和“否”。",
            "List them in brackets; leave answers out for yes and no.",
        ),
        "PB345": Wording("RFM 没有“{name}”这一类。", "RFM has no type '{name}'.", *_KNOWN),
        "PB345.near": Wording("RFM 没有“{name}”这一类。", "RFM has no type '{name}'.", *_NEAR),
        "PB345.high": Wording(
            "{name} 要说怎样算高。",
            "{name} must say what counts as high.",
            "写 {example}、{{high: top 40%}} 或 {{high: above average}}。",
            "Write {example}, {{high: top 40%}} or {{high: above average}}.",
        ),
        "PB345.score": Wording(
            "{name} 的分数是 1 到 5。",
            "Scores of {name} are 1 to 5.",
            "写 {{score: quintile, high: 4..}}。",
            "Write {{score: quintile, high: 4..}}.",
        ),
        "PB346": Wording(
            "这条没说什么时候加分。",
            "This rule does not say for what there are points.",
            "写条件 {example}；每一条记录都加分写 each。",
            "Write a condition, {example}; points for each row are said with each.",
        ),
        "PB346.both": Wording(
            "when 和 each 只能写一个。",
            "when and each do not go together.",
            "条件成立加一次分写 {example}；每条记录都加分只写 each。",
            "Points once are {example}; points for each row have each alone.",
        ),
        "PB346.rows": Wording(
            "{name} 只用于 each：条件成立只加一次分。",
            "{name} is for each: a condition gives its points once.",
            "删掉 {name}，或者改用 each。",
            "Remove {name}, or use each.",
        ),
        "PB346.each": Wording(
            "each 里只写一种数据。",
            "each names one kind of row.",
            "例如 each: {{events: {{type: …}}}}。",
            "For example each: {{events: {{type: …}}}}.",
        ),
        "PB346.fades": Wording(
            "fades 写一种减弱的方式。",
            "fades names one way to lose weight.",
            "写 {{half_life: 7d}} 或 {{to_zero_in: 7d}}。",
            "Write {{half_life: 7d}} or {{to_zero_in: 7d}}.",
        ),
        "PB347": Wording(
            "“{name}”和另一档从同一个分数起。",
            "'{name}' begins at the same number as another band.",
            "每一档写它自己的最低分。",
            "Give each band a lowest number of its own.",
        ),
        "PB348": Wording(
            "“{name}”不是数，不能分档。",
            "'{name}' is no number and cannot be cut into bands.",
            "用数字类的字段、指标或评分；日期写 by: {{age_of: …}}。",
            "Use a number; of a date write by: {{age_of: …}}.",
        ),
        "PB348.age": Wording(
            "“{name}”是日期，分档要说按年龄。",
            "'{name}' is a date; say that its age is meant.",
            "写：{mended}",
            "Write: {mended}",
        ),
        "PB348.date": Wording(
            "“{name}”不是日期。",
            "'{name}' is not a date.",
            "用日期类的列，如 birthday。",
            "Use a date, such as birthday.",
        ),
        "PB348.take": Wording(
            "“{name}”一个客户只有一个，不用 take。",
            "A customer has one '{name}', so nothing is taken.",
            "删掉 take；它只用于“表.列”。",
            "Remove take; it is for a column of a table.",
        ),
        "PB349": Wording(
            "这一档从前一档之前开始。",
            "This band does not begin after the one above it.",
            "从小到大写，每一档到下一档开始为止。",
            "Write bands in rising order; each ends where the next one begins.",
        ),
        "PB349.range": Wording(
            "“{value}”：每一档只写从哪里开始。",
            "'{value}': a band says where it begins.",
            "写 {mended}，到下一档开始为止。",
            "Write {mended}; it ends where the next one begins.",
        ),
        "PB407.bands": Wording(
            "{banded} 和 {derived} 不能写在一起。",
            "{banded} and {derived} do not go together.",
            "分档写 by 和 bands；每个阶段各写条件用 derived。",
            "Bands have by and bands; stages with conditions of their own have derived.",
        ),
    }
)

EXAMPLES: Mapping[str, Wording] = MappingProxyType(
    {
        "PB350": Wording(
            "“{value}”不是时刻。",
            "'{value}' is not a moment.",
            "写 2026-03-02 09:00；只写日期就是那天零点。",
            "Write 2026-03-02 09:00; a date alone is its midnight.",
        ),
        "PB351": Wording(
            "“{name}”是商品的，不是订单的。",
            "'{name}' belongs to what was bought, not to the order.",
            "写：{mended}",
            "Write: {mended}",
        ),
        "PB352": Wording(
            "示例里没有客户“{name}”。",
            "The example has no customer '{name}'.",
            "在 customers 里加上，或者改编号。有：{known}",
            "Add it to customers, or mend the id. There are: {known}",
        ),
        "PB352.near": Wording("示例里没有客户“{name}”。", "The example has no customer '{name}'.", *_NEAR),
        "PB353": Wording(
            "then 的时刻要比前面的晚。",
            "What is in then comes after what is before it.",
            "把 now 往后改。",
            "Write a later now.",
        ),
        "PB354": Wording(
            "“{name}”不会产生 {place}。",
            "Nothing called '{name}' makes {place}.",
            "可以写：{known}；旅程写“旅程/步骤”。",
            "Possible are: {known}; of journeys write journey/step.",
        ),
        "PB354.near": Wording("“{name}”不会产生 {place}。", "Nothing called '{name}' makes {place}.", *_NEAR),
        "PB355": Wording(
            "“{value}”不是内存大小。",
            "'{value}' is not a size of memory.",
            "写数字和单位：2GB、1500MB；至少 {least}。",
            "Write a number and a unit: 2GB, 1500MB; {least} or more.",
        ),
        "PB355.least": Wording(
            "内存 {value} 太少，什么都算不了。",
            "{value} of memory are too little for anything.",
            "至少写 {least}。",
            "Write {least} or more.",
        ),
    }
)

RELATED: Mapping[str, Wording] = MappingProxyType(
    {
        "related.member": Wording("展开成“{name}”时", "spelt out as '{name}'"),
        "related.before": Wording("前面的在这里", "the one before is here"),
    }
)

WORDING: Mapping[str, Wording] = MappingProxyType({**FILES, **NAMES, **BLOCKS, **EXAMPLES, **RELATED})
