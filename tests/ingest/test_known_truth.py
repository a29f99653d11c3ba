"""A chain of 5,000 made-up people in a shop's own system, on Taobao and in WeCom: who is who is known here, and must come out."""

from __future__ import annotations

import csv
import random
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from pdo.ingest.importer import import_file
from pdo.ingest.places import table_of
from pdo.model.fields import KINDS
from pdo.model.settings import Settings
from pdo.store import schema
from pdo.store.door import open_door
from pdo.store.tables import Identity

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PEOPLE = 5_000
FAMILY_NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
GIVEN_NAMES = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉红"
SHOP, TAOBAO, WECOM = "", "taobao", "wecom"


@dataclass
class Chain:
    """Rows of three sources, and the person behind each own id.

    Args:
        rows: source → rows.
        truth: own id → person.
    """

    rows: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))
    truth: dict[str, int] = field(default_factory=dict)

    def add(self, source: str, person: int, own: str, **cells: str) -> None:
        self.rows[source].append({"customer_id": own, **cells})
        self.truth[own] = person


def made_up(seed: int) -> Chain:
    """Every phone that two people use shows itself so: by two names, or by two own ids of one source."""
    draw = random.Random(seed)
    chain = Chain()
    phones = draw.sample(range(10**8), PEOPLE * 2)
    former: dict[int, str] = {}
    for person in range(PEOPLE):
        name = draw.choice(FAMILY_NAMES) + "".join(draw.choices(GIVEN_NAMES, k=2)) + str(person)
        phone = f"139{phones[person]:08}"
        if person % 50 == 1:
            # One phone for a family.
            phone = f"139{phones[person - 1]:08}"
        if person % 40 == 7 and former:
            # A number that somebody else gave up; both names stand on it.
            phone = former.popitem()[1]
        unionid = f"u{person}" if draw.random() < 0.6 else ""
        if draw.random() < 0.8 or person % 50 in (0, 1) or person % 40 == 7:
            chain.add(SHOP, person, f"M{person:05}", name=name, phone=phone, unionid=unionid if person % 3 else "")
        if draw.random() < 0.6:
            other = f"{phones[PEOPLE + person]:08}"
            called, shown = on_taobao(draw, name, phone, other)
            if shown.startswith("137"):
                former[person] = shown
            chain.add(TAOBAO, person, f"taobao:buyer{person}", name=called, phone=shown)
        if draw.random() < 0.7:
            known = phone if draw.random() < 0.5 else ""
            chain.add(WECOM, person, f"wecom:wm{person:06}", phone=known, unionid=unionid, external_id=f"wm{person:06}")
    return chain


def on_taobao(draw: random.Random, name: str, phone: str, other: str) -> tuple[str, str]:
    """Name and phone as that platform has them: masked, virtual, mistyped, from before, or right."""
    kind = draw.random()
    for below, called, shown in (
        (0.1, name, phone[:3] + "****" + phone[-4:]),
        (0.2, name, f"{phone}-{draw.randrange(10**4):04}"),
        (0.25, name, f"138{other}"),
        (0.3, name[:1] + "某" + name[2:], phone),
        (0.4, name, f"137{other}"),
        (0.5, name[:1] + "**", phone),
    ):
        if kind < below:
            return called, shown
    return name, phone


def allowed(chain: Chain) -> set[tuple[str, str]]:
    """Pairs of own ids of one person on which an exact identifier stands that is not shared: counted without the program."""
    stands: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for source, rows in chain.rows.items():
        for row in rows:
            name = "" if "*" in row.get("name", "") else row.get("name", "")
            for kind in ("phone", "unionid"):
                value = row.get(kind, "")
                if value and "*" not in value and "-" not in value:
                    stands[kind, value].append((source, row["customer_id"], name))
    pairs = set()
    for (kind, _), standing in stands.items():
        sources = [source for source, _, _ in standing]
        names = {name for _, _, name in standing if name}
        if len(set(sources)) < len(sources) or (kind == "phone" and len(names) > 1):
            continue
        pairs |= {(min(one, other), max(one, other)) for (_, one, _), (_, other, _) in combinations(standing, 2)}
    return {pair for pair in pairs if chain.truth[pair[0]] == chain.truth[pair[1]]}


@pytest.mark.slow
def test_no_wrong_pair_and_every_right_one_that_an_exact_identifier_allows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chain = made_up(20261122)
    settings = Settings(tmp_path, tmp_path / "pdo.db")
    schema.create(settings.database)
    for source in (TAOBAO, WECOM, SHOP):
        path = tmp_path / f"{source or 'shop'}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(chain.rows[source][0]))
            writer.writeheader()
            writer.writerows(chain.rows[source])
        with open_door(settings.database, write=True, resolved=True) as door:
            report = import_file(door, path, KINDS["customers"], settings=settings, now=1_800_000_000, actor="me")
            assert report.rejected == 0
    of = table_of(Identity).c
    together: dict[int, list[str]] = defaultdict(list)
    with open_door(settings.database, write=False) as door:
        for own, customer in door.rows(select(of.value, of.customer_id).where(of.kind == "own")):
            together[customer].append(own)
    joined = {pair for keys in together.values() for pair in combinations(sorted(keys), 2)}
    wrong = {pair for pair in joined if chain.truth[pair[0]] != chain.truth[pair[1]]}
    right = allowed(chain)
    missing = right - joined
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(chain.truth)} own ids of {PEOPLE} people: {len(joined)} pairs joined, {len(wrong)} of them wrong; "
            f"{len(right)} right ones allowed, {len(missing)} of them missing\n"
        )
    assert not wrong
    assert not missing
    assert len(right) > 2_000
