"""People after a walk through journeys: where the gate has left them, which tasks are made for them, who is at an end."""

# ruff: noqa: S608  (queries are put together of our own names and numbers; what users write comes in as tables and literals)

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pdo.compiler.measures import CUSTOMER
from pdo.compiler.ranks import KEY
from pdo.core.calendar import Moment, date_of, instant_of
from pdo.model.journeys import MadeTask, Progress, Walked
from pdo.model.outbox import Reason
from pdo.model.outreach import Late, StepTask, Wait
from pdo.outbox.hours import DAY_MINUTES
from pdo.outbox.journey_tables import ENTRIES, STEPS
from pdo.outbox.journey_times import due
from pdo.outbox.journey_walk import quoted
from pdo.outbox.tasks import UnsaidError, due_day, rendered, value_columns, variables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pdo.model.journeys import Course
    from pdo.model.outbox import PlannedBatch
    from pdo.outbox.journey_walk import Walk


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
        rows = walking.table(_entries(number, course))
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
    names = " ".join(f"WHEN {place} THEN {quoted(source.name)}" for place, source in course.sources.items())
    source = f"CASE d.place {names} END" if names else "NULL"
    waits = f"a.reason = {quoted(Reason.CAPACITY)}"
    if course.journey.late is Late.NEXT_WINDOW:
        waits += f" OR (a.reason = {quoted(Reason.QUIET_HOURS)} AND d.first_day)"
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
    walking.move(number)
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
    rows = walking.table(f"SELECT entry, place, state, reason FROM jr_done{number} ORDER BY entry, place")
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
        rows = walking.rows(
            f"""SELECT d.entry, d.cust, o."{KEY}" AS key, w.at{value_columns(shown)}
            FROM jr_done{number} AS d JOIN jr_walk{number} AS w ON w.entry = d.entry
            JOIN outcome AS o ON o."{CUSTOMER}" = d.cust
            WHERE d.place = {place} AND d.state = 'task' ORDER BY key, d.entry"""
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
