"""What is sent to whom, and what keeps it back."""

# SQLModel reads these annotations when a class is made, so they are imported for real.
from datetime import date

from sqlalchemy import Index
from sqlalchemy import text as sql_text
from sqlmodel import Field, SQLModel

from pdo.store.types import DayText, Instant


class Batch(SQLModel, table=True):
    """The messages of one campaign or step that one run planned for one day and channel (群发批次)."""

    __table_args__ = (Index("ix_batch_campaign", "campaign", "planned_on"),)
    id: int | None = Field(default=None, primary_key=True)
    campaign: str
    """The campaign; of a step of a journey `journey/step`."""
    playbook: str
    channel: str
    planned_on: date = Field(sa_type=DayText)
    run_id: int = Field(foreign_key="run.id")
    status: str
    """`draft`, `approved`, `exported`, `cancelled`, or `expired`: its last day was over before it left."""
    approved_at: int | None = Field(default=None, sa_type=Instant)
    approved_by: str | None = None
    journey: str | None = None
    sender: str | None = None
    """As the playbook says it: `owner`, `manager`, `robot` or the key of a colleague; NULL where it says nothing."""
    digest: str | None = None
    """Of what was defined when it was made: an edit takes the approval back."""
    expires_on: date | None = Field(default=None, sa_type=DayText)
    """The last day on which it may leave."""
    goal: str | None = None
    """Within how long after a message success counts, as written; NULL where nothing is measured."""
    ended_at: int | None = Field(default=None, sa_type=Instant)
    """When it was cancelled."""
    ended_by: str | None = None


class Message(SQLModel, table=True):
    """A message to a customer. Unique by campaign, customer and planned local date, those cancelled apart."""

    __table_args__ = (
        Index(
            "ix_message_once",
            "campaign",
            "customer_id",
            "planned_on",
            unique=True,
            sqlite_where=sql_text("status <> 'cancelled'"),
        ),
        Index("ix_message_batch", "batch_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="batch.id")
    campaign: str
    customer_id: int = Field(foreign_key="customer.id")
    planned_on: date = Field(sa_type=DayText)
    status: str
    """`planned`, `exported`, `withheld` or `cancelled`."""
    reason: str | None = None
    """Why it was withheld (被拦截), as `code` or `code:detail`; of a cancelled one why it was cancelled."""
    text: str
    """Empty where it was withheld."""
    sent_at: int | None = Field(default=None, sa_type=Instant)
    """When it left the house."""
    sender_id: int | None = Field(default=None, foreign_key="staff.id")
    """The colleague who sends it; NULL for the robot or nobody."""
    variant: str | None = None
    offer: str | None = None
    code_id: int | None = Field(default=None, foreign_key="code.id")
    content: str | None = None
    """The name of the contents that a text was taken from."""
    content_row: str | None = None
    planned_at: int | None = Field(default=None, sa_type=Instant)
    """From when on it is due."""
    entry_id: int | None = Field(default=None, foreign_key="journey_entry.id")


class Code(SQLModel, table=True):
    """A coupon code of a pool that a customer has (发券). Grain: code; one that was freed has no row."""

    __table_args__ = (Index("ix_code_key", "key", unique=True), Index("ix_code_customer", "customer_id"))
    id: int | None = Field(default=None, primary_key=True)
    key: str
    pool: str
    offer: str
    campaign: str
    customer_id: int = Field(foreign_key="customer.id")
    given_on: date = Field(sa_type=DayText)


class ContactBlock(SQLModel, table=True):
    """Somebody who is not to be written to (勿扰名单). Grain: customer × channel, `any` for all of them."""

    __tablename__ = "contact_block"
    __table_args__ = ({"sqlite_with_rowid": False},)
    customer_id: int = Field(primary_key=True, foreign_key="customer.id")
    channel: str = Field(primary_key=True)
    since: int = Field(sa_type=Instant)
    actor: str
    note: str | None = None


class JourneyVersion(SQLModel, table=True):
    """How a journey was defined while somebody was in it. Grain: journey × version."""

    __tablename__ = "journey_version"
    __table_args__ = ({"sqlite_with_rowid": False},)
    journey: str = Field(primary_key=True)
    version: str = Field(primary_key=True)
    """A digest of the definition."""
    definition: str
    run_id: int


class JourneyEntry(SQLModel, table=True):
    """A customer's way through a journey. Grain: journey × customer × entry."""

    __tablename__ = "journey_entry"
    __table_args__ = (
        Index("ix_journey_entry_who", "journey", "customer_id", "entered_at", unique=True),
        Index("ix_journey_entry_customer", "customer_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    journey: str
    playbook: str
    version: str
    """Of the journey when the customer entered."""
    customer_id: int = Field(foreign_key="customer.id")
    entered_at: int = Field(sa_type=Instant)
    anchor_on: date | None = Field(default=None, sa_type=DayText)
    """The date that steps count from; NULL where they count from the entry."""
    run_id: int
    step: str | None = None
    """The next one; NULL at the end."""
    due_at: int | None = Field(default=None, sa_type=Instant)
    waiting_since: int | None = Field(default=None, sa_type=Instant)
    status: str
    """`active`, `done`, `exited` or `stopped`."""
    ended_at: int | None = Field(default=None, sa_type=Instant)
    ended_run_id: int | None = None


class JourneyStep(SQLModel, table=True):
    """What became of a step. Grain: entry × step."""

    __tablename__ = "journey_step"
    __table_args__ = ({"sqlite_with_rowid": False},)
    entry_id: int = Field(primary_key=True, foreign_key="journey_entry.id")
    step: str = Field(primary_key=True)
    state: str
    """`made`, `withheld`, `skipped`, `late`, `happened`, `timeout` or `task`."""
    at: int = Field(sa_type=Instant)
    run_id: int
    reason: str | None = None
