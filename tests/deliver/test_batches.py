"""What is noted of a batch that leaves the house."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlmodel import select

from pdo.deliver.batches import mark_exported
from pdo.store.schema import create
from pdo.store.session import open_session
from pdo.store.tables import Batch, Customer, Message, Run

DAY = date(2026, 3, 2)


def test_messages_note_when_they_left_and_leaving_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    create(path)
    with open_session(path, write=True, doing="test") as session:
        session.add(Run(id=1, as_of=5, started_at=5, actor="x", playbooks="{}", changes=0, counts="{}"))
        session.add(Customer(id=1, key="c", seed="0", row_hash=0, import_id=0))
        session.add(Customer(id=2, key="d", seed="0", row_hash=0, import_id=0))
        session.flush()
        batch = Batch(id=1, campaign="甲", playbook="p", channel="file", planned_on=DAY, run_id=1, status="approved")
        session.add(batch)
        session.flush()
        for customer, status in ((1, "planned"), (2, "withheld")):
            session.add(
                Message(batch_id=1, campaign="甲", customer_id=customer, planned_on=DAY, status=status, text="您好")
            )
        session.flush()
        mark_exported(session, batch, now=70)
        mark_exported(session, batch, now=90)
        left = session.exec(select(Message.status, Message.sent_at).order_by(Message.status)).all()
    assert left == [("exported", 70), ("withheld", None)]
