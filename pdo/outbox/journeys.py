"""People on their way through journeys: who enters, who leaves, which steps are due.

`walk` goes through the steps in their order, each for everybody at once, before messages pass the gate; `settle` of
`pdo.outbox.journey_settling` takes what the gate says and leaves everybody where they are. A step that the gate makes wait, for
capacity or quiet hours, is asked again.
"""

# ruff: noqa: S608  (queries are put together of our own names and numbers; what users write comes in as tables and literals)

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pdo.compiler.measures import CUSTOMER
from pdo.compiler.ranks import KEY
from pdo.core.calendar import Moment
from pdo.model.conditions import All, Anniversary, AttributeTest
from pdo.model.journeys import enter_name
from pdo.model.outbox import Meant, Reason
from pdo.model.outreach import AgainKind, Late, StepTask, Wait
from pdo.outbox.hours import DAY_MINUTES
from pdo.outbox.journey_tables import BEFORE, INSIDE
from pdo.outbox.journey_times import NOW, day_of, due, later, next_anniversary, over
from pdo.outbox.journey_walk import COLUMNS, Walk, quoted
from pdo.outbox.tasks import variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pdo.compiler.program import Program
    from pdo.model.conditions import Condition
    from pdo.model.journeys import Course
    from pdo.model.outreach import Journey, Step
    from pdo.outbox.engine import Engine
    from pdo.outbox.tasks import Now


@dataclass(frozen=True, slots=True)
class People:
    """Who is inside, and who may come.

    Args:
        inside: see `INSIDE`.
        before: see `BEFORE`.
        edges: journey → `customer_id` of those who meet the condition to enter and did not at the last run; all who meet it
            where it never ran and lets in those who are there.
        untouchable: `customer` and `reason` of those for whom no task is made.
        first_id: of the first new entry.
    """

    inside: pa.Table = field(default_factory=INSIDE.empty_table)
    before: pa.Table = field(default_factory=BEFORE.empty_table)
    edges: Mapping[str, pa.Table] = field(default_factory=dict)
    untouchable: pa.Table | None = None
    first_id: int = 1


def questions(courses: Iterable[Course]) -> tuple[dict[str, Condition], dict[str, str]]:
    """What a program must answer and show to walk through journeys; messages ask for more, see `wants_of`."""
    asked: dict[str, Condition] = {}
    shown: dict[str, str] = {}
    for course in courses:
        journey = course.journey
        if course.is_current:
            asked[enter_name(journey.name)] = journey.enter
        if journey.exit is not None:
            asked[f"exit {course.name}"] = journey.exit
        if journey.anchor:
            shown[journey.anchor] = journey.anchor
        for step in journey.steps:
            if step.when is not None:
                asked[f"when {course.name}/{step.name}"] = step.when
            if isinstance(step.action, Wait):
                asked[f"until {course.name}/{step.name}"] = step.action.until
            if isinstance(step.action, StepTask):
                shown |= {name: name for name in variables(step.action.text.text)}
    return asked, shown


def walk(engine: Engine, program: Program, courses: Sequence[Course], people: People, now: Now) -> Walk:
    """Go through all journeys up to the messages.

    Args:
        engine: with the table `outcome` of the program.
        courses: those that can be entered, and those that somebody is in.
    """
    walking = Walk(engine, program, tuple(courses), now.moments[0].zone)
    _load(walking, people, now)
    first = people.first_id
    for number, course in enumerate(courses):
        first += _begin(
            walking, number, course, people.edges.get(course.journey.name) if course.is_current else None, first
        )
        _exit(walking, number, course)
        for place, step in enumerate(course.journey.steps):
            _step(walking, number, place, step)
    walking.meant = _meant(walking)
    return walking


