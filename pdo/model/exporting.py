"""Export profiles: how a list or a batch of messages must look for those who take it."""

from __future__ import annotations

from pdo.core.frozen import dataclass

FORMS = ("national", "e164", "md5", "sha256")
"""What may be done to a cell: a phone without or with the country, or a hash of it.

Hashes are of the national phone, or of the text where it is no phone, in lower-case hexadecimal, as ad platforms ask for them.
"""

TYPES = ("csv", "xlsx", "jsonl")
ENCODINGS = ("utf-8-bom", "utf-8", "gb18030")
"""Of CSV files: the first is what spreadsheets show right."""

MESSAGE_FIELDS = (
    *("customer_id", "name", "phone", "owner", "external_id", "unionid"),
    *("campaign", "channel", "planned_on", "sender", "variant", "offer", "coupon", "code", "text"),
)
"""What may be told of a message; `coupon` is what the shop system calls the coupon of the offer: the grant, or the pool.

Of a member of a segment it is any column, metric or score."""


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of the file.

    Args:
        header: its heading.
        field: what stands in it, one of `MESSAGE_FIELDS`, or a column, metric or score of a customer; empty for a fixed text.
        form: one of `FORMS`; empty for as it is.
        always: a text that stands in every row.
    """

    header: str
    field: str = ""
    form: str = ""
    always: str = ""


@dataclass(frozen=True, slots=True)
class ExportProfile:
    """What somebody takes: a text message house, a coupon system, an ad platform.

    Args:
        name: that of its file.
        label: for people.
        type: one of `TYPES`.
        encoding: one of `ENCODINGS`.
        columns: in order.
        needs: fields without which a row is left out, and counted.
    """

    name: str
    label: str
    type: str
    encoding: str
    columns: tuple[ExportColumn, ...]
    needs: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """What is asked of each row, each once."""
        return tuple(dict.fromkeys(filter(None, (*(column.field for column in self.columns), *self.needs))))
