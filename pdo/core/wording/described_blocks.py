"""Wording of whole blocks as sentences: tags, stages, segments, messages, journeys, the policy."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

_BLOCKS = {
    "block.kind.metric": Wording("指标", "Metric"),
    "block.kind.tag": Wording("标签", "Tag"),
    "block.kind.tag_group": Wording("标签组", "Tag group"),
    "block.kind.score": Wording("评分", "Score"),
    "block.kind.rfm": Wording("RFM", "RFM"),
    "block.kind.lifecycle": Wording("客户阶段", "Lifecycle"),
    "block.kind.segment": Wording("人群", "Segment"),
    "block.kind.offer": Wording("权益", "Offer"),
    "block.kind.content": Wording("素材", "Contents"),
    "block.kind.campaign": Wording("触达活动", "Campaign"),
    "block.kind.journey": Wording("客户旅程", "Journey"),
    "block.kind.policy": Wording("触达管控", "Policy"),
    "block.title": Wording("{kind}「{name}」", "{kind} “{name}”"),
    "block.sentence": Wording("{title}：{text}", "{title}: {text}"),
    "block.stop": Wording("{text}。", "{text}."),
    "block.metric.ratio": Wording(
        "{over}除以{under}；除数是 0 或没有值的人没有这个数",
        "{over} divided by {under}; absent where the lower one is 0 or absent",
    ),
    "block.tag.group": Wording("属于标签组{name}。", "It belongs to the tag group {name}."),
    "block.tag.exclusive": Wording(
        "与{names}只能有其一：人工打的优先，规则打的按此先后。",
        "A customer has at most one of it and {names}: what staff put on goes first, rules go in this order.",
    ),
    "block.tag.answer": Wording(
        "同一个问题，一位客户只留一个答案。", "Of the answers to a question a customer has one."
    ),
    "block.tag.keep": Wording("打上以后，规则不再摘掉。", "Once it is on, no rule takes it off."),
    "block.tag.expires": Wording(
        "打上 {length}后摘掉，哪怕条件还成立；条件不成立过一次才会再打上。",
        "It comes off after {length} though that may still hold, and comes again only after that was false once.",
    ),
    "block.tag.column": Wording(
        "客户的{column}是什么，就打上以它为名的标签",
        "one tag for each value of the customer's {column}, named by the value",
    ),
    "block.tag.ask": Wording("由员工询问后打上，问题是{question}", "put on by staff who ask: {question}"),
    "block.tag.asked_by": Wording("由{who}询问后打上，问题是{question}", "put on by {who}, who asks: {question}"),
    "block.tag.hands": Wording(
        "由员工、文件或客户旅程打上，没有规则", "put on by staff, files or journeys; no rule puts it on"
    ),
    "block.tag.rfm": Wording("{setting}的 {type} 类型的客户", "every customer of type {type} under {setting}"),
    "block.tag.was": Wording("原名{was}。", "It was called {was}."),
    "block.tag.alert": Wording("打上时提醒{who}：{text}", "When it comes, {who} gets the task {text}"),
    "block.tag.alert_due": Wording("，{due}内完成", ", due within {due}"),
    "block.tag.alert_at_most": Wording("，同一客户 {per}内至多 {max} 次", ", at most {max} in {per} for a customer"),
    "block.tag.alert_escalate": Wording(
        "，{after}没有结果就转给{who}", ", and after {after} without a result {who} gets it"
    ),
    "block.group.exclusive": Wording(
        "{names}里，一位客户至多有一个；人工打的优先，规则打的按此先后",
        "a customer has at most one of {names}; what staff put on goes first, rules go in this order",
    ),
    "block.score.sum": Wording("以下各项得分相加：", "the sum of these points:"),
    "block.score.when": Wording("{condition}：{points} 分", "{points} points if {condition}"),
    "block.score.when_list": Wording("{points} 分，条件是：", "{points} points, provided that:"),
    "block.score.each": Wording("{when}每有一条{which}：{points} 分", "{points} points for each one of {which}{when}"),
    "block.score.up_to": Wording("，这一项最多 {points} 分", ", at most {points} in all"),
    "block.score.half_life": Wording("，每过 {days} 天分数减半", ", losing half their weight in {days} days"),
    "block.score.to_zero_in": Wording("，{days} 天内逐日减到 0", ", fading to 0 in {days} days"),
    "block.score.because": Wording("（{because}）", " ({because})"),
    "block.rfm.text": Wording(
        "按 R 最近一单、F 订单数、M 金额，把{which}的客户各分高低，得出八种类型：",
        "eight types of customers with {which}, by R the last order, F how many, M how much, each high or low:",
    ),
    "block.rfm.orders": Wording("{when}有订单", "orders{when}"),
    "block.rfm.cut": Wording("{part} 高：{test}", "{part} is high where it {test}"),
    "block.rfm.cut.share": Wording("{part} 高：最好的 {share}", "{part} is high for the best {share}"),
    "block.rfm.cut.average": Wording("{part} 高：好于平均", "{part} is high where it is better than the average"),
    "block.rfm.cut.median": Wording("{part} 高：好于中位数", "{part} is high where it is better than the median"),
    "block.rfm.cut.score": Wording(
        "{part} 高：五分位得分{amount}（5 最好）", "{part} is high at quintile scores of {amount} (5 is best)"
    ),
    "block.rfm.type": Wording("{type}：{name}", "{type}: {name}"),
    "block.lifecycle.stateful": Wording(
        "阶段有{stages}；从{initial}开始，按下面的路走，先列的先看：",
        "the stages are {stages}; a customer begins in {initial} and moves along these ways, the first that holds first:",
    ),
    "block.lifecycle.derived_first": Wording(
        "每次执行按数据重新判断，取第一个成立的：", "worked out of the data in each run; the first that holds counts:"
    ),
    "block.lifecycle.derived_highest": Wording(
        "每次执行按数据重新判断，取成立的里面最靠后的：",
        "worked out of the data in each run; the last that holds counts:",
    ),
    "block.lifecycle.stage": Wording("{stage}：{who}", "{stage}: {who}"),
    "block.lifecycle.otherwise": Wording("{stage}：以上都不符合的客户", "{stage}: everybody else"),
    "block.lifecycle.none": Wording("以上都不符合的客户没有阶段", "everybody else has no stage"),
    "block.lifecycle.move": Wording("{origins} → {target}：{why}", "{origins} → {target}: {why}"),
    "block.lifecycle.if": Wording("{condition}", "if {condition}"),
    "block.lifecycle.after": Wording("在原阶段满 {length}", "after {length} in the stage"),
    "block.lifecycle.after_if": Wording(
        "在原阶段满 {length}，并且{condition}", "after {length} in the stage, if {condition}"
    ),
    "block.lifecycle.final": Wording("到了{stages}就不再离开。", "Nobody leaves {stages}."),
    "block.lifecycle.was": Wording("阶段{stage}原名{was}。", "The stage {stage} was called {was}."),
    "block.segment.rank": Wording("按{rankings}排序。", "Ordered by {rankings}."),
    "block.segment.desc": Wording("{name}从高到低", "{name}, highest first"),
    "block.segment.asc": Wording("{name}从低到高", "{name}, lowest first"),
    "block.segment.top": Wording("只取前 {count} 位。", "Only the first {count}."),
    "block.segment.share": Wording("只取前 {share}。", "Only the first {share}."),
    "block.segment.per": Wording("每个{column}分别排、分别取。", "Separately for each {column}."),
    "block.segment.columns": Wording("导出的列：{columns}。", "An export shows {columns}."),
}
_OUTREACH = {
    "block.offer.pool": Wording("从券码池{name}发一个码", "a code of the pool {name}"),
    "block.offer.grant": Wording("由商城系统发券{name}", "the coupon {name}, issued by the shop system"),
    "block.offer.product": Wording("商品{name}", "the product {name}"),
    "block.offer.price": Wording("价格 {price}", "at {price}"),
    "block.offer.redeem": Wording("领取方式：{redeem}", "to be had by {redeem}"),
    "block.offer.valid": Wording("{length}内有效", "valid for {length}"),
    "block.offer.cost": Wording("每份成本 {cost}", "each costs us {cost}"),
    "block.offer.nothing": Wording("没有写明内容", "nothing said of it"),
    "block.content.match": Wording(
        "表{path}（{count} 条），给客户符合项最多的那一条",
        "the table {path} ({count} rows); a customer gets the row that fits best",
    ),
    "block.content.rotation": Wording(
        "表{path}（{count} 条），轮流使用", "the table {path} ({count} rows), one after the other"
    ),
    "block.content.date": Wording("表{path}（{count} 条），按日期使用", "the table {path} ({count} rows), by date"),
    "block.content.matched.stage": Wording(
        "列{column}对照客户在{name}的阶段", "column {column} against the stage of {name}"
    ),
    "block.content.matched.tag": Wording("列{column}对照标签", "column {column} against tags"),
    "block.content.matched.segment": Wording("列{column}对照人群", "column {column} against segments"),
    "block.content.matched.attribute": Wording(
        "列{column}对照客户的{name}", "column {column} against the customer's {name}"
    ),
    "block.content.row": Wording("第 {row} 行：{text}", "row {row}: {text}"),
    "block.content.row_for": Wording("第 {row} 行，给{who}：{text}", "row {row}, for {who}: {text}"),
    "block.content.row_on": Wording("{day}：{text}", "{day}: {text}"),
    "block.content.row_offer": Wording("，附{offer}", ", with {offer}"),
    "block.content.wanted": Wording("{column}为{values}", "{column} {values}"),
    "block.content.never_repeat": Wording(
        "同一条 {length}内不对同一个人重复。", "The same row not to the same person within {length}."
    ),
    "block.content.otherwise": Wording("没有合适的就说{text}。", "Where none fits: {text}."),
    "block.content.skip": Wording("没有合适的就不发。", "Where none fits nothing is sent."),
    "block.campaign.text": Wording("{when}{by}发给{who}", "{when}, {by}, to {who}"),
    "block.campaign.by": Wording("通过{channels}", "by {channels}"),
    "block.campaign.by_sender": Wording("由{sender}通过{channels}", "by {channels} from {sender}"),
    "block.campaign.first_channel": Wording(
        "有几个渠道时，用能联系上的第一个。", "Of several channels the first by which the person may be reached."
    ),
    "block.when.each_run": Wording("每次执行时", "in every run"),
    "block.when.each_run_at": Wording("每次执行时排在 {at}，", "in every run, for {at}"),
    "block.when.days": Wording("{days}", "on {days}"),
    "block.when.days_at": Wording("{days} {at} ", "on {days} at {at}"),
    "block.campaign.every": Wording("同一个人 {length}内至多一次。", "The same person at most once in {length}."),
    "block.campaign.once": Wording("同一个人一生只发一次。", "The same person once ever."),
    "block.campaign.manual": Wording("先成草稿，人工审批后才发。", "A draft waits for approval."),
    "block.campaign.auto": Wording("不用审批。", "No approval is needed."),
    "block.campaign.priority": Wording("优先级 {priority}（1 最先）。", "Priority {priority} (1 goes first)."),
    "block.campaign.control": Wording(
        "留出 {share} 的人不发，作对照。", "{share} are held back to measure the effect."
    ),
    "block.campaign.exclusive": Wording(
        "与互斥组{name}里的其他活动，一个人只收其一。", "Of the campaigns of the group {name} a person gets one."
    ),
    "block.campaign.valid": Wording("{length}内没发出就作废。", "It expires after {length}."),
    "block.campaign.goal": Wording(
        "目标：发后 {within}内，{condition}。", "Goal: within {within} of the message {condition}."
    ),
    "block.campaign.cap": Wording("本活动另有频控：{cap}。", "A cap of its own: {cap}."),
    "block.said.text": Wording("说：{text}", "It says: {text}"),
    "block.said.content": Wording("说素材{content}里的话", "It says what the contents {content} have"),
    "block.said.offer": Wording("，附上权益{offer}", ", with the offer {offer}"),
    "block.said.only_offer": Wording("送上权益{offer}", "It brings the offer {offer}"),
    "block.said.choose": Wording("按先后看，第一条成立的：", "The first of these that holds:"),
    "block.said.if": Wording("{condition}：{said}", "if {condition}: {said}"),
    "block.said.otherwise": Wording("其余的人：{said}", "everybody else: {said}"),
    "block.said.skip": Wording("不发（{reason}）", "nothing is sent ({reason})"),
    "block.said.skip_plain": Wording("不发", "nothing is sent"),
    "block.said.variants": Wording("随机分配、比较效果：", "Drawn by chance, to compare:"),
    "block.said.variant": Wording("{name}（{share}）：{said}", "{name} ({share}): {said}"),
    "block.journey.text": Wording("进入的人：{who}", "entered by {who}"),
    "block.journey.edge": Wording("从不符合变成符合的那一次进入。", "They enter when that begins to hold."),
    "block.journey.existing": Wording("上线时已经符合的人也进入。", "Those of whom it holds at the start enter too."),
    "block.journey.skip": Wording("上线时已经符合的人不进入。", "Those of whom it holds at the start do not enter."),
    "block.journey.again.never": Wording("每人只走一次。", "Nobody enters twice."),
    "block.journey.again.after": Wording("离上次进入满 {after}可再次进入。", "Again {after} after the last time."),
    "block.journey.again.each_anniversary": Wording("每年的周年日可再次进入。", "Again at each anniversary."),
    "block.journey.again.each_anchor": Wording(
        "基准日期换新时可再次进入。", "Again for each new date that steps count from."
    ),
    "block.journey.anchor": Wording("步骤的时间从客户的{name}算起。", "Steps count from the customer's {name}."),
    "block.journey.exit": Wording("中途退出：{condition}。", "They leave early if {condition}."),
    "block.journey.exit_list": Wording("中途退出的条件：", "They leave early provided that:"),
    "block.journey.steps": Wording("步骤：", "Steps:"),
    "block.journey.late.send": Wording("错过时间的步骤照发。", "A step whose time has passed is sent all the same."),
    "block.journey.late.skip": Wording("错过时间的步骤跳过。", "A step whose time has passed is left out."),
    "block.journey.late.next_window": Wording(
        "错过时间的步骤等下一个合适的时刻。", "A step whose time has passed waits for the next time that fits."
    ),
    "block.journey.end": Wording("走完后打上标签{tag}。", "Whoever has been through gets the tag {tag}."),
    "block.step.text": Wording("{name}（{time}）：{does}", "{name} ({time}): {does}"),
    "block.step.if": Wording("{does}，只对{who}", "{does}, only for {who}"),
    "block.step.now": Wording("轮到时立即", "at once"),
    "block.step.entry": Wording("进入当天", "the day of entry"),
    "block.step.after": Wording("进入 {length}后", "{length} after the entry"),
    "block.step.anchor": Wording("{anchor}当天", "the day of {anchor}"),
    "block.step.anchor_after": Wording("{anchor}之后 {length}", "{length} after {anchor}"),
    "block.step.anchor_before": Wording("{anchor}之前 {length}", "{length} before {anchor}"),
    "block.step.weekday": Wording("，移到随后的{weekday}", ", moved on to {weekday}"),
    "block.step.at": Wording(" {at}", " at {at}"),
    "block.step.message": Wording("{by}发消息，{said}", "a message {by}. {said}"),
    "block.step.task": Wording("请员工去做：{text}", "staff are asked: {text}"),
    "block.step.due": Wording("，{due}内完成", ", due within {due}"),
    "block.step.wait": Wording("等到{condition}，最多等 {timeout}", "wait until {condition}, {timeout} at most"),
    "block.step.timeout": Wording("；到时还没有就转到{step}", "; otherwise go on with {step}"),
    "block.step.timeout_next": Wording("；到时还没有就继续下一步", "; otherwise go on with the next step"),
    "block.policy.text": Wording("每一条消息都要遵守：", "what every message keeps to:"),
    "block.policy.nothing": Wording("没有规定", "nothing is laid down"),
    "block.policy.consent": Wording(
        "{channel}要客户的{column}为是才发。", "{channel}: only where the customer's “{column}” is yes."
    ),
    "block.policy.quiet": Wording("{start} 到 {end} 不打扰。", "Nothing is sent from {start} to {end}."),
    "block.policy.cap": Wording(
        "一个人 {per}内至多收 {max} 条（{channel}）", "a person gets at most {max} in {per} ({channel})"
    ),
    "block.policy.any": Wording("所有渠道合计", "all channels together"),
    "block.policy.quota.daily": Wording(
        "{channel}的平台额度：每人每天 1 次。", "{channel}: the platform allows one a day."
    ),
    "block.policy.quota.weekly": Wording(
        "{channel}的平台额度：每人每周 7 次。", "{channel}: the platform allows seven a week."
    ),
    "block.policy.quota.monthly": Wording(
        "{channel}的平台额度：每人每月次数等于当月天数。",
        "{channel}: the platform allows as many a month as it has days.",
    ),
    "block.policy.capacity": Wording(
        "每位导购 {per}内至多{channel} {count} 次，其余按优先级等候。",
        "A guide does at most {count} ({channel}) in {per}; the rest waits by priority.",
    ),
    "block.policy.guard.max_share_changed": Wording(
        "一次执行会让超过 {limit}的人失去或改变已有的标签、阶段或人群时，停下。",
        "A run stops that would take or move more than {limit} of what customers have.",
    ),
    "block.policy.guard.max_messages": Wording(
        "一次执行超过 {limit} 条消息时，停下。", "A run stops that would make more than {limit} messages."
    ),
    "block.policy.guard.max_data_age": Wording(
        "上次导入超过 {limit}时，停下。", "A run stops when the last import is more than {limit} ago."
    ),
    "block.policy.guard.max_shrink": Wording(
        "客户比上次少了超过 {limit}时，停下。", "A run stops when more than {limit} of the customers are missing."
    ),
    "block.channel.wecom": Wording("企微群发", "WeCom mass message"),
    "block.channel.one_to_one": Wording("导购一对一", "one to one"),
    "block.channel.chat": Wording("社群", "group chat"),
    "block.channel.moments": Wording("朋友圈", "moments"),
    "block.channel.sms": Wording("短信", "SMS"),
    "block.channel.call": Wording("外呼", "call"),
    "block.channel.webhook": Wording("系统接口", "webhook"),
    "block.channel.file": Wording("文件", "file"),
    "block.sender.owner": Wording("跟进人", "the owner"),
    "block.sender.manager": Wording("店长", "the manager"),
    "block.sender.robot": Wording("机器人", "the robot"),
    "block.sender.staff": Wording("员工{name}", "staff {name}"),
    "block.join": Wording("，", ", "),
    "block.weekday.周一": Wording("周一", "Monday"),
    "block.weekday.周二": Wording("周二", "Tuesday"),
    "block.weekday.周三": Wording("周三", "Wednesday"),
    "block.weekday.周四": Wording("周四", "Thursday"),
    "block.weekday.周五": Wording("周五", "Friday"),
    "block.weekday.周六": Wording("周六", "Saturday"),
    "block.weekday.周日": Wording("周日", "Sunday"),
}
_FESTIVALS = {
    "元旦": "New Year's Day",
    "除夕": "Chinese New Year's Eve",
    "春节": "Chinese New Year",
    "元宵": "the Lantern Festival",
    "情人节": "Valentine's Day",
    "妇女节": "Women's Day",
    "清明": "Qingming",
    "劳动节": "Labour Day",
    "母亲节": "Mother's Day",
    "儿童节": "Children's Day",
    "端午": "the Dragon Boat Festival",
    "父亲节": "Father's Day",
    "618": "18 June",
    "七夕": "Qixi",
    "教师节": "Teachers' Day",
    "中秋": "the Mid-Autumn Festival",
    "国庆": "National Day",
    "重阳": "the Double Ninth Festival",
    "双11": "11 November",
    "双12": "12 December",
    "圣诞": "Christmas",
}

WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        **_BLOCKS,
        **_OUTREACH,
        **{f"block.festival.{name}": Wording(name, english) for name, english in _FESTIVALS.items()},
    }
)
