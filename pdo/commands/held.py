"""How tags and stages are shown: `pdo tag`, `pdo stage`, `pdo customer show`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from pdo.commands.present import Table, local, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdo.commands.present import Output
    from pdo.model.reports import HandReport, Held, LabelCount


def held_table(held: Sequence[Held], output: Output) -> Table:
    """What a customer has or had."""
    rows = [
        (
            output.say(f"heading.{one.kind}"),
            f"{one.scope}/{one.name}" if one.scope else one.name,
            output.say_or(f"source.{one.source}", one.source),
            local(one.since),
            local(one.until),
        )
        for one in held
    ]
    return Table(output.headings("label_kind", "label", "source", "since", "until"), rows)


def show_history(held: Sequence[Held], customer: str, output: Output) -> None:
    """Print what a customer has and had."""
    data = {"customer_id": customer, "history": [asdict(one) for one in held]}
    output.show(data, held_table(held, output), *([] if held else [output.say("history.none")]))


def show_hand(report: HandReport, output: Output) -> None:
    """Print what a change by hand did."""
    label = f"{report.scope}/{report.name}" if report.scope else report.name
    data = {
        "action": report.action,
        "kind": report.kind,
        "scope": report.scope,
        "name": report.name,
        "customer_id": report.customer_key,
        "changed": report.changed,
        "blocked": report.blocked,
        "replaced": list(report.replaced),
    }
    key = f"hand.{report.action}" if report.changed else "hand.same"
    lines = [output.say(key, customer=report.customer_key, label=label)]
    if report.blocked:
        lines.append(output.say("hand.blocked", label=label, customer=report.customer_key))
    if report.replaced:
        lines.append(output.say("hand.replaced", label=label, others=", ".join(report.replaced)))
    output.show(data, *lines)


def show_counts(counts: Sequence[LabelCount], kind: str, output: Output) -> None:
    """Print how many have each tag, stage or segment."""
    names = {"tag": ("tag", "group"), "stage": ("stage", "lifecycle"), "segment": ("segment",)}[kind]
    rows = [
        (
            one.name,
            *((one.group,) if kind == "tag" else (one.scope,) if kind == "stage" else ()),
            one.playbook,
            number(one.members),
        )
        for one in counts
    ]
    headings = output.headings(*names, "playbook", "customers")
    none = [] if counts else [output.say("label.none")]
    output.show(
        {f"{kind}s": [asdict(one) for one in counts]}, Table(headings, rows, frozenset({len(headings) - 1})), *none
    )
