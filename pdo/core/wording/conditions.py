"""Wording of findings in conditions: moments that windows begin at, RFM types, lists, windows, patterns, ranks."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

CUSTOMERS: Mapping[str, Wording] = MappingProxyType(
    {
        "PB210.entry": Wording(
            "这里没有“进入”这一刻，since: entry 只能写在旅程里。",
            "Nobody enters anything here; since: entry belongs into journeys.",
            "别处写日期字段，如 since: added_at，或者 within: 30d。",
            "Elsewhere name a date, as in since: added_at, or write within: 30d.",
        ),
        "PB210.message": Wording(
            "这里没有收到消息这一刻，since: message 只能写在触达的目标（goal）里。",
            "There is no message here; since: message belongs into the goal of a campaign.",
            "别处写日期字段，如 since: added_at，或者 within: 30d。",
            "Elsewhere name a date, as in since: added_at, or write within: 30d.",
        ),
        "PB210.stage": Wording(
            "指标先于阶段计算，不能用 since: stage。",
            "Metrics are computed before stages, so since: stage is not known here.",
            "把 since: stage 写在条件里；指标里写日期字段，如 since: vip_from。",
            "Write since: stage in a condition; a metric may begin at a date, as in since: vip_from.",
        ),
        "PB211": Wording(
            "since 后面要写日期字段，没有叫“{name}”的。",
            "since names a date of the customer; there is no '{name}'.",
            "可以写：{known}",
            "Known: {known}",
        ),
        "PB211.near": Wording(
            "since 后面要写日期字段，没有叫“{name}”的。",
            "since names a date of the customer; there is no '{name}'.",
            "是不是 {near}？",
            "Did you mean {near}?",
        ),
        "PB211.stage": Wording(
            "“{name}”是阶段；since 要说从进入哪个生命周期的当前阶段算起。",
            "'{name}' is a stage; since names the lifecycle whose present stage it begins with.",
            "写：{mended}",
            "Write: {mended}",
        ),
        "PB211.type": Wording(
            "“{name}”不是日期，不能从它算起。",
            "'{name}' is no date, so nothing can begin with it.",
            "可以写：{known}",
            "Known: {known}",
        ),
        "PB212": Wording(
            "有几个会流转的生命周期：{owners}，要说从哪个的阶段算起。",
            "Several lifecycles have transitions: {owners}; say whose stage is meant.",
            "写：{mended}",
            "Write: {mended}",
        ),
        "PB212.none": Wording(
            "没有会流转的生命周期，since: stage 无从算起。",
            "No lifecycle has transitions, so since: stage has no beginning.",
            "写日期字段，如 since: added_at，或者 within: 30d。",
            "Name a date, as in since: added_at, or write within: 30d.",
        ),
        "PB213": Wording(
            "没有“{name}”这一类。", "There is no RFM type '{name}'.", "八类是：{known}", "The eight types: {known}"
        ),
        "PB213.near": Wording(
            "RFM 的类写三个字母，“{name}”是它的名字。",
            "An RFM type is three letters; '{name}' is its name.",
            "写 {near}；或者当标签写 tag: {name}。",
            "Write {near}, or tag: {name} for the tag of that name.",
        ),
        "PB213.setting": Wording(
            "要说是哪一套 RFM。", "It must be said under which RFM setting.", "写：{mended}", "Write: {mended}"
        ),
        "PB214": Wording(
            "“{name}”没有分数：RFM“{setting}”的这一项没有用五等分打分。",
            "'{name}' is no number: that part of the RFM setting '{setting}' is not scored by quintiles.",
            "在 {setting} 的这一项写 {{score: quintile, high: 4..}}。",
            "Write {{score: quintile, high: 4..}} for that part of {setting}.",
        ),
        "PB215": Wording(
            "{path} 的表头里没有客户编号，只有：{headers}。",
            "The header of {path} has no customer id, only: {headers}.",
            "第一行写列名，客户编号那一列叫 {known}。",
            "Name the columns in the first line; that of the ids is called {known}.",
        ),
        "PB215.empty": Wording(
            "{path} 里一个客户编号也没有。",
            "{path} holds no customer id.",
            "填上客户编号，一行一个。",
            "Fill in customer ids, one a line.",
        ),
    }
)

MEASURES: Mapping[str, Wording] = MappingProxyType(
    {
        "PB317": Wording(
            "一次只能写一个时间窗，这里有：{names}。",
            "One window at a time; these are {names}.",
            "留一个；两段时间分开写成列表，如 orders: [{{within: 30d}}, {{since: vip_from}}]。",
            "Keep one; two windows are a list, as in orders: [{{within: 30d}}, {{since: vip_from}}].",
        ),
        "PB317.own": Wording(
            "{name} 自己说了看多久，不能再写时间窗。",
            "{name} says itself which time it looks at; it takes no window.",
            "删掉 within、since 这些。",
            "Remove within, since and the like.",
        ),
        "PB317.missing": Wording(
            "{name} 要说在哪段时间里。",
            "{name} must say within which time.",
            "加上，例如 {example}",
            "Add it, as in {example}",
        ),
        "PB318": Wording(
            "“{value}”不是时长，也不是今天、本周这样的词。",
            "'{value}' is neither a duration nor a word of the calendar.",
            "是不是 {near}？",
            "Did you mean {near}?",
        ),
        "PB318.date": Wording(
            "within 后面是时长，“{value}”是日期。",
            "within takes a duration; '{value}' is a date.",
            "写：{mended}",
            "Write: {mended}",
        ),
        "PB318.full_days": Wording(
            "full_days 要写整天数，“{value}”不是。",
            "full_days is a number of days; '{value}' is not.",
            "近7天（不含今天）写 full_days: 7。",
            "The seven days before today are full_days: 7.",
        ),
        "PB318.between": Wording(
            "between 要写两个日期：从哪天到哪天。",
            "between takes two dates, the first and the last day.",
            "写：between: [2026-01-01, 2026-01-31]",
            "Write: between: [2026-01-01, 2026-01-31]",
        ),
        "PB318.recent": Wording(
            "“{value}”有两种算法：含今天，还是今天之前的整天。",
            "'{value}' can be counted with today or as whole days before today.",
            "含今天写 within: {count}d；平台的近{count}天（不含今天）写 full_days: {count}。",
            "With today it is within: {count}d; whole days before today are full_days: {count}.",
        ),
        "PB318.moment": Wording(
            "“{value}”是一段日历，这里要写多久以前，或者日期。",
            "'{value}' is a stretch of the calendar; this takes how long ago, or a date.",
            "行的时间写在 within 后面，如 orders: {{within: this_month}}；日期写 2026-01-01..2026-01-31。",
            "The time of rows stands after within, as in orders: {{within: this_month}}; dates are 2026-01-01..2026-01-31.",
        ),
        "PB318.key": Wording(
            "这个词要写在 within 后面。", "This word stands after within.", "写：{mended}", "Write: {mended}"
        ),
        "PB319": Wording(
            "top 要写前几名或者百分比，“{value}”不是。",
            "top takes a number or a share; '{value}' is neither.",
            "前 100 名写 {{top: 100}}，前一成写 {{top: 10%}}。",
            "The first hundred are {{top: 100}}, the first tenth {{top: 10%}}.",
        ),
        "PB319.share": Wording(
            "“{value}”不在 0% 到 100% 之间，或者超过两位小数。",
            "'{value}' is not between 0% and 100%, or has more than two decimals.",
            "前一成写 {{top: 10%}}。",
            "The first tenth is {{top: 10%}}.",
        ),
        "PB320": Wording(
            "“{name}”是一行的列，一位客户有好几个，不能和全体的 {value} 比。",
            "'{name}' is a column of rows: a customer has several, so it has no {value} of all customers.",
            "先用 sum、max 或者指标得出每位客户一个数，再比。",
            "Make one number a customer of it first, with sum, max or a metric.",
        ),
        "PB321": Wording(
            "{first} 和 {second} 一个按钟点、一个按日历日，不能接在一起。",
            "{first} and {second}: one counts hours, the other calendar days; they do not join.",
            "都写天（如 1d、7d），或者都写小时。",
            "Write both in days (1d, 7d), or both in hours.",
        ),
        "PB321.pieces": Wording(
            "{within} 不能切成整段的 {value}。",
            "{within} cannot be cut into whole pieces of {value}.",
            "用同一种单位：28d 和 7d，3mo 和 1mo，24h 和 1h。",
            "Use one kind of unit: 28d and 7d, 3mo and 1mo, 24h and 1h.",
        ),
        "PB321.longer": Wording(
            "一段 {value} 比整个时间窗 {within} 还长。",
            "A piece of {value} is longer than the whole window of {within}.",
            "把 within 写长，或者把 per 写短。",
            "Make within longer, or per shorter.",
        ),
        "PB321.many": Wording(
            "这样切成 {value} 段，最多 {limit} 段。",
            "This makes {value} pieces; {limit} is the most.",
            "把 per 写长。",
            "Make per longer.",
        ),
        "PB321.days": Wording(
            "“{value}”不能当连续的一段：一段要是整天或整周。",
            "'{value}' is no piece of a streak: pieces are whole days or weeks.",
            "写 1d 或 1w。",
            "Write 1d or 1w.",
        ),
        "PB321.months": Wording(
            "“{value}”长短不一，这里不能用。",
            "'{value}' is not always of one length, so it cannot be used here.",
            "一个月写 30d。",
            "A month is 30d here.",
        ),
        "PB322": Wording(
            "{subject} 没有时间，不能用 {name}。",
            "{subject} have no time, so there is no {name}.",
            "在 pdo.yaml 的 tables 里写明 {subject} 的哪一列是 time。",
            "Say in pdo.yaml under tables which column is the time of {subject}.",
        ),
        "PB323": Wording(
            "“{name}”这一列不能用 {measure}。",
            "The column '{name}' cannot be measured with {measure}.",
            "可以用的列：{usable}",
            "Possible are: {usable}",
        ),
        "PB324": Wording(
            "bucket 是 0 到 99，“{value}”超出了。",
            "bucket is 0 to 99; '{value}' is outside.",
            "一成客户写 bucket: 0..9。",
            "A tenth of the customers is bucket: 0..9.",
        ),
        "PB324.share": Wording(
            "bucket 写号码，不写百分比：“{value}”。",
            "bucket takes numbers, not shares: '{value}'.",
            "写：{mended}",
            "Write: {mended}",
        ),
        "PB325": Wording(
            "时间窗只切得出 {pieces} 段，永远到不了 {wanted} 段。",
            "The window has {pieces} pieces only, never {wanted}.",
            "把 within 写长，或者把 in 写小。",
            "Make within longer, or in smaller.",
        ),
    }
)

WORDING: Mapping[str, Wording] = MappingProxyType({**CUSTOMERS, **MEASURES})
