"""What a message says: a text, contents, an offer; by choice or by chance."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from pdo.core.diagnostics import Related, Severity
from pdo.core.frozen import dataclass
from pdo.core.nodes import Mapping, Node, Scalar
from pdo.model.conditions import All
from pdo.model.outreach import OFFER_VARIABLES, Body, Choice, Variant
from pdo.playbook import vocabulary
from pdo.playbook.certainty import Blocks, what_is_certain
from pdo.playbook.channels import check_said
from pdo.playbook.conditions import read_condition, report_unknown_name
from pdo.playbook.contents import scalar_of
from pdo.playbook.plain import read_whole
from pdo.playbook.possible import Known
from pdo.playbook.reading import (
    advise,
    read_block,
    read_fields,
    read_list,
    read_name,
    read_text,
    require,
)
from pdo.playbook.sense import check_turns, covers_all
from pdo.playbook.templates import Told, check_template, warn_of_gaps

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

    from pdo.core.source import Span
    from pdo.model.conditions import Condition
    from pdo.model.outreach import Channel, Content, Offer, OutreachPolicy, Said, Template
    from pdo.playbook.reading import Reading

WAYS = ("text", "content", "variants", "choose")
"""Ways to say what is said, one of which a message has."""

_EXAMPLE = "text: \"{{ name | default('您') }}，好久不见\""


@dataclass(frozen=True, slots=True)
class Sending:
    """What messages refer to.

    Args:
        blocks: metrics, tags and segments, for what is certain of whom.
        offers: those that could be read.
        contents: likewise.
        policy: of the project.
    """

    blocks: Blocks
    offers: ReadOnly[str, Offer] = field(default_factory=dict)
    contents: ReadOnly[str, Content] = field(default_factory=dict)
    policy: OutreachPolicy | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets a message, and by what.

    Args:
        to: whom everyone of them meets; None where that is not known.
        channels: by which it goes; empty where they could not be read.
        sender: as the model has it.
    """

    to: Condition | None
    channels: tuple[Channel, ...]
    sender: str


def read_said(
    fields: dict[str, Node], span: Span, audience: Audience, sending: Sending, reading: Reading
) -> Said | None:
    """What is said, of the keys of a campaign or a step.

    Diagnostics:
        PB114 to PB118, PB201, PB301, PB501 to PB515, PB911, and what its conditions note.
    """
    ways = [key for key in WAYS if key in fields]
    if not ways:
        reading.findings.add("PB117", span, variant="said", name="text", example=_EXAMPLE)
        return None
    if len(ways) > 1:
        reading.findings.add("PB510", fields[ways[1]].span, first=ways[0], second=ways[1])
        return None
    match ways[0]:
        case "variants":
            return _read_variants(fields["variants"], fields.get("offer"), audience, sending, reading)
        case "choose":
            return _read_choices(fields["choose"], fields.get("offer"), audience, sending, reading)
        case _:
            return _read_body(fields, None, audience, sending, reading)


# One body ---------------------------------------------------------------------------------------------------------


def _read_body(
    fields: dict[str, Node], shared: Node | None, audience: Audience, sending: Sending, reading: Reading
) -> Body | None:
    """A text or contents, with an offer; `shared` is the offer of what stands around."""
    offer_node = fields.get("offer", shared)
    offer = read_reference(offer_node, "offer", reading) if offer_node is not None else ""
    content = read_reference(fields["content"], "content", reading) if "content" in fields else ""
    text: Template | None = None
    if "text" in fields:
        text = _read_text(fields["text"], offer or "", audience, sending, reading, readable=offer is not None)
    if content and (found := sending.contents.get(content)) is not None:
        _check_contents(found, offer or "", fields["content"].span, audience, sending, reading)
    if offer is None or content is None or ("text" in fields and text is None):
        return None
    return Body(text, content, offer)


def read_reference(node: Node, kind: str, reading: Reading) -> str | None:
    """The name of an offer or of contents.

    Diagnostics:
        PB201.
    """
    name = read_text(node, kind, reading)
    if name is None or name in reading.names.of(kind):
        return name
    report_unknown_name(name, kind, node.span, reading)
    return None


def _read_text(
    node: Node, offer: str, audience: Audience, sending: Sending, reading: Reading, *, readable: bool
) -> Template | None:
    if read_text(node, "text", reading) is None or not isinstance(node, Scalar):
        return None
    certain = what_is_certain(audience.to, sending.blocks)
    told = told_of(offer, sending, readable=readable)
    template = check_template(node, certain, sending.blocks.metrics, reading, told=told)
    if template is not None:
        check_said(template, audience.channels, reading, by_staff=audience.sender)
    return template


def told_of(offer: str, sending: Sending, *, readable: bool = True) -> Told:
    """What a text may say of its offer; of one that could not be read anything."""
    if not readable or (offer and offer not in sending.offers):
        return Told(frozenset(OFFER_VARIABLES), frozenset(("content",)))
    return Told(frozenset(sending.offers[offer].variables) if offer else frozenset())


def _check_contents(
    content: Content, offer: str, span: Span, audience: Audience, sending: Sending, reading: Reading
) -> None:
    """The texts of a table as those of this message: offers, channels, gaps."""
    certain = what_is_certain(audience.to, sending.blocks)
    for row in content.rows:
        wanted = [name for name in row.text.variables if name.startswith("offer.")]
        named = row.offer or offer
        missing = set(wanted) - told_of(named, sending).names
        if missing and not (named and named not in sending.offers):
            related = (Related(span, "related.used"),)
            name = min(missing)
            variant = "row" if named else "offer"
            reading.findings.add("PB505", row.span, variant=variant, related=related, name=name)
        check_said(row.text, audience.channels, reading, by_staff=audience.sender)
        warn_of_gaps(scalar_of(row), certain, sending.blocks.metrics, reading)


