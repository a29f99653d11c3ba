"""Whether a year was right, counted anew: from the store by plain SQL, the files that left, and the driver's ledger.

Nothing of the program is imported, so that its mistakes are not ours.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sqlite3
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

from python_calamine import CalamineWorkbook

SHANGHAI = timezone(timedelta(hours=8))
FRIENDS = ("wecom", "one_to_one", "moments")
HANDS = ("one_to_one", "call")
REASONS = (
    "blocked",
    "opted_out",
    "no_consent",
    "not_friend",
    "not_member",
    "no_address",
    "no_sender",
    "skipped",
    "no_content",
    "missing_value",
    "too_long",
    "control",
    "exclusive",
    "late",
    "quiet_hours",
    "campaign_cap",
    "cap",
    "quota",
    "capacity",
    "no_code",
)
FAULTS = ("made against consent", "left against consent", "over a cap", "in quiet hours", "from colleagues who left")
CODE = re.compile(r"RC\d{6}")
SHOWN = 5


@dataclass(frozen=True)
class Least:
    """How many there must be."""

    messages: int
    reason: int
    cap: int
    crashes: int


YEAR = Least(messages=40_000, reason=50, cap=100, crashes=50)


class Message(NamedTuple):
    """A row of the store, with its batch and run."""

    id: int
    campaign: str
    customer: str
    planned_on: str
    status: str
    reason: str | None
    text: str
    planned_at: int | None
    code: str | None
    sender: str | None
    batch: int
    batch_status: str
    channel: str
    as_of: int

    @property
    def was_made(self) -> bool:
        """Whether a run let it through, whatever became of it."""
        return self.status in ("planned", "exported") or (self.status == "cancelled" and bool(self.text))

    @property
    def lives(self) -> bool:
        """Whether it left or may leave."""
        return self.status in ("planned", "exported") and self.batch_status in ("draft", "approved", "exported")


MESSAGES = """
    SELECT m.id, m.campaign, c.key, m.planned_on, m.status, m.reason, m.text, m.planned_at, k.key, s.key, m.batch_id, b.status,
           b.channel, r.as_of
    FROM message m JOIN batch b ON b.id = m.batch_id JOIN run r ON r.id = b.run_id JOIN customer c ON c.id = m.customer_id
    LEFT JOIN code k ON k.id = m.code_id LEFT JOIN staff s ON s.id = m.sender_id
    ORDER BY m.id
"""


@dataclass
class Found:
    """What the checker counted, and what is wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    caps: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def judge(self, what: str, faults: Iterable[object]) -> None:
        """Count what must not be, and show the first ones."""
        bad = list(faults)
        self.counts[what] = len(bad)
        if bad:
            self.wrong.append(f"WRONG {what}: {len(bad)}")
            self.wrong += [f"  {one}" for one in bad[:SHOWN]]

    def missing(self, least: Least) -> list[str]:
        """What came up too seldom to prove anything."""
        found = [f"TOO FEW messages: {self.counts['made']}"] if self.counts["made"] < least.messages else []
        found += [
            f"TOO FEW withheld for {one}: {self.reasons[one]}" for one in REASONS if self.reasons[one] < least.reason
        ]
        found += [f"TOO FEW at {name}: {count}" for name, count in self.caps.items() if count < least.cap]
        return found + (
            [f"TOO FEW crashes: {self.counts['crashes']}"] if self.counts["crashes"] < least.crashes else []
        )

    def lines(self) -> Iterator[str]:
        """The counts."""
        for title, counts in (("", self.counts), ("withheld ", self.reasons), ("at ", self.caps)):
            yield from (f"{title + name:44}{count:>10,}" for name, count in counts.items())


# What the program was told ------------------------------------------------------------------------------------------------


