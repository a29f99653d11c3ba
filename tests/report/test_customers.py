"""What the card of a customer tells."""

from __future__ import annotations

from pathlib import Path

from pdo.model.fields import Column, Type
from pdo.model.settings import Attribute, Settings
from pdo.report.customers import show_customer
from pdo.store.schema import create
from pdo.store.session import open_session
from pdo.store.tables import Consent, Customer, Identity


def test_a_card_tells_consents_and_lists(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    create(path)
    declared = (
        Attribute(Column("关注", Type.LIST, "关注")),
        Attribute(Column("email_consent", Type.BOOLEAN, "email_consent", consent="email")),
    )
    settings = Settings(tmp_path, path, attributes={"customers": declared})
    with open_session(path, write=True, doing="test") as session:
        session.add(Customer(id=1, key="c", seed="0", extra='{"关注":["水果","海鲜"]}', row_hash=0, import_id=0))
        session.flush()
        session.add(Identity(kind="own", value="c", customer_id=1))
        for channel, given_at, withdrawn_at in (("sms", 5, None), ("call", 5, 5), ("email", 6, 5)):
            consent = Consent(customer_id=1, channel=channel, given_at=given_at, row_hash=0, import_id=0)
            consent.withdrawn_at = withdrawn_at
            session.add(consent)
        session.flush()
        told = show_customer(session, "c", settings).attributes
    assert told["关注"] == "水果、海鲜"
    assert {name: told[name] for name in told if name.endswith("_consent")} == {
        "sms_consent": "是",
        "call_consent": "否",
        "email_consent": "是",
    }