# Variants ---------------------------------------------------------------------------------------------------------


def _read_variants(
    node: Node, shared: Node | None, audience: Audience, sending: Sending, reading: Reading
) -> tuple[Variant, ...] | None:
    mapping = read_block(node, "variants", reading)
    if mapping is None:
        return None
    if len(mapping.entries) < 2:  # noqa: PLR2004 - one is nothing to compare with
        reading.findings.add("PB511", mapping.span)
        return None
    found: list[Variant | None] = []
    for entry in mapping.entries:
        name = read_name(entry.key, reading)
        inner = read_block(entry.value, entry.key.text, reading)
        fields = read_fields(inner, vocabulary.VARIANT_KEYS, "variants", reading) if inner is not None else {}
        weight = read_whole(fields["weight"], "weight", reading) if "weight" in fields else 1
        body = _read_one(fields, entry.key.span, shared, audience, sending, reading) if inner is not None else None
        if name is None or weight is None or body is None:
            found.append(None)
        else:
            found.append(Variant(name, weight, body, entry.key.span))
    complete = tuple(variant for variant in found if variant is not None)
    return complete if len(complete) == len(found) else None


def _read_one(
    fields: dict[str, Node],
    span: Span,
    shared: Node | None,
    audience: Audience,
    sending: Sending,
    reading: Reading,
) -> Body | None:
    """A body of a variant or a choice, which says a text or contents."""
    if "text" in fields and "content" in fields:
        reading.findings.add("PB510", fields["content"].span, first="text", second="content")
        return None
    if "text" not in fields and "content" not in fields:
        reading.findings.add("PB117", span, variant="said", name="text", example=_EXAMPLE)
        return None
    return _read_body(fields, shared, audience, sending, reading)


# Choices ----------------------------------------------------------------------------------------------------------


def _read_choices(
    node: Node, shared: Node | None, audience: Audience, sending: Sending, reading: Reading
) -> tuple[Choice, ...] | None:
    items = read_list(node, "choose", reading)
    if items is None:
        return None
    found: list[Choice | None] = []
    rest: Choice | None = None
    for item in items:
        mapping = read_block(item, "choose", reading)
        if mapping is None:
            found.append(None)
            continue
        if rest is not None:
            related = (Related(rest.span, "related.otherwise"),)
            reading.findings.add("PB512", mapping.span, related=related)
            return None
        choice = _read_choice(mapping, shared, audience, sending, reading)
        found.append(choice)
        rest = choice if choice is not None and choice.when is None else None
    complete = tuple(choice for choice in found if choice is not None)
    if len(complete) != len(found):
        return None
    lines = [choice.when for choice in complete if choice.when is not None]
    known = Known(sending.blocks.metrics, sending.blocks.segments)
    if rest is None and not covers_all(lines, audience.to, known):
        advise("PB911", node.span, reading)
    check_turns(complete, audience.to, known, reading)
    _advise_prices(complete, sending, reading)
    return complete


def _read_choice(
    mapping: Mapping, shared: Node | None, audience: Audience, sending: Sending, reading: Reading
) -> Choice | None:
    fields = read_fields(mapping, vocabulary.CHOICE_KEYS, "choose", reading)
    if "otherwise" in fields:
        if len(fields) > 1:
            reading.findings.add("PB512", mapping.span, variant="both")
            return None
        return _read_otherwise(fields["otherwise"], mapping.span, shared, audience, sending, reading)
    node = require(fields, "when", mapping.span, "{when: {city: 北京}, text: 您好}", reading)
    when = read_condition(node, "when", reading) if node is not None else None
    both = tuple(each for each in (audience.to, when) if each is not None)
    narrowed = replace(audience, to=All(both, mapping.span) if both else None)
    body = _read_one(fields, mapping.span, shared, narrowed, sending, reading)
    return None if when is None or body is None else Choice(when, body, "", mapping.span)


def _read_otherwise(
    node: Node, span: Span, shared: Node | None, audience: Audience, sending: Sending, reading: Reading
) -> Choice | None:
    mapping = read_block(node, "otherwise", reading)
    if mapping is None:
        return None
    fields = read_fields(mapping, vocabulary.OTHERWISE_KEYS, "otherwise", reading)
    if "skip" in fields:
        skip = read_text(fields["skip"], "skip", reading)
        if len(fields) > 1:
            reading.findings.add("PB512", mapping.span, variant="skip")
            return None
        return None if skip is None else Choice(None, None, skip, span)
    body = _read_one(fields, mapping.span, shared, audience, sending, reading)
    return None if body is None else Choice(None, body, "", span)


def _advise_prices(choices: tuple[Choice, ...], sending: Sending, reading: Reading) -> None:
    """Advise where the same product, had in the same way, has another price by who the person is."""
    seen: dict[tuple[str, str], tuple[int, Span]] = {}
    for choice in choices:
        offer = sending.offers.get(choice.body.offer) if choice.body is not None else None
        if offer is None or not offer.product or offer.price is None:
            continue
        price, span = seen.setdefault((offer.product, offer.redeem), (offer.price, choice.span))
        if price != offer.price:
            related = (Related(span, "related.price"),)
            reading.findings.add("PB912", choice.span, related=related, severity=Severity.ADVICE, name=offer.product)
            return
