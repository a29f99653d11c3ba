"""Wording of findings about values, lifecycles, messages, and advice: the second half of `pdo.core.wording.playbook`."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

_DURATION = (
    "写数字和单位：30d（天）、2w（周）、3mo（月）、1y（年）、24h（小时）、30min（分钟）。",
    "Write a number and a unit: 30d, 2w, 3mo, 1y, 24h, 30min.",
)
_RANGE = ("至少 3 写 3..，至多 5 写 ..5，之间写 3..5。", "At least 3 is 3.., at most 5 is ..5, between is 3..5.")

TYPES: Mapping[str, Wording] = MappingProxyType(
    {
        "PB301.integer": Wording("“{value}”不是整数。", "'{value}' is not a whole number.", *_RANGE),
        "PB301.number": Wording("“{value}”不是数字。", "'{value}' is not a number.", *_RANGE),
        "PB301.money": Wording(
            "“{value}”不是金额。",
            "'{value}' is not an amount of money.",
            "单位是元：500..、99.9、..1万。",
            "In 元: 500.., 99.9, ..1万.",
        ),
        "PB301.range": Wording("“{value}”不是范围。", "'{value}' is not a range.", *_RANGE),
        "PB301.whole": Wording(
            "“{value}”不是整数。",
            "'{value}' is not a whole number.",
            "只写一个整数：{mended}",
            "Write a whole number: {mended}",
        ),
        "PB301.positive": Wording(
            "“{value}”太小，至少是 1。",
            "'{value}' is too small; 1 is the least.",
            "写 1 或更大的整数；不想要这一条就把它整条删掉。",
            "Write 1 or more; if you do not want it at all, take the whole entry out.",
        ),
        "PB301.phone": Wording(
            "“{value}”不是手机号。",
            "'{value}' is not a mobile phone.",
            "写 11 位手机号，例如 13800138000；很多个就写在 CSV 里，列名 phone。",
            "Write eleven digits, as 13800138000; many of them go into a CSV with the column phone.",
        ),
        "PB302": Wording("“{value}”不是时长。", "'{value}' is not a duration.", *_DURATION),
        "PB302.ahead": Wording(
            "“{value}”不是时长。",
            "'{value}' is not a duration.",
            "将来的日期写：{mended}",
            "For a date to come write: {mended}",
        ),
        "PB302.unit_hours": Wording(
            "“{value}”没有单位。",
            "'{value}' has no unit.",
            "小时写 {hours}，天写 {mended}。",
            "Hours are {hours}, days {mended}.",
        ),
        "PB302.unit": Wording("“{value}”没有单位。", "'{value}' has no unit.", "天写 {mended}。", "Days are {mended}."),
        "PB302.m": Wording(
            "“{value}”是月还是分钟？",
            "'{value}': months or minutes?",
            "月写 {months}，分钟写 {minutes}。",
            "Months are {months}, minutes {minutes}.",
        ),
        "PB302.negative": Wording(
            "“{value}”是负的时长。", "'{value}' is negative.", "写 {mended}。", "Write {mended}."
        ),
        "PB302.fraction": Wording(
            "“{value}”：时长要用整数。",
            "'{value}': durations are whole numbers.",
            "换成小一级的单位，1.5d 写 36h。",
            "Use a smaller unit: 1.5d is 36h.",
        ),
        "PB302.zero": Wording("“{value}”：时长不能是 0。", "'{value}': a duration of nothing.", *_DURATION),
        "PB302.hours": Wording(
            "“{value}”：这里按日历日算，没有小时和分钟。",
            "'{value}': calendar days count here, not hours or minutes.",
            "写天以上的单位，例如 1d。",
            "Use days or longer, such as 1d.",
        ),
        "PB302.age": Wording(
            "“{value}”没有单位：岁还是月？",
            "'{value}' has no unit: years or months?",
            "岁写 {years}，月龄写 {months}。",
            "Years are {years}, months {months}.",
        ),
        "PB303": Wording(
            "“{value}”不是日期。",
            "'{value}' is not a date.",
            "写成 2026-01-31，或者 today、yesterday。",
            "Write 2026-01-31, or today, yesterday.",
        ),
        "PB303.impossible": Wording(
            "没有“{value}”这一天。", "There is no such day as '{value}'.", "查一下日历。", "Look at a calendar."
        ),
        "PB303.time": Wording(
            "“{value}”带了钟点，这里只要日期。",
            "'{value}' has a time; only the date is wanted here.",
            *("写 {mended}。", "Write {mended}."),
        ),
        "PB303.year": Wording(
            "“{value}”的年份不在 {first} 到 {last} 之间。", "'{value}' is not between {first} and {last}."
        ),
        "PB304": Wording(
            "范围“{value}”前大后小。", "The range '{value}' is the wrong way round.", "写 {mended}。", "Write {mended}."
        ),
        "PB304.empty": Wording(
            "“{value}”里面没有任何数。", "Nothing lies within '{value}'.", "检查两个界限。", "Check both limits."
        ),
        "PB305": Wording(
            "“{name}”不能用 {operator} 来判断。",
            "'{name}' cannot be tested with {operator}.",
            "可以用：{usable}",
            "Possible are: {usable}",
        ),
        "PB305.range": Wording(
            "“{name}”是文字，不能比较大小：“{value}”。",
            "'{name}' is text and has no order: '{value}'.",
            "写出具体的值，如 [金卡, 银卡]；数字类的字段在 pdo.yaml 里声明为 number。真是这几个字就加引号。",
            "List the values, or declare a number in pdo.yaml; put the value in quotes if it is meant as it stands.",
        ),
        "PB305.list": Wording(
            "“{name}”的列表里只能是一个个具体的值。",
            "A list for '{name}' can hold single values only.",
            "范围分开写，用 any: 连起来。",
            "Write ranges apart, joined by any:.",
        ),
        "PB305.has": Wording(
            "“{name}”是列表，不能直接比。",
            "'{name}' is a list, which is equal to nothing.",
            "有其中一个写 {name}: {{has: [甲, 乙]}}，全都有写 {name}: {{has_all: [甲, 乙]}}。",
            "For one of these write {name}: {{has: [A, B]}}, for all of them {name}: {{has_all: [A, B]}}.",
        ),
        "PB305.values": Wording(
            "只有文字（text）和多个文字（list）可以写 values，“{name}”不是。",
            "Only text and list may have values; '{name}' is neither.",
            "删掉 values，或者改成 type: text。",
            "Remove values, or write type: text.",
        ),
        "PB305.time": Wording(
            "time 要写一列日期，“{name}”不是。",
            "time names a column of type date or instant; '{name}' is none.",
            "改成 type: date（日期）或 type: instant（日期加时间）。",
            "Make it type: date, or type: instant.",
        ),
        "PB305.consent": Wording(
            "以 _consent 结尾的列是渠道授权，只能是是否：“{name}”。",
            "A column that ends in _consent is a consent, which is yes or no: '{name}'.",
            "改成 type: boolean，或者换一个名字。",
            "Make it type: boolean, or choose another name.",
        ),
        "PB305.paid": Wording(
            "paid_is 只用于 orders，这里是 {name}。",
            "paid_is is for orders; these are {name}.",
            "删掉 paid_is。",
            "Remove paid_is.",
        ),
        "PB306": Wording(
            "没有“{name}”这种判断。", "There is no test '{name}'.", "可以用：{known}", "Possible are: {known}"
        ),
        "PB306.near": Wording(
            "没有“{name}”这种判断。", "There is no test '{name}'.", "是不是 {near}？", "Did you mean {near}?"
        ),
        "PB307": Wording(
            "{place} 没有“{name}”这个值。",
            "{place} is never '{name}'.",
            "pdo.yaml 里声明了：{known}",
            "pdo.yaml declares: {known}",
        ),
        "PB307.near": Wording(
            "{place} 没有“{name}”这个值。", "{place} is never '{name}'.", "是不是 {near}？", "Did you mean {near}?"
        ),
        "PB308": Wording(
            "“{value}”不是“是”或“否”。",
            "'{value}' is neither true nor false.",
            "写 true 或 false。",
            "Write true or false.",
        ),
        "PB309": Wording(
            "{subject} 没有“{name}”可算。",
            "{subject} have no '{name}' to measure.",
            "可以算：{usable}",
            "Possible are: {usable}",
        ),
        "PB309.column": Wording(
            "“{name}”是列，要放在 where 里。",
            "'{name}' is a column and belongs in where.",
            "写：{subject}: {{where: {{{name}: …}}}}",
            "Write: {subject}: {{where: {{{name}: …}}}}",
        ),
        "PB309.moment": Wording(
            "指标要是一个数，“{name}”是时间。",
            "A metric is a number; '{name}' is a moment.",
            "写 {mended}：距今多少天。",
            "Write {mended}: how many days ago.",
        ),
        "PB310": Wording(
            "正则表达式“{value}”有错：{reason}。",
            "The regular expression '{value}' is wrong: {reason}.",
            "括号要成对；只想查找几个字用 contains。",
            "Close its brackets; to look for a word use contains.",
        ),
        "PB311": Wording(
            "一次只能用一种判断，这里有：{names}。",
            "One test at a time; these are {names}.",
            "分开写，用 all: 或 any: 连起来。",
            "Write them apart, joined by all: or any:.",
        ),
        "PB312.integer": Wording(
            "“{value}”不是整数。", "'{value}' is not a whole number.", "去掉小数。", "Drop the fraction."
        ),
        "PB312.number": Wording("“{value}”最多三位小数。", "'{value}' has more than three decimals."),
        "PB312.money": Wording(
            "“{value}”最多两位小数（分）。", "'{value}' is finer than a cent.", "写到分为止。", "Write two decimals."
        ),
        "PB313": Wording(
            "“{value}”太大了。", "'{value}' is too large.", "检查是不是多打了几位。", "Check for a digit too many."
        ),
        "PB314": Wording(
            "{place} 不能是“{name}”。", "{place} cannot be '{name}'.", "可以写：{known}", "Possible are: {known}"
        ),
        "PB314.near": Wording(
            "{place} 不能是“{name}”。", "{place} cannot be '{name}'.", "是不是 {near}？", "Did you mean {near}?"
        ),
        "PB315": Wording(
            "没有“{name}”这个时区。", "There is no time zone '{name}'.", "是不是 {near}？", "Did you mean {near}?"
        ),
        "PB316": Wording(
            "一个指标只看一种数据：“{name}”。",
            "A metric looks at one kind of row: '{name}'.",
            "例如 {{orders: amount}}。",
            "For example {{orders: amount}}.",
        ),
    }
)

LIFECYCLES: Mapping[str, Wording] = MappingProxyType(
    {
        "PB401": Wording(
            "“{name}”在 final 里，到了就不再离开，这里却从它出发。",
            "'{name}' is final: nobody leaves it, yet this transition does.",
            "从 final 里去掉它，或者删掉这一步。",
            "Take it out of final, or remove this transition.",
        ),
        "PB402": Wording("stages 里没有“{name}”。", "stages has no '{name}'.", "现有：{known}", "There are: {known}"),
        "PB402.near": Wording(
            "stages 里没有“{name}”。", "stages has no '{name}'.", "是不是 {near}？", "Did you mean {near}?"
        ),
        "PB403": Wording("阶段“{name}”写了两次。", "The stage '{name}' is listed twice.", "删掉一个。", "Remove one."),
        "PB404": Wording(
            "“{name}”的条件里不能用它自己的阶段。",
            "'{name}' cannot ask for its own stage.",
            "从哪个阶段出发写在 from 里。",
            "Say in from where the transition begins.",
        ),
        "PB405": Wording(
            "otherwise 和上面的阶段“{name}”重名。",
            "otherwise is called like the stage '{name}' above.",
            "给 otherwise 换一个名字。",
            "Give otherwise another name.",
        ),
        "PB406": Wording(
            "没有哪一步走到“{name}”。",
            "No transition leads to '{name}'.",
            "只由人工设置就不用管；否则补上一步。",
            "Ignore this if it is set by hand; otherwise add a transition.",
        ),
        "PB407": Wording(
            "“{name}”既没有 stages，也没有 derived。",
            "'{name}' has neither stages nor derived.",
            "要记住阶段写 stages、initial、transitions；每次由数据推出写 derived。",
            "Write stages, initial, transitions to remember the stage, or derived to work it out each time.",
        ),
        "PB407.both": Wording(
            "{stateful} 和 {derived} 不能写在一起。",
            "{stateful} and {derived} do not go together.",
            "分成两个生命周期。",
            "Make two lifecycles.",
        ),
        "PB408": Wording(
            "这一步从“{name}”走到它自己。",
            "This transition leads from '{name}' to itself.",
            "改 from 或 to。",
            "Change from or to.",
        ),
    }
)

MESSAGES: Mapping[str, Wording] = MappingProxyType(
    {
        "PB501": Wording(
            "文案的模板写错了：{reason}",
            "The template is wrong: {reason}",
            "变量写成 {{{{ name }}}}，两边各两个花括号。",
            "A variable is {{{{ name }}}}, two braces on each side.",
        ),
        "PB501.open": Wording(
            "文案里有“{{{{”没有对应的“}}}}”。",
            "A '{{{{' in the text has no '}}}}'.",
            "变量写成 {{{{ name }}}}，两边各两个花括号。",
            "A variable is {{{{ name }}}}, two braces on each side.",
        ),
        "PB501.condition": Wording(
            "文案里的 {{% if %}} 没有结束。",
            "An {{% if %}} in the text is never closed.",
            "补上 {{% endif %}}。",
            "Add {{% endif %}}.",
        ),
        "PB502": Wording(
            "文案里的“{name}”不是客户的字段，也不是指标。",
            "'{name}' in the text is neither an attribute nor a metric.",
            "可以写：{known}",
            "Known: {known}",
        ),
        "PB502.near": Wording(
            "文案里的“{name}”不是客户的字段，也不是指标。",
            "'{name}' in the text is neither an attribute nor a metric.",
            "是不是 {near}？",
            "Did you mean {near}?",
        ),
        "PB503": Wording(
            "“{name}”可能没有值，那时文案里会空着。",
            "'{name}' may be absent; the text has a gap then.",
            "说好没有时写什么，例如 {mended}",
            "Say what to write then, as in {mended}",
        ),
        "PB504": Wording(
            "文案里不能用 {name}。",
            "{name} is not allowed in a text.",
            "可以用变量、if 和这些过滤器：{filters}",
            "Variables, if and these filters are: {filters}",
        ),
    }
)

ADVICE: Mapping[str, Wording] = MappingProxyType(
    {
        "PB901": Wording(
            "“{name}”没有 otherwise：哪个条件都不满足的客户没有阶段。",
            "'{name}' has no otherwise: customers who meet none have no stage.",
            "补上，例如 otherwise: 未触达。",
            "Add one, as in otherwise: 未触达.",
        ),
        "PB902": Wording(
            "“{value}”说的是过去，“{name}”一般在将来。",
            "'{value}' is about the past; '{name}' usually lies ahead.",
            "将来写 {mended}；真是指过去就写 {past}。",
            "Ahead is {mended}; if the past is meant write {past}.",
        ),
        "PB903": Wording(
            "“{value}”只对正好那一天成立。",
            "'{value}' holds on that very day only.",
            "这段时间以内写 {mended}。",
            "Within that time is {mended}.",
        ),
        "PB903.for": Wording(
            "“{value}”只对正好那一天成立。",
            "'{value}' holds on that very day only.",
            "至少这么久写 {mended}。",
            "At least so long is {mended}.",
        ),
        "PB904": Wording(
            "这里只说了不要什么，没填资料的客户也全都算上。",
            "This says only what must not be, so it holds for everyone about whom nothing is known.",
            "再写一个必须成立的条件；真要这样可以不改。",
            "Add something that must hold; if this is meant, leave it.",
        ),
        "PB990": Wording(
            "这里没有 {name} 可以忽略。",
            "There is no {name} here to ignore.",
            "删掉这条注释；它管的是同一行，单独成行时管下一行。",
            "Remove the comment; it speaks of its own line, or of the next one where it stands alone.",
        ),
    }
)

RELATED: Mapping[str, Wording] = MappingProxyType(
    {
        "related.first": Wording("第一次在这里", "the first one is here"),
        "related.refers": Wording("这里引用“{name}”", "this refers to '{name}'"),
    }
)