def _load(walking: Walk, people: People, now: Now) -> None:
    """`jr_clock`, `jr_world`, `jr_local`, `jr_inside`, `jr_before`, `jr_untouchable`, and an empty `jr_did`."""
    engine = walking.engine
    minutes = [one.local.hour * 60 + one.local.minute for one in now.moments]
    clock = {
        "world": range(len(now.moments)),
        "today": [one.today for one in now.moments],
        "minute": minutes,
        "at": [one.at for one in now.moments],
    }
    engine.load("jr_clock", pa.table({name: pa.array(values, pa.int64()) for name, values in clock.items()}))
    living = now.living or {}
    worlds = {"customer": living.keys(), "world": living.values()}
    engine.load("jr_world", pa.table({name: pa.array(values, pa.int64()) for name, values in worlds.items()}))
    instants: set[int] = set()
    for table, names in ((people.inside, ("entered_at", "waiting_since")), (people.before, ("entered_at",))):
        for name in names:
            instants |= set(pc.unique(table.column(name)).drop_null().to_pylist())
    local = {"at": list(instants), "minutes": [_local(at, walking.zone) for at in instants]}
    engine.load("jr_local", pa.table({name: pa.array(values, pa.int64()) for name, values in local.items()}))
    engine.load("jr_inside", people.inside)
    engine.load("jr_before", people.before)
    nobody = pa.table({"customer": pa.array([], pa.int64()), "reason": pa.array([], pa.string())})
    engine.load("jr_untouchable", people.untouchable if people.untouchable is not None else nobody)
    did = {name: pa.array([], pa.int64()) for name in ("entry", "cust", "course", "place")}
    did |= {"state": pa.array([], pa.string()), "reason": pa.array([], pa.string())}
    did |= {"reached": pa.array([], pa.int64()), "reached_at": pa.array([], pa.int64())}
    engine.load("jr_did", pa.table({**did, "first_day": pa.array([], pa.bool_())}))


def _local(at: int, zone: str) -> int:
    moment = Moment(at, zone)
    return moment.today * DAY_MINUTES + moment.local.hour * 60 + moment.local.minute


# Entering and leaving ---------------------------------------------------------------------------------------------------


def _begin(walking: Walk, number: int, course: Course, edge: pa.Table | None, first: int) -> int:
    """`jr_walk<number>`: who is inside and who comes in; how many those are."""
    places = " ".join(
        f"WHEN i.step = {quoted(step.name)} THEN {place}" for place, step in enumerate(course.journey.steps)
    )
    place = f"CASE {places} END" if places else "NULL"
    mine = f"i.journey = {quoted(course.journey.name)} AND i.version = {quoted(course.version)}"
    inside = f"""
        SELECT i.id AS entry, i.customer_id AS cust, e.minutes AS entered, i.entered_at, i.anchor_on AS anchor,
               coalesce(r.minutes, e.minutes) AS reached, coalesce(i.waiting_since, i.entered_at) AS reached_at,
               CAST(coalesce({place}, {len(course.journey.steps)}) AS BIGINT) AS pos, FALSE AS fresh, 'active' AS status,
               c.today, c.minute, c.at
        FROM jr_inside AS i
        JOIN jr_local AS e ON e.at = i.entered_at
        LEFT JOIN jr_local AS r ON r.at = i.waiting_since
        LEFT JOIN jr_world AS l ON l.customer = i.customer_id
        JOIN jr_clock AS c ON c.world = coalesce(l.world, 0)
        WHERE {mine}"""
    walking.create(f"jr_walk{number}", inside)
    if edge is None or not edge.num_rows:
        return 0
    walking.engine.load("jr_edge", edge.select(["customer_id"]))
    walking.create("jr_coming", _coming(walking, course))
    walking.create(
        "jr_fresh",
        f"""SELECT CAST({first - 1} + row_number() OVER (ORDER BY world, key) AS BIGINT) AS entry, cust,
               today * {DAY_MINUTES} + minute AS entered, at AS entered_at, anchor, today * {DAY_MINUTES} + minute AS reached,
               at AS reached_at, CAST(0 AS BIGINT) AS pos, TRUE AS fresh, 'active' AS status, today, minute, at
        FROM jr_coming""",
    )
    walking.add(f"jr_walk{number}", f"SELECT {COLUMNS} FROM jr_fresh")
    count = int(walking.rows("SELECT count(*) AS n FROM jr_fresh")[0]["n"])
    for name in ("jr_edge", "jr_coming", "jr_fresh"):
        walking.engine.drop(name)
    return count


