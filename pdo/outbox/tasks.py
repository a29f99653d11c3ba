"""Tasks that a run makes: their texts, and those that come with a tag (提醒)."""

# ruff: noqa: S608  (queries are put together of our own names; what users write comes in as tables)

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

import sqlglot

from pdo.compiler.clock import shifted
from pdo.compiler.measures import CUSTOMER
from pdo.compiler.ranks import KEY
from pdo.core.calendar import date_of, instant_of
from pdo.core.figures import quantity
from pdo.model.journeys import MadeTask
from pdo.model.outbox import Reason
from pdo.outbox.hours import first_day
from pdo.outbox.texts import MissingError, Text, TooLongError
from pdo.playbook.templates import template_variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pyarrow as pa

    from pdo.compiler.program import Program, Shown
    from pdo.core.calendar import Moment
    from pdo.model.conditions import Duration
    from pdo.model.playbook import Tag
    from pdo.outbox.engine import Engine

TODAY = "today"


@dataclass(frozen=True, slots=True)
class Now:
    """The moment of a run; of examples side by side the moment of each.

    Args:
        living: customer → place of its world; None where there is one.
    """

    moments: Sequence[Moment]
    living: Mapping[int, int] | None = None

    def of(self, customer: int) -> Moment:
        """The now of a customer."""
        return self.moments[0 if self.living is None else self.living[customer]]


class UnsaidError(Exception):
    """A text cannot be said. Carries the reason that is kept."""


def variables(text: str) -> tuple[str, ...]:
    """What a task's text shows of the customer, each once."""
    return tuple(dict.fromkeys(one.name for one in template_variables(text) if one.name != TODAY))


def value_columns(shown: Mapping[str, Shown]) -> str:
    """The columns of shown values, to follow others."""
    names = dict.fromkeys(part for one in shown.values() for part in (one.number, one.per) if part)
    return "".join(f', o."{name}"' for name in names)


def rendered(text: str, shown: Mapping[str, Shown], row: Mapping[str, int], now: Moment) -> str:
    """A task's text for one customer.

    Args:
        row: with the columns of the shown values.

    Raises:
        UnsaidError: a value without a default is absent, or the text gets too long.
    """
    values: dict[str, object] = {TODAY: date_of(now.today).isoformat()}
    for name, one in shown.items():
        values[name] = quantity(one.type.value, row[one.number], now.zone, row[one.per] if one.per else None)
    try:
        return Text.compile(text).render(values)
    except MissingError as error:
        raise UnsaidError(f"{Reason.MISSING_VALUE}:{error}") from error
    except TooLongError as error:
        raise UnsaidError(str(Reason.TOO_LONG)) from error


def due_day(length: Duration | None, now: Moment) -> int | None:
    """The day by which something is to be done: `1d` is tomorrow."""
    if length is None:
        return None
    if length.is_exact:
        return type(now)(now.at + length.seconds, now.zone).today
    return shifted(now.today, length, 1)


def alert_texts(tags: Iterable[Tag]) -> dict[str, str]:
    """The values that a program must show for alerts."""
    return {name: name for tag in tags if tag.alert is not None for name in variables(tag.alert.text)}


def alert_tasks(
    engine: Engine,
    program: Program,
    came: Mapping[str, pa.Table],
    tags: Mapping[str, Tag],
    now: Now,
    recent: Callable[[str, int, int], int],
    untouchable: Mapping[int, str],
) -> tuple[MadeTask, ...]:
    """The tasks of tags that came.

    Args:
        engine: with the table `outcome` of the program.
        came: tag → `customer_id` of those to whom it came.
        recent: how many tasks a customer has had of a tag since an instant, by tag, customer, instant.
        untouchable: customers for whom no task is made.
    """
    made: list[MadeTask] = []
    for name, customers in sorted(came.items()):
        alert = tags[name].alert
        if alert is None:
            continue
        shown = {one: program.shown[one] for one in variables(alert.text)}
        engine.load("came", customers.select(["customer_id"]))
        query = (
            f'SELECT o."{CUSTOMER}" AS cust, o."{KEY}" AS key{value_columns(shown)} FROM outcome AS o '
            f'WHERE o."{CUSTOMER}" IN (SELECT customer_id FROM came) ORDER BY key, cust'
        )
        rows = engine.rows(sqlglot.parse_one(query, dialect="duckdb"))
        engine.drop("came")
        for row in rows:
            customer, moment = row["cust"], now.of(row["cust"])
            if customer in untouchable:
                continue
            if alert.at_most is not None:
                most, per = alert.at_most
                if recent(name, customer, _since(per, moment)) >= most * len(alert.to):
                    continue
            try:
                text = rendered(alert.text, shown, row, moment)
            except UnsaidError:
                # Somebody is to be told; what cannot be said in the playbook's words is said in fewer.
                text = name
            escalate = None if alert.escalate is None else (_after(alert.escalate[0], moment), alert.escalate[1])
            due = due_day(alert.due, moment)
            made += [MadeTask(name, "alert", customer, row["key"], to, text, due, escalate=escalate) for to in alert.to]
    return tuple(made)


def _since(per: Duration, now: Moment) -> int:
    if per.is_exact:
        return now.at - per.seconds
    return _midnight(first_day(now.today, per), now)


def _after(length: Duration, now: Moment) -> int:
    """The instant from which so long has passed: hours by the clock, days from midnight on."""
    return now.at + length.seconds if length.is_exact else _midnight(shifted(now.today, length, 1), now)


def _midnight(day: int, now: Moment) -> int:
    return instant_of(datetime.combine(date_of(day), time()), now.zone)
