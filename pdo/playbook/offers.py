"""Offers: coupons and prices that messages carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.nodes import Scalar
from pdo.model.fields import Type
from pdo.model.outreach import Coupon, CouponSource, Offer
from pdo.playbook import vocabulary
from pdo.playbook.plain import read_keyed, read_length, read_number
from pdo.playbook.reading import read_block, read_fields, read_text
from pdo.playbook.tables import read_table

if TYPE_CHECKING:
    from pdo.core.nodes import Node
    from pdo.playbook.reading import Defined, Reading

CODE_COLUMNS = ("code", "券码", "优惠券码", "券号", "核销码")
"""Headers of the column with the codes, in a pool that is a file."""


def read_offer(block: Defined, reading: Reading) -> Offer | None:
    """An offer: a coupon, a product at a price, or both.

    Diagnostics:
        PB114 to PB118, PB221, PB222, PB301, PB302, PB312, PB513.
    """
    mapping = read_block(block.value, block.name, reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, vocabulary.OFFER_KEYS, "offers", reading)
    if "coupon" not in fields and "product" not in fields:
        if len(fields) == len(mapping.entries):
            reading.findings.add("PB513", block.key.span, name=block.name)
        return None
    coupon = _read_coupon(fields["coupon"], reading) if "coupon" in fields else None
    product = read_text(fields["product"], "product", reading) if "product" in fields else ""
    redeem = read_text(fields["redeem"], "redeem", reading) if "redeem" in fields else ""
    price = read_number(fields["price"], "price", Type.MONEY, reading) if "price" in fields else None
    cost = read_number(fields["cost"], "cost", Type.MONEY, reading) if "cost" in fields else None
    valid = read_length(fields["valid"], "valid", reading) if "valid" in fields else None
    for key, amount in (("price", price), ("cost", cost)):
        if amount is not None and amount < 0:
            reading.findings.add("PB301", fields[key].span, variant="negative", value=amount / 100)
            return None
    read = (("coupon", coupon), ("price", price), ("cost", cost), ("valid", valid))
    if product is None or redeem is None or any(value is None and key in fields for key, value in read):
        return None
    return Offer(block.name, block.playbook, coupon, product, price, redeem, valid, cost, block.key.span)


def _read_coupon(node: Node, reading: Reading) -> Coupon | None:
    pool = node.text if isinstance(node, Scalar) and not node.is_empty else "回店券码"
    mapping = read_keyed(node, "coupon", f"coupon: {{pool: {pool}}}", reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, tuple(CouponSource), "coupon", reading)
    if len(fields) != 1:
        if fields or not mapping.entries:
            variant = "both" if fields else "coupon"
            reading.findings.add("PB513", mapping.span, variant=variant)
        return None
    ((source, value),) = fields.items()
    name = read_text(value, source, reading)
    if name is None:
        return None
    codes: tuple[str, ...] = ()
    if source == CouponSource.POOL and name.lower().endswith((".csv", ".xlsx")):
        table = read_table(name, value.span, reading)
        if table is None:
            return None
        header = next((each for each in CODE_COLUMNS if each in table.header), None)
        if header is None:
            known = ", ".join(CODE_COLUMNS)
            reading.findings.add("PB222", table.span, variant="missing", name=CODE_COLUMNS[0], known=known)
            return None
        codes = tuple(row.cells[header] for row in table.rows if row.cells[header])
    return Coupon(CouponSource(source), name, codes)
