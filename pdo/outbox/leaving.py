"""What can change without a run: whoever was blocked, opted out or is no friend since a message was made does not get it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, delete, exists, func, literal, or_, select, update
from sqlmodel import col

from pdo.model.outbox import Reason
from pdo.outbox.gate import ANY, FRIENDS
from pdo.store.tables import Batch, Code, Consent, ContactBlock, Customer, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select
    from sqlmodel import Session


def hold_back(session: Session, batches: Sequence[int | None]) -> None:
    """Withhold the messages of batches that are about to leave and may not any more; their codes are free again.

    Args:
        session: writes.
        batches: their numbers.
    """
    held = _why().where(col(Message.batch_id).in_(batches), col(Message.status) == "planned").subquery()
    found = session.execute(select(held).where(held.c.reason.is_not(None))).all()
    for message, code, reason in found:
        gone = update(Message).where(col(Message.id) == message)
        session.execute(gone.values(status="withheld", reason=reason, text="", code_id=None))
        session.execute(delete(Code).where(col(Code.id) == code))


def _why() -> Select[*tuple[Any, ...]]:
    """Each message with its code and the first of the reasons that hold now; NULL for none."""
    listed = exists().where(
        col(ContactBlock.customer_id) == col(Message.customer_id),
        col(ContactBlock.channel).in_((ANY, col(Batch.channel))),
    )
    withdrawn = exists().where(
        col(Consent.customer_id) == col(Message.customer_id),
        col(Consent.channel) == col(Batch.channel),
        or_(col(Consent.given_at).is_(None), col(Consent.withdrawn_at) >= col(Consent.given_at)),
    )
    no_friend = and_(col(Batch.channel).in_(sorted(FRIENDS)), func.coalesce(col(Customer.is_friend), 0) != 1)
    reasons = ((listed, Reason.BLOCKED), (withdrawn, Reason.OPTED_OUT), (no_friend, Reason.NOT_FRIEND))
    reason = case(*((test, literal(why.value)) for test, why in reasons))
    return (
        select(col(Message.id), col(Message.code_id), reason.label("reason"))
        .join(Batch, col(Batch.id) == col(Message.batch_id))
        .join(Customer, col(Customer.id) == col(Message.customer_id))
    )
