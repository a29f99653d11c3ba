"""People on their way through journeys: who enters, who leaves, which steps are due, and where everybody is afterwards.

`walk` goes through the steps in their order, each for everybody at once, before messages pass the gate; `settle` takes what the
gate says and leaves everybody where they are. A step that the gate makes wait, for capacity or quiet hours, is asked again.
"""

# ruff: noqa: S608  (queries are put together of our own names and numbers; what users write comes in as tables and literals)

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import sqlglot
from sqlglot import exp

from pdo.compiler.measures import CUSTOMER
from pdo.compiler.ranks import KEY
from pdo.core.calendar import Moment, date_of, instant_of
from pdo.model.conditions import All, Anniversary, AttributeTest
from pdo.model.journeys import MadeTask, Progress, Walked, enter_name
from pdo.model.outbox import Meant, Reason
from pdo.model.outreach import AgainKind, Late, StepTask, Wait
from pdo.outbox.hours import DAY_MINUTES
from pdo.outbox.journey_tables import BEFORE, ENTRIES, INSIDE, STEPS
from pdo.outbox.journey_times import NOW, day_of, due, later, next_anniversary, over
from pdo.outbox.tasks import UnsaidError, due_day, rendered, value_columns, variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pdo.compiler.program import Program
    from pdo.model.conditions import Condition
    from pdo.model.journeys import Course
    from pdo.model.outbox import PlannedBatch
    from pdo.model.outreach import Journey, Step
    from pdo.outbox.engine import Engine
    from pdo.outbox.tasks import Now

COLUMNS = "entry, cust, entered, entered_at, anchor, reached, reached_at, pos, fresh, status, today, minute, at"
"""Of a walk: one row an entry; `pos` is the place of the next step."""


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


@dataclass(slots=True)
class Walk:
    """A walk through the journeys of a run, in the tables of an engine. Made by `walk`.

    Args:
        meant: whom each step that sends means.
    """

    engine: Engine
    program: Program
    courses: tuple[Course, ...]
    zone: str
    meant: tuple[Meant, ...] = ()

    def create(self, name: str, query: str) -> None:
        """Keep the rows of a query."""
        self.engine.drop(name)
        self.engine.create(name, _parsed(query))

    def answer(self, name: str) -> str:
        """The column that answers a condition."""
        return f'o."{self.program.answers[name]}"'


def _parsed(query: str) -> exp.Expr:
    return sqlglot.parse_one(query, dialect="duckdb")


def _text(value: str) -> str:
    return exp.Literal.string(value).sql("duckdb")


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
        f"WHEN i.step = {_text(step.name)} THEN {place}" for place, step in enumerate(course.journey.steps)
    )
    place = f"CASE {places} END" if places else "NULL"
    mine = f"i.journey = {_text(course.journey.name)} AND i.version = {_text(course.version)}"
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
    walking.engine.add(f"jr_walk{number}", _parsed(f"SELECT {COLUMNS} FROM jr_fresh"))
    count = int(walking.engine.rows(_parsed("SELECT count(*) AS n FROM jr_fresh"))[0]["n"])
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
    name = _text(journey.name)
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
    _replace(walking, number)


def _replace(walking: Walk, number: int) -> None:
    walking.create(f"jr_walk{number}", f"SELECT {COLUMNS} FROM jr_next")
    walking.engine.drop("jr_next")


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
    walking.engine.add("jr_did", _parsed(f"SELECT entry, cust, {number}, {place}, {columns} FROM jr_judged"))
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
    _replace(walking, number)
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
            query = _parsed(
                f"""SELECT cust AS "{CUSTOMER}", entry, CASE state WHEN 'late' THEN {_text(Reason.LATE)} END AS reason
                FROM jr_did WHERE course = {number} AND place = {place} AND state IN ('go', 'late')"""
            )
            if source.name in found:
                walking.engine.add(found[source.name].table, query)
            else:
                found[source.name] = Meant(source, f"jr_meant{len(found)}")
                walking.engine.create(found[source.name].table, query)
    return tuple(found.values())


# Settling ---------------------------------------------------------------------------------------------------------------