@dataclass
class Known:
    """What was known of everybody at some line of the ledger."""

    consent: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    blocks: set[tuple[str, str]] = field(default_factory=set)
    friends: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    leavers: dict[str, str] = field(default_factory=dict)
    policy: dict[str, Any] = field(default_factory=dict)

    def hear(self, line: dict[str, Any]) -> None:
        """One more line."""
        who = line.get("customer", "")
        match line["kind"]:
            case "person":
                (self.phones.add if line["phone"] else self.phones.discard)(who)
                (self.friends.add if line["friend"] else self.friends.discard)(who)
            case "friend":
                (self.friends.add if line["is_friend"] else self.friends.discard)(who)
            case "member":
                (self.members.add if line["is_member"] else self.members.discard)(who)
            case "consent":
                given, withdrawn = self.consent.get((who, line["channel"]), ("", ""))
                times = max(given, line["given"] or ""), max(withdrawn, line["withdrawn"] or "")
                self.consent[who, line["channel"]] = times
            case "block":
                (self.blocks.add if line["is_on"] else self.blocks.discard)((who, line["channel"]))
            case "leaver":
                self.leavers.setdefault(line["staff"], line["on"])
            case "policy":
                self.policy = line

    def against(self, who: str, channel: str) -> str:
        """Why nothing may go to somebody by a channel; empty where it may."""
        given, withdrawn = self.consent.get((who, channel), ("", ""))
        if (who, "any") in self.blocks or (who, channel) in self.blocks:
            return "blocked"
        if withdrawn and withdrawn >= given:
            return "withdrawn"
        if channel in FRIENDS:
            return "" if who in self.friends else "no friend"
        if channel == "chat":
            return "" if who in self.members else "no member"
        return "no consent" if not given else "" if who in self.phones else "no phone"


Days = dict[tuple[str, str], list[int]]

# The check ----------------------------------------------------------------------------------------------------------------


