"""Tags: by rule, by hand, of a column, answers to a question; and groups of tags."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdo.core.nodes import Mapping, Node, Scalar
from pdo.model.conditions import All, AttributeTest, Filled, Negated, NoneOf
from pdo.model.fields import Type
from pdo.model.playbook import Alert, Ask, Tag
from pdo.playbook import vocabulary
from pdo.playbook.attributes import attributes_of
from pdo.playbook.certainty import what_is_certain
from pdo.playbook.channels import is_person
from pdo.playbook.conditions import read_condition
from pdo.playbook.plain import read_keyed, read_length, read_rate
from pdo.playbook.reading import (
    Defined,
    advise,
    read_block,
    read_boolean,
    read_fields,
    read_name,
    read_text,
    read_texts,
    report_near,
    report_twice,
    report_unknown,
    require,
)
from pdo.playbook.templates import check_template

if TYPE_CHECKING:
    from pdo.core.source import Span
    from pdo.model.conditions import Condition, Duration
    from pdo.playbook.certainty import Blocks
    from pdo.playbook.reading import Reading

ANSWERS = ("是", "否")
"""The answers to a question that says none."""

_BY_RULE = ("when", "keep", "expires", "alert")


def answer_tag(question: str, answer: str) -> str:
    """The tag of an answer: `奶粉过敏:是`."""
    return f"{question}:{answer}"


def answers_in(node: Node) -> tuple[str, ...]:
    """The answers of a tag with `ask`, before anything of it is checked; empty for other tags."""
    ask = node.get("ask") if isinstance(node, Mapping) else None
    if ask is None:
        return ()
    given = ask.get("answers") if isinstance(ask, Mapping) else None
    items = (given,) if isinstance(given, Scalar) else getattr(given, "items", ())
    texts = tuple(dict.fromkeys(item.text.strip() for item in items if isinstance(item, Scalar) and item.text.strip()))
    return texts or ANSWERS


def read_tag(block: Defined, reading: Reading) -> tuple[Tag, ...]:
    """A label: one tag, or one for each answer. Without `when`, `from` and `ask` only hands and journeys put it on.

    Diagnostics:
        PB114 to PB118, PB202, PB302, PB308, PB344, PB904, and what its condition notes.
    """
    mapping = read_block(block.value, block.name, reading)
    if mapping is None:
        return ()
    fields = read_fields(mapping, vocabulary.TAG_KEYS, "tags", reading)
    if not mapping.entries:
        reading.findings.add("PB117", block.key.span, name="when", example="when: {city: 北京}")
    source = next((key for key in ("ask", "from") if key in fields), None)
    refused = [key for key in (*_BY_RULE, "from") if source and key != source and key in fields]
    for key in refused:
        reading.findings.add("PB344", fields[key].span, name=key, other=source)
    group = read_text(fields["group"], "group", reading) if "group" in fields else ""
    was = read_was(fields.get("was"), "tag", reading)
    if group is None or was is None or refused:
        return ()
    plain = Tag(block.name, block.playbook, group, None, keep=False, span=block.key.span, was=was)
    if source == "ask":
        return _read_answers(plain, fields["ask"], reading)
    if source == "from":
        return _read_column(plain, fields["from"], reading)
    return _read_rule(plain, fields, reading)


def read_was(node: Node | None, kind: str, reading: Reading) -> str | None:
    """The name that something had before; empty for none, None where it cannot be read.

    Diagnostics:
        PB224 something is still called so.
    """
    if node is None:
        return ""
    text = read_text(node, "was", reading)
    if text is None or not isinstance(node, Scalar):
        return None
    if text in reading.names.of(kind):
        reading.findings.add("PB224", node.span, name=text)
        return None
    return read_name(node, reading)


def check_only_negative(condition: Condition | None, reading: Reading) -> None:
    """Advise where a condition says only what must not be: that holds for all who are unknown, too.

    Diagnostics:
        PB904.
    """
    if condition is not None and _is_negative(condition):
        advise("PB904", condition.span, reading)


def _is_negative(condition: Condition) -> bool:
    match condition:
        case NoneOf():
            return True
        case AttributeTest(test=column):
            return isinstance(column.test, Negated) and not isinstance(column.test.test, Filled)
        case All(parts=parts):
            return all(_is_negative(part) for part in parts)
        case _:
            return False


def _read_rule(plain: Tag, fields: dict[str, Node], reading: Reading) -> tuple[Tag, ...]:
    when = read_condition(fields["when"], "when", reading) if "when" in fields else None
    check_only_negative(when, reading)
    keep = read_boolean(fields["keep"], "keep", reading) if "keep" in fields else False
    expires = read_length(fields["expires"], "expires", reading) if "expires" in fields else None
    alert = _read_alert(fields["alert"], reading) if "alert" in fields else None
    if keep and "expires" in fields:
        reading.findings.add("PB344", fields["expires"].span, name="expires", other="keep")
        return ()
    if "alert" in fields and "when" not in fields:
        reading.findings.add("PB117", fields["alert"].span, variant="alert", name="when", example="when: {city: 北京}")
        return ()
    read = (("when", when), ("expires", expires), ("alert", alert))
    if keep is None or any(value is None and key in fields for key, value in read):
        return ()
    return (replace(plain, when=when, keep=keep, expires=expires, alert=alert),)


def _read_column(plain: Tag, node: Node, reading: Reading) -> tuple[Tag, ...]:
    name = read_text(node, "from", reading)
    if name is None:
        return ()
    attributes = attributes_of(reading)
    column = attributes.get(name)
    usable = [each.name for each in attributes.values() if each.type in (Type.TEXT, Type.LIST)]
    if column is not None and column.type not in (Type.TEXT, Type.LIST):
        reading.findings.add("PB344", node.span, variant="column", name=name, known=", ".join(usable))
        return ()
    if column is None:
        labels = {each.label: each.name for each in attributes.values() if each.name in usable}
        if name in labels:
            report_near("PB202", node.span, name, labels[name], reading.findings)
        else:
            report_unknown("PB202", node.span, name, usable, reading.findings)
        return ()
    return (replace(plain, column=name),)


# Questions --------------------------------------------------------------------------------------------------------


def _read_answers(plain: Tag, node: Node, reading: Reading) -> tuple[Tag, ...]:
    mapping = read_keyed(node, "ask", "ask: {question: 宝宝对牛奶蛋白过敏吗, answers: [是, 否]}", reading)
    if mapping is None:
        return ()
    fields = read_fields(mapping, vocabulary.ASK_KEYS, "ask", reading)
    question_node = require(fields, "question", mapping.span, "question: 宝宝对牛奶蛋白过敏吗", reading)
    question = read_text(question_node, "question", reading) if question_node is not None else None
    who = read_text(fields["who"], "who", reading) if "who" in fields else ""
    answers = _read_allowed(fields["answers"], reading) if "answers" in fields else ANSWERS
    if question is None or who is None or answers is None:
        return ()
    ask = Ask(who, question)
    return tuple(
        replace(
            plain,
            name=answer_tag(plain.name, answer),
            exclusive=plain.name,
            ask=ask,
            was=answer_tag(plain.was, answer) if plain.was else "",
        )
        for answer in answers
    )


def _read_allowed(node: Node, reading: Reading) -> tuple[str, ...] | None:
    texts = read_texts(node, "answers", reading)
    if texts is None:
        return None
    if len(dict.fromkeys(text for text, _ in texts)) < 2:  # noqa: PLR2004 - a question has two answers at least
        reading.findings.add("PB344", node.span, variant="answers")
        return None
    return tuple(dict.fromkeys(text for text, _ in texts))


# Alerts -----------------------------------------------------------------------------------------------------------


def _read_alert(node: Node, reading: Reading) -> Alert | None:
    mapping = read_keyed(node, "alert", "alert: {to: owner, text: 请回访}", reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, vocabulary.ALERT_KEYS, "alert", reading)
    to_node = require(fields, "to", mapping.span, "to: [owner, manager]", reading)
    text_node = require(fields, "text", mapping.span, "text: 请回访", reading)
    to = read_texts(to_node, "to", reading) if to_node is not None else None
    text = read_text(text_node, "text", reading) if text_node is not None else None
    due = read_length(fields["due"], "due", reading, calendar=False) if "due" in fields else None
    at_most, escalate = None, None
    if "at_most" in fields:
        at_most = read_rate(fields["at_most"], "at_most", "at_most: {max: 1, per: 7d}", reading)
    if "escalate" in fields:
        escalate = _read_escalation(fields["escalate"], reading)
    read = (("due", due), ("at_most", at_most), ("escalate", escalate))
    people = [is_person(name, "to", span, reading) for name, span in to or ()]
    if (
        not to
        or not all(people)
        or text is None
        or text_node is None
        or any(value is None and key in fields for key, value in read)
    ):
        return None
    return Alert(tuple(dict.fromkeys(name for name, _ in to)), due, text, text_node.span, at_most, escalate)


def _read_escalation(node: Node, reading: Reading) -> tuple[Duration, str] | None:
    example = "escalate: {after: 2d, to: manager}"
    mapping = read_keyed(node, "escalate", example, reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, ("after", "to"), "escalate", reading)
    after_node = require(fields, "after", mapping.span, example, reading)
    to_node = require(fields, "to", mapping.span, example, reading)
    after = read_length(after_node, "after", reading, calendar=False) if after_node is not None else None
    to = read_text(to_node, "to", reading) if to_node is not None else None
    return None if after is None or to is None else (after, to)


def check_alert(block: Defined, tag: Tag, blocks: Blocks, reading: Reading) -> None:
    """The variables of an alert's text, once all blocks are read.

    Diagnostics:
        PB501 to PB504.
    """
    alert = block.value.get("alert") if isinstance(block.value, Mapping) else None
    text = alert.get("text") if isinstance(alert, Mapping) else None
    if isinstance(text, Scalar) and tag.alert is not None:
        check_template(text, what_is_certain(tag.when, blocks), blocks.metrics, reading)


# Groups -----------------------------------------------------------------------------------------------------------


def read_tag_groups(nodes: list[Node], known: dict[str, Span], reading: Reading) -> frozenset[str]:
    """The names of the groups of which a customer has at most one tag.

    Args:
        known: the groups that tags have.

    Diagnostics:
        PB114, PB116 to PB118, PB204 a group twice, PB225 one that no tag has, PB308.
    """
    exclusive: set[str] = set()
    seen: dict[str, Span] = {}
    for node in nodes:
        mapping = read_block(node, "tag_groups", reading)
        for entry in mapping.entries if mapping else ():
            name = read_name(entry.key, reading)
            inner = read_keyed(entry.value, entry.key.text, f"{entry.key.text}: {{exclusive: true}}", reading)
            if name is None or inner is None:
                continue
            first = seen.setdefault(name, entry.key.span)
            if first is not entry.key.span and first.source is not entry.key.span.source:
                report_twice("PB204", entry.key.span, first, name, reading)
            fields = read_fields(inner, vocabulary.TAG_GROUP_KEYS, "tag_groups", reading)
            if name not in known and not reading.names.may_be_lost(name):
                report_unknown("PB225", entry.key.span, name, known, reading.findings)
            if "exclusive" in fields and read_boolean(fields["exclusive"], "exclusive", reading):
                exclusive.add(name)
    return frozenset(exclusive)