def settle(walking: Walk, batches: Sequence[PlannedBatch]) -> Walked:
    """Leave everybody where the gate has left them.

    Args:
        batches: of the run, with the rows of the walk's sources.
    """
    _load_answers(walking, batches)
    entries, steps, progress = [], [], []
    tasks: list[MadeTask] = []
    end_tags: dict[str, list[int]] = {}
    for number, course in enumerate(walking.courses):
        _take_back(walking, number, course)
        made, unsaid = _tasks(walking, number, course)
        tasks += made
        rows = walking.engine.table(_parsed(_entries(number, course)))
        entries.append(_shaped(rows, course, walking.zone))
        steps.append(_steps(walking, number, course, unsaid))
        ended = rows.filter(pc.equal(rows.column("status"), "done"))
        if course.journey.end_tag:
            end_tags.setdefault(course.journey.end_tag, []).extend(ended.column("cust").to_pylist())
        progress.append(_progress(course, rows, steps[-1]))
    _forget(walking)
    return Walked(
        pa.concat_tables(entries) if entries else ENTRIES.empty_table(),
        pa.concat_tables(steps) if steps else STEPS.empty_table(),
        tuple(tasks),
        {tag: tuple(sorted(customers)) for tag, customers in end_tags.items() if customers},
        tuple(progress),
    )


def _load_answers(walking: Walk, batches: Sequence[PlannedBatch]) -> None:
    """`jr_answer`: what the gate says of each entry and source."""
    schema = pa.schema([("entry", pa.int64()), ("reason", pa.string()), ("source", pa.string())])
    parts = [schema.empty_table()]
    for batch in batches:
        if batch.source.journey:
            rows = batch.rows.select(["entry", "reason"])
            parts.append(rows.append_column("source", pa.repeat(batch.source.name, rows.num_rows)).cast(schema))
    walking.engine.load("jr_answer", pa.concat_tables(parts))


def _take_back(walking: Walk, number: int, course: Course) -> None:
    """Those who wait for the gate stand at their step again; `jr_done<number>` holds the steps that are done with."""
    names = " ".join(f"WHEN {place} THEN {_text(source.name)}" for place, source in course.sources.items())
    source = f"CASE d.place {names} END" if names else "NULL"
    waits = f"a.reason = {_text(Reason.CAPACITY)}"
    if course.journey.late is Late.NEXT_WINDOW:
        waits += f" OR (a.reason = {_text(Reason.QUIET_HOURS)} AND d.first_day)"
    walking.create(
        "jr_settled",
        f"""SELECT d.*,
            coalesce(d.is_message AND d.is_last AND d.state = 'go' AND (d.answer IS NULL OR d.waits), FALSE) AS waiting
        FROM (
            SELECT d.*, a.entry AS answer, a.reason AS why, {waits} AS waits, {source} IS NOT NULL AS is_message,
                   d.place = max(d.place) OVER (PARTITION BY d.entry) AS is_last
            FROM jr_did AS d LEFT JOIN jr_answer AS a ON a.entry = d.entry AND a.source = {source}
            WHERE d.course = {number}
        ) AS d""",
    )
    walking.create(
        "jr_next",
        f"""SELECT w.* REPLACE (
            CASE WHEN s.waiting THEN s.place ELSE w.pos END AS pos,
            CASE WHEN s.waiting THEN s.reached ELSE w.reached END AS reached,
            CASE WHEN s.waiting THEN s.reached_at ELSE w.reached_at END AS reached_at)
        FROM jr_walk{number} AS w LEFT JOIN jr_settled AS s ON s.entry = w.entry AND s.waiting""",
    )
    _replace(walking, number)
    walking.create(
        f"jr_done{number}",
        """SELECT entry, cust, place,
            CASE WHEN state <> 'go' THEN state WHEN NOT is_message THEN 'task' WHEN why IS NULL THEN 'made' ELSE 'withheld' END
                AS state,
            coalesce(why, reason) AS reason
        FROM jr_settled WHERE NOT waiting""",
    )
    walking.engine.drop("jr_settled")


def _entries(number: int, course: Course) -> str:
    """The entries that are new or moved, with the minute at which their next step is due."""
    journey = course.journey
    dues = " ".join(
        f"WHEN {place} THEN {due(step, anchored=bool(journey.anchor))}"
        for place, step in enumerate(journey.steps)
        if not isinstance(step.action, Wait)
    )
    count = len(journey.steps)
    next_due = f"CASE w.pos {dues} END" if dues else "NULL"
    return f"""
        SELECT w.entry, w.cust, w.entered_at, w.anchor, w.pos, w.reached_at, w.fresh,
               CASE WHEN w.status = 'active' AND w.pos >= {count} THEN 'done' ELSE w.status END AS status,
               CASE WHEN w.status = 'active' THEN {next_due} END AS due
        FROM jr_walk{number} AS w
        WHERE w.fresh OR w.status <> 'active' OR w.pos >= {count}
            OR EXISTS (SELECT 1 FROM jr_done{number} AS d WHERE d.entry = w.entry)
        ORDER BY w.entry"""


