"""Sentences about what goes out: previews, funnels, campaigns, the block list, the life of a batch."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.wording.table import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        "help.preview": Wording(
            "执行之前看一个触达或旅程：真实文案、漏斗、每位导购要确认几次。",
            "Look at a campaign or journey before it runs: real texts, the funnel, what each guide confirms.",
        ),
        "help.block": Wording("勿扰名单：谁不能再发。", "The block list: who is not to be written to."),
        "help.block.add": Wording("把一位客户放进勿扰名单。", "Put a customer on the block list."),
        "help.block.remove": Wording("把一位客户从勿扰名单里去掉。", "Take a customer off the block list."),
        "help.block.list": Wording("列出勿扰名单。", "List who is on the block list."),
        "help.campaign": Wording(
            "触达：什么时候发、等着多少、发了多少。", "Campaigns: when they run, what waits, what went out."
        ),
        "help.campaign.list": Wording("按先后列出全部触达。", "List all campaigns in the order in which they go."),
        "help.batch.cancel": Wording(
            "取消还没离开的批次，券码退回。", "Cancel a batch that has not left; its codes are free again."
        ),
        "argument.previewed": Wording(
            "触达或旅程的名字，或“旅程/步骤”。", "The name of a campaign or journey, or journey/step."
        ),
        "option.block_channel": Wording(
            "只挡一个渠道，默认全部（any）。", "Only one channel; all of them (any) unless given."
        ),
        "option.message": Wording(
            "这位客户的某个触达：发了没有，为什么。", "A campaign: whether this customer got it, and why not."
        ),
        "option.count_channel": Wording(
            "按哪个渠道往下数，默认企微群发。", "The channel to count by; wecom unless given."
        ),
        "error.unknown_preview": Wording(
            "没有触达、旅程或步骤叫 {name}。",
            "There is no campaign, journey or step {name}.",
            "全部触达见 pdo campaign list，旅程见 pdo journey list，一步写成“旅程/步骤”。",
            "See pdo campaign list and pdo journey list; a step is journey/step.",
        ),
        "error.unknown_preview.near": Wording(
            "没有触达、旅程或步骤叫 {name}。",
            "There is no campaign, journey or step {name}.",
            "是不是想写 {near}？",
            "Did you mean {near}?",
        ),
        "error.unknown_channel": Wording(
            "没有渠道 {name}。",
            "There is no channel {name}.",
            "可用：any、wecom、one_to_one、chat、moments、sms、call、webhook、file。",
            "There are any, wecom, one_to_one, chat, moments, sms, call, webhook, file.",
        ),
        "error.unknown_channel.near": Wording(
            "没有渠道 {name}。", "There is no channel {name}.", "是不是想写 {near}？", "Did you mean {near}?"
        ),
        "error.batch_left": Wording(
            "批次 {batch_id} 已经导出，收不回来。", "Batch {batch_id} has left and cannot be taken back."
        ),
        "error.batch_edited": Wording(
            "批次 {batch_id} 的触达 {campaign} 之后改过，原来的审批不算数。",
            "The campaign {campaign} of batch {batch_id} was edited since; the approval does not hold.",
            "再运行 pdo run：旧批次取消，按新内容重新生成。",
            "Run pdo run again: the batch is cancelled and made anew.",
        ),
        "batch.cancelled": Wording(
            "批次 {batch_id}（{campaign}）已取消，券码退回。",
            "Batch {batch_id} ({campaign}) is cancelled, its codes are free.",
        ),
        "batch.cancelled_before": Wording(
            "批次 {batch_id} 之前已取消或过期。", "Batch {batch_id} was cancelled or had expired before."
        ),
        "preview.title": Wording("{name}：如果在 {as_of} 执行。", "{name}: if it ran at {as_of}."),
        "preview.not_today": Wording(
            "这一天它不发；下一次是 {next_on}。", "It does not run on that day; next on {next_on}."
        ),
        "preview.never": Wording("两年内没有它要发的日子。", "It runs on no day within two years."),
        "preview.channel": Wording("{channel}：{count} 条消息。", "{channel}: {count} messages."),
        "preview.longest": Wording("最长的一条 {size} 字节：{text}", "The longest has {size} bytes: {text}"),
        "preview.fallback": Wording(
            "“{name}”没有值、用了默认说法的：{count} 人。",
            "'{name}' is missing, the text says its default: {count} people.",
        ),
        "preview.offer": Wording("权益 {name}：{count} 份。", "Offer {name}: {count}."),
        "preview.stock": Wording("券池 {pool} 还剩 {count} 个码。", "The pool {pool} has {count} codes left."),
        "preview.journey": Wording(
            "{name}：在 {as_of} 有 {count} 人符合进入条件；下面是每一步对他们会说什么（步骤自己的 when 到那天才问）。",
            "{name}: at {as_of} {count} people meet the condition to enter; this is what each step would say to them"
            " (the step's own when is asked on the day).",
        ),
        "preview.step": Wording("步骤 {name}（{time}）", "Step {name} ({time})"),
        "preview.step.after": Wording("{base}后 {offset}", "{offset} after {base}"),
        "preview.step.before": Wording("{base}前 {offset}", "{offset} before {base}"),
        "preview.step.next": Wording("接着上一步", "right after the step before"),
        "preview.step.entry": Wording("进入", "entry"),
        "preview.step.weekday": Wording("顺延到{weekday}", "moved on to {weekday}"),
        "preview.step.task": Wording("给员工的任务：{text}", "A task for staff: {text}"),
        "preview.step.wait": Wording("等客户自己行动，什么也不发。", "Waits for the customer, says nothing."),
        "preview.step.nobody": Wording("没有人可发。", "Nobody to write to."),
        "stock.short": Wording(
            "注意：券池 {name} 不够，{count} 人没有码可发。用 pdo import coupons 补码。",
            "Note: the pool {name} is short; {count} people get no code. Bring more with pdo import coupons.",
        ),
        "stock.low": Wording(
            "注意：券池 {name} 这次发 {count} 个，之后只剩 {left} 个，不够再发一次。用 pdo import coupons 补码。",
            "Note: of the pool {name} {count} codes go now and {left} are left, less than for another time. Bring more with"
            " pdo import coupons.",
        ),
        "stock.ends": Wording(
            "注意：券池 {name} 这次发的码里有 {count} 个最早 {day} 就到期，而权益或消息要管到 {until}。",
            "Note: of the pool {name} {count} codes that go now end, the first on {day}, while the offer or message lasts until"
            " {until}.",
        ),
        "stock.offer": Wording(
            "注意：权益 {name} 到 {day} 为止，而带着它的消息最晚 {until} 才发出。把权益的 valid 放长，或把触达的 valid 缩短。",
            "Note: the offer {name} ends on {day}, and a message with it may leave as late as {until}. Lengthen the offer's valid"
            " or shorten the campaign's.",
        ),
        "funnel.customers": Wording("全部客户", "all customers"),
        "funnel.meant": Wording("符合条件", "meant"),
        "funnel.due": Wording("还没发过、该发", "due, not had it yet"),
        "funnel.consent": Wording("授权允许", "with consent"),
        "funnel.reach": Wording("够得着", "within reach"),
        "funnel.said": Wording("有话可说", "with something to say"),
        "funnel.control": Wording("不在对照组", "not in the control group"),
        "funnel.caps": Wording("频控以内，发出", "within the caps: messages"),
        "count.funnel": Wording(
            "现在按{channel}发一条，会剩下多少人：", "How many are left if one goes out now by {channel}:"
        ),
        "block.added": Wording("{customer} 进了勿扰名单：{channel}。", "{customer} is on the block list: {channel}."),
        "block.added_before": Wording(
            "{customer} 早就在勿扰名单里：{channel}。", "{customer} was on the block list already: {channel}."
        ),
        "block.removed": Wording(
            "{customer} 已离开勿扰名单：{channel}。", "{customer} is off the block list: {channel}."
        ),
        "block.removed_before": Wording(
            "{customer} 不在勿扰名单里：{channel}。", "{customer} is not on the block list: {channel}."
        ),
        "block.none": Wording("勿扰名单是空的。", "Nobody is on the block list."),
        "campaign.none": Wording("还没有触达。", "There is no campaign."),
        "explain.message": Wording("{planned_on} {campaign}：{status}", "{planned_on} {campaign}: {status}"),
        "explain.message_reason": Wording("  原因：{reason}", "  because: {reason}"),
        "explain.message_batch": Wording(
            "  批次 {batch_id}（{status}），{channel}", "  batch {batch_id} ({status}), {channel}"
        ),
        "explain.message_none": Wording(
            "{customer} 没有 {campaign} 的消息：当时不符合条件，或者 every 之内已经发过。",
            "{customer} has no message of {campaign}: the condition did not hold, or it was had within `every`.",
        ),
        "message.planned": Wording("已生成", "planned"),
        "message.exported": Wording("已发出", "sent"),
        "message.withheld": Wording("被拦截", "withheld"),
        "message.cancelled": Wording("已取消", "cancelled"),
        "heading.funnel": Wording("漏斗", "funnel"),
        "heading.sender": Wording("谁来发", "sender"),
        "heading.confirmations": Wording("要确认几次", "confirmations"),
        "heading.waiting": Wording("等着", "waiting"),
        "heading.sent": Wording("发出", "sent"),
        "heading.control": Wording("对照组", "control"),
        "heading.next_on": Wording("下一次", "next"),
        "heading.priority": Wording("先后", "priority"),
    }
)
