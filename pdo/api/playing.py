"""Playing examples: round by round, side by side, with the messages they make and the reasons of what failed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pyarrow as pa

from pdo.api.coverage import Coverage
from pdo.api.sources import sending_of, whom
from pdo.api.touring import Guide, Tour
from pdo.compiler.program import Wants
from pdo.core.calendar import Moment
from pdo.evaluate.arrival import Arrival
from pdo.evaluate.example_facts import ExampleFacts, World
from pdo.evaluate.explain import Memory, Standing, explain
from pdo.evaluate.judge import Judge, names_shown, questions
from pdo.evaluate.phrases import Phrases
from pdo.evaluate.rehearse import BY_RULE, Rehearsal
from pdo.model.verdicts import Failure, RenderedMessage, Unchecked, Unread, Verdict
from pdo.outbox.pipeline import HISTORY, Around, plan_messages
from pdo.outbox.tasks import Now

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pdo.evaluate.arrival import ReadFile
    from pdo.evaluate.judge import Suspect
    from pdo.evaluate.outcome import Outcome
    from pdo.evaluate.rehearse import Seen
    from pdo.model.conditions import Condition
    from pdo.model.examples import Example, Expectation
    from pdo.model.journeys import MadeTask
    from pdo.model.reports import Explanation

EXPLAINED = 40
"""So many failures are explained; each takes a program of its own."""


@dataclass(slots=True)
class Played:
    """An example while it is run.

    Args:
        history: messages of earlier rounds as `HISTORY` has them, each with the own id of its customer as `key`.
        tour: where its customers are in journeys.
    """

    example: Example
    world: World
    failures: list[Failure] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    messages: list[RenderedMessage] = field(default_factory=list)
    history: list[dict[str, object]] = field(default_factory=list)
    unused: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tour: Tour = field(default_factory=Tour)

    def verdict(self) -> Verdict:
        """What came of it."""
        example = self.example
        return Verdict(
            example.name,
            example.playbook,
            tuple(sorted(self.failures, key=lambda found: (found.moment, found.span.line, found.span.column))),
            tuple(self.unchecked),
            tuple(self.messages),
            example.span,
            tuple(self.unread),
            tuple(self.unused.items()),
        )


class Stage:
    """Where examples are played, round by round, side by side.

    Args:
        rehearsal: works out what the rules say.
        read_file: see `run_examples`.
    """

    def __init__(self, rehearsal: Rehearsal, read_file: ReadFile) -> None:
        self.rehearsal = rehearsal
        self.project, self.settings = rehearsal.project, rehearsal.settings
        self.read_file = read_file
        self.coverage = Coverage(self.project)
        self.phrases = Phrases(chinese=self.settings.language == "zh")
        self.explained = 0
        self.guide = Guide(self.project)
        self.sending = sending_of(self.project, self.settings, steps=self.guide.sources)

    def play(self, playing: Iterable[Played], turn: int) -> None:
        """One round of some examples."""
        ready = []
        for one in playing:
            moment = one.example.moments[turn]
            arrival = Arrival(one.world, self.settings, self.read_file, self.rehearsal.tags)
            one.unread += arrival.bring(moment)
            one.unused |= dict(arrival.unused)
            if not one.unread:
                ready.append((one, moment, Moment(moment.now, self.settings.timezone)))
        if not ready:
            return
        wants = self._wants([moment.expect for _, moment, _ in ready])
        sent: dict[int, list[RenderedMessage]] = {}

        tasks: dict[int, list[MadeTask]] = {}
        tours = {one.world.number: one.tour for one, _, _ in ready}

        def send(outcome: Outcome, facts: ExampleFacts) -> None:
            messages, made = self._messages([(one, now) for one, _, now in ready], outcome, facts, tours)
            sent.update(messages)
            tasks.update(made)

        def inside(facts: ExampleFacts) -> pa.Table:
            return self.guide.inside(tours, facts)

        worlds, moments = [one.world for one, _, _ in ready], [now for _, _, now in ready]
        found = self.rehearsal.round(worlds, moments, wants, send, inside)
        for one, moment, now in ready:
            seen = found.get(one.world.number, {})
            messages = sent.get(one.world.number, [])
            _put_on(one, seen, now)
            one.messages += messages
            self.coverage.note(seen, messages)
            judge = Judge(
                self.project, now, self.rehearsal.tags, seen, messages, self.phrases, tasks.get(one.world.number, [])
            )
            for wrong in judge.verdict(moment.expect):
                if isinstance(wrong, Unchecked):
                    one.unchecked.append(wrong)
                else:
                    failure, suspects = wrong
                    one.failures.append(replace(failure, why=self._why(suspects, one, now)))

    def _wants(self, expected: Sequence[Expectation]) -> Wants:
        """What a round is asked: whom campaigns mean, what texts name, and all that is expected of values."""
        asked: dict[str, Condition] = {**self.guide.asked, **self.sending.asked}
        shown = {**self.guide.shown, **self.sending.shown}
        for expect in expected:
            asked |= questions(expect)
            shown |= {name: name for name in names_shown(expect)}
        return Wants(asked=asked, shown=shown, worlds=True)

    def _messages(
        self,
        ready: Sequence[tuple[Played, Moment]],
        outcome: Outcome,
        facts: ExampleFacts,
        tours: dict[int, Tour],
    ) -> tuple[dict[int, list[RenderedMessage]], dict[int, list[MadeTask]]]:
        """What campaigns, journeys and alerts make of a round, past the gate: world → messages, and world → tasks.

        Drafts count as approved, nobody is held back by chance, and everybody gets the first variant.
        """
        moments = [now for _, now in ready]
        places = {one.world.number: place for place, (one, _) in enumerate(ready)}
        living = {number: places[world] for (world, _), number in facts.customers.items()}
        when = Now(moments, living)
        walking = self.guide.start(outcome, facts, tours, when)
        meant = (*whom(outcome.engine, outcome.program, self.project, self.sending, moments), *walking.meant)
        around = Around(
            outreach=self.project.outreach,
            rows=facts.rows,
            moments=moments,
            living=living,
            history=self._history(ready, facts),
            blocked=pa.table({"customer": pa.array([], pa.int64()), "channel": pa.array([], pa.string())}),
            codes=None,
            types=self.sending.types,
            by_chance=False,
        )
        owners = {number: world for (world, _), number in facts.customers.items()}
        made: dict[int, list[RenderedMessage]] = {}
        batches = plan_messages(outcome.engine, outcome.program, meant, around)
        tasks = self.guide.finish(outcome, facts, tours, when, walking, batches)
        for batch in batches:
            for row in batch.rows.to_pylist():
                world = owners[row["customer_id"]]
                one, now = ready[places[world]]
                key, reason = row["customer_key"], row["reason"] or ""
                made.setdefault(world, []).append(RenderedMessage(batch.campaign, key, row["text"], reason, str(now)))
                one.history.append(
                    {
                        "key": key,
                        "source": batch.campaign,
                        "channel": batch.channel.value,
                        "planned_on": now.local.date().isoformat(),
                        "lives": int(not reason),
                        "decided": 1,
                        "control": 0,
                        "pool": row["pool"] if row["code"] else None,
                        **{name: row[name] for name in ("sender", "variant", "content", "content_row")},
                    }
                )
        return made, tasks

    @staticmethod
    def _history(ready: Sequence[tuple[Played, Moment]], facts: ExampleFacts) -> pa.Table:
        """The messages of earlier rounds."""
        rows = [
            {**row, "customer": facts.customers[one.world.number, str(row["key"])]}
            for one, _ in ready
            for row in one.history
        ]
        return pa.Table.from_pylist(rows, schema=HISTORY)

    def _why(self, suspects: Sequence[Suspect], one: Played, now: Moment) -> tuple[Explanation, ...]:
        """The rules behind a failure, with the values that decided, for the one example alone."""
        if self.explained >= EXPLAINED:
            return ()
        self.explained += bool(suspects)
        facts = ExampleFacts(self.settings, [one.world], [])
        found: list[Explanation] = []
        for customer, rule in suspects:
            held = one.world.held.get(customer, {})
            standings = {
                label: Standing(since=since, by_hand=source != BY_RULE) for label, (since, source) in held.items()
            }
            found += explain(
                self.rehearsal.engine,
                (facts, facts),
                self.project,
                self.settings,
                now,
                customer_key=customer,
                rules=(rule,),
                memory=Memory(standings, {}),
            )
            self.rehearsal.engine.clear()
        return tuple(found)


def _put_on(played: Played, seen: dict[str, Seen], now: Moment) -> None:
    """Put on the tags of those who have come to the end of a journey: they are there when the round is over."""
    for customer, tag in played.tour.end_tags:
        played.world.give(customer, ("tag", "", tag), now.at, BY_RULE)
        seen[customer] = replace(seen[customer], tags=seen[customer].tags | {tag})
    played.tour.end_tags.clear()
