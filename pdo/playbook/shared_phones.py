"""`shared_phones`: phones that join nobody, for a shop, a family or a switchboard answers them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pdo.core.nodes import Node, Scalar
from pdo.playbook.reading import read_text, read_texts, report_unknown
from pdo.playbook.tables import read_table

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.playbook.reading import Reading

_PHONE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
_HEADERS = ("phone", "手机号", "手机", "电话")


def read_shared_phones(node: Node, reading: Reading) -> frozenset[str]:
    """The phones of a list, or of the column `phone` of a CSV.

    Diagnostics:
        PB203 a file without the column, PB221 and PB222 a file that cannot be used, PB301 what is no mobile phone.
    """
    if isinstance(node, Scalar) and not _PHONE.fullmatch(_digits(node.text)):
        path = read_text(node, "shared_phones", reading)
        table = read_table(path, node.span, reading) if path is not None else None
        if table is None:
            return frozenset()
        header = next((name for name in _HEADERS if name in table.header), None)
        if header is None:
            report_unknown("PB203", table.span, "phone", table.header, reading.findings, subject=path or "")
            return frozenset()
        texts = [(row.cells[header], row.span) for row in table.rows if row.cells[header]]
    else:
        texts = list(read_texts(node, "shared_phones", reading) or ())
    return frozenset(phone for text, span in texts if (phone := _phone_of(text, span, reading)))


def _phone_of(text: str, span: Span, reading: Reading) -> str | None:
    found = _PHONE.fullmatch(_digits(text))
    if found is None:
        reading.findings.add("PB301", span, variant="phone", value=text)
        return None
    return found[1]


def _digits(text: str) -> str:
    return re.sub(r"[ ()-]", "", text)
