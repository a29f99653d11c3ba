"""The tables. What is kept and why stands in `docs/reference/store.md`.

Surrogate keys are integers, natural keys are called `key`. Money is integer minor units, quantities are
integer thousandths, moments are UTC seconds, dates ISO text. `extra` holds declared attributes as a JSON
object, sorted keys, absent values left out; NULL when there are none. `row_hash` is a 63-bit hash of the
row's content that finds changes.
"""

from sqlmodel import SQLModel

from pdo.store.tables.facts import (
    Channel,
    Chat,
    ChatMember,
    Consent,
    Coupon,
    Customer,
    DeclaredRow,
    Event,
    Follow,
    Identity,
    Lead,
    OrderItem,
    Product,
    Referral,
    SalesOrder,
    Spend,
    Staff,
    Store,
    Task,
)
from pdo.store.tables.outreach import Batch, Code, ContactBlock, JourneyEntry, JourneyStep, JourneyVersion, Message
from pdo.store.tables.persons import Carried, IdentityConflict, IdentityDecision, Processing, Profile, Suppression
from pdo.store.tables.rules import (
    Assignment,
    BeforeImage,
    Block,
    ExportLog,
    FileImport,
    HandEdit,
    Label,
    Reject,
    Run,
    RunImage,
    StoreState,
)

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

__all__ = (
    "JOURNALS",
    "METADATA",
    "Assignment",
    "Batch",
    "BeforeImage",
    "Block",
    "Carried",
    "Channel",
    "Chat",
    "ChatMember",
    "Code",
    "Consent",
    "ContactBlock",
    "Coupon",
    "Customer",
    "DeclaredRow",
    "Event",
    "ExportLog",
    "FileImport",
    "Follow",
    "HandEdit",
    "Identity",
    "IdentityConflict",
    "IdentityDecision",
    "JourneyEntry",
    "JourneyStep",
    "JourneyVersion",
    "Label",
    "Lead",
    "Message",
    "OrderItem",
    "Processing",
    "Product",
    "Profile",
    "Referral",
    "Reject",
    "Run",
    "RunImage",
    "SalesOrder",
    "Spend",
    "Staff",
    "Store",
    "StoreState",
    "Suppression",
    "Task",
)
