"""Whom messages may go to: each customer's clock, guide, manager, friendship, phone and consents, as the table `people`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from sqlglot import exp

from pdo.compiler import sql
from pdo.core.calendar import date_of, instant_of
from pdo.model.fields import CONSENT_SUFFIX
from pdo.model.outreach import Channel
from pdo.outbox.engine import fixed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from pdo.core.calendar import Moment
    from pdo.outbox.engine import Engine

    Rows = Callable[[str, tuple[str, ...]], "pa.RecordBatchReader | pa.Table"]
    """Gives the rows of a kind with these columns."""

PEOPLE, CLOCK = "people", "clock"
MINUTES = 60


def load_people(
    engine: Engine,
    rows: Rows,
    channels: Collection[Channel],
    moments: Sequence[Moment],
    living: Mapping[int, int] | None,
) -> None:
    """Load `people`.

    Grain: one row a customer. `world`, `today` (day number) and `minute` (after midnight) are its clock; `owner` and `manager`
    are keys of colleagues who are there, those of customers whose guide has left being the manager in both; `consent_<channel>`
    is 1, 0, or NULL where nothing is known.

    Args:
        rows: of the store, or of examples.
        channels: by which anything goes.
        moments: the now of each world; one for a store.
        living: customer → place of its world; None where there is one world.
    """
    consents = [channel.value for channel in channels]
    columns = ("id", "seed", "is_friend", "phone", "owner_id", "store_id")
    engine.load("person", rows("customers", (*columns, *(f"{name}{CONSENT_SUFFIX}" for name in consents))))
    engine.load("colleague", rows("staff", ("id", "key", "store_id", "left_on")))
    engine.load("shop", rows("stores", ("id", "manager_id")))
    engine.load(CLOCK, _clock(moments))
    member: exp.Expr = exp.false()
    if Channel.CHAT in channels:
        engine.load("stay", rows("chats", ("customer_id", "left_at")))
        member = fixed("EXISTS (SELECT 1 FROM stay AS s WHERE s.customer_id = c.id AND s.left_at IS NULL)")
    world: exp.Expr = sql.literal(0)
    if living is not None:
        engine.load(
            "lives",
            pa.table({"customer": pa.array(list(living), pa.int64()), "world": pa.array(list(living.values()))}),
        )
        world = fixed("(SELECT l.world FROM lives AS l WHERE l.customer = c.id)")
    query = exp.select(
        fixed("c.id AS customer"),
        "c.seed",
        "c.is_friend",
        fixed("c.phone IS NOT NULL AS has_phone"),
        "c.owner_id",
        "c.store_id",
        exp.alias_(member, "is_member"),
        exp.alias_(world, "world"),
        *(exp.alias_(sql.column(f"{name}{CONSENT_SUFFIX}", "c"), f"consent_{name}") for name in consents),
    ).from_("person AS c")
    engine.create("placed", query)
    engine.create(PEOPLE, fixed(_PEOPLE))
    for name in ("person", "colleague", "shop", "stay", "lives", "placed"):
        engine.drop(name)


_PEOPLE = """
    SELECT p.* EXCLUDE (owner_id, store_id), w.today, w.minute,
           CASE WHEN o.left_on <= w.date THEN coalesce(m.key, n.key) ELSE o.key END AS owner,
           coalesce(m.key, n.key) AS manager
    FROM placed AS p
    JOIN clock AS w ON w.world = p.world
    LEFT JOIN colleague AS o ON o.id = p.owner_id
    LEFT JOIN shop AS s ON s.id = p.store_id
    LEFT JOIN colleague AS m ON m.id = s.manager_id AND (m.left_on IS NULL OR m.left_on > w.date)
    LEFT JOIN shop AS t ON t.id = o.store_id
    LEFT JOIN colleague AS n ON n.id = t.manager_id AND (n.left_on IS NULL OR n.left_on > w.date)
"""


def _clock(moments: Sequence[Moment]) -> pa.Table:
    """Grain: one row a world, with its local day as number and text, and the minute of the day."""
    minutes = [one.local.hour * MINUTES + one.local.minute for one in moments]
    return pa.table(
        {
            "world": pa.array(range(len(moments)), pa.int64()),
            "today": pa.array([one.today for one in moments], pa.int64()),
            "date": pa.array([date_of(one.today).isoformat() for one in moments], pa.string()),
            "minute": pa.array(minutes, pa.int64()),
        }
    )


def load_instants(engine: Engine, moments: Sequence[Moment], minutes: Collection[int]) -> None:
    """Load `instants`: which instant a minute of the day is in each world.

    Args:
        minutes: those that messages may be planned for, besides the worlds' own.
    """
    found = []
    for world, moment in enumerate(moments):
        local = moment.local
        own = local.hour * MINUTES + local.minute
        for minute in sorted({own, *(one for one in minutes if one < 24 * MINUTES)}):
            wall = local.replace(hour=minute // MINUTES, minute=minute % MINUTES, second=0, tzinfo=None)
            found.append(
                (
                    world,
                    minute,
                    max(instant_of(wall, moment.zone), moment.at) if minute == own else instant_of(wall, moment.zone),
                )
            )
    names = ("world", "minute", "at")
    engine.load(
        "instants",
        pa.table({name: pa.array([row[place] for row in found], pa.int64()) for place, name in enumerate(names)}),
    )
