"""What files bring: customers and all that is known of them."""

# SQLModel reads these annotations when a class is made, so they are imported for real.
from datetime import date

from sqlalchemy import Column, ForeignKey, Index, Integer
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
