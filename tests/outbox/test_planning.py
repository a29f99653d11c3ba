"""Which messages a run makes: by priority, once or so often, past the gate."""

from __future__ import annotations

import pytest

from pdo.model.conditions import Duration
from pdo.model.playbook import Campaign, Cap
from pdo.model.reports import PlannedBatch
from pdo.outbox.planning import Sent, plan_messages
from tests.outbox.conftest import TODAY, campaign, candidates, cap, days, project, sent


def planned(
    *campaigns: Campaign, history: tuple[Sent, ...] = (), caps: tuple[Cap, ...] = (), keys: str = "ab"
) -> tuple[PlannedBatch, ...]:
    """The batches of a run in which every campaign means everybody."""
    everybody = candidates(**{key: {} for key in keys})
    meant = {one.name: everybody for one in campaigns}
    return plan_messages(project(*campaigns, caps=caps), meant, history, TODAY)


def who(batches: tuple[PlannedBatch, ...]) -> dict[str, str]:
    """Campaign → natural keys of those who get it."""
    return {one.campaign: "".join(message.customer_key for message in one.messages) for one in batches}


def test_customers_go_by_natural_key() -> None:
    (batch,) = planned(campaign("回访"), keys="cab")
    assert [message.customer_key for message in batch.messages] == ["a", "b", "c"]
    assert (batch.planned_on, batch.channel, batch.playbook, batch.withheld) == (TODAY, "file", "p", ())


@pytest.mark.parametrize(("approval", "approved"), [("manual", False), ("auto", True)])
def test_a_batch_waits_unless_it_is_approved_by_itself(approval: str, approved: bool) -> None:
    assert [one.approved for one in planned(campaign("回访", approval=approval))] == [approved]


def test_once_means_once_ever() -> None:
    assert who(planned(campaign("回访"), history=(sent("回访", 1, ago=4000),))) == {"回访": "b"}


@pytest.mark.parametrize(
    ("every", "ago", "again"),
    [(days(30), 29, False), (days(30), 30, True), (days(1), 0, False), (days(1), 1, True)],
)
def test_every_counts_local_days(every: Duration, ago: int, again: bool) -> None:
    found = who(planned(campaign("回访", every=every), history=(sent("回访", 1, ago=ago),)))
    assert found == {"回访": "ab" if again else "b"}


def test_another_campaign_is_another_campaign() -> None:
    assert who(planned(campaign("回访"), history=(sent("生日", 1, ago=0),))) == {"回访": "ab"}


def test_what_did_not_go_out_does_not_stop_the_next_one() -> None:
    history = (sent("回访", 1, ago=1, lives=False),)
    assert who(planned(campaign("回访"), history=history)) == {"回访": "ab"}


def test_whoever_was_held_back_today_is_not_asked_again_today() -> None:
    history = (sent("回访", 1, ago=0, lives=False),)
    assert who(planned(campaign("回访"), history=history)) == {"回访": "b"}


def test_priority_decides_who_gets_through_then_the_name() -> None:
    campaigns = (campaign("丙", priority=2), campaign("乙", priority=1), campaign("甲", priority=2))
    batches = planned(*campaigns, caps=(cap("any", 1, days(1)),), keys="a")
    assert [one.campaign for one in batches] == ["乙", *sorted(("丙", "甲"))]
    assert who(batches) == {"乙": "a", "丙": "", "甲": ""}
    assert [message.reason for one in batches for message in one.withheld] == ["cap:any:1/1d"] * 2


def test_what_went_out_before_counts_for_the_caps() -> None:
    history = (sent("生日", 1, ago=6), sent("生日", 2, ago=7), sent("上新", 2, ago=0, lives=False))
    (batch,) = planned(campaign("回访"), history=history, caps=(cap("file", 1, days(7)),))
    assert [message.customer_key for message in batch.messages] == ["b"]
    assert [(message.customer_key, message.reason) for message in batch.withheld] == [("a", "cap:file:1/7d")]


def test_nobody_to_write_to_makes_no_batch() -> None:
    assert planned(campaign("回访"), keys="") == ()
    assert planned(campaign("回访"), history=(sent("回访", 1, ago=1), sent("回访", 2, ago=1))) == ()


def test_texts_carry_the_values_of_each() -> None:
    greeting = campaign("回访", text="{{ name | default('您') }}，{{ 天数 }}天没来了")
    meant = {"回访": candidates(a={"name": "王芳", "天数": 41}, b={"name": "", "天数": 7}, c={"name": None, "天数": 0})}
    (batch,) = plan_messages(project(greeting), meant, (), TODAY)
    assert [message.text for message in batch.messages] == ["王芳，41天没来了", "您，7天没来了", "您，0天没来了"]