def check(root: Path) -> Found:
    """Count everything of a shop.

    Args:
        root: the project, with the driver's `ledger.jsonl`.
    """
    found = Found()
    with closing(sqlite3.connect(root / "pdo.db")) as store:
        messages = [Message(*row) for row in store.execute(MESSAGES)]
        batches = store.execute("SELECT id, status, channel FROM batch").fetchall()
        handed = dict(store.execute("SELECT message_id, key FROM task WHERE message_id IS NOT NULL"))
        found.judge("store is sound", _unsound(store, len(messages)))
    ledger = [json.loads(line) for line in (root / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]
    found.counts["crashes"] = sum(line["kind"] == "crash" for line in ledger)
    _count(found, messages)
    by_run, by_batch = defaultdict(list), defaultdict(list)
    for message in messages:
        by_run[message.as_of].append(message)
        by_batch[message.batch].append(message)
    sheets = _keys_on_sheets(found, root)
    by_day = defaultdict(list)
    for message in messages:
        if message.status == "exported" and (day := sheets.get(handed.get(message.id, ""))):
            by_day[day].append(message)
    _replay(found, ledger, by_run, by_batch, by_day)
    _once(found, messages)
    _sums(found, batches, by_batch)
    _files(found, root, batches, by_batch)
    _sheets(found, sheets, messages, handed)
    return found


def _unsound(store: sqlite3.Connection, joined: int) -> Iterator[object]:
    yield from (row for row in store.execute("PRAGMA integrity_check") if row != ("ok",))
    yield from store.execute("PRAGMA foreign_key_check")
    (rows,) = store.execute("SELECT count(*) FROM message").fetchone()
    if rows != joined:
        yield f"{rows} messages, {joined} with batch, run and customer"


def _count(found: Found, messages: list[Message]) -> None:
    found.counts["made"] = sum(one.was_made for one in messages)
    for status in ("planned", "exported", "cancelled", "withheld"):
        found.counts[status] = sum(one.status == status for one in messages)
    withheld = [one.reason or "" for one in messages if one.status == "withheld"]
    found.reasons.update(dict.fromkeys(REASONS, 0))
    found.reasons.update(reason.partition(":")[0] for reason in withheld)
    found.judge("reasons nobody knows", sorted({one for one in withheld if one.partition(":")[0] not in REASONS}))
    for reason in withheld:
        if reason.startswith(("cap:", "quota:", "campaign_cap:")):
            found.caps[reason] += 1


def _replay(
    found: Found,
    ledger: list[dict[str, Any]],
    by_run: dict[int, list[Message]],
    by_batch: dict[int, list[Message]],
    by_day: dict[str, list[Message]],
) -> None:
    """Go through what the program was told, and at each run and export look at what it made of it."""
    known = Known()
    faults: dict[str, list[object]] = {name: [] for name in FAULTS}
    lives = _days_of(one for messages in by_run.values() for one in messages if one.lives)
    unheard = set(by_run)
    for line in ledger:
        known.hear(line)
        if line["kind"] == "run":
            at = int(datetime.fromisoformat(line["as_of"]).timestamp())
            unheard.discard(at)
            found.counts["runs"] += 1
            found.caps.update(dict.fromkeys(_caps_of(known.policy), 0))
            for one in by_run.get(at, ()):
                if one.was_made:
                    _look(one, known, lives, faults)
        leaving = _leaving(line, by_batch, by_day)
        faults["left against consent"] += [
            (why, one) for one in leaving if (why := known.against(one.customer, one.channel))
        ]
    for name, bad in faults.items():
        found.judge(name, bad)
    found.judge("runs nobody ordered", unheard)


def _look(one: Message, known: Known, lives: Days, faults: dict[str, list[object]]) -> None:
    """A message at the moment at which a run made it."""
    if why := known.against(one.customer, one.channel):
        faults["made against consent"].append((why, one))
    if known.leavers.get(one.sender or "", "9999") <= one.planned_on:
        faults["from colleagues who left"].append(one)
    faults["over a cap"] += _over(one, known.policy, lives)
    faults["in quiet hours"] += _quiet(one, known.policy["quiet"])


def _leaving(
    line: dict[str, Any], by_batch: dict[int, list[Message]], by_day: dict[str, list[Message]]
) -> list[Message]:
    """The messages that leave the house by a line of the ledger: in the file of a batch, or on a sheet."""
    if line["kind"] == "export":
        return [one for one in by_batch[line["batch"]] if one.status == "exported"]
    return by_day.get(line["day"], []) if line["kind"] == "sheets" else []


def _caps_of(policy: dict[str, Any]) -> Iterator[str]:
    """Every cap as the reason names it."""
    for cap in policy["caps"]:
        yield f"cap:{cap['channel']}:{cap['max']}/{cap['days']}d"
    for own in policy["own"].values():
        yield f"campaign_cap:any:{own['max']}/{own['days']}d"
    yield "quota:wecom:daily"


def _days_of(messages: Iterable[Message]) -> Days:
    """(customer, channel or campaign or `any`) → the days of what left or may leave, rising."""
    days: Days = defaultdict(list)
    for one in messages:
        for name in ("any", one.channel, f"campaign {one.campaign}"):
            days[one.customer, name].append(date.fromisoformat(one.planned_on).toordinal())
    for found in days.values():
        found.sort()
    return days


def _over(one: Message, policy: dict[str, Any], lives: Days) -> Iterator[object]:
    """The caps that are exceeded on a message's day, counted over the days up to it."""
    if not one.lives:
        return
    day = date.fromisoformat(one.planned_on).toordinal()
    limits = [(cap["channel"], cap["max"], cap["days"]) for cap in policy["caps"]]
    limits += [(f"campaign {name}", own["max"], own["days"]) for name, own in policy["own"].items()]
    limits += [(channel, most, 1) for channel, most in policy["quota"].items()]
    for name, most, days in limits:
        if name in ("any", one.channel, f"campaign {one.campaign}"):
            had = lives.get((one.customer, name), [])
            count = bisect_right(had, day) - bisect_right(had, day - days)
            if count > most:
                yield f"{name} {count} > {most} in {days} days", one


def _quiet(one: Message, quiet: list[int]) -> Iterator[object]:
    at = datetime.fromtimestamp(one.planned_at or 0, SHANGHAI)
    minute = at.hour * 60 + at.minute
    if one.planned_at is None or minute >= quiet[0] or minute < quiet[1] or at.date().isoformat() != one.planned_on:
        yield at.isoformat(), one


def _once(found: Found, messages: list[Message]) -> None:
    keys = Counter((one.campaign, one.customer, one.planned_on) for one in messages if one.status != "cancelled")
    found.judge("twice by key", (key for key, count in keys.items() if count > 1))
    control: dict[tuple[str, str], str] = {}
    for one in messages:
        if one.reason == "control":
            key = one.campaign, one.customer
            control[key] = min(control.get(key, one.planned_on), one.planned_on)
    written = (one for one in messages if one.was_made)
    found.judge(
        "to control people", (m for m in written if control.get((m.campaign, m.customer), "9999") <= m.planned_on)
    )
    codes: dict[str, set[str]] = defaultdict(set)
    lived: Counter[str] = Counter()
    for one in messages:
        if one.lives:
            for code in CODE.findall(one.text):
                codes[code].add(one.customer)
                lived[code] += 1
                if code != one.code:
                    found.wrong.append(f"WRONG code in the text is not the code of the row: {one}")
    found.counts["codes given"] = len(codes)
    found.judge("codes twice", (code for code, count in lived.items() if count > 1))


def _sums(found: Found, batches: list[tuple[int, str, str]], by_batch: dict[int, list[Message]]) -> None:
    """What a batch is says what its messages may be."""
    allowed = {
        "draft": {"planned", "withheld"},
        "approved": {"planned", "withheld", "exported"},
        "exported": {"exported", "withheld"},
        "expired": {"planned", "withheld"},
        "cancelled": {"cancelled", "withheld"},
    }
    bad = []
    for number, status, _ in batches:
        strange = {one.status for one in by_batch[number]} - allowed[status]
        if strange:
            bad.append((number, status, strange))
    found.judge("messages in the wrong state", bad)
    parts = sum(found.counts[name] for name in ("planned", "exported", "cancelled", "withheld"))
    total = sum(map(len, by_batch.values()))
    found.judge("sums that differ", [] if parts == total else [(parts, total)])
    found.judge("withheld with a text, or made without", _textless(by_batch))


def _textless(by_batch: dict[int, list[Message]]) -> Iterator[Message]:
    for messages in by_batch.values():
        for one in messages:
            held = one.status == "withheld" and (one.text or not one.reason or one.code)
            if held or (one.status in ("planned", "exported") and (not one.text or one.reason)):
                yield one


def _files(found: Found, root: Path, batches: list[tuple[int, str, str]], by_batch: dict[int, list[Message]]) -> None:
    """Manifests, the files that they name, and the store say the same."""
    bad: list[object] = []
    manifests = {int(path.name.split("-")[1].split(".")[0]): path for path in root.glob("out/*/batch-*.manifest.json")}
    codes: dict[str, set[str]] = defaultdict(set)
    for number, path in manifests.items():
        said = json.loads(path.read_text(encoding="utf-8"))
        rows: list[tuple[str, str]] = []
        for file in said["files"]:
            data = (path.parent / file["name"]).read_bytes()
            here = [(row["customer_id"], row["text"]) for row in csv.DictReader(data.decode("utf-8-sig").splitlines())]
            if len(here) != file["rows"] or hashlib.sha256(data).hexdigest() != file["sha256"]:
                bad.append((path.name, file, len(here)))
            rows += here
        stored = [(one.customer, one.text) for one in by_batch[number] if one.status == "exported"]
        if sorted(rows) != sorted(stored) or said["rows"] != len(rows):
            bad.append((path.name, len(rows), len(stored), said["rows"]))
        for customer, text in rows:
            for code in CODE.findall(text):
                codes[code].add(customer)
        found.counts["rows in batch files"] += len(rows)
    found.counts["batch files"] = len(manifests)
    left = {number for number, status, channel in batches if status == "exported" and channel not in HANDS}
    bad += [f"batch {number} left without a file, or has one and did not leave" for number in left ^ set(manifests)]
    found.judge("files that differ from the store", bad)


def _keys_on_sheets(found: Found, root: Path) -> dict[str, str]:
    """Task → the first day on whose sheets it stands."""
    first: dict[str, str] = {}
    for path in sorted(root.glob("out/*/tasks/*/*.xlsx")):
        found.counts["sheets"] += 1
        head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name("今天的任务").to_python()
        place = head.index("任务编号")
        for row in rows:
            first.setdefault(str(row[place]), path.parents[2].name)
    return first


def _sheets(found: Found, sheets: dict[str, str], messages: list[Message], handed: dict[int, str]) -> None:
    """What colleagues send by hand is on a sheet."""
    left = [one for one in messages if one.status == "exported" and one.channel in HANDS]
    found.counts["messages on sheets"] = len(left)
    found.judge("sent by hand but on no sheet", (one for one in left if handed.get(one.id) not in sheets))
    sent = {one.id for one in left}
    found.judge("tasks of messages that did not leave", (key for number, key in handed.items() if number not in sent))
