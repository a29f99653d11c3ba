"""Wording of the handbook that `pdo handbook` prints."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        "book.title": Wording("精细化操作手册", "Operations handbook"),
        "book.contents": Wording("目录", "Contents"),
        "book.about": Wording(
            "这本手册由运营方案直接印出：方案怎么写，系统就怎么做，手册就怎么说。想知道某一位客户为什么有某个标签、收到某条消息，"
            "请运营同事用 pdo explain 查。",
            "This handbook is printed from the playbooks: what they say is what is done. Why one customer has a tag or got a "
            "message is answered by pdo explain.",
        ),
        "book.stages": Wording("客户是什么样的：阶段", "What customers are like: stages"),
        "book.stages.about": Wording(
            "每个生命周期里，一位客户同时只在一个阶段。", "In each lifecycle a customer is in one stage at a time."
        ),
        "book.tags": Wording("标签是什么意思", "What tags mean"),
        "book.tags.about": Wording(
            "规则打的标签，条件不再成立就摘掉，另有说明的除外；员工打的标签，规则不会摘。",
            "A tag that a rule put on comes off when that no longer holds, unless it says otherwise; no rule takes off what "
            "staff put on.",
        ),
        "book.tags.none": Wording("其他标签", "Other tags"),
        "book.scores": Wording("怎么给客户打分", "How customers are scored"),
        "book.segments": Wording("谁在哪个人群", "Who is in which segment"),
        "book.used": Wording("用在：{titles}。", "Used by {titles}."),
        "book.unused": Wording("目前没有别处用到。", "Nothing uses it so far."),
        "book.campaigns": Wording("发什么、给谁、为什么", "What is sent, to whom, and why"),
        "book.whom": Wording("人群「{name}」就是：{who}", "The segment “{name}” is {who}"),
        "book.variables": Wording(
            "双花括号里的是每个人自己的资料，发出时换成实际内容。",
            "What stands in double braces is filled in for each person.",
        ),
        "book.journeys": Wording("客户旅程：按天做什么", "Journeys: what is done on which day"),
        "book.offers": Wording("能给的权益", "What may be offered"),
        "book.contents_tables": Wording("可以说的话（素材）", "What may be said"),
        "book.calendar": Wording("一周日历", "The week"),
        "book.calendar.about": Wording(
            "客户旅程按每位客户自己的日子走，不在表里。",
            "Journeys follow the days of each customer and are not in this table.",
        ),
        "book.calendar.day": Wording("日子", "Day"),
        "book.calendar.what": Wording("做什么", "What"),
        "book.calendar.each_run": Wording("每次执行（通常每天）", "Every run (as a rule each day)"),
        "book.calendar.entry": Wording("{at} {title}（{channels}）", "{at} {title} ({channels})"),
        "book.calendar.entry_any": Wording("{title}（{channels}）", "{title} ({channels})"),
        "book.calendar.nothing": Wording("没有固定的", "nothing fixed"),
        "book.staff": Wording("请员工做的事", "What staff are asked"),
        "book.staff.when": Wording("什么时候", "When"),
        "book.staff.what": Wording("做什么", "What"),
        "book.staff.tag": Wording("客户得到标签「{name}」", "A customer gets the tag “{name}”"),
        "book.staff.ask": Wording(
            "聊天时问，把答案记成标签：{answers}", "Ask when talking, and note the answer as a tag: {answers}"
        ),
        "book.staff.asker": Wording(
            "{who}遇到标签{answers}都没有的客户", "{who} meets a customer without any of {answers}"
        ),
        "book.staff.anyone": Wording("员工", "Staff"),
        "book.staff.step": Wording("旅程「{name}」的「{step}」：{time}", "“{step}” of the journey “{name}”: {time}"),
        "book.policy": Wording("触达的规矩", "What no message passes round"),
        "book.metrics": Wording("数字是怎么算的", "How figures are worked out"),
        "book.metrics.name": Wording("指标", "Figure"),
        "book.metrics.how": Wording("怎么算", "How"),
        "book.examples": Wording("例如", "For instance"),
        "book.examples.about": Wording(
            "下面的例子都由 pdo test 验证过或可以验证；人是虚构的。",
            "pdo test proves these examples; the people are made up.",
        ),
        "book.example.given": Wording("{now}，已知：", "{now}. It is known:"),
        "book.example.then": Wording("到了 {now}，又知道：", "At {now} this is known besides:"),
        "book.example.expect": Wording("于是：", "So:"),
        "book.example.row": Wording("{kind}：{cells}", "{kind}: {cells}"),
        "book.example.file": Wording("{kind}见文件「{path}」", "{kind} as in the file “{path}”"),
        "book.example.cell": Wording("{name} {value}", "{name} {value}"),
        "book.example.yes": Wording("是", "yes"),
        "book.example.no": Wording("否", "no"),
        "book.example.tag": Wording("{customer} 有标签「{name}」", "{customer} has the tag “{name}”"),
        "book.example.tag.not": Wording("{customer} 没有标签「{name}」", "{customer} does not have the tag “{name}”"),
        "book.example.segment": Wording("{customer} 属于人群「{name}」", "{customer} belongs to the segment “{name}”"),
        "book.example.segment.not": Wording(
            "{customer} 不属于人群「{name}」", "{customer} does not belong to the segment “{name}”"
        ),
        "book.example.stage": Wording(
            "{customer} 在「{name}」的「{stage}」阶段", "{customer} is in the stage “{stage}” of “{name}”"
        ),
        "book.example.stage.not": Wording(
            "{customer} 不在「{name}」的「{stage}」阶段", "{customer} is not in the stage “{stage}” of “{name}”"
        ),
        "book.example.score": Wording("{customer} 的「{name}」{test}", "the “{name}” of {customer} {test}"),
        "book.example.score.not": Wording("{customer} 没有「{name}」", "{customer} has no “{name}”"),
        "book.example.metric": Wording("{customer} 的「{name}」{test}", "the “{name}” of {customer} {test}"),
        "book.example.metric.not": Wording("{customer} 没有「{name}」", "{customer} has no “{name}”"),
        "book.example.message": Wording("{customer} 收到「{name}」{test}", "{customer} gets “{name}” {test}"),
        "book.example.message.not": Wording("{customer} 不会收到「{name}」", "{customer} does not get “{name}”"),
        "book.example.task": Wording(
            "员工为 {customer} 得到任务「{name}」{test}", "staff get the task “{name}” for {customer} {test}"
        ),
        "book.example.task.not": Wording(
            "员工不会为 {customer} 得到任务「{name}」", "staff do not get the task “{name}” for {customer}"
        ),
        "book.example.nobody": Wording("没有人", "nobody"),
        "book.example.members.tag": Wording(
            "有标签「{name}」的正好是：{customers}", "exactly these have the tag “{name}”: {customers}"
        ),
        "book.example.members.segment": Wording(
            "人群「{name}」里正好是：{customers}", "exactly these are in the segment “{name}”: {customers}"
        ),
        "book.example.text": Wording("，内容{test}", " whose text {test}"),
        "book.written": Wording("手册写好了：{path}", "The handbook is written: {path}"),
    }
)
