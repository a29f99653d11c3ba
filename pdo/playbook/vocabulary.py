"""The words of the language: which are known here, which come with later versions, and how people spell them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.model import fields
from pdo.playbook import grammar

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
OFFER_KEYS = ("coupon", "product", "price", "redeem", "valid", "cost")
CONTENT_KEYS = ("table", "match", "by", "never_repeat", "otherwise")
CAMPAIGN_KEYS = (
    "to",
    "channel",
    "sender",
    "every",
    "on",
    "at",
    "priority",
    "control",
    "offer",
    "content",
    "text",
    "variants",
    "choose",
    "goal",
    "valid",
    "approval",
    "exclusive",
    "caps",
)
VARIANT_KEYS = ("weight", "text", "offer", "content")
CHOICE_KEYS = ("when", "otherwise", "offer", "content", "text")
OTHERWISE_KEYS = ("skip", "offer", "content", "text")
GOAL_KEYS = ("within", "when")
JOURNEY_KEYS = ("enter", "existing", "again", "anchor", "exit", "late", "steps", "end")
STEP_KEYS = (
    "name",
    "after",
    "before",
    "weekday",
    "at",
    "when",
    "channel",
    "sender",
    "text",
    "content",
    "offer",
    "choose",
    "variants",
    "wait_for",
    "timeout",
    "on",
    "task",
    "due",
)
POLICY_KEYS = ("consent", "quiet_hours", "caps", "quota", "capacity", "guard")
GUARD_KEYS = ("max_share_changed", "max_messages", "max_data_age", "max_shrink")
CASES_KEYS = ("version", "examples")
EXPECT_KEYS = (
    "tags",
    "segments",
    "stages",
    "scores",
    "metrics",
    "messages",
    "tasks",
    "members",
    "absent",
    "exactly",
)
ABSENT_KEYS = ("tags", "segments", "stages", "messages", "tasks")
CAP_KEYS = ("channel", "max", "per")
WINDOW_KEYS = ("within", "full_days", "between", "since")
"""Keys of a measure that say which time is meant: one of them."""

ROW_KEYS = ("where", *WINDOW_KEYS, "followed_by")
"""Keys of a measure that say which rows are meant, besides the short one of its subject."""

SUBJECTS = tuple(fields.SUBJECTS)
LOGIC = ("all", "any", "none", "not")
REFERENCES = ("tag", "stage", "segment", "rfm", "in_list", "not_in_list", "bucket")
"""Keys of a condition that ask what a customer belongs to."""

RESERVED_NAMES = frozenset((*grammar.spellings("condition"), "everyone", "today", "yesterday"))
"""No metric and no attribute may be called so: conditions or texts read these words as something else."""

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
        "pdo.yaml": frozenset(("nightly", "retention_days", "heartbeat")),
    }
)
"""By place: keys that the language has and this version does not."""

LATER_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "channel": frozenset(("wecom", "one_to_one", "chat", "moments", "sms", "call", "webhook")),
        "since": frozenset(("assigned",)),
    }
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

TEXT_KEYS = frozenset(
    word
    for place in grammar.PLACES.values()
    for key in place.keys
    if grammar.Form.PROSE in key.value.forms
    for word in (key.name, key.zh)
)
"""Keys whose value people read: a block scalar is welcome there, and punctuation is nobody's business."""
