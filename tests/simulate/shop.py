"""The people of the shop and what befalls them day by day, seeded; the ledger of what was told to the program."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

CITIES = ("北京", "上海", "杭州")
STORES = 5
GUIDES = 25
Row = dict[str, Any]


@dataclass
class Ledger:
    """What was told to the program, line by line in the order in which it was done."""

    path: Path

    def note(self, kind: str, **told: Any) -> None:
        """Write a line."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"kind": kind, **told}, ensure_ascii=False) + "\n")


@dataclass(frozen=True)
class Files:
    """The files that wait: kind → rows; and the lines of the ledger that are true once those are in."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    told: dict[str, list[tuple[str, Row]]] = field(default_factory=dict)

    def add(self, kind: str, **row: Any) -> None:
        """A row of a file."""
        self.rows.setdefault(kind, []).append(row)

    def tell(self, kind: str, line: str, **told: Any) -> None:
        """A line of the ledger that is true once the file of a kind is in."""
        self.told.setdefault(kind, []).append((line, told))


def csv_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as a CSV whose columns are those of all rows."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = StringIO()
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


class Town:
    """Everybody, and chance."""

    def __init__(self, seed: int, customers: int, first: date) -> None:
        self.chance = random.Random(seed)
        self.first = first
        self.people = [f"k{number:05d}" for number in range(customers)]
        self.orders: list[tuple[str, str, int]] = []
        self.codes = 0
        self.numbers = 0

    # The beginning --------------------------------------------------------------------------------------------------------

    def open(self, files: Files) -> None:
        """What there is on the first day."""
        for store in range(STORES):
            files.add("stores", store_id=f"m{store}", name=f"门店{store}", manager=f"boss{store}")
            files.add("staff", staff_id=f"boss{store}", name=f"店长{store}", role="店长", store=f"m{store}")
        for guide in range(GUIDES):
            files.add("staff", staff_id=f"g{guide}", name=f"导购{guide}", role="导购", store=f"m{guide % STORES}")
        files.add("chats", chat_id="群1", name="福利群", store="m0")
        for key in self.people:
            self._person(files, key, self._before(400))
        for key in self.people:
            for _ in range(self.chance.randrange(3)):
                self._order(files, key, self._before(90))
        self.stock(files, 40)

    def _before(self, days: int) -> datetime:
        age = timedelta(days=self.chance.randrange(4, days), minutes=self.chance.randrange(600))
        return datetime.combine(self.first, datetime.min.time()).replace(hour=10) - age

    def _person(self, files: Files, key: str, added: datetime) -> None:
        chance = self.chance
        owner = f"g{chance.randrange(GUIDES)}" if chance.random() < 0.92 else ""
        row = {
            "customer_id": key,
            "name": f"客人{key}" if chance.random() < 0.85 else "",
            "remark_name": "啊" * 1400 if chance.random() < 0.03 else "",
            "phone": f"139{int(key[1:]):08d}" if chance.random() < 0.85 else "",
            "birthday": date(1990, 1, 1) + timedelta(days=chance.randrange(365)) if chance.random() < 0.7 else "",
            "city": chance.choice(CITIES),
            "owner": owner,
            "store": f"m{int(owner[1:]) % STORES}" if owner else "",
            "is_friend": "是" if chance.random() < 0.85 else "否",
            "added_at": added,
        }
        files.add("customers", **row)
        files.tell("customers", "person", customer=key, phone=bool(row["phone"]), friend=row["is_friend"] == "是")
        if chance.random() < 0.6:
            self.consent(files, key, "sms", given=added)
        if chance.random() < 0.5:
            files.add("members", chat_id="群1", customer_id=key, joined_at=added)
            files.tell("members", "member", customer=key, is_member=True)

    def consent(
        self, files: Files, key: str, channel: str, *, given: datetime | None = None, withdrawn: datetime | None = None
    ) -> None:
        """Leave to write, or its end."""
        files.add("consents", customer_id=key, channel=channel, given_at=given or "", withdrawn_at=withdrawn or "")
        times = {"given": given and given.isoformat(), "withdrawn": withdrawn and withdrawn.isoformat()}
        files.tell("consents", "consent", customer=key, channel=channel, **times)

    def _order(self, files: Files, key: str, at: datetime) -> None:
        self.numbers += 1
        paid = self.chance.randrange(20, 400)
        files.add("orders", order_id=f"o{self.numbers}", customer_id=key, paid_at=at, paid=paid, status="已完成")
        self.orders.append((f"o{self.numbers}", key, paid))

    def stock(self, files: Files, count: int) -> None:
        """New codes."""
        for _ in range(count):
            self.codes += 1
            files.add("coupons", code=f"RC{self.codes:06d}", offer="回店券码")

    # A day ----------------------------------------------------------------------------------------------------------------

    def day(self, files: Files, today: date) -> None:
        """What came in since yesterday; some of it late."""
        morning = datetime.combine(today, datetime.min.time()).replace(hour=7)
        chance, some = self.chance, max(1, len(self.people) // 200)
        for key in chance.choices(self.people, k=some * 2):
            late = timedelta(days=chance.choice((0, 0, 0, 3, 12)))
            self._order(files, key, morning - timedelta(hours=chance.randrange(1, 20)) - late)
        for key in chance.choices(self.people, k=some):
            files.add(
                "events",
                customer_id=key,
                type="客户回复",
                occurred_at=morning - timedelta(minutes=chance.randrange(600)),
            )
        for key in chance.choices(self.people, k=max(1, some // 4)):
            channel = chance.choice(("sms", "sms", "wecom", "one_to_one", "chat"))
            if chance.random() < 0.6:
                self.consent(files, key, channel, withdrawn=morning - timedelta(days=chance.choice((0, 1, 6))))
            else:
                self.consent(files, key, channel, given=morning - timedelta(days=chance.choice((0, 1, 6))))
        for number, key, paid in chance.choices(self.orders, k=max(1, some // 5)):
            files.add(
                "orders",
                order_id=number,
                customer_id=key,
                paid=paid,
                refunded=paid,
                refunded_at=morning,
                status="已退款",
            )
        for key in chance.sample(self.people, k=max(1, some // 8)):
            is_friend = chance.random() < 0.5
            files.add("customers", customer_id=key, is_friend="是" if is_friend else "否")
            files.tell("customers", "friend", customer=key, is_friend=is_friend)
        for _ in range(max(1, some // 5)):
            key = f"k{len(self.people):05d}"
            self.people.append(key)
            self._person(files, key, morning - timedelta(hours=chance.randrange(1, 12)))
        if (today - self.first).days % 21 == 0:
            self.stock(files, 12 * some)
        if (today - self.first).days % 45 == 44:
            guide = chance.randrange(GUIDES)
            files.add("staff", staff_id=f"g{guide}", left_on=today)
            files.tell("staff", "leaver", staff=f"g{guide}", on=today.isoformat())

    def blocks(self) -> Iterator[tuple[str, str, str]]:
        """What a hand does to the block list today: `add` or `remove`, whom, by which channel."""
        for key in self.chance.sample(self.people, k=self.chance.choice((0, 1, 2, 4))):
            yield self.chance.choice(("add", "add", "remove")), key, self.chance.choice(("any", "wecom", "sms"))