def _shaped(rows: pa.Table, course: Course, zone: str) -> pa.Table:
    """Entries as they are kept."""
    names = [step.name for step in course.journey.steps]
    active = [status == "active" for status in rows.column("status").to_pylist()]
    places = rows.column("pos").to_pylist()
    steps = [names[place] if inside else None for place, inside in zip(places, active, strict=True)]
    minutes = {one: _instant(one, zone) for one in pc.unique(rows.column("due")).drop_null().to_pylist()}
    columns = {
        "id": rows.column("entry"),
        "journey": pa.repeat(pa.scalar(course.journey.name, pa.string()), rows.num_rows),
        "version": pa.repeat(pa.scalar(course.version, pa.string()), rows.num_rows),
        "customer_id": rows.column("cust"),
        "entered_at": rows.column("entered_at"),
        "anchor_on": rows.column("anchor"),
        "step": pa.array(steps, pa.string()),
        "waiting_since": rows.column("reached_at"),
        "due_at": pa.array([minutes.get(one) for one in rows.column("due").to_pylist()], pa.int64()),
        "status": rows.column("status"),
        "fresh": rows.column("fresh"),
    }
    return pa.table(columns).cast(ENTRIES)


def _instant(minutes: int, zone: str) -> int:
    day, minute = divmod(minutes, DAY_MINUTES)
    return instant_of(datetime.combine(date_of(day), time()) + timedelta(minutes=minute), zone)


def _steps(walking: Walk, number: int, course: Course, unsaid: Mapping[tuple[int, int], str]) -> pa.Table:
    rows = walking.engine.table(
        _parsed(f"SELECT entry, place, state, reason FROM jr_done{number} ORDER BY entry, place")
    )
    names = [step.name for step in course.journey.steps]
    places = rows.column("place").to_pylist()
    entries = rows.column("entry").to_pylist()
    states, reasons = rows.column("state").to_pylist(), rows.column("reason").to_pylist()
    for index, key in enumerate(zip(entries, places, strict=True)):
        if key in unsaid:
            states[index], reasons[index] = "withheld", unsaid[key]
    columns = (
        pa.array(entries, pa.int64()),
        pa.array([names[place] for place in places], pa.string()),
        pa.array(states, pa.string()),
        pa.array(reasons, pa.string()),
    )
    return pa.table(columns, schema=STEPS)


def _tasks(walking: Walk, number: int, course: Course) -> tuple[list[MadeTask], dict[tuple[int, int], str]]:
    """The tasks of a course, and why there is none, by entry and place."""
    made: list[MadeTask] = []
    unsaid: dict[tuple[int, int], str] = {}
    for place, step in enumerate(course.journey.steps):
        task = step.action
        if not isinstance(task, StepTask):
            continue
        shown = {name: walking.program.shown[name] for name in variables(task.text.text)}
        rows = walking.engine.rows(
            _parsed(
                f"""SELECT d.entry, d.cust, o."{KEY}" AS key, w.at{value_columns(shown)}
                FROM jr_done{number} AS d JOIN jr_walk{number} AS w ON w.entry = d.entry
                JOIN outcome AS o ON o."{CUSTOMER}" = d.cust
                WHERE d.place = {place} AND d.state = 'task' ORDER BY key, d.entry"""
            )
        )
        source = course.step_name(place)
        for row in rows:
            now = Moment(row["at"], walking.zone)
            try:
                text = rendered(task.text.text, shown, row, now)
            except UnsaidError as error:
                unsaid[row["entry"], place] = str(error)
                continue
            due_on = due_day(task.due, now)
            made.append(MadeTask(source, "journey", row["cust"], row["key"], "owner", text, due_on, row["entry"]))
    return made, unsaid


def _progress(course: Course, entries: pa.Table, steps: pa.Table) -> Progress:
    counted = steps.group_by(["step", "state"]).aggregate([([], "count_all")]).to_pylist()
    order = [step.name for step in course.journey.steps]
    found = sorted((order.index(one["step"]), one["step"], one["state"], one["count_all"]) for one in counted)
    status = entries.column("status")
    return Progress(
        course.journey.name,
        course.journey.playbook,
        int(pc.sum(entries.column("fresh")).as_py() or 0),
        _count(status, "exited"),
        _count(status, "done"),
        tuple((name, state, count) for _, name, state, count in found),
    )


def _count(column: pa.ChunkedArray, value: str) -> int:
    return int(pc.sum(pc.equal(column, value)).as_py() or 0)


def _forget(walking: Walk) -> None:
    numbered = [f"{name}{number}" for name in ("jr_walk", "jr_done") for number in range(len(walking.courses))]
    tables = ("clock", "world", "local", "inside", "before", "untouchable", "did", "answer")
    for name in (*numbered, *(f"jr_{one}" for one in tables), *(one.table for one in walking.meant)):
        walking.engine.drop(name)
