"""What a cell becomes, type by type: a value, nothing (None), or the code of its fault."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from pdo.core.calendar import instant_of
from pdo.core.wording import WORDING
from pdo.ingest.cells import utc
from pdo.ingest.macros import MACROS

NOTHING = None

MONEY: dict[str, object] = {
    "1": 100,
    "1.5": 150,
    "12.50": 1250,
    "0": 0,
    "-5.00": -500,
    "+3": 300,
    ".5": 50,
    "5.": 500,
    "1,234,567.89": 123_456_789,
    "￥12.3": 1230,
    "¥ 12": 1200,
    "-¥12": -1200,
    "RMB 12": 1200,
    "12元": 1200,
    "１２．３": 1230,
    "12.3400": 1234,
    "0.29": 29,
    "9999999999999.99": 999_999_999_999_999,
    " 7 ": 700,
    "'7": 700,
    '="7"': 700,
    "": NOTHING,
    " ": NOTHING,
    "-": NOTHING,
    "——": NOTHING,
    "NA": NOTHING,
    "null": NOTHING,
    "12.345": "IM114",
    "0.285": "IM114",
    "10000000000000": "IM115",
    "1,23": "IM113",
    "1e3": "IM113",
    "NaN": "IM113",
    "INF": "IM113",
    "十元": "IM113",
    "٣": "IM113",
    "²": "IM113",
    "0x1A": "IM113",
    "1 000": "IM113",
}
INTEGER: dict[str, object] = {
    "12": 12,
    "-3": -3,
    "007": 7,
    "1,000": 1000,
    "12.0": 12,
    "１２": 12,
    "999999999999999": 999_999_999_999_999,
    "": NOTHING,
    "N/A": NOTHING,
    "1.5": "IM111",
    "x": "IM111",
    "1e3": "IM111",
    "1_000": "IM111",
    "0x1F": "IM111",
    "-0": 0,
    "-999999999999999": -999_999_999_999_999,
    "1000000000000000": "IM115",
    "9223372036854775808": "IM115",
}
NUMBER: dict[str, object] = {
    "1": 1000,
    "0.5": 500,
    "-1.250": -1250,
    "1.2340": 1234,
    "1.2345": "IM116",
    "x": "IM112",
    "1000000000000": "IM115",
    "": NOTHING,
}
BOOLEAN: dict[str, object] = {
    **dict.fromkeys(["是", "true", "True", "TRUE", "1", "Y", "yes", "√"], 1),
    **dict.fromkeys(["否", "false", "0", "N", "no", "×"], 0),
    "": NOTHING,
    "-": NOTHING,
    "maybe": "IM117",
    "2": "IM117",
}
INSTANT: dict[str, object] = {
    "2018-01-05 09:05:03": "2018-01-05 09:05:03",
    "2018/1/5": "2018-01-05 00:00:00",
    "2018/1/5 9:05": "2018-01-05 09:05:00",
    "2018-1-5 9:05:03": "2018-01-05 09:05:03",
    "2018.01.05": "2018-01-05 00:00:00",
    "2018年1月5日": "2018-01-05 00:00:00",
    "2018年1月5日 9:05": "2018-01-05 09:05:00",
    "20180105": "2018-01-05 00:00:00",
    "20180105 09:05:03": "2018-01-05 09:05:03",
    "20180105090503": "2018-01-05 09:05:03",
    "2018-01-05T09:05:03": "2018-01-05 09:05:03",
    "2018-01-05T09:05:03.987": "2018-01-05 09:05:03",
    "2018-01-05 09:05:03.0": "2018-01-05 09:05:03",
    "２０１８－０１－０５　０９：０５": "2018-01-05 09:05:00",
    "1969-12-31 23:59:59": "1969-12-31 23:59:59",
    "0000-00-00 00:00:00": NOTHING,
    "0000-00-00": NOTHING,
    "": NOTHING,
    "-": NOTHING,
    "2018-02-29": "IM118",
    "2018-13-01": "IM118",
    "2018-01-01 24:00:00": "IM118",
    "2018-01-01 10:60": "IM118",
    "1899-12-31": "IM118",
    "1899-12-31 23:59:59": "IM118",
    "1900-01-01 00:00:00": "1900-01-01 00:00:00",
    "10000-01-01 00:00:00": "IM119",
    **dict.fromkeys(["infinity", "-infinity", "epoch", "now"], "IM119"),
    "45296": "IM119",
    "1515114303000": "IM119",
    "昨天": "IM119",
    "01/05/2018": "IM119",
    "2018-01-05T09:05:03Z": "IM119",
}
DATE: dict[str, object] = {
    "1990-02-28": "1990-02-28",
    "1990/2/8": "1990-02-08",
    "1990年2月8日": "1990-02-08",
    "19900208": "1990-02-08",
    "1990-02-08 00:00:00": "1990-02-08",
    "9999-12-31": "9999-12-31",
    "0000-00-00": NOTHING,
    "1900-01-01": "1900-01-01",
    "1899-12-31": "IM118",
    "10000-01-01": "IM119",
    "0044-03-15 (BC)": "IM119",
    **dict.fromkeys(["infinity", "-infinity", "epoch", "today"], "IM119"),
    "1990-02-30": "IM118",
    "2月8日": "IM119",
}
PHONE: dict[str, object] = {
    **dict.fromkeys(
        [
            "13800138000",
            "+8613800138000",
            "+86 138-0013-8000",
            "86-13800138000",
            "008613800138000",
            "0086 138 0013 8000",
            "013800138000",
            "13800138000.0",
            "'13800138000",
            "\t13800138000\t",
            '="13800138000"',
            "１３８００１３８０００",
            "138\u200b00138000",
            "\u202d13800138000\u202c",
        ],
        "13800138000",
    ),
    "": NOTHING,
    "-": NOTHING,
    "无": NOTHING,
    "138****8000": NOTHING,
    "1******6198": NOTHING,
    "$$abcDEF==$$": NOTHING,
    "##xyz##": NOTHING,
    "~Ab3~1~": NOTHING,
    "13800138000-1234": NOTHING,
    "1.38E+10": "IM121",
    "1.3800138E10": "IM121",
    "138001380001": "IM120",
    "12800138000": "IM120",
    "021-62345678": "IM120",
    "+852 61234567": "IM120",
    "13800138000/13900139000": "IM120",
    "١٣٨٠٠١٣٨٠٠٠": "IM120",
}
ID: dict[str, object] = {
    "001": "001",
    "0013800138000": "0013800138000",
    '="001"': "001",
    "'001": "001",
    "001\t": "001",
    "\ufeff001": "001",
    "A\u200bB": "AB",
    "Ｓ０１": "S01",
    "123456789012345678901": "123456789012345678901",
    "苹果-1": "苹果-1",
    "a b": "a b",
    "1.5E10": "1.5E10",
    "NA": "NA",
    "": NOTHING,
    "-": NOTHING,
    "1.23E+17": "IM122",
    "4E+18": "IM122",
}
TEXT: dict[str, object] = {
    "王伟": "王伟",
    " 王伟 ": "王伟",
    "\u3000王伟\u00a0": "王伟",
    "e\u0301": "é",
    "王，伟": "王，伟",
    "①": "①",
    "NA": "NA",
    "null": "null",
    "一行\n两行": "一行\n两行",
    "\ufeff王": "王",
    "👩\u200d👧": "👩\u200d👧",
    "'=1+1": "=1+1",
    "'s-Hertogenbosch": "'s-Hertogenbosch",
    "-5": "-5",
    "": NOTHING,
    "  ": NOTHING,
    "-": NOTHING,
    "——": NOTHING,
}
CASES = [
    (type_, cell, expected)
    for type_, table in (
        ("money", MONEY),
        ("integer", INTEGER),
        ("number", NUMBER),
        ("boolean", BOOLEAN),
        ("date", DATE),
        ("phone", PHONE),
        ("id", ID),
        ("text", TEXT),
    )
    for cell, expected in table.items()
]


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    for macro in MACROS:
        connection.execute(macro)
    yield connection
    connection.close()


def read(engine: duckdb.DuckDBPyConnection, type_: str, cell: str) -> tuple[object, object]:
    found = engine.execute(f"SELECT as_{type_}(x), {type_}_fault(x) FROM (SELECT ? AS x)", [cell]).fetchall()
    return found[0][0], found[0][1]


@pytest.mark.parametrize(("type_", "cell", "expected"), CASES)
def test_cell(engine: duckdb.DuckDBPyConnection, type_: str, cell: str, expected: object) -> None:
    value, fault = read(engine, type_, cell)
    if isinstance(expected, str) and expected.startswith("IM"):
        assert (value, fault) == (None, expected)
        assert fault in WORDING
    else:
        assert (value, fault) == (expected, None)


@pytest.mark.parametrize(("cell", "expected"), INSTANT.items())
def test_instant(engine: duckdb.DuckDBPyConnection, cell: str, expected: object) -> None:
    value, fault = read(engine, "instant", cell)
    if expected is None or str(expected).startswith("IM"):
        assert (value, fault) == (None, expected)
    else:
        shown = engine.execute("SELECT epoch(?::TIMESTAMP)::BIGINT", [expected]).fetchall()[0][0]
        assert (value, fault) == (shown, None)


LOCAL = st.datetimes(min_value=datetime(1905, 1, 1), max_value=datetime(2150, 1, 1)).map(  # noqa: DTZ001  (wall clocks)
    lambda local: local.replace(microsecond=0)
)


def off(engine: duckdb.DuckDBPyConnection, zone: str, locals_: list[datetime]) -> list[int]:
    """What the statement makes of wall clocks."""
    shown = [int(local.replace(tzinfo=UTC).timestamp()) for local in locals_]
    rows = exp.select(exp.alias_(exp.func("unnest", exp.array(*map(exp.convert, shown))), "v")).subquery("shown")
    query = exp.select(utc(exp.column("v"), zone)).from_(rows)
    return [row[0] for row in engine.execute(query.sql("duckdb")).fetchall()]


@pytest.mark.parametrize(
    "zone",
    [
        "Asia/Shanghai",
        "UTC",
        *(pytest.param(zone, marks=pytest.mark.slow) for zone in ("Europe/Berlin", "America/St_Johns", "Pacific/Apia")),
    ],
)
@settings(deadline=None, max_examples=4)
@given(locals_=st.lists(LOCAL, min_size=20, max_size=200))
def test_the_zone_is_taken_off_as_python_does(
    engine: duckdb.DuckDBPyConnection, zone: str, locals_: list[datetime]
) -> None:
    assert off(engine, zone, locals_) == [instant_of(local, zone) for local in locals_]


def test_clocks_that_are_put_back_and_forward(engine: duckdb.DuckDBPyConnection) -> None:
    twice = datetime(2024, 10, 27, 2, 30)  # noqa: DTZ001  (a wall clock)
    never = datetime(2024, 3, 31, 2, 30)  # noqa: DTZ001  (a wall clock)
    assert [str(datetime.fromtimestamp(at, UTC)) for at in off(engine, "Europe/Berlin", [twice, never])] == [
        "2024-10-27 00:30:00+00:00",  # the first of the two, still by summer time
        "2024-03-31 01:30:00+00:00",  # as if the clock had not been put forward
    ]


@settings(deadline=None, max_examples=50)
@given(minor=st.integers(-(10**15) + 1, 10**15 - 1))
@pytest.mark.slow
def test_money_is_exact(engine: duckdb.DuckDBPyConnection, minor: int) -> None:
    sign, rest = ("-" if minor < 0 else ""), abs(minor)
    assert read(engine, "money", f"{sign}{rest // 100}.{rest % 100:02}") == (minor, None)
    assert read(engine, "money", f"{sign}{rest // 100:,}.{rest % 100:02}元") == (minor, None)
