"""The tables. What is kept and why stands in `docs/reference/store.md`.

Surrogate keys are integers, natural keys are called `key`. Money is integer minor units, quantities are
integer thousandths, moments are UTC seconds, dates ISO text. `extra` holds declared attributes as a JSON
object, sorted keys, absent values left out; NULL when there are none. `row_hash` is a 63-bit hash of the
row's content that finds changes.
"""

# SQLModel reads these annotations when a class is made, so they are imported for real.
from datetime import date

from sqlalchemy import Column, ForeignKey, Index, Integer
from sqlalchemy import text as sql_text
from sqlmodel import Field, SQLModel

from pdo.store.types import DayText, Instant


class Customer(SQLModel, table=True):
    """A customer. Grain: one person as far as known."""

    id: int | None = Field(default=None, primary_key=True)
    key: str
    """The own id by which people know this customer; ties are broken by it. Found through `Identity`."""
    seed: str
    """Decides control groups, variants and buckets: the first 16 hex digits of the sha256 of the own id.

    Fixed when the customer is made, survives merges. Set-based: `substr(sha256(key), 1, 16)`.
    """
    name: str | None = None
    remark_name: str | None = None
    phone: str | None = None
    gender: str | None = None
    birthday: date | None = Field(default=None, sa_type=DayText)
    city: str | None = None
    source_channel: str | None = None
    added_at: int | None = Field(default=None, sa_type=Instant)
    owner_id: int | None = Field(default=None, foreign_key="staff.id")
    store_id: int | None = Field(default=None, foreign_key="store.id")
    member_level: str | None = None
    points: int | None = None
    is_friend: int | None = None
    vip_from: date | None = Field(default=None, sa_type=DayText)
    vip_until: date | None = Field(default=None, sa_type=DayText)
    extra: str | None = None
    row_hash: int
    import_id: int
    """The import that wrote the row last; 0 for a customer made by hand."""


class Identity(SQLModel, table=True):
    """An outside identifier of a customer.

    Grain: kind (`own` `phone` `external` `unionid`) × value × customer.
    """

    __table_args__ = (
        Index("ix_identity_customer", "customer_id"),
        {"sqlite_with_rowid": False},
    )
    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    customer_id: int = Field(primary_key=True, foreign_key="customer.id")


class Product(SQLModel, table=True):
    """A product. Grain: one SKU; one that only items name has nothing but its key."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    product: str | None = None
    category: str | None = None
    brand: str | None = None
    price: int | None = None
    cycle_days: int | None = None
    extra: str | None = None
    row_hash: int
    import_id: int


class Store(SQLModel, table=True):
    """A shop."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str | None = None
    city: str | None = None
    # Staff and stores refer to one another; `use_alter` tells SQLAlchemy which of the two does not decide
    # their order.
    manager_id: int | None = Field(
        default=None,
        sa_column=Column(Integer, ForeignKey("staff.id", name="fk_store_manager", use_alter=True)),
    )
    extra: str | None = None
    row_hash: int
    import_id: int


class Staff(SQLModel, table=True):
    """A colleague."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str | None = None
    role: str | None = None
    persona: str | None = None
    store_id: int | None = Field(default=None, foreign_key="store.id")
    capacity: int | None = None
    left_on: date | None = Field(default=None, sa_type=DayText)
    """The day on which they left the company (离职日期); their customers' messages go to the manager of the store."""
    extra: str | None = None
    row_hash: int
    import_id: int


