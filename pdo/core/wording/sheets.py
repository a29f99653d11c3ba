"""Wording of what leaves the house: task sheets that colleagues fill in, and lists in the shape that others take."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        # The two sheets and their columns
        "sheet.tasks": Wording("今天的任务", "Tasks of today"),
        "sheet.undisturbed": Wording("今日勿扰", "Not to disturb today"),
        "sheet.column.called": Wording("客户", "customer"),
        "sheet.column.phone_end": Wording("手机尾号", "phone ends in"),
        "sheet.column.what": Wording("要做什么", "what to do"),
        "sheet.column.why": Wording("为什么", "why"),
        "sheet.column.say": Wording("话术", "what to say"),
        "sheet.column.offer": Wording("优惠和券码", "offer and code"),
        "sheet.column.touched": Wording("上次触达", "last touch"),
        "sheet.column.due": Wording("最晚哪天", "due"),
        "sheet.column.result": Wording("结果 ▼", "result ▼"),
        "sheet.column.question": Wording("顺便问一句", "to ask"),
        "sheet.column.answer": Wording("回答 ▼", "answer ▼"),
        "sheet.column.note": Wording("备注", "note"),
        "sheet.column.task_id": Wording("任务编号", "task_id"),
        "sheet.column.customer_id": Wording("客户编号", "customer_id"),
        "sheet.column.reason": Wording("原因", "reason"),
        "sheet.late": Wording("{day} 已逾期", "{day} late"),
        "sheet.what.one_to_one": Wording("发一条私信", "send a message"),
        "sheet.what.call": Wording("打电话", "call"),
        # What may be chosen; another text may be typed
        "sheet.result.done": Wording("已完成", "done"),
        "sheet.result.answered": Wording("已回复", "answered"),
        "sheet.result.bought": Wording("已成交", "bought"),
        "sheet.result.not_reached": Wording("没联系上", "not reached"),
        "sheet.result.declined": Wording("不需要", "declined"),
        "sheet.reason.blocked": Wording("在勿扰名单里", "on the block list"),
        "sheet.reason.opted_out": Wording("客户不愿被打扰", "opted out"),
        "sheet.reason.sent": Wording("今天已经收到", "has a message today"),
        # The command
        "sheet.done": Wording(
            "写出 {sheets} 张任务单，{tasks} 条任务：{folder}", "{sheets} task sheets with {tasks} tasks: {folder}"
        ),
        "sheet.none": Wording(
            "{day} 没有要做的任务，没有写任务单。", "Nothing is to be done on {day}; no sheet was written."
        ),
        "sheet.kept": Wording(
            "这几张已经有人填写，没有覆盖；请先用 pdo import tasks 收回：",
            "These were filled in and are left as they are; take them in with pdo import tasks first:",
        ),
        "option.export_as": Wording(
            "按哪种模板导出：sms、coupons、audience，或 exports/ 里自己的。",
            "In whose shape: sms, coupons, audience, or one of your own in exports/.",
        ),
        "option.per_sender": Wording("每个发送人一个文件。", "A file for each sender."),
        "export.left_out": Wording(
            "{count} 人缺少这个模板必需的内容，没有写进去。", "{count} lack what the profile needs and were left out."
        ),
        "error.export_profile": Wording(
            "这个导出模板有 {count} 处错误，什么都没有导出。",
            "The export profile has {count} error(s); nothing was exported.",
            "按上面的提示改 exports/ 里的文件。",
            "Mend the file in exports/ as said above.",
        ),
        "error.export_fields": Wording(
            "导出模板 {name} 里的 {fields} 在这里没有。",
            "The export profile {name} asks for {fields}, which there is not here.",
            "可以用的有：{known}。",
            "There are: {known}.",
        ),
        "error.export_lacks": Wording(
            "批次 {batch_id} 里有 {count} 处缺少模板 {name} 必需的内容，例如客户 {customer} 没有 {field}；什么都没有导出。",
            "In batch {batch_id} {count} cells that the profile {name} needs are empty, as {field} of customer {customer}; "
            "nothing was exported.",
            "换一个模板，或先补上数据再执行一次。",
            "Take another profile, or complete the data and run again.",
        ),
        "error.unknown_export_profile": Wording(
            "没有导出模板 {name}。",
            "There is no export profile {name}.",
            "有这些：{profiles}。",
            "There are: {profiles}.",
        ),
        "error.unknown_export_profile.near": Wording(
            "没有导出模板 {name}。", "There is no export profile {name}.", "是不是想写 {near}？", "Did you mean {near}?"
        ),
        "help.task": Wording("任务和任务单：谁今天要做什么。", "Tasks and task sheets: who is to do what today."),
        "help.task.export": Wording(
            "给每位同事写一张今天的任务单（Excel）：找谁、为什么、说什么、结果填哪。手工发送的已审批消息随单发出。",
            "Write a task sheet (Excel) for each colleague: whom, why, what to say, where the result goes. Approved messages "
            "that are sent by hand leave with it.",
        ),
        "option.sheet_date": Wording("哪一天的任务单，默认今天。", "The day of the sheets; today unless given."),
        "option.sheet_folder": Wording(
            "写到哪个文件夹，默认 out/日期/tasks。", "Where to; out/DATE/tasks unless given."
        ),
        "heading.guide": Wording("导购", "colleague"),
        "heading.tasks": Wording("任务", "tasks"),
        "heading.late": Wording("逾期", "late"),
    }
)
