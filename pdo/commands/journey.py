"""`pdo journey`: steps in time (SOP): how they stand, who is where, and taking people out."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pdo.commands.desk import open_desk
from pdo.commands.help import command, group
from pdo.commands.options import AsOf, Format, Limit, OutputFormat, ProjectDir, argument, option
from pdo.commands.present import Table, number
from pdo.core.late import late

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.api import itineraries
    from pdo.commands.present import Output
else:
    itineraries = late("pdo.api.itineraries")

app = group()
JourneyName = Annotated[str, argument("journey", metavar="JOURNEY")]
OneCustomer = Annotated[str | None, argument("journey_customer", metavar="CUSTOMER")]
Everybody = Annotated[bool, option("--all", key="journey_all")]
STATUSES = ("active", "done", "exited", "stopped")


@command(app, "list", "help.journey.list")
def list_(*, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """Every journey with how many are in it."""
    desk = open_desk("journey list", project, output_format)
    found = itineraries.journeys(desk.project())
    rows = [
        (
            one.name,
            one.playbook or desk.output.say("journey.gone"),
            number(one.steps),
            *(number(one.entries.get(status, 0)) for status in STATUSES),
        )
        for one in found
    ]
    names = (
        "journey",
        "playbook",
        "journey_steps",
        "journey_active",
        "journey_done",
        "journey_exited",
        "journey_stopped",
    )
    none = [] if found else [desk.output.say("journey.none")]
    data = {"journeys": [asdict(one) for one in found]}
    desk.output.show(data, Table(desk.output.headings(*names), rows, frozenset(range(2, 7))), *none)


@command(app, "show", "help.journey.show")
def show(*, journey: JourneyName, project: ProjectDir = None, output_format: OutputFormat = Format.TEXT) -> None:
    """What became of each step."""
    desk = open_desk("journey show", project, output_format)
    found, version, state = itineraries.show(desk.project(), journey)
    output = desk.output
    names = [step.name for step in found.steps]
    gone = [name for name in (*state.steps, *state.waiting) if name not in names]
    rows = [
        (name, number(state.waiting.get(name, 0)), _told(state.steps.get(name, {}), output))
        for name in dict.fromkeys((*names, *gone))
    ]
    counts = {status: number(state.entries.get(status, 0)) for status in STATUSES}
    earlier = sum(count for one, count in state.versions.items() if one != version)
    told = [output.say("journey.state", journey=journey, **counts)]
    told += [output.say("journey.earlier", count=number(earlier))] if earlier else []
    data = {
        "journey": journey,
        "playbook": found.playbook,
        "version": version,
        "entries": dict(state.entries),
        "versions": dict(state.versions),
        "steps": [
            {"step": name, "waiting": state.waiting.get(name, 0), "states": dict(state.steps.get(name, {}))}
            for name in dict.fromkeys((*names, *gone))
        ],
    }
    output.show(data, *told, Table(output.headings("step", "journey_waiting", "journey_outcome"), rows, frozenset({1})))


def _told(states: Mapping[str, int], output: Output) -> str:
    return ", ".join(f"{output.say(f'journey.step.{state}')} {number(count)}" for state, count in states.items())


@command(app, "who", "help.journey.who")
def who(
    *,
    journey: JourneyName,
    everybody: Everybody = False,
    limit: Limit = 50,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Who is where."""
    desk = open_desk("journey who", project, output_format)
    found = itineraries.who(desk.project(), journey, everybody=everybody, limit=limit)
    output = desk.output
    rows = [
        (
            one.customer,
            one.name,
            output.say(f"journey.{one.status}"),
            one.entered_at,
            one.step,
            one.due_at or one.ended_at,
        )
        for one in found
    ]
    names = ("journey_customer", "journey_name", "journey_status", "journey_entered", "journey_step", "journey_when")
    none = [] if found else [output.say("journey.nobody", journey=journey)]
    output.show(
        {"journey": journey, "customers": [asdict(one) for one in found]}, Table(output.headings(*names), rows), *none
    )


@command(app, "stop", "help.journey.stop")
def stop(
    *,
    journey: JourneyName,
    customer: OneCustomer = None,
    as_of: AsOf = None,
    project: ProjectDir = None,
    output_format: OutputFormat = Format.TEXT,
) -> None:
    """Take people out."""
    desk = open_desk("journey stop", project, output_format)
    opened = desk.project()
    done = itineraries.stop(opened, journey, customer, now=desk.moment(as_of))
    output = desk.output
    told = [
        output.say("journey.stopped_now", journey=journey, entries=number(done.entries), messages=number(done.messages))
    ]
    if customer is None and journey in opened.project.outreach.journeys:
        told.append(output.say("journey.still_open"))
    output.show({"stopped": asdict(done)}, *told)
