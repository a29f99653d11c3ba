"""`pdo customer`: who somebody is, and what is known of them. Phones are masked."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pdo.commands.desk import open_desk
from pdo.commands.held import held_table
from pdo.commands.help import command, group
from pdo.commands.options import CustomerName, Format, Limit, OutputFormat, ProjectDir, argument
from pdo.commands.present import Table, field_label, local, money, number
from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.api import answering
    from pdo.commands.present import Output
    from pdo.model.reports import CustomerCard
else:
    answering = late("pdo.api.answering")

app = group()


@command(app, "show", "help.customer.show")
def show(*, customer: CustomerName, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Show one."""
    desk = open_desk("customer show", project, output_format)
    card = answering.customer(desk.settings, customer)
    desk.output.show(card_data(card), *_blocks(card, desk.output))


@command(app, "find", "help.customer.find")
def find(
    *,
    text: Annotated[str, argument("find", metavar="TEXT")],
    limit: Limit = 20,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """List those who match."""
    desk = open_desk("customer find", project, output_format)
    found = answering.customers(desk.settings, text, limit=limit)
    rows = [(one.customer_key, one.name or "", one.phone or "", one.owner or "", one.store or "") for one in found]
    data = [{"customer_id": one.customer_key, **_without_key(asdict(one))} for one in found]
    names = ("customer_id", "name", "phone", "owner", "store")
    desk.output.show(
        {"customers": data},
        Table(desk.output.headings(*names), rows),
        *([] if found else [desk.output.say("customer.nobody")]),
    )


def card_data(card: CustomerCard) -> dict[str, object]:
    """What JSON says of a customer."""
    return {
        "customer_id": card.customer_key,
        "attributes": dict(card.attributes),
        "identities": [{"kind": kind, "value": value} for kind, value in card.identities],
        "tags": [asdict(held) for held in card.held if held.kind == "tag"],
        "stages": [asdict(held) for held in card.held if held.kind == "stage"],
        "segments": [asdict(held) for held in card.held if held.kind == "segment"],
        "blocked_tags": list(card.blocked),
        "orders": {"count": card.order_count, "net_minor": card.net_minor, "last_paid_at": card.last_paid_at},
        "events": card.event_count,
        "messages": card.message_count,
    }


def _blocks(card: CustomerCard, output: Output) -> Iterator[str | Table]:
    rows = [(field_label(name, output.language), value) for name, value in card.attributes.items()]
    rows += [
        (output.say_or(f"identity.{kind}", kind), value)
        for kind, value in card.identities
        if kind not in ("own", "phone")
    ]
    rows += [
        (output.say("customer.orders"), number(card.order_count)),
        (output.say("customer.net"), money(card.net_minor)),
        (output.say("customer.last_paid"), local(card.last_paid_at) or "-"),
        (output.say("customer.events"), number(card.event_count)),
        (output.say("customer.messages"), number(card.message_count)),
    ]
    yield Table((output.say("heading.customer_id"), card.customer_key), rows)
    yield held_table(card.held, output)
    if card.blocked:
        yield output.say("customer.blocked", tags=", ".join(card.blocked))


def _without_key(found: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in found.items() if name != "customer_key"}
