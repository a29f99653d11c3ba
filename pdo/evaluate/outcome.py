"""The outcome: one row a customer with all that the rules say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from pdo.compiler import sql
from pdo.compiler.layers import Output
from pdo.compiler.measures import BOUNDS
from pdo.compiler.program import NO_WANTS, compile_project
from pdo.evaluate.labels import known_labels
from pdo.evaluate.load import Loader
from pdo.evaluate.portions import create_outcome
from pdo.evaluate.state import load_entry_state, load_stage_state, load_tag_since, load_tag_state
from pdo.evaluate.worlds import MOMENTS
from pdo.model.journeys import ENTERING, enter_name

if TYPE_CHECKING:
    import pyarrow as pa

    from pdo.compiler.program import Program, Wants
    from pdo.core.calendar import Moment
    from pdo.evaluate.engine import Engine
    from pdo.evaluate.facts import FactSource
    from pdo.evaluate.worlds import Worlds
    from pdo.model.playbook import Project
    from pdo.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules say, as the table `outcome` of an engine.

    Grain of the table: one row a customer: key, natural key, the columns of the program's outputs, answers, shown values.
    """

    engine: Engine
    program: Program
    now: Moment
    project: Project

    @property
    def customers(self) -> int:
        """How many customers were looked at."""
        return self._count(exp.true())

    def how_many(self, answer: str) -> int:
        """For how many customers a condition that was asked holds."""
        return self._count(sql.column(self.program.answers[answer]))

    def thresholds(self) -> dict[str, list[int | str | None]]:
        """What values were held against; see `pdo.compiler.ranks`."""
        wanted = self.program.thresholds
        names = [name for columns in wanted.values() for name in columns]
        if not names:
            return {}
        query = exp.select(*(exp.alias_(exp.Max(this=sql.column(name)), name) for name in names)).from_("outcome")
        row = self.engine.rows(query)[0]
        return {key: [row[name] for name in columns] for key, columns in wanted.items()}

    def _count(self, condition: exp.Expr) -> int:
        count = exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_("outcome").where(condition)
        return int(self.engine.rows(count)[0]["n"])


def evaluate(
    engine: Engine,
    source: FactSource,
    project: Project,
    settings: Settings,
    now: Moment,
    wants: Wants = NO_WANTS,
    worlds: Worlds | None = None,
    entries: pa.Table | None = None,
) -> Outcome:
    """Run the project's program over a source of facts.

    Args:
        wants: what is asked besides the rules.
        worlds: where customers of several examples lie side by side.
        entries: who is in which journey since when, see `load_entry_state`; None for nobody.
    """
    labels = known_labels(source, project)
    state = load_tag_state(engine, source, project, labels, now)
    program = compile_project(project, settings, now, state=state, wants=wants)
    load_tag_since(engine, source, project, labels, now, tags=program.since)
    load_stage_state(engine, source, project, labels, now, lifecycles=program.staged)
    load_entry_state(engine, entries, project, journeys=program.entered)
    Loader(engine, source, now, settings, worlds).load(program)
    create_outcome(engine, program)
    for name in (*(search.name for search in program.searches), MOMENTS, BOUNDS):
        engine.drop(name)
    return Outcome(
        engine,
        replace(program, outputs=(*program.outputs, *_named_by_values(engine, program), *_entering(project, program))),
        now,
        project,
    )


def _entering(project: Project, program: Program) -> list[Output]:
    """A label for each journey whose entry was asked for: who has it meets the condition to enter."""
    return [
        Output(ENTERING, "", name, journey.playbook, sql.column(program.answers[asked]))
        for name, journey in project.outreach.journeys.items()
        if (asked := enter_name(name)) in program.answers
    ]


def _named_by_values(engine: Engine, program: Program) -> list[Output]:
    """A label for each value of a column whose values are tags, by value."""
    found: list[Output] = []
    for tag in program.column_tags:
        column = sql.column(tag.column)
        query = exp.select(column).distinct().from_("outcome").where(sql.present(column.copy())).order_by(column.copy())
        for row in engine.rows(query):
            value = row[tag.column]
            holds = sql.known(exp.EQ(this=column.copy(), expression=sql.literal(value)))
            found.append(Output("tag", tag.tag, str(value), tag.playbook, holds))
    return found