def _coming(walking: Walk, course: Course) -> str:
    """Who enters: on the edge, with an anchor where there must be one, not inside, not again too early, not out already."""
    journey = course.journey
    anchor = "CAST(NULL AS BIGINT)"
    if journey.anchor:
        shown = walking.program.shown[journey.anchor]
        anchor = f'o."{shown.day or shown.number}"'
        if is_anniversary(journey):
            anchor = next_anniversary(anchor)
    name = quoted(journey.name)
    tests = [
        f"NOT EXISTS (SELECT 1 FROM jr_inside AS i WHERE i.journey = {name} AND i.customer_id = w.cust)",
        _may_again(journey),
    ]
    if journey.anchor:
        tests.append("w.anchor IS NOT NULL")
    out = "FALSE" if journey.exit is None else walking.answer(f"exit {course.name}")
    return f"""
        SELECT w.* FROM (
            SELECT w.*, o."{KEY}" AS key, {anchor} AS anchor, {out} AS is_out, b.anchor_on AS last_anchor,
                   b.customer_id IS NOT NULL AS was_in, e.minutes // {DAY_MINUTES} AS last_day
            FROM (SELECT g.customer_id AS cust, coalesce(l.world, 0) AS world, c.today, c.minute, c.at
                  FROM jr_edge AS g LEFT JOIN jr_world AS l ON l.customer = g.customer_id
                  JOIN jr_clock AS c ON c.world = coalesce(l.world, 0)) AS w
            JOIN outcome AS o ON o."{CUSTOMER}" = w.cust
            LEFT JOIN jr_before AS b ON b.journey = {name} AND b.customer_id = w.cust
            LEFT JOIN jr_local AS e ON e.at = b.entered_at
        ) AS w
        WHERE NOT w.is_out AND {" AND ".join(tests)}"""


def is_anniversary(journey: Journey) -> bool:
    """Whether steps count from the anniversary of the anchor, and not from that very day."""
    if journey.again.kind is AgainKind.EACH_ANNIVERSARY:
        return True
    parts = journey.enter.parts if isinstance(journey.enter, All) else (journey.enter,)
    return any(
        isinstance(part, AttributeTest)
        and part.test.column == journey.anchor
        and isinstance(part.test.test, Anniversary)
        for part in parts
    )


def _may_again(journey: Journey) -> str:
    """Whether who was in before may enter now."""
    again = journey.again
    if again.kind is AgainKind.NEVER:
        return "NOT w.was_in"
    if again.kind is AgainKind.AFTER and again.after is not None:
        if again.after.is_exact:
            return "(NOT w.was_in OR w.last_day < w.today)"
        return f"(NOT w.was_in OR {later('w.last_day', again.after)} <= w.today)"
    return "(NOT w.was_in OR w.last_anchor IS NULL OR w.last_anchor <> w.anchor)"


def _exit(walking: Walk, number: int, course: Course) -> None:
    if course.journey.exit is None:
        return
    out = walking.answer(f"exit {course.name}")
    walking.create(
        "jr_next",
        f"""SELECT w.* REPLACE (CASE WHEN NOT w.fresh AND {out} THEN 'exited' ELSE w.status END AS status)
        FROM jr_walk{number} AS w JOIN outcome AS o ON o."{CUSTOMER}" = w.cust""",
    )
    walking.move(number)


# Steps ------------------------------------------------------------------------------------------------------------------


