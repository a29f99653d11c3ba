"""What people write for a key in Chinese: as the language has it, and as they say it."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.playbook.grammar.places import PLACES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SAID: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "运营方案": ("playbook",),
        "标签": ("tags", "tag"),
        "阶段": ("stages", "stage"),
        "人群": ("segments", "segment"),
        "客户分群": ("segments", "segment"),
        "活动": ("campaigns", "campaign"),
        "群发": ("campaigns", "wecom"),
        "企微群发": ("wecom",),
        "企业微信": ("wecom",),
        "社群": ("chat",),
        "朋友圈": ("moments",),
        "短信": ("sms",),
        "电话": ("call",),
        "策略": ("policy",),
        "规则": ("rules", "when"),
        "分组": ("group",),
        "下单": ("orders",),
        "商品": ("items", "product"),
        "行为": ("events",),
        "最近": ("last", "within"),
        "近": ("within",),
        "期间": ("within",),
        "时间": ("within",),
        "单数": ("count", "orders"),
        "个数": ("count",),
        "总额": ("amount",),
        "客单价": ("average",),
        "以上": ("above",),
        "大于": ("above",),
        "以下": ("below",),
        "小于": ("below",),
        "不是": ("not",),
        "并且": ("all",),
        "全部": ("all",),
        "或者": ("any",),
        "任意": ("any",),
        "都没有": ("none",),
        "其中": ("where",),
        "筛选": ("where",),
        "名单": ("in_list",),
        "内容": ("text", "content"),
        "话术": ("text",),
        "文本": ("text",),
        "发给谁": ("to",),
        "给": ("to",),
        "对象": ("to",),
        "多久一次": ("every",),
        "字段": ("columns",),
        "取前": ("top",),
    }
)
"""Words of the trade for a key, the likelier one first; for suggestions only."""


@lru_cache(maxsize=1)
def _written() -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    english: defaultdict[str, list[str]] = defaultdict(list)
    chinese: defaultdict[str, list[str]] = defaultdict(list)
    for place in PLACES.values():
        for key in place.keys:
            english[key.zh].append(key.name)
            chinese[key.name].append(key.zh)
    return _unique(english), _unique(chinese)


def _unique(found: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    return {word: tuple(dict.fromkeys(words)) for word, words in found.items()}


def english_of(word: str) -> tuple[str, ...]:
    """The English keys that a Chinese word may be meant for, the likelier first."""
    english, _ = _written()
    return tuple(dict.fromkeys((*english.get(word, ()), *SAID.get(word, ()))))


def keys_in_english(word: str) -> tuple[str, ...]:
    """The English keys that are written so in Chinese."""
    english, _ = _written()
    return english.get(word, ())


def every_chinese() -> tuple[str, ...]:
    """Every Chinese spelling that is not the English one."""
    english, _ = _written()
    return tuple(word for word, keys in english.items() if word not in keys)


def chinese_of(keys: Iterable[str]) -> dict[str, str]:
    """Every Chinese spelling of some English keys → that key."""
    _, chinese = _written()
    return {zh: key for key in keys for zh in chinese.get(key, ())}
