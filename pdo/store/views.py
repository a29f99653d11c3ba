"""Readable views, for people and tools that look into the store with plain SQL.

Kept stable and described in `docs/reference/store.md`. They are no part of the revisions: every upgrade makes
them anew, so they always fit the program. Names instead of surrogate keys; moments as ISO text in UTC,
because a database does not know the project's zone; money in yuan and quantities as numbers, for looking and
summing up, while the tables keep the exact integers.
"""

# ruff: noqa: S608  (only names that stand in this file are put together here)

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _moment(column: str) -> str:
    name = column.rpartition(".")[2]
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, 'unixepoch') AS {name}"


def _yuan(column: str) -> str:
    return f"{column} / 100.0 AS {column.rpartition('.')[2]}"


VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "v_customer": f"""
            CREATE VIEW v_customer AS
            SELECT c.key AS customer, c.name, c.remark_name, c.phone, c.gender, c.birthday, c.city,
                   c.source_channel, {_moment("c.added_at")}, f.key AS owner, f.name AS owner_name,
                   s.key AS store, s.name AS store_name, c.member_level, c.points, c.is_friend,
                   c.vip_from, c.vip_until, c.extra
            FROM customer AS c
            LEFT JOIN staff AS f ON f.id = c.owner_id
            LEFT JOIN store AS s ON s.id = c.store_id""",
        "v_identity": """
            CREATE VIEW v_identity AS
            SELECT c.key AS customer, i.kind, i.value
            FROM identity AS i
            JOIN customer AS c ON c.id = i.customer_id""",
        "v_order": f"""
            CREATE VIEW v_order AS
            SELECT o.key AS order_key, c.key AS customer, {_moment("o.created_at")},
                   {_moment("o.paid_at")}, o.status, o.channel, s.key AS store, s.name AS store_name,
                   f.key AS staff, f.name AS staff_name, o.coupon, {_yuan("o.discount")},
                   {_yuan("o.paid")}, {_yuan("o.refunded")}, {_moment("o.refunded_at")}, o.extra
            FROM sales_order AS o
            LEFT JOIN customer AS c ON c.id = o.customer_id
            LEFT JOIN store AS s ON s.id = o.store_id
            LEFT JOIN staff AS f ON f.id = o.staff_id""",
        "v_item": f"""
            CREATE VIEW v_item AS
            SELECT o.key AS order_key, i.line, c.key AS customer, {_moment("o.paid_at")}, p.key AS sku,
                   p.product, p.category, p.brand, i.quantity / 1000.0 AS quantity, {_yuan("i.amount")},
                   i.extra
            FROM order_item AS i
            JOIN sales_order AS o ON o.id = i.order_id
            JOIN product AS p ON p.id = i.product_id
            LEFT JOIN customer AS c ON c.id = o.customer_id""",
        "v_event": f"""
            CREATE VIEW v_event AS
            SELECT e.key AS event_key, c.key AS customer, e.type, {_moment("e.occurred_at")}, e.extra
            FROM event AS e
            JOIN customer AS c ON c.id = e.customer_id""",
        "v_customer_tag": f"""
            CREATE VIEW v_customer_tag AS
            SELECT c.key AS customer, c.name AS customer_name, l.name AS tag, l.playbook, a.source,
                   {_moment("a.since")}, {_moment("a.until")}
            FROM assignment AS a
            JOIN label AS l ON l.id = a.label_id AND l.kind = 'tag'
            JOIN customer AS c ON c.id = a.customer_id""",
        "v_customer_stage": f"""
            CREATE VIEW v_customer_stage AS
            SELECT c.key AS customer, c.name AS customer_name, l.scope AS lifecycle, l.name AS stage,
                   l.playbook, a.source, {_moment("a.since")}, {_moment("a.until")}
            FROM assignment AS a
            JOIN label AS l ON l.id = a.label_id AND l.kind = 'stage'
            JOIN customer AS c ON c.id = a.customer_id""",
        "v_segment_member": f"""
            CREATE VIEW v_segment_member AS
            SELECT l.name AS segment, l.playbook, c.key AS customer, c.name AS customer_name,
                   a.source, {_moment("a.since")}, {_moment("a.until")}
            FROM assignment AS a
            JOIN label AS l ON l.id = a.label_id AND l.kind = 'segment'
            JOIN customer AS c ON c.id = a.customer_id""",
        "v_message": """
            CREATE VIEW v_message AS
            SELECT m.campaign, m.planned_on, b.playbook, b.channel, b.status AS batch_status, c.key AS
                   customer, c.name AS customer_name, m.status, m.reason, m.text
            FROM message AS m
            JOIN batch AS b ON b.id = m.batch_id
            JOIN customer AS c ON c.id = m.customer_id""",
        "v_import": f"""
            CREATE VIEW v_import AS
            SELECT id AS import_id, kind, path, encoding, {_moment("started_at")}, actor, "read", new,
                   changed, same, duplicate, rejected, blank, digest
            FROM file_import""",
    }
)
"""View → the statement that makes it."""
