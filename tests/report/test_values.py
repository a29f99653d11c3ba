from __future__ import annotations

import pytest

from pdo.model.fields import Type
from pdo.report.values import mask, mask_phone, moment_text, value_text

ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800138000", "138****8000"),
        ("+8613800138000", "+86138****8000"),
        ("+85212345678", "+852****5678"),
        ("02162345678", "021****5678"),
        ("12345", "****"),
        ("", "****"),
    ],
)
def test_phones_are_masked(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


def test_phones_in_a_text_are_masked() -> None:
    assert mask("王芳 13800138000，订单 20260101138001380001") == "王芳 138****8000，订单 20260101138001380001"


def test_values_are_plain() -> None:
    assert value_text(190248715, Type.MONEY, ZONE) == "1902487.15"
    assert value_text(-5, Type.MONEY, ZONE) == "-0.05"
    assert value_text(1500, Type.NUMBER, ZONE) == "1.5"
    assert value_text(0, Type.INSTANT, ZONE) == "1970-01-01 08:00:00"
    assert value_text(0, Type.DATE, ZONE) == "1970-01-01"
    assert value_text("1990-02-28", Type.DATE, ZONE) == "1990-02-28"
    assert value_text(["水果", "海鲜"], Type.LIST, ZONE) == "水果、海鲜"
    assert value_text(None, Type.TEXT, ZONE) is None
    assert moment_text(0, ZONE) == "1970-01-01T08:00:00+08:00"
    assert moment_text(None, ZONE) is None
