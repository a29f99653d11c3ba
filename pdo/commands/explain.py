"""`pdo explain`: why a customer has a tag, is in a stage or belongs to a segment, with the values that decided."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pdo.commands.cells import clean
from pdo.commands.changes import channel_words, reason_words
from pdo.commands.desk import open_desk
from pdo.commands.help import command, single
from pdo.commands.options import AsOf, CustomerName, Format, OutputFormat, ProjectDir, option
from pdo.core.errors import UsageError
from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdo.api import batches, explaining
    from pdo.commands.desk import Desk
    from pdo.commands.present import Output
    from pdo.model.reports import ExplainNode, Explanation
else:
    batches = late("pdo.api.batches")
    explaining = late("pdo.api.explaining")

app = single()
MESSAGES = 10
"""So many messages of a campaign are told, the latest first."""


@command(app, "explain")
def explain(
    *,
    customer: CustomerName,
    tag: Annotated[str | None, option("--tag", key="tag", metavar="NAME")] = None,
    stage: Annotated[str | None, option("--stage", key="stage", metavar="NAME")] = None,
    segment: Annotated[str | None, option("--segment", key="segment", metavar="NAME")] = None,
    message: Annotated[str | None, option("--message", key="message", metavar="CAMPAIGN")] = None,
    as_of: AsOf = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Explain and show."""
    asked = [(kind, name) for kind, name in (("tag", tag), ("stage", stage), ("segment", segment)) if name is not None]
    if len(asked) + (message is not None) > 1:
        raise UsageError("error.explain_one")
    if message is not None:
        _explain_message(open_desk("explain", project, output_format), customer, message)
        return
    kind, name = asked[0] if asked else (None, None)
    desk = open_desk("explain", project, output_format)
    moment = None if as_of is None else desk.moment(as_of)
    found = explaining.explain(desk.project(), customer, kind=kind, name=name, as_of=moment)
    data = {"customer_id": customer, "explanations": [explanation_data(one) for one in found]}
    lines = [line for one in found for line in explanation_lines(one, desk.output)]
    desk.output.show(data, *(lines or [desk.output.say("explain.none")]))


def _explain_message(desk: Desk, customer: str, campaign: str) -> None:
    """What became of the messages that a campaign meant for a customer, and why."""
    output = desk.output
    key, found = batches.fates(desk.settings, customer, campaign, limit=MESSAGES)
    lines = []
    for one in found:
        told = {"planned_on": one.planned_on, "campaign": clean(one.campaign)}
        lines.append(output.say("explain.message", **told, status=output.say(f"message.{one.status}")))
        if one.reason:
            lines.append(output.say("explain.message_reason", reason=reason_words(one.reason, output)))
        status = output.say_or(f"status.{one.batch_status}", one.batch_status)
        channel = channel_words(one.channel, output)
        lines.append(output.say("explain.message_batch", batch_id=one.batch_id, status=status, channel=channel))
        lines += [f"  {clean(one.text)}"] if one.text else []
    none = output.say("explain.message_none", customer=key, campaign=clean(campaign))
    output.show({"customer_id": key, "messages": [asdict(one) for one in found]}, *(lines or [none]))


def explanation_data(found: Explanation) -> dict[str, object]:
    """What JSON says of one explanation."""
    return {
        "customer_id": found.customer_key,
        "kind": found.kind,
        "name": found.name,
        "holds": found.holds,
        "since": found.since,
        "as_of": str(found.as_of),
        "by_hand": found.by_hand,
        "blocked": found.blocked,
        "kept": found.kept,
        "excluded_by": found.excluded_by or None,
        "expired": found.expired,
        "nodes": [_node_data(node) for node in found.nodes],
    }


def _node_data(node: ExplainNode) -> dict[str, object]:
    return {
        "label": node.label,
        "holds": node.holds,
        "value": node.value,
        "children": [_node_data(child) for child in node.children],
    }


def explanation_lines(found: Explanation, output: Output) -> Iterator[str]:
    """The same as an indented tree."""
    since = output.say("explain.since", since=found.since) if found.since else ""
    kind = output.say(f"heading.{found.kind}")
    how = output.say("explain.by_hand") if found.by_hand else ""
    how += output.say("explain.blocked") if found.blocked else ""
    how += output.say("explain.kept") if found.kept else ""
    how += output.say("explain.excluded", other=clean(found.excluded_by)) if found.excluded_by else ""
    how += output.say("explain.expired") if found.expired else ""
    yield f"{_mark(found.holds)} {kind} {clean(found.name)}{since}{how}"
    yield from _tree(found.nodes, 1)


def _tree(nodes: Sequence[ExplainNode], depth: int) -> Iterator[str]:
    for node in nodes:
        value = f"  ← {clean(node.value)}" if node.value else ""
        yield f"{'  ' * depth}{_mark(node.holds)} {clean(node.label)}{value}"
        yield from _tree(node.children, depth + 1)


def _mark(holds: bool) -> str:  # noqa: FBT001  (one argument, one meaning)
    return "✓" if holds else "✗"
