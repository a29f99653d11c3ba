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
        "v_follow": f"""
            CREATE VIEW v_follow AS
            SELECT c.key AS customer, c.name AS customer_name, f.key AS staff, f.name AS staff_name,
                   {_moment("w.added_at")}, {_moment("w.removed_at")}, w.remark_name, w.add_way, w.state, w.extra
            FROM follow AS w
            JOIN customer AS c ON c.id = w.customer_id
            JOIN staff AS f ON f.id = w.staff_id""",
        "v_chat": f"""
            CREATE VIEW v_chat AS
            SELECT g.key AS chat, g.name, g.type, s.key AS store, s.name AS store_name, f.key AS owner,
                   f.name AS owner_name, g.city, {_moment("g.created_at")}, {_moment("g.dissolved_at")}, g.capacity,
                   (SELECT count(DISTINCT m.customer_id) FROM chat_member AS m
                    WHERE m.chat_id = g.id AND m.left_at IS NULL) AS members, g.extra
            FROM chat AS g
            LEFT JOIN store AS s ON s.id = g.store_id
            LEFT JOIN staff AS f ON f.id = g.owner_id""",
        "v_chat_member": f"""
            CREATE VIEW v_chat_member AS
            SELECT g.key AS chat, g.name AS chat_name, g.type AS chat_type, c.key AS customer, c.name AS customer_name,
                   {_moment("m.joined_at")}, {_moment("m.left_at")}, m.join_way, m.extra
            FROM chat_member AS m
            JOIN chat AS g ON g.id = m.chat_id
            JOIN customer AS c ON c.id = m.customer_id""",
        "v_channel": """
            CREATE VIEW v_channel AS
            SELECT n.key AS channel, n.kind, s.key AS store, s.name AS store_name, f.key AS staff, f.name AS staff_name,
                   n.started_on, n.ended_on, n.note, n.extra
            FROM channel AS n
            LEFT JOIN store AS s ON s.id = n.store_id
            LEFT JOIN staff AS f ON f.id = n.staff_id""",
        "v_spend": f"""
            CREATE VIEW v_spend AS
            SELECT n.key AS channel, n.kind, p.spent_on, p.item, {_yuan("p.amount")}, p.extra
            FROM spend AS p
            JOIN channel AS n ON n.id = p.channel_id""",
        "v_lead": f"""
            CREATE VIEW v_lead AS
            SELECT d.key AS phone, d.name, d.city, d.source_channel, {_moment("d.created_at")}, f.key AS staff,
                   f.name AS staff_name, {_moment("d.assigned_at")}, {_moment("d.accepted_at")}, d.status, d.note, d.extra
            FROM lead AS d
            LEFT JOIN staff AS f ON f.id = d.staff_id""",
        "v_coupon": f"""
            CREATE VIEW v_coupon AS
            SELECT k.key AS code, c.key AS customer, c.name AS customer_name, k.offer, k.campaign, {_yuan("k.value")},
                   {_moment("k.issued_at")}, {_moment("k.used_at")}, {_moment("k.expires_at")}, k.order_id AS order_key,
                   k.status, k.extra
            FROM coupon AS k
            LEFT JOIN customer AS c ON c.id = k.customer_id""",
        "v_task": f"""
            CREATE VIEW v_task AS
            SELECT t.key AS task, t.type, c.key AS customer, c.name AS customer_name, f.key AS staff, f.name AS staff_name,
                   {_moment("t.created_at")}, t.due_on, {_moment("t.done_at")}, t.status, t.result, t.note, t.text, t.extra
            FROM task AS t
            LEFT JOIN customer AS c ON c.id = t.customer_id
            LEFT JOIN staff AS f ON f.id = t.staff_id""",
        "v_consent": f"""
            CREATE VIEW v_consent AS
            SELECT c.key AS customer, c.name AS customer_name, a.channel,
                   a.given_at IS NOT NULL AND (a.withdrawn_at IS NULL OR a.withdrawn_at < a.given_at) AS allowed,
                   {_moment("a.given_at")}, {_moment("a.withdrawn_at")}, a.source, a.extra
            FROM consent AS a
            JOIN customer AS c ON c.id = a.customer_id""",
        "v_referral": f"""
            CREATE VIEW v_referral AS
            SELECT r.key AS referral, c.key AS customer, c.name AS customer_name, o.key AS referred,
                   o.name AS referred_name, r.channel, r.campaign, {_moment("r.occurred_at")}, r.extra
            FROM referral AS r
            JOIN customer AS c ON c.id = r.customer_id
            JOIN customer AS o ON o.id = r.referred_id""",
        "v_declared_row": """
            CREATE VIEW v_declared_row AS
            SELECT d.kind AS "table", d.key, c.key AS customer, c.name AS customer_name, d.extra
            FROM declared_row AS d
            JOIN customer AS c ON c.id = d.customer_id""",
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
        "v_message": f"""
            CREATE VIEW v_message AS
            SELECT m.campaign, m.planned_on, b.playbook, b.channel, b.status AS batch_status, c.key AS
                   customer, c.name AS customer_name, m.status, m.reason, m.text,
                   {_moment("m.sent_at")}, b.journey, f.key AS sender, f.name AS sender_name, m.variant, m.offer,
                   k.key AS code, m.content, m.content_row, {_moment("m.planned_at")}
            FROM message AS m
            JOIN batch AS b ON b.id = m.batch_id
            JOIN customer AS c ON c.id = m.customer_id
            LEFT JOIN staff AS f ON f.id = m.sender_id
            LEFT JOIN code AS k ON k.id = m.code_id""",
        "v_import": f"""
            CREATE VIEW v_import AS
            SELECT id AS import_id, kind, path, encoding, {_moment("started_at")}, actor, "read", new,
                   changed, same, duplicate, rejected, blank, digest
            FROM file_import""",
    }
)
"""View → the statement that makes it."""
