"""Records that are no rows: comments, sums, and notes below the data, as people and shop systems put them into tables.

They are told with their lines and counted with the blank ones. What merely looks like one stays a row, for a row must never
vanish: a sum holds nothing but its word and numbers, a comment or note stands alone in its record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ABOVE, COMMENT, SUM, BELOW = "IM160", "IM161", "IM162", "IM163"

SUM_WORD = r"(本页|本日|本月|本年|当日|当月|全部|订单|金额)?(合计|总计|小计|共计|汇总|总和)|(grand |sub ?)?totals?|sum"
"""A record's first word, small, if it is a sum."""

_SUM = re.compile(rf"({SUM_WORD}) *[:：]?")
_AMOUNT = re.compile(r"[-+]?[¥￥]? *[-+]?[0-9][0-9,]*(\.[0-9]*)? *(元|圆|%|单|笔|条|件|人|个)?|-{1,2}|—{1,2}|/")
BEGINNINGS = frozenset("#本当全订金合总小共汇gGsStT注备附说提※*导制打印数统以nNeE \t\v\f\u3000\u00a0\ufeff")
"""With these letters, or blanks, such records begin; all others are rows."""

SUM_BEGINNINGS = "#GSTgst"
"""With these letters, or with one beyond ASCII, begins a key that is called like a comment or a sum."""

_NOTE = re.compile(
    r"(注|备注|附注|说明|提示|※|\*|导出|制表|打印|数据来源|数据截止|统计|以上|共 *[0-9]|note|exported|source).*",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Aside:
    """A record that is no row. Grain: one record.

    Args:
        at_line: where it begins.
        code: `IM160` above the header, `IM161` a comment, `IM162` a sum, `IM163` a note below the data.
    """

    at_line: int
    code: str


def code_of(record: Sequence[str], width: int) -> str | None:
    """What a record is, if it may be no row.

    A comment is none wherever it stands, and a sum as well, where at least one cell is empty. Other sums and notes are
    none only if no row follows: see `is_tail`.
    """
    if width < 2:  # noqa: PLR2004  (in a single column anything may be a value)
        return None
    filled = [(place, cell.strip()) for place, cell in enumerate(record) if cell.strip()]
    if not filled:
        return None
    alone, (_, first), *rest = len(filled) == 1, *filled
    if first.startswith("#"):
        return COMMENT if alone and (len(record) == 1 or " " in first) else None
    small = first.lower()
    if _SUM.fullmatch(small):
        return SUM if all(_AMOUNT.fullmatch(cell) for _, cell in rest) else None
    return BELOW if alone and _NOTE.fullmatch(small) else None


def is_tail(record: Sequence[str], code: str, width: int) -> bool:
    """Whether a record of that code is a row after all if another row follows."""
    return code == BELOW or (code == SUM and len(record) >= width and all(record))


def may_begin_aside(text: str) -> bool:
    """Whether a line's first letters, small, are those of a record that may be none."""
    first = text.lstrip(',;|\t" ')
    return first.startswith("#") or bool(_NOTE.match(first) or _SUM.match(first))
