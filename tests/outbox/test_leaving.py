"""What changed between the run and the moment at which a message leaves."""

from __future__ import annotations

import csv

import pytest

from tests.outbox.conftest import Sender

CODES = "code,offer\nA1,券\nA2,券\nA3,券\nA4,券\n"
PLAYBOOK = (
    "offers: {{券: {{coupon: {{pool: 券}}, valid: 7d}}}}\n"
    "campaigns:\n"
    "  问候: {{to: everyone, channel: {channel}, sender: owner, offer: 券, approval: auto, text: '{{{{ offer.code }}}}'}}\n"
)


@pytest.mark.parametrize("channel", ["one_to_one", "file"])
@pytest.mark.slow
def test_who_may_not_be_written_to_any_more_is_held_back(shop: Sender, channel: str) -> None:
    shop.playbook(PLAYBOOK.format(channel=channel))
    shop.people(*(f"{key},,,,s1,m1,是," for key in "abcd"))
    shop.bring("coupons", CODES)
    shop.run()
    shop.pdo("block", "add", "a")
    shop.bring("consents", f"customer_id,channel,given_at,withdrawn_at\nb,{channel},,2026-03-02 11:00\n")
    shop.bring("customers", "customer_id,is_friend\nc,否\n")
    if channel == "one_to_one":
        shop.pdo("task", "export", "--date", "2026-03-02")
        assert shop.rows("SELECT customer FROM v_task") == [("d",)]
        withheld = {"a": "blocked", "b": "opted_out", "c": "not_friend"}
    else:
        shop.pdo("batch", "export", "1", "--output", str(shop.root / "b.csv"))
        rows = csv.DictReader((shop.root / "b.csv").read_text("utf-8-sig").splitlines())
        assert [row["customer_id"] for row in rows] == ["c", "d"]
        withheld = {"a": "blocked", "b": "opted_out"}
    assert shop.reasons("问候") == withheld
    assert shop.rows("SELECT count(*) FROM code") == [(4 - len(withheld),)]
    # Again changes nothing.
    shop.pdo("task", "export", "--date", "2026-03-02")
    assert shop.reasons("问候") == withheld
