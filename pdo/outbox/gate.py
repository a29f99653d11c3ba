"""The gate (触达管控) that no message passes round: why somebody is held back, as expressions over candidates.

Whether somebody can be reached is asked channel by channel; the first that is open is taken, and where none is, the first one's
reason is told. What counts messages of before reads the columns of `past_columns`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.model.outbox import Reason, bodies_of
from pdo.model.outreach import CLOSED, Channel, ContentOrder
from pdo.outbox.engine import fixed, text_of
from pdo.outbox.hours import first_day_of, quota_window
from pdo.outbox.saying import had_name, turn_name
from pdo.playbook.channels import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdo.compiler.program import Program
    from pdo.model.outbox import Source
    from pdo.model.outreach import Cap, Outreach, OutreachPolicy

Branch = tuple[exp.Expr, exp.Expr]
"""A condition, and the reason where it holds."""

ANY = "any"
FRIENDS = frozenset((Channel.WECOM, Channel.ONE_TO_ONE, Channel.MOMENTS))
PHONES = frozenset((Channel.SMS, Channel.CALL))
PEOPLE_SEND = ("owner", "manager")


def nobody() -> exp.Expr:
    """No reason."""
    return exp.cast(exp.null(), "VARCHAR")


# Reach --------------------------------------------------------------------------------------------------------------------


def consents_asked(source: Source, policy: OutreachPolicy) -> tuple[str, ...]:
    """The attributes that open the channels of a source."""
    return tuple(policy.consent[channel] for channel in source.channels if channel in policy.consent)


def closed(channel: Channel, source: Source, policy: OutreachPolicy, program: Program) -> exp.Expr:
    """Why somebody cannot be reached by a channel; NULL where they can."""
    return sql.choose(list(_barriers(channel, source, policy, program)), nobody())


def _barriers(channel: Channel, source: Source, policy: OutreachPolicy, program: Program) -> Iterator[Branch]:
    for name in (ANY, channel.value):
        listed = exp.Anonymous(this="list_contains", expressions=[sql.column("blocks"), text_of(name)])
        yield sql.known(listed), text_of(Reason.BLOCKED)
    own = sql.column(f"consent_{channel.value}")
    yield sql.known(exp.EQ(this=own, expression=sql.literal(0))), text_of(Reason.OPTED_OUT)
    if channel in policy.consent:
        given = sql.column(program.shown[policy.consent[channel]].number)
        yield sql.known(exp.EQ(this=given, expression=sql.literal(0))), text_of(Reason.OPTED_OUT)
        yield sql.absent(given.copy()), text_of(Reason.NO_CONSENT)
    elif channel in CLOSED:
        yield exp.true(), text_of(Reason.NO_CONSENT)
    if channel in FRIENDS:
        yield fixed("coalesce(is_friend, 0) <> 1"), text_of(Reason.NOT_FRIEND)
    if channel is Channel.CHAT:
        yield fixed("NOT is_member"), text_of(Reason.NOT_MEMBER)
    if channel in PHONES:
        yield fixed("NOT has_phone"), text_of(Reason.NO_ADDRESS)
    if source.sender in PEOPLE_SEND:
        yield sql.absent(sql.column(source.sender)), text_of(Reason.NO_SENDER)


def sender(source: Source) -> exp.Expr:
    """The colleague who sends, by key; NULL for the robot and nobody. Whom friends hear from is their guide, unless said."""
    if source.sender in PEOPLE_SEND:
        return sql.column(source.sender)
    if source.sender == "robot":
        return nobody()
    if source.sender:
        return text_of(source.sender)
    places = [place for place, channel in enumerate(source.channels) if channel in FRIENDS]
    same = [exp.EQ(this=sql.column("channel"), expression=sql.literal(place)) for place in places]
    return sql.choose([(sql.some(same), sql.column("owner"))], nobody()) if places else nobody()


def channel(source: Source, policy: OutreachPolicy, program: Program) -> tuple[exp.Expr, exp.Expr]:
    """The place of the first open channel, 0 where none is; and why none is."""
    reasons = [closed(one, source, policy, program) for one in source.channels]
    places: list[Branch] = [(sql.absent(reason), sql.literal(place)) for place, reason in enumerate(reasons[1:], 1)]
    if not places:
        return sql.literal(0), reasons[0]
    first = (sql.absent(reasons[0].copy()), sql.literal(0))
    open_ = [sql.absent(reason.copy()) for reason in reasons[1:]]
    return sql.choose([first, *places], sql.literal(0)), sql.choose([(sql.some(open_), nobody())], reasons[0].copy())


def too_long(source: Source) -> exp.Expr:
    """Whether a text has more bytes than its channel takes."""
    size = exp.Anonymous(this="strlen", expressions=[sql.column("text")])
    parts = []
    for place, one in enumerate(source.channels):
        if one in MAX_BYTES:
            same = exp.EQ(this=sql.column("channel"), expression=sql.literal(place))
            parts.append(exp.and_(same, exp.GT(this=size.copy(), expression=sql.literal(MAX_BYTES[one]))))
    return sql.known(sql.some(parts))


# What was before ----------------------------------------------------------------------------------------------------------


def past_columns(source: Source, sources: Sequence[Source], outreach: Outreach) -> list[exp.Expr]:
    """What earlier messages say about a candidate.

    Aggregates over `t`, the messages of before and of this run so far, of candidate `c`: how many count for each cap and quota,
    which rows of contents were said, what chance decided, whether another source of the exclusive group came first.
    """
    of_source = _same("source", source.name)
    found: list[exp.Expr] = []
    for name, cap, own in _caps(source, outreach.policy):
        test = sql.every(
            [
                _lives(),
                of_source.copy() if own else _of_channel(cap.channel),
                _from(first_day_of(fixed("c.today"), cap.per)),
            ]
        )
        found.append(exp.alias_(_count(test), name))
    for place, one in enumerate(source.channels):
        if one in outreach.policy.quota:
            first, _ = quota_window(outreach.policy.quota[one])
            found.append(
                exp.alias_(_count(sql.every([_lives(), _of_channel(one.value), _from(first)])), f"quota{place}")
            )
    others = [
        one.name
        for one in sources
        if source.exclusive and one.exclusive == source.exclusive and one.name != source.name
    ]
    if others:
        test = sql.every([_lives(), sql.some([_same("source", name) for name in others])])
        if source.every is not None and not source.repeats:
            test = sql.every([test, _from(first_day_of(fixed("c.today"), source.every))])
        found.append(exp.alias_(_any(test), "outdone"))
    own_variant = sql.every([of_source.copy(), fixed("t.variant IS NOT NULL")])
    found.append(exp.alias_(sql.filtered(fixed("arg_max(t.variant, t.day)"), own_variant), "variant_had"))
    found.append(exp.alias_(_any(sql.every([of_source.copy(), fixed("t.control")])), "control_had"))
    found.append(exp.alias_(_any(sql.every([of_source.copy(), _lives()])), "message_had"))
    for body in bodies_of(source.said):
        if body.content:
            content = outreach.contents[body.content]
            said = sql.every([_lives(), _same("content", content.name)])
            if content.never_repeat is not None:
                of_late = sql.every([said.copy(), _from(first_day_of(fixed("c.today"), content.never_repeat))])
                found.append(
                    exp.alias_(sql.filtered(fixed("list(t.content_row)"), of_late), _quoted(had_name(content)))
                )
            if content.order is ContentOrder.ROTATION:
                found.append(
                    exp.alias_(sql.filtered(fixed("arg_max(t.content_row, t.day)"), said), _quoted(turn_name(content)))
                )
    return _once(found)


def _once(columns: list[exp.Expr]) -> list[exp.Expr]:
    """Several bodies may have the same contents."""
    return list({column.alias: column for column in columns}.values())


def _quoted(name: str) -> exp.Identifier:
    return exp.to_identifier(name, quoted=True)


def _same(column: str, value: str) -> exp.Expr:
    return exp.EQ(this=sql.column(column, "t"), expression=text_of(value))


def _lives() -> exp.Expr:
    return fixed("t.lives")


def _from(first: exp.Expr) -> exp.Expr:
    return exp.and_(exp.GTE(this=fixed("t.day"), expression=first), fixed("t.day <= c.today"))


def _of_channel(name: str) -> exp.Expr:
    return exp.true() if name == ANY else _same("channel", name)


def _count(test: exp.Expr) -> exp.Expr:
    return sql.filtered(fixed("count(t.source)"), test)


def _any(test: exp.Expr) -> exp.Expr:
    return sql.known(exp.Anonymous(this="bool_or", expressions=[test]))


def _caps(source: Source, policy: OutreachPolicy) -> Iterator[tuple[str, Cap, bool]]:
    """The caps that a source must keep to, each with the column of its count, and whether it is of this source alone."""
    for place, cap in enumerate(source.caps):
        yield f"own{place}", cap, True
    for place, cap in enumerate(policy.caps):
        if cap.channel == ANY or cap.channel in source.channels:
            yield f"cap{place}", cap, False


def full(source: Source, policy: OutreachPolicy) -> list[Branch]:
    """Caps and quotas that are used up."""
    found: list[Branch] = []
    for name, cap, own in _caps(source, policy):
        used = exp.GTE(this=sql.column(name), expression=sql.literal(cap.max))
        kind = Reason.CAMPAIGN_CAP if own else Reason.CAP
        reason = text_of(f"{kind}:{cap.channel}:{cap.max}/{cap.per}")
        by = [_by(place) for place, one in enumerate(source.channels) if cap.channel in (ANY, one)]
        found.append((sql.every([sql.some(by), used]), reason))
    for place, one in enumerate(source.channels):
        if one in policy.quota:
            quota = policy.quota[one]
            _, most = quota_window(quota)
            most = most.transform(lambda node: exp.column("today") if node == fixed("c.today") else node)
            used = exp.GTE(this=sql.column(f"quota{place}"), expression=most)
            found.append((exp.and_(_by(place), used), text_of(f"{Reason.QUOTA}:{one}:{quota}")))
    return found


def _by(place: int) -> exp.Expr:
    return exp.EQ(this=sql.column("channel"), expression=sql.literal(place))
