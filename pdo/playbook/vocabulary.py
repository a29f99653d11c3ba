"""The words of the language: which are known here, which come with later versions, and how people spell them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

BLOCKS = (
    "version",
    "playbook",
    "metrics",
    "tags",
    "tag_groups",
    "rfm",
    "scores",
    "lifecycles",
    "segments",
    "offers",
    "contents",
    "campaigns",
    "journeys",
    "policy",
    "examples",
)
RESERVED_BLOCKS = ("assign", "chat_sops", "fissions", "goals", "reports", "surveys", "activities")

TAG_KEYS = ("group", "when", "keep", "expires", "from", "ask", "alert", "was")
TAG_GROUP_KEYS = ("exclusive",)
ASK_KEYS = ("who", "question", "answers")
ALERT_KEYS = ("to", "due", "text", "at_most", "escalate")
RFM_KEYS = ("recency", "frequency", "money", "within", "names")
RFM_CUT_KEYS = ("high", "score")
SCORE_KEYS = ("rules", "bands")
SCORE_RULE_KEYS = ("when", "each", "add", "up_to", "fades", "because")
LIFECYCLE_KEYS = (
    "stages",
    "initial",
    "final",
    "transitions",
    "take",
    "derived",
    "by",
    "bands",
    "otherwise",
    "was",
)
TRANSITION_KEYS = ("from", "to", "when", "after")
SEGMENT_KEYS = ("when", "rank_by", "top", "per", "columns", "was")
CAMPAIGN_KEYS = ("to", "channel", "text", "every", "approval", "priority")
POLICY_KEYS = ("caps",)
CAP_KEYS = ("channel", "max", "per")
ROW_KEYS = ("where", "within")

SUBJECTS = ("orders", "items", "events")
LOGIC = ("all", "any", "none", "not")
REFERENCES = ("tag", "stage", "segment")
LATER_SUBJECTS = (
    "rfm",
    "chats",
    "follows",
    "coupons",
    "tasks",
    "messages",
    "referrals",
    "in_list",
    "not_in_list",
    "bucket",
)
RESERVED_NAMES = frozenset((*SUBJECTS, *LOGIC, *REFERENCES, *LATER_SUBJECTS, "everyone", "today", "yesterday"))
"""No metric and no attribute may be called so: conditions or texts read these words as something else."""

_LATER_WINDOWS = (
    "full_days",
    "today",
    "yesterday",
    "this_week",
    "last_week",
    "this_month",
    "last_month",
    "this_year",
    "last_year",
    "between",
    "since",
)
_LATER_MEASURES = (
    "sum",
    "min",
    "max",
    "gap",
    "streak",
    "first_ever",
    "latest",
    "bought_all",
    "followed_by",
    "regularly",
    "stopped",
    "restarted",
)
LATER_TESTS = frozenset(("top", "anniversary_in", "age", "turns", "has", "has_all", "for"))
LATER_METRIC_MEASURES = frozenset(("sum", "most", "latest", "min", "max", "gap", "streak", "ratio"))

LATER_KEYS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "playbook": frozenset(RESERVED_BLOCKS),
        "campaigns": frozenset(
            (
                "sender",
                "on",
                "at",
                "control",
                "offer",
                "content",
                "variants",
                "goal",
                "valid",
                "exclusive",
                "caps",
                "choose",
            )
        ),
        "policy": frozenset(("consent", "quiet_hours", "quota", "capacity", "guard")),
        "orders": frozenset((*_LATER_WINDOWS, *_LATER_MEASURES)),
        "items": frozenset((*_LATER_WINDOWS, *_LATER_MEASURES)),
        "events": frozenset((*_LATER_WINDOWS, *_LATER_MEASURES)),
        "metrics": frozenset((*_LATER_WINDOWS, *LATER_METRIC_MEASURES, "vip_terms")),
        "tag": frozenset(("for",)),
        "stage": frozenset(("for",)),
        "pdo.yaml": frozenset(("categories", "nightly", "retention_days", "heartbeat")),
    }
)
"""By place: keys that the language has and this version does not."""

LATER_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {"channel": frozenset(("wecom", "one_to_one", "chat", "moments", "sms", "call", "webhook"))}
)
"""By place: values that the language has and this version does not."""

BOOLEANS: Mapping[str, bool] = MappingProxyType(
    {
        "true": True,
        "false": False,
        "yes": True,
        "no": False,
        "on": True,
        "off": False,
        "是": True,
        "否": False,
        "有": True,
        "无": False,
        "开": True,
        "关": False,
        "1": True,
        "0": False,
    }
)

TEXT_KEYS = frozenset(("text", "because", "question", "label"))
"""Keys whose value people read: a block scalar is welcome there, and punctuation is nobody's business."""

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "版本": "version",
        "方案": "playbook",
        "运营方案": "playbook",
        "指标": "metrics",
        "标签": "tags",
        "生命周期": "lifecycles",
        "人群": "segments",
        "活动": "campaigns",
        "触达": "campaigns",
        "策略": "policy",
        "标签组": "group",
        "条件": "when",
        "保留": "keep",
        "阶段": "stages",
        "初始": "initial",
        "终态": "final",
        "流转": "transitions",
        "从": "from",
        "到": "to",
        "满足": "where",
        "商品明细": "items",
        "订单": "orders",
        "事件": "events",
        "次数": "count",
        "金额": "amount",
        "文案": "text",
        "渠道": "channel",
        "排序": "rank_by",
        "列": "columns",
        "前": "top",
        "以上": "above",
        "以下": "below",
        "所有": "all",
        "任一": "any",
        "都不": "none",
    }
)
"""Chinese words that people write for a key, for suggestions only."""
