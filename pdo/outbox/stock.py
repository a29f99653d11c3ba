"""Whether codes last and hold: what is short, what ends before it was promised to. Nothing is held back for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
from sqlalchemy import select
from sqlmodel import col

from pdo.core.calendar import Moment, date_of
from pdo.model.outbox import Reason
from pdo.model.previews import StockNote
from pdo.outbox.history import read_codes
from pdo.outbox.hours import last_day
from pdo.store.tables import Coupon

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Select

    from pdo.model.outbox import PlannedBatch
    from pdo.model.outreach import Outreach
    from pdo.store.door import Door


def stock_notes(
    door: Door, outreach: Outreach, now: Moment, batches: Sequence[PlannedBatch], edited: Sequence[int]
) -> tuple[StockNote, ...]:
    """What is to be said of the codes and offers of a run before it is applied.

    Args:
        edited: batches that are to be made anew, whose codes are free.
    """
    given: Counter[str] = Counter()
    lacking: Counter[str] = Counter()
    for batch in batches:
        for one in _pools(batch):
            given[one["pool"]] += one["code_count"]
            lacking[one["pool"]] += one["lacks_sum"]
    found = list(_offers(batches, outreach))
    if given or lacking:
        free = Counter(read_codes(door, outreach, now, edited).column("pool").to_pylist())
        found += [StockNote("short", pool, count=count) for pool, count in sorted(lacking.items()) if count]
        left = {pool: free[pool] - count for pool, count in sorted(given.items()) if count and not lacking[pool]}
        found += [
            StockNote("low", pool, count=given[pool], left=rest) for pool, rest in left.items() if rest < given[pool]
        ]
        found += _codes(batches, outreach, _last_days(door, given, now.zone))
    return tuple(found)


def _pools(batch: PlannedBatch) -> list[dict[str, Any]]:
    """How many codes of each pool a batch gives, and how many it lacks."""
    rows = batch.rows.select(["pool", "code", "reason"])
    rows = rows.filter(pc.is_valid(rows.column("pool")))
    lacks = pc.cast(pc.fill_null(pc.equal(rows.column("reason"), str(Reason.NO_CODE)), fill_value=False), "int64")
    rows = rows.append_column("lacks", lacks)
    counted = rows.group_by("pool").aggregate([("code", "count"), ("lacks", "sum")]).to_pylist()
    return [one for one in counted if one["code_count"] or one["lacks_sum"]]


def _leaves(batch: PlannedBatch) -> int:
    """The last day on which a message of a batch may leave."""
    valid = batch.source.valid
    return batch.planned_on if valid is None else last_day(batch.planned_on, valid)


def _offers(batches: Iterable[PlannedBatch], outreach: Outreach) -> Iterator[StockNote]:
    """Offers that are over before the last message that makes them may leave."""
    for batch in batches:
        going = batch.rows.filter(pc.is_null(batch.rows.column("reason")))
        for name in sorted(pc.unique(going.column("offer").drop_null()).to_pylist()):
            valid = outreach.offers[name].valid
            if valid is not None and (day := last_day(batch.planned_on, valid)) < _leaves(batch):
                yield StockNote("offer", name, day=_told(day), until=_told(_leaves(batch)))


def _codes(batches: Iterable[PlannedBatch], outreach: Outreach, ends: Mapping[str, int]) -> Iterator[StockNote]:
    """Codes that are over before the offer is, or before the message may leave."""
    early: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for batch in batches if ends else ():
        rows = batch.rows.select(["pool", "offer", "code"])
        for row in rows.filter(pc.is_valid(rows.column("code"))).to_pylist():
            valid = outreach.offers[row["offer"]].valid
            until = max(_leaves(batch), batch.planned_on if valid is None else last_day(batch.planned_on, valid))
            if ends.get(row["code"], until) < until:
                early[row["pool"]].append((ends[row["code"]], until))
    for pool, days in sorted(early.items()):
        day, until = min(day for day, _ in days), max(until for _, until in days)
        yield StockNote("ends", pool, count=len(days), day=_told(day), until=_told(until))


def _last_days(door: Door, pools: Iterable[str], zone: str) -> dict[str, int]:
    """The last day of each imported code that ends and that nobody has."""
    query: Select[*tuple[Any, ...]] = select(col(Coupon.key), col(Coupon.expires_at)).where(
        col(Coupon.offer).in_(list(pools)), col(Coupon.expires_at).is_not(None), col(Coupon.customer_id).is_(None)
    )
    return {key: Moment(ends - 1, zone).today for key, ends in door.rows(query)}


def _told(day: int) -> str:
    return date_of(day).isoformat()