class SalesOrder(SQLModel, table=True):
    """An order. Without a customer it counts in reports, not in rules; without `paid_at` it is not paid."""

    __tablename__ = "sales_order"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    created_at: int | None = Field(default=None, sa_type=Instant)
    paid_at: int | None = Field(default=None, sa_type=Instant)
    status: str | None = None
    channel: str | None = None
    store_id: int | None = Field(default=None, foreign_key="store.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    coupon: str | None = None
    discount: int | None = None
    paid: int | None = None
    """Gross: what was paid, refunds not taken off."""
    refunded: int | None = None
    refunded_at: int | None = Field(default=None, sa_type=Instant)
    extra: str | None = None
    row_hash: int
    import_id: int


class OrderItem(SQLModel, table=True):
    """A line of an order.

    Grain: order × line; without a line number the line is `sku#n`, its n-th in the order.
    """

    __tablename__ = "order_item"
    __table_args__ = ({"sqlite_with_rowid": False},)
    order_id: int = Field(primary_key=True, foreign_key="sales_order.id")
    line: str = Field(primary_key=True)
    product_id: int = Field(foreign_key="product.id")
    quantity: int | None = None
    amount: int | None = None
    extra: str | None = None
    row_hash: int
    import_id: int


class Event(SQLModel, table=True):
    """Something a customer did. Without an id of its own the key is made of its content."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    customer_id: int = Field(foreign_key="customer.id")
    type: str
    occurred_at: int = Field(sa_type=Instant)
    extra: str | None = None
    row_hash: int
    import_id: int


class Chat(SQLModel, table=True):
    """A group chat (社群). One that only members name has nothing but its key."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str | None = None
    type: str | None = None
    store_id: int | None = Field(default=None, foreign_key="store.id")
    owner_id: int | None = Field(default=None, foreign_key="staff.id")
    city: str | None = None
    created_at: int | None = Field(default=None, sa_type=Instant)
    dissolved_at: int | None = Field(default=None, sa_type=Instant)
    capacity: int | None = None
    extra: str | None = None
    row_hash: int
    import_id: int


class ChatMember(SQLModel, table=True):
    """A stay in a chat. Grain: chat × customer × when they joined; who joins again has another row."""

    __tablename__ = "chat_member"
    __table_args__ = (Index("ix_chat_member_customer", "customer_id"), {"sqlite_with_rowid": False})
    chat_id: int = Field(primary_key=True, foreign_key="chat.id")
    customer_id: int = Field(primary_key=True, foreign_key="customer.id")
    joined_at: int = Field(primary_key=True, sa_type=Instant)
    left_at: int | None = Field(default=None, sa_type=Instant)
    join_way: str | None = None
    extra: str | None = None
    row_hash: int
    import_id: int


class Follow(SQLModel, table=True):
    """Who follows whom (跟进关系). Grain: customer × colleague, as the last file says it."""

    __table_args__ = ({"sqlite_with_rowid": False},)
    customer_id: int = Field(primary_key=True, foreign_key="customer.id")
    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    added_at: int | None = Field(default=None, sa_type=Instant)
    removed_at: int | None = Field(default=None, sa_type=Instant)
    remark_name: str | None = None
    add_way: str | None = None
    state: str | None = None
    """What the channel QR code said of itself."""
    extra: str | None = None
    row_hash: int
    import_id: int


class Channel(SQLModel, table=True):
    """Where customers come from, and money goes to."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str | None = None
    store_id: int | None = Field(default=None, foreign_key="store.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    started_on: date | None = Field(default=None, sa_type=DayText)
    ended_on: date | None = Field(default=None, sa_type=DayText)
    note: str | None = None
    extra: str | None = None
    row_hash: int
    import_id: int


class Spend(SQLModel, table=True):
    """What a channel cost. Grain: channel × day × item; the item is empty where a file has none."""

    __table_args__ = ({"sqlite_with_rowid": False},)
    channel_id: int = Field(primary_key=True, foreign_key="channel.id")
    spent_on: date = Field(primary_key=True, sa_type=DayText)
    item: str = Field(primary_key=True)
    amount: int | None = None
    extra: str | None = None
    row_hash: int
    import_id: int


class Lead(SQLModel, table=True):
    """A phone number that is no friend yet (线索). Grain: phone, which is the key."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str | None = None
    city: str | None = None
    source_channel: str | None = None
    created_at: int | None = Field(default=None, sa_type=Instant)
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    assigned_at: int | None = Field(default=None, sa_type=Instant)
    accepted_at: int | None = Field(default=None, sa_type=Instant)
    status: str | None = None
    note: str | None = None
    extra: str | None = None
    row_hash: int
    import_id: int


class Coupon(SQLModel, table=True):
    """A coupon code. Grain: code; without a customer nobody has it yet."""

    __table_args__ = (Index("ix_coupon_customer", "customer_id"),)
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    offer: str | None = None
    campaign: str | None = None
    value: int | None = None
    issued_at: int | None = Field(default=None, sa_type=Instant)
    used_at: int | None = Field(default=None, sa_type=Instant)
    expires_at: int | None = Field(default=None, sa_type=Instant)
    order_id: str | None = None
    """The own number of the order that it paid for, as text: the order may come later or never."""
    status: str | None = None
    extra: str | None = None
    row_hash: int
    import_id: int


class Task(SQLModel, table=True):
    """Something that a colleague is to do, mostly for a customer: out of a file, or made by a run."""

    __table_args__ = (Index("ix_task_customer", "customer_id"),)
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    type: str | None = None
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    created_at: int | None = Field(default=None, sa_type=Instant)
    due_on: date | None = Field(default=None, sa_type=DayText)
    done_at: int | None = Field(default=None, sa_type=Instant)
    status: str | None = None
    result: str | None = None
    note: str | None = None
    text: str | None = None
    extra: str | None = None
    row_hash: int
    import_id: int
    source: str | None = None
    """What made it: a campaign, the tag of an alert, or `journey/step`; NULL for a task out of a file."""
    run_id: int | None = None
    """The run that made it; NULL for a task out of a file."""
    entry_id: int | None = Field(default=None, foreign_key="journey_entry.id")
    message_id: int | None = Field(default=None, foreign_key="message.id")
    """The message that a colleague sends by hand; NULL for all other tasks."""
    escalate_at: int | None = Field(default=None, sa_type=Instant)
    """When somebody else is told, should it not be done by then."""
    escalate_to: str | None = None
    """`manager`, `owner` or the key of a colleague."""
    escalated_at: int | None = Field(default=None, sa_type=Instant)


class Consent(SQLModel, table=True):
    """Whether a customer may be reached on a channel (授权). Grain: customer × channel.

    Allowed is who gave consent and did not withdraw it at that moment or later.
    """

    __table_args__ = ({"sqlite_with_rowid": False},)
    customer_id: int = Field(primary_key=True, foreign_key="customer.id")
    channel: str = Field(primary_key=True)
    given_at: int | None = Field(default=None, sa_type=Instant)
    withdrawn_at: int | None = Field(default=None, sa_type=Instant)
    source: str | None = None
    extra: str | None = None
    row_hash: int
    import_id: int

    @property
    def is_allowed(self) -> bool:
        """Whether consent was given and not withdrawn then or later."""
        if self.given_at is None:
            return False
        return self.withdrawn_at is None or self.withdrawn_at < self.given_at


class Referral(SQLModel, table=True):
    """A customer who brought another one. Without an id of its own the key is made of its content."""

    __table_args__ = (Index("ix_referral_customer", "customer_id"),)
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    customer_id: int = Field(foreign_key="customer.id")
    """Who brought."""
    referred_id: int = Field(foreign_key="customer.id")
    """Who was brought."""
    channel: str | None = None
    campaign: str | None = None
    occurred_at: int = Field(sa_type=Instant)
    extra: str | None = None
    row_hash: int
    import_id: int


class DeclaredRow(SQLModel, table=True):
    """A row of a table that `pdo.yaml` declares. All its columns stand in `extra`."""

    __tablename__ = "declared_row"
    __table_args__ = (
        Index("ix_declared_row_key", "kind", "key", unique=True),
        Index("ix_declared_row_customer", "customer_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    """The table's name in `pdo.yaml`."""
    key: str
    """Its key columns, parted by U+001F; where it declares none, a digest of the row's content."""
    customer_id: int = Field(foreign_key="customer.id")
    extra: str | None = None
    row_hash: int
    import_id: int


class FileImport(SQLModel, table=True):
    """A journal row for each imported file: who, when, from what, how many.

    The other six counts sum up to `read`.
    """

    __tablename__ = "file_import"
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    path: str
    digest: str
    """sha256 of the file's bytes."""
    encoding: str
    mode: str = Field(default="merge", sa_column_kwargs={"server_default": "merge"})
    """`merge`, `replace` or `new-only`."""
    recipe: str | None = None
    """sha256 of all that decides what the same bytes come to: kind, options, mapping, declared columns."""
    started_at: int = Field(sa_type=Instant)
    actor: str
    read: int
    new: int
    changed: int
    same: int
    duplicate: int
    rejected: int
    blank: int
    undone_at: int | None = Field(default=None, sa_type=Instant)
    undone_by: str | None = None


class BeforeImage(SQLModel, table=True):
    """What a row was before an import changed it, so that the import can be taken back.

    Grain: import × row that it changed, or that it made in a table whose rows do not name their import.
    """

    __tablename__ = "before_image"
    id: int | None = Field(default=None, primary_key=True)
    import_id: int = Field(foreign_key="file_import.id", index=True)
    of_table: str
    identity: str
    """JSON array: the row's primary key."""
    content: str | None = None
    """JSON object: the row, column by column; NULL where there was none."""


class Reject(SQLModel, table=True):
    """Why a record of a file did not go in. Grain: one fault of one record."""

    id: int | None = Field(default=None, primary_key=True)
    import_id: int = Field(foreign_key="file_import.id", index=True)
    line: int
    column: str | None = None
    value: str | None = None
    code: str
    params: str | None = None
    """JSON: the values that the wording of the code names."""


class Run(SQLModel, table=True):
    """A run of playbooks that was applied."""

    id: int | None = Field(default=None, primary_key=True)
    as_of: int = Field(sa_type=Instant)
    started_at: int = Field(sa_type=Instant)
    actor: str
    playbooks: str
    """JSON: playbook → sha256 of its file."""
    changes: int
    counts: str
    """JSON: gained, lost and moved per rule."""
    thresholds: str | None = None
    """JSON: what values were held against (averages, medians, quintiles, the last of the best), for `explain`."""
    renames: str | None = None
    """JSON: label id → its name before and after, where a rule was renamed."""
    override: str | None = None
    """JSON: why the guard was passed over, and what it had stopped; NULL where it had nothing to say."""
    import_id: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The last import that it saw; 0 for none."""
    undone_at: int | None = Field(default=None, sa_type=Instant)
    undone_by: str | None = None


class Label(SQLModel, table=True):
    """A tag, a stage of a lifecycle or a segment: what an assignment assigns."""

    __table_args__ = (Index("ix_label_name", "kind", "scope", "name", unique=True),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    """`tag`, `stage` or `segment`."""
    scope: str = ""
    """The lifecycle of a stage; empty for tags and segments."""
    name: str
    playbook: str = ""
    """The playbook that owns the rule; empty for what only hands and files put on."""
    import_id: int | None = None
    """The import that made it; NULL for what no file made."""


class Assignment(SQLModel, table=True):
    """A label on a customer. Grain: label × customer × source × the run or hand that gave it.

    Clustered by label, so a rule's members are read and written in one stretch.
    """

    __table_args__ = ({"sqlite_with_rowid": False},)
    label_id: int = Field(primary_key=True, foreign_key="label.id")
    customer_id: int = Field(primary_key=True, foreign_key="customer.id")
    source: str = Field(primary_key=True)
    """`rule`, `staff`, `file` or `platform`."""
    since: int = Field(primary_key=True, sa_type=Instant)
    run_id: int = Field(primary_key=True, default=0)
    """The run that gave it; 0 for a hand. Part of the key, for two runs may have the same as-of."""
    until: int | None = Field(default=None, sa_type=Instant)
    until_run_id: int | None = None
    """The run that took it away; NULL while it holds, 0 for a hand."""
    import_id: int | None = None
    """The import that gave it; NULL for what did not come from a file."""


class Block(SQLModel, table=True):
    """A rule's tag that a hand took off: it stays off until unblocked."""

    __table_args__ = ({"sqlite_with_rowid": False},)
    label_id: int = Field(primary_key=True, foreign_key="label.id")
    customer_id: int = Field(primary_key=True, foreign_key="customer.id")
    since: int = Field(sa_type=Instant)
    actor: str


class HandEdit(SQLModel, table=True):
    """A journal row for each change by hand: who put on or took off what, when, why."""

    __tablename__ = "hand_edit"
    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=Instant)
    actor: str
    action: str
    """`set` or `remove`."""
    label_id: int = Field(foreign_key="label.id")
    customer_id: int = Field(foreign_key="customer.id")
    note: str | None = None


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


class ExportLog(SQLModel, table=True):
    """A journal row for each file with customers in it that left the store. Holds no personal data."""

    __tablename__ = "export_log"
    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=Instant)
    actor: str
    what: str
    path: str
    rows: int
    columns: str
    digest: str
    """sha256 of the file's bytes."""


class RunImage(SQLModel, table=True):
    """What a row was before a run changed it, so that the run can be taken back. Assignments say by themselves what a run did.

    Grain: run × change of a row; the first one of a row says what it was.
    """

    __tablename__ = "run_image"
    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(index=True)
    of_table: str
    identity: str
    """JSON array: the row's primary key."""
    content: str | None = None
    """JSON object: the row, column by column; NULL where there was none."""


class StoreState(SQLModel, table=True):
    """Which store this is and how often it was written. Grain: one row."""

    __tablename__ = "store_state"
    id: int | None = Field(default=None, primary_key=True)
    lineage: str
    """Made with the store, at random; copies of it share it."""
    serial: int
    """One more with every transaction that wrote something."""


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


class Profile(SQLModel, table=True):
    """A customer as one own id shows it, of those that were found to be one person (合并).

    Grain: own id of a person who has several. The kept one is among them; the others have no row in `customer` while they are
    joined. See `docs/adr/0012-who-is-one-person.md`.
    """

    id: int | None = Field(default=None, primary_key=True)
    """Its surrogate key as a customer of its own."""
    key: str = Field(unique=True)
    person_id: int = Field(foreign_key="customer.id", index=True)
    """The customer that is kept."""
    rank: int
    """1 for the kept one; of the others the first that says something fills what the kept one leaves open."""
    evidence: str
    """JSON object: its row of `customer`, as files wrote it."""
    filled: str | None = None
    """JSON object: the kept one's row as it was filled; NULL for the others."""


class Carried(SQLModel, table=True):
    """A row that names an own id whose customer was joined to another, and that stands with the kept one."""

    __table_args__ = (Index("ix_carried_table", "of_table", "of_column", "named_id"),)
    id: int | None = Field(default=None, primary_key=True)
    of_table: str
    of_column: str
    named_id: int
    """The surrogate key that the row itself names."""
    person_id: int
    row_id: int | None = None
    """The row, where its key does not name the customer."""
    content: str | None = None
    """JSON object: the row as it was, where its key names the customer."""
    placed: int = 0
    """1: it stands with the kept customer; 0: set aside, for there is such a row already; 2: what stood there, made one of several."""
    became: str | None = None
    """JSON object: what of it was changed, where `placed` is 2."""


class IdentityConflict(SQLModel, table=True):
    """What joins nobody though it stands on several customers. Decided anew with every join."""

    __tablename__ = "identity_conflict"
    id: int | None = Field(default=None, primary_key=True)
    reason: str
    """`same_source`, `names` or `listed` for a shared identifier, `several` for a customer that points at two, `apart` for a hand's."""
    kind: str
    value: str
    keys: str
    """JSON array: own ids, sorted, at most twenty."""
    count: int


class IdentityDecision(SQLModel, table=True):
    """A hand's word on who is one person; the later one holds."""

    __tablename__ = "identity_decision"
    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=Instant)
    actor: str
    action: str
    """`merge` or `split`."""
    key: str
    """The own id that is joined to another one, or that stands for itself."""
    into_key: str | None = None
    """The own id that is kept; NULL for a split."""
    note: str | None = None
    undone_at: int | None = Field(default=None, sa_type=Instant)
    undone_by: str | None = None


class Suppression(SQLModel, table=True):
    """Somebody who was erased and must not come back. Holds no personal data: a keyed digest, whose key lies beside the store."""

    __table_args__ = ({"sqlite_with_rowid": False},)
    digest: str = Field(primary_key=True)
    """HMAC-SHA-256 over kind and value of an identifier, hexadecimal."""
    kind: str
    at: int = Field(sa_type=Instant)
    key_check: str
    """The first 16 hex digits of the sha256 of the key."""


class Processing(SQLModel, table=True):
    """A journal row for each use of personal data that is no export: erased, shown unmasked, purged. Holds no personal data."""

    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=Instant)
    actor: str
    action: str
    rows: int
    detail: str | None = None
    """JSON object: counts by table, the purpose."""


JOURNALS: tuple[str, ...] = (
    "carried",
    "processing",
    "file_import",
    "before_image",
    "reject",
    "run",
    "run_image",
    "store_state",
    "hand_edit",
    "export_log",
)
"""Tables that say what was done, left out of `pdo db dump --state`."""

METADATA = SQLModel.metadata
"""All tables, for migrations, dumps and checks."""
