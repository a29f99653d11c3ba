"""Cells that are made of other cells of their record before they are read: what profiles of platforms say."""

from __future__ import annotations

from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

CLEANERS: Mapping[str, str] = MappingProxyType(
    {
        "unwrap": '去掉 ="…"、开头的 \' 和制表符 undoes ="…", a leading \' and tabs',
        "number": "数字后面的说明不要 drops what stands behind a number",
        "undeleted": "去掉“(删除)” drops (删除)",
        "unmasked": "带 * 或加密的当作空 empty where masked or encrypted",
        "phone": "不是真手机号的当作空 empty where it is no real mobile number",
        "address_name": "“姓名，电话，地址”里的姓名 the name of “name, phone, address”",
        "address_phone": "“姓名，电话，地址”里的电话 the phone of “name, phone, address”",
    }
)
"""What may be done to a cell, by name. Each is a macro `clean_NAME` of the reader."""


@dataclass(frozen=True, slots=True)
class CellTest:
    """Whether a record's cell says one of some texts.

    Args:
        header: of the cell.
        values: the texts; none for any at all.
    """

    header: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MadeCell:
    """How a cell is made.

    Args:
        headers: of the cells that it may be made of; the first that is filled holds.
        clean: what is done to each of them, of `CLEANERS`.
        values: text in the file → text to keep; others stay as they are.
        always: what it says where nothing else does.
        prefix: stands before it, as `taobao:` before a buyer's name.
        key_of: headers of the cells of which a key is made; `clean` is for the first of them, without which there is none.
        or_key_of: the same where that gives none; nothing is cleaned.
        times: header of a quantity that an amount is multiplied by.
        only: it stands empty unless all of these are so.
        unless: it stands empty if one of these is so.
        after: header behind which all columns hold texts of it.
        each: whether each of its texts makes a row.
    """

    headers: tuple[str, ...] = ()
    clean: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    always: str = ""
    prefix: str = ""
    key_of: tuple[str, ...] = ()
    or_key_of: tuple[str, ...] = ()
    times: str = ""
    only: tuple[CellTest, ...] = ()
    unless: tuple[CellTest, ...] = ()
    after: str = ""
    each: bool = False