def _step(walking: Walk, number: int, place: int, step: Step) -> None:
    """Take everybody for whom a step is due past it, and note it in `jr_did`."""
    course = walking.courses[number]
    start = due(step, anchored=bool(course.journey.anchor))
    when = "TRUE" if step.when is None else walking.answer(f"when {course.name}/{step.name}")
    if isinstance(step.action, Wait):
        until = walking.answer(f"until {course.name}/{step.name}")
        ended = over("w.due", step.action.timeout)
        state = (
            f"CASE WHEN w.due > {NOW} THEN NULL WHEN NOT w.met THEN 'skipped' WHEN w.happened THEN 'happened' "
            f"WHEN {ended} THEN 'timeout' END"
        )
    else:
        until = "FALSE"
        state = _state(step, course.journey.late)
    walking.create(
        "jr_judged",
        f"""SELECT j.*, CASE WHEN j.state = 'go' THEN NULL ELSE j.held END AS reason FROM (
            SELECT w.*, {state} AS state, {day_of("w.due")} >= w.today AS first_day FROM (
                SELECT w.*, {start} AS due, {when} AS met, {until} AS happened, u.reason AS held
                FROM jr_walk{number} AS w JOIN outcome AS o ON o."{CUSTOMER}" = w.cust
                LEFT JOIN jr_untouchable AS u ON u.customer = w.cust
                WHERE w.pos = {place} AND w.status = 'active'
            ) AS w
        ) AS j WHERE j.state IS NOT NULL""",
    )
    columns = "state, CASE WHEN state = 'withheld' THEN held END, reached, reached_at, first_day"
    walking.add("jr_did", f"SELECT entry, cust, {number}, {place}, {columns} FROM jr_judged")
    target = place + 1
    if isinstance(step.action, Wait) and step.action.on_timeout:
        names = [one.name for one in course.journey.steps]
        target = names.index(step.action.on_timeout)
    walking.create(
        "jr_next",
        f"""SELECT w.* REPLACE (
            CASE j.state WHEN 'timeout' THEN {target} ELSE CASE WHEN j.state IS NULL THEN w.pos ELSE {place + 1} END END AS pos,
            CASE WHEN j.state IS NULL THEN w.reached ELSE {NOW} END AS reached,
            CASE WHEN j.state IS NULL THEN w.reached_at ELSE w.at END AS reached_at)
        FROM jr_walk{number} AS w LEFT JOIN jr_judged AS j ON j.entry = w.entry""",
    )
    walking.move(number)
    walking.engine.drop("jr_judged")


def _state(step: Step, late: Late) -> str:
    """What becomes of a message or a task today; NULL where its time has not come.

    What lay before the entry is not made up for, unless late steps are sent.
    """
    is_task = isinstance(step.action, StepTask)
    by_clock = step.at is None and (step.offset is None or step.offset.is_exact)
    day = day_of("w.due")
    branches = [(f"w.due > {NOW}" if by_clock else f"{day} > w.today", "NULL")]
    passed = f"{day} < w.today"
    if step.offset is None and step.at is None and step.weekday is None:
        passed = "FALSE"
    if step.at is not None and not is_task:
        passed = f"({passed} OR w.due < {NOW})"
    if late is not Late.SEND and step.offset is not None:
        branches.append((f"{day} < {day_of('w.entered')}", "'late'"))
    if late is Late.SKIP:
        branches.append((passed, "'late'"))
    if late is Late.NEXT_WINDOW and step.at is not None and not is_task:
        branches.append((f"{day} = w.today AND w.due < {NOW}", "NULL"))
    branches.append(("NOT w.met", "'skipped'"))
    if is_task:
        branches.append(("w.held IS NOT NULL", "'withheld'"))
    return "CASE " + " ".join(f"WHEN {test} THEN {state}" for test, state in branches) + " ELSE 'go' END"


def _meant(walking: Walk) -> tuple[Meant, ...]:
    """Whom each source means: who goes, and who is too late, with that reason."""
    found: dict[str, Meant] = {}
    for number, course in enumerate(walking.courses):
        for place, source in course.sources.items():
            query = f"""
                SELECT cust AS "{CUSTOMER}", entry, CASE state WHEN 'late' THEN {quoted(Reason.LATE)} END AS reason
                FROM jr_did WHERE course = {number} AND place = {place} AND state IN ('go', 'late')"""
            if source.name in found:
                walking.add(found[source.name].table, query)
            else:
                found[source.name] = Meant(source, f"jr_meant{len(found)}")
                walking.create(found[source.name].table, query)
    return tuple(found.values())
