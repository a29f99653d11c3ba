from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pdo.commands.cells import clean, fold, pad, text_width

TEXTS = st.text(alphabet="ab -客户，。1[]é\u0301", max_size=60)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, st.integers(4, 40))
def test_folded_lines_fit_and_lose_nothing_but_blanks(text: str, width: int) -> None:
    lines = fold(text, width)
    assert all(text_width(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_chinese_takes_two_cells() -> None:
    assert text_width("客户a") == 5
    assert pad("客", 4) == "客  "
    assert pad("客", 4, right=True) == "  客"


def test_control_bytes_do_not_reach_a_terminal() -> None:
    assert clean("a\x1b[2Jb\r\n\x07c\u202ed\ud800") == "a[2Jb cd"
