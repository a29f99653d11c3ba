"""Running the examples of playbooks: no store is opened, and nothing but the engine is loaded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pdo.compiler.program import Wants
from pdo.core.calendar import Moment
from pdo.core.errors import UsageError
from pdo.evaluate.engine import open_engine
from pdo.evaluate.example_facts import ExampleFacts, World
from pdo.evaluate.explain import Memory, Standing, explain
from pdo.evaluate.judge import Judge, names_shown, questions
from pdo.evaluate.rehearse import Rehearsal
from pdo.model.examples import Aspect
from pdo.model.playbook import Rule
from pdo.model.verdicts import Covered, Failure, RenderedMessage, TestReport, Unchecked, Verdict
from pdo.outbox.planning import Candidate, Sent, plan_messages
from pdo.playbook.templates import template_variables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pdo.evaluate.engine import Engine
    from pdo.evaluate.rehearse import Seen
    from pdo.model.conditions import Condition
    from pdo.model.examples import Cell, Example, ExampleFile, ExampleMoment
    from pdo.model.playbook import Project
    from pdo.model.reports import Explanation
    from pdo.model.settings import Settings

    ReadFile = Callable[[ExampleFile], Sequence[Mapping[str, Cell]]]

TODAY = "today"


@dataclass(slots=True)
class _Played:
    """An example while it is run."""

    example: Example
    world: World
    found: list[Failure | Unchecked] = field(default_factory=list)
    messages: list[RenderedMessage] = field(default_factory=list)
    history: list[Sent] = field(default_factory=list)


def run_examples(project: Project, settings: Settings, read_file: ReadFile, *, names: Sequence[str] = ()) -> TestReport:
    """Run the examples of a project.

    Args:
        project: the checked playbooks.
        settings: of the project.
        read_file: reads the rows of a file, typed as an import would type them.
        names: only examples whose name contains one of these; all where empty.

    Raises:
        UsageError: there is no example, or none of that name.
    """
    chosen = [one for one in project.examples if not names or any(name in one.name for name in names)]
    if not chosen:
        known = "、".join(one.name for one in project.examples)
        raise UsageError("error.no_such_example" if project.examples else "error.no_examples", known=known)
    played = [_Played(example, World(number)) for number, example in enumerate(chosen)]
    seen: dict[tuple[str, str, str], set[bool]] = {}
    with open_engine() as engine:
        rehearsal = Rehearsal(engine, project, settings)
        for turn in range(max(len(one.example.moments) for one in played)):
            playing = [one for one in played if turn < len(one.example.moments)]
            _play(playing, turn, rehearsal, read_file, seen)
    return TestReport(tuple(_verdict(one) for one in played), _coverage(project, seen))


def _verdict(one: _Played) -> Verdict:
    failures = tuple(found for found in one.found if isinstance(found, Failure))
    unchecked = tuple(found for found in one.found if isinstance(found, Unchecked))
    example = one.example
    return Verdict(example.name, example.playbook, failures, unchecked, tuple(one.messages), example.span)


def _play(
    playing: list[_Played],
    turn: int,
    rehearsal: Rehearsal,
    read_file: ReadFile,
    seen: dict[tuple[str, str, str], set[bool]],
) -> None:
    """One round of all examples that have it."""
    project, settings = rehearsal.project, rehearsal.settings
    moments = [one.example.moments[turn] for one in playing]
    for one, moment in zip(playing, moments, strict=True):
        _bring(one.world, moment, settings, read_file)
    asked: dict[str, Condition] = {f"to {name}": one.to for name, one in project.campaigns.items()}
    shown: dict[str, None] = dict.fromkeys(
        variable.name
        for one in project.campaigns.values()
        for variable in template_variables(one.text)
        if variable.name != TODAY
    )
    for moment in moments:
        asked |= questions(moment.expect)
        shown |= dict.fromkeys(names_shown(moment.expect))
    nows = [Moment(moment.now, settings.timezone) for moment in moments]
    wants = Wants(asked=asked, shown={name: name for name in shown}, worlds=True)
    found = rehearsal.round([one.world for one in playing], nows, wants)
    for one, moment, now in zip(playing, moments, nows, strict=True):
        mine = {key: what for (number, key), what in found.items() if number == one.world.number}
        messages = _messages(one, project, mine, now)
        one.messages += messages
        _cover(project, mine, messages, seen)
        judge = Judge(project, now, mine, messages)
        for verdict in judge.verdict(moment.expect):
            wrong = verdict
            if isinstance(wrong, Failure):
                wrong = replace(wrong, why=_why(wrong, one, now, rehearsal))
            one.found.append(wrong)


def _bring(world: World, moment: ExampleMoment, settings: Settings, read_file: ReadFile) -> None:
    """What comes in before a moment; a row that comes again replaces what it says."""
    brought = [(row.kind, row.cells) for row in moment.rows]
    brought += [(file.kind, cells) for file in moment.files for cells in read_file(file)]
    for kind, cells in brought:
        columns = settings.kinds[kind].key
        key: tuple[object, ...] = tuple(cells.get(column) for column in columns) if columns else tuple(sorted(cells.items(), key=str))
        if kind == "tags":
            given = ("tag", "", str(cells["tag"])), str(cells["customer_id"])
            since = cells.get("since")
            world.held[given] = (since if isinstance(since, int) else moment.now, "file")
        else:
            world.bring(kind, key, cells)


def _messages(one: _Played, project: Project, seen: Mapping[str, Seen], now: Moment) -> list[RenderedMessage]:
    """What the campaigns make of it, past the gate."""
    candidates = {}
    for name, campaign in project.campaigns.items():
        names = [variable.name for variable in template_variables(campaign.text)]
        candidates[name] = [
            Candidate(what.customer_id, key, _values(names, what, now))
            for key, what in seen.items()
            if what.answers[f"to {name}"]
        ]
    made = []
    keys = {what.customer_id: key for key, what in seen.items()}
    stable = {key: number for number, key in enumerate(sorted(keys.values()))}
    mine = {
        name: [replace(each, customer_id=stable[each.customer_key]) for each in found]
        for name, found in candidates.items()
    }
    for batch in plan_messages(project, mine, tuple(one.history), now.today):
        for message in (*batch.messages, *batch.withheld):
            made.append(RenderedMessage(message.campaign, message.customer_key, message.text, message.reason))
            lives = not message.reason
            one.history.append(Sent(message.campaign, batch.channel, message.customer_id, now.today, lives, lives))
    return made


def _values(names: Sequence[str], seen: Seen, now: Moment) -> dict[str, object]:
    today = {TODAY: now.local.date().isoformat()}
    return {name: today[name] if name == TODAY else seen.values[name] for name in names}


# Why ----------------------------------------------------------------------------------------------------------------------


def _why(wrong: Failure, one: _Played, now: Moment, rehearsal: Rehearsal) -> Explanation | None:
    """The rule behind a failure, with the values that decided, for the one example alone."""
    project = rehearsal.project
    kind = {Aspect.TAG: "tag", Aspect.SEGMENT: "segment", Aspect.STAGE: "lifecycle"}.get(wrong.aspect)
    known = {"tag": project.tags, "segment": project.segments, "lifecycle": project.lifecycles}.get(kind or "", {})
    if kind is None or wrong.name not in known or not wrong.customer:
        return None
    facts = ExampleFacts(rehearsal.settings, [one.world], [])
    standings = {
        label: Standing(since=since, by_hand=source != "rule")
        for (label, customer), (since, source) in one.world.held.items()
        if customer == wrong.customer
    }
    with open_engine() as engine:
        return _explained(engine, facts, rehearsal, now, wrong.customer, Rule(kind, wrong.name), Memory(standings, {}))


def _explained(
    engine: Engine,
    facts: ExampleFacts,
    rehearsal: Rehearsal,
    now: Moment,
    customer: str,
    rule: Rule,
    memory: Memory,
) -> Explanation:
    (found,) = explain(
        engine,
        (facts, facts),
        rehearsal.project,
        rehearsal.settings,
        now,
        customer_key=customer,
        rules=(rule,),
        memory=memory,
    )
    return found


# Coverage -----------------------------------------------------------------------------------------------------------------


def _cover(
    project: Project,
    seen: Mapping[str, Seen],
    messages: Sequence[RenderedMessage],
    found: dict[tuple[str, str, str], set[bool]],
) -> None:
    """Note which outcomes of each rule were seen."""
    sent = {(message.campaign, message.customer) for message in messages if not message.reason}
    for key, what in seen.items():
        for kind, scope, name, _ in _rules(project):
            holds = {
                "tag": name in what.tags,
                "stage": what.stages.get(scope) == name,
                "segment": name in what.segments,
                "campaign": (name, key) in sent,
            }[kind]
            found.setdefault((kind, scope, name), set()).add(holds)


def _rules(project: Project) -> list[tuple[str, str, str, str]]:
    """(kind, scope, name, playbook) of everything that holds or does not for a customer."""
    tags = [("tag", "", tag.name, tag.playbook) for tag in project.tags.values() if tag.when is not None]
    stages = [("stage", one.name, stage, one.playbook) for one in project.lifecycles.values() for stage in one.stages]
    segments = [("segment", "", one.name, one.playbook) for one in project.segments.values()]
    campaigns = [("campaign", "", one.name, one.playbook) for one in project.campaigns.values()]
    return [*tags, *stages, *segments, *campaigns]


def _coverage(project: Project, seen: Mapping[tuple[str, str, str], set[bool]]) -> tuple[Covered, ...]:
    return tuple(
        Covered(kind, scope, name, playbook, True in outcomes, False in outcomes)
        for kind, scope, name, playbook in _rules(project)
        for outcomes in (seen.get((kind, scope, name), set()),)
    )
