"""Channels and what they ask of a text: length, no personal word to many, signature and opt-out; words the law forbids."""

from __future__ import annotations

import re
from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Severity
from pdo.core.nodes import Sequence, lines_of
from pdo.core.source import Span
from pdo.model.outreach import BROADCAST, OFFER_VARIABLES, PERSONAL_OFFER_VARIABLES, Channel
from pdo.playbook.reading import read_text, read_texts, report_near, report_unknown, warn
from pdo.playbook.templates import fixed_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.core.nodes import Node
    from pdo.model.outreach import Template
    from pdo.playbook.reading import Reading

CHANNELS = tuple(channel.value for channel in Channel)
_MEANT: Mapping[str, str] = MappingProxyType(
    {
        "企业微信": "wecom",
        "企微": "wecom",
        "微信": "wecom",
        "群发": "wecom",
        "一对一": "one_to_one",
        "私聊": "one_to_one",
        "社群": "chat",
        "群": "chat",
        "朋友圈": "moments",
        "短信": "sms",
        "外呼": "call",
        "电话": "call",
        "文件": "file",
    }
)
"""How people say a channel."""

_PEOPLE: Mapping[str, str] = MappingProxyType(
    {"店长": "manager", "经理": "manager", "跟进人": "owner", "导购": "owner", "员工": "owner", "机器人": "robot"}
)
"""How people say who sends or is told."""

MAX_BYTES: Mapping[Channel, int] = MappingProxyType(
    {Channel.WECOM: 4000, Channel.CHAT: 4000, Channel.ONE_TO_ONE: 4000, Channel.MOMENTS: 2000}
)
"""The longest text that a channel takes, in bytes of UTF-8."""

SMS_LENGTH, SMS_PART = 70, 67
"""Characters of one short message, and of each part of a longer one."""

_SAME_FOR_ALL = frozenset(("today", *OFFER_VARIABLES)) - PERSONAL_OFFER_VARIABLES
_SIGNATURE = re.compile(r"^\s*【[^【】]+】|【[^【】]+】\s*$")
_OPT_OUT = re.compile(r"退订|拒收|回复?\s*(?:TD|T|R|N)(?![A-Za-z])", re.IGNORECASE)
_FORBIDDEN = (
    r"国家级|世界级|全球级|宇宙级|最高级|最佳|最低价|最优惠|最便宜|最先进|最顶级|顶级|极品|极致之选|全网最低|全国第一|全网第一|销量第一"
    r"|行业第一|第一品牌|唯一|独一无二|史无前例|前无古人|空前绝后|万能|绝无仅有|绝对有效|百分之百有效|100%有效|包治|根治|治疗|疗效|永不反弹|无副作用"
    r"|驰名商标|特供|专供|国家领导人|稳赚|保本|零风险"
)


def read_channels(node: Node, reading: Reading) -> tuple[Channel, ...] | None:
    """One channel, or several in the order in which they are tried.

    Diagnostics:
        PB314.
    """
    if isinstance(node, Sequence):
        texts = read_texts(node, "channel", reading)
        if texts is None:
            return None
        known = [Channel(text) for text, span in texts if _is_channel(text, span, reading)]
        return tuple(dict.fromkeys(known)) if len(known) == len(texts) else None
    text = read_text(node, "channel", reading)
    return (Channel(text),) if text is not None and _is_channel(text, node.span, reading) else None


def _is_channel(text: str, span: Span, reading: Reading) -> bool:
    if text in CHANNELS:
        return True
    if text in _MEANT:
        report_near("PB314", span, text, _MEANT[text], reading.findings, place="channel")
    else:
        report_unknown("PB314", span, text, CHANNELS, reading.findings, place="channel")
    return False


def read_sender(node: Node | None, reading: Reading) -> str | None:
    """`owner`, `manager`, `robot` or a staff id; empty where nothing is said."""
    text = "" if node is None else read_text(node, "sender", reading)
    return text if node is None or text is None or is_person(text, "sender", node.span, reading) else None


def is_person(text: str, place: str, span: Span, reading: Reading) -> bool:
    """Whether a text may be somebody: not a word for a role that the language says otherwise.

    Diagnostics:
        PB314.
    """
    if text in _PEOPLE:
        report_near("PB314", span, text, _PEOPLE[text], reading.findings, place=place)
    return text not in _PEOPLE


# Texts ------------------------------------------------------------------------------------------------------------


def check_said(template: Template, channels: tuple[Channel, ...], reading: Reading, *, by_staff: str = "") -> None:
    """What the channels of a message ask of its text.

    Args:
        by_staff: the sender, where people are grouped by them, so that their name differs from no one's.

    Diagnostics:
        PB506 a personal variable to many, PB507 too long, PB508 an SMS without signature or opt-out, PB509 a forbidden
        word, PB910 an SMS of several parts.
    """
    said = fixed_text(template.text)
    for word in dict.fromkeys(re.findall(_FORBIDDEN, template.text)):
        warn("PB509", _place_of(template, word), reading, value=word)
    for channel in channels:
        if channel in BROADCAST:
            _check_personal(template, channel, by_staff, reading)
        size = len(said.encode("utf-8", "surrogatepass"))
        if (limit := MAX_BYTES.get(channel)) is not None and size > limit:
            reading.findings.add("PB507", template.span, channel=channel.value, size=size, limit=limit)
        if channel is Channel.SMS:
            _check_sms(template, said, reading)


def _check_personal(template: Template, channel: Channel, by_staff: str, reading: Reading) -> None:
    same = _SAME_FOR_ALL | ({"owner"} if by_staff == "owner" and channel is Channel.WECOM else frozenset())
    personal = [name for name in template.variables if name not in same and not name.startswith("content.")]
    if personal:
        names = ", ".join(personal)
        reading.findings.add("PB506", _place_of(template, personal[0]), channel=channel.value, names=names)


def _check_sms(template: Template, said: str, reading: Reading) -> None:
    if not _SIGNATURE.search(template.text):
        _warn("PB508", template.span, "signature", reading)
    if not _OPT_OUT.search(said):
        _warn("PB508", template.span, "", reading)
    if len(said) > SMS_LENGTH:
        parts = ceil(len(said) / SMS_PART)
        reading.findings.add("PB910", template.span, severity=Severity.ADVICE, count=len(said), parts=parts)


def _warn(code: str, span: Span, variant: str, reading: Reading) -> None:
    reading.findings.add(code, span, variant=variant, severity=Severity.WARNING)


def _place_of(template: Template, word: str) -> Span:
    """Where a word stands, in a text of one line; else the whole text."""
    span = template.span
    if span.line != span.end_line:
        return span
    lines = lines_of(span.source)
    line = lines[span.line - 1] if span.line <= len(lines) else ""
    start = line.find(word, span.column - 1)
    if start < 0 or start >= span.end_column:
        return span
    return Span(span.source, span.line, start + 1, span.line, start + len(word) + 1)
