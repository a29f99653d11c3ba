"""The words of the language: which are known here, which come with later versions, and how people spell them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.model import fields
from pdo.playbook import grammar

if TYPE_CHECKING:
    from collections.abc import Mapping

RESERVED_BLOCKS = ("assign", "chat_sops", "fissions", "goals", "reports", "surveys", "activities")
"""Blocks of systems to come, refused with that word until then."""

BLOCKS = tuple(key for key in grammar.keys("playbook") if key not in RESERVED_BLOCKS)

TAG_KEYS = grammar.keys("tags")
TAG_GROUP_KEYS = grammar.keys("tag_groups")
ASK_KEYS = grammar.keys("ask")
ALERT_KEYS = grammar.keys("alert")
RFM_KEYS = grammar.keys("rfm")
RFM_CUT_KEYS = grammar.keys("rfm.part")
SCORE_KEYS = grammar.keys("scores")
SCORE_RULE_KEYS = grammar.keys("scores.rules")
LIFECYCLE_KEYS = grammar.keys("lifecycles")
TRANSITION_KEYS = grammar.keys("transitions")
SEGMENT_KEYS = grammar.keys("segments")
OFFER_KEYS = grammar.keys("offers")
CONTENT_KEYS = grammar.keys("contents")
CAMPAIGN_KEYS = grammar.keys("campaigns")
VARIANT_KEYS = grammar.keys("variants")
CHOICE_KEYS = grammar.keys("choose")
OTHERWISE_KEYS = grammar.keys("choose.otherwise")
GOAL_KEYS = grammar.keys("goal")
JOURNEY_KEYS = grammar.keys("journeys")
STEP_KEYS = grammar.keys("steps")
POLICY_KEYS = grammar.keys("policy")
GUARD_KEYS = grammar.keys("guard")
CAP_KEYS = grammar.keys("caps")
CASES_KEYS = grammar.keys("cases")
EXPECT_KEYS = grammar.keys("expect")
ABSENT_KEYS = grammar.keys("absent")
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
    }
)
"""By place: keys that the language has and this version does not."""

LATER_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
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

_PROSE = {
    key.name: key.zh for place in grammar.PLACES.values() for key in place.keys if grammar.Form.PROSE in key.value.forms
}
TEXT_KEYS = frozenset((*_PROSE, *_PROSE.values(), *(word for word, keys in grammar.SAID.items() if keys[0] in _PROSE)))
"""Keys whose value people read: a block scalar is welcome there, and punctuation is nobody's business."""
