"""Playing examples: round by round, side by side, with the messages they make and the reasons of what failed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pdo.api.coverage import Coverage
from pdo.compiler.program import Wants
from pdo.core.calendar import Moment
from pdo.evaluate.arrival import Arrival
from pdo.evaluate.example_facts import ExampleFacts, World
from pdo.evaluate.explain import Memory, Standing, explain
from pdo.evaluate.judge import Judge, names_shown, questions
from pdo.evaluate.phrases import Phrases
from pdo.evaluate.rehearse import BY_RULE, Rehearsal
from pdo.model.verdicts import Failure, RenderedMessage, Unchecked, Unread, Verdict
from pdo.outbox.planning import Candidate, Sent, plan_messages
from pdo.playbook.templates import template_variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pdo.evaluate.arrival import ReadFile
    from pdo.evaluate.judge import Suspect
    from pdo.evaluate.rehearse import Seen
    from pdo.model.conditions import Condition
    from pdo.model.examples import Example, Expectation
    from pdo.model.reports import Explanation

TODAY = "today"
EXPLAINED = 40
"""So many failures are explained; each takes a program of its own."""


@dataclass(slots=True)
class Played:
    """An example while it is run.

    Args:
        numbers: own id of a customer → the surrogate key that messages of all rounds name.
    """

    example: Example
    world: World
    failures: list[Failure] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    messages: list[RenderedMessage] = field(default_factory=list)
    history: list[Sent] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    unused: dict[str, tuple[str, ...]] = field(default_factory=dict)

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

    def number(self, customer: str) -> int:
        """The same for a customer in every round."""
        return self.numbers.setdefault(customer, len(self.numbers))


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
        self.variables = {
            name: [variable.name for variable in template_variables(one.text)]
            for name, one in self.project.campaigns.items()
        }

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
        found = self.rehearsal.round([one.world for one, _, _ in ready], [now for _, _, now in ready], wants)
        for one, moment, now in ready:
            seen = found.get(one.world.number, {})
            messages = self._messages(one, seen, now)
            one.messages += messages
            self.coverage.note(seen, messages)
            judge = Judge(self.project, now, self.rehearsal.tags, seen, messages, self.phrases)
            for wrong in judge.verdict(moment.expect):
                if isinstance(wrong, Unchecked):
                    one.unchecked.append(wrong)
                else:
                    failure, suspects = wrong
                    one.failures.append(replace(failure, why=self._why(suspects, one, now)))

    def _wants(self, expected: Sequence[Expectation]) -> Wants:
        """What a round is asked: whom campaigns mean, what texts name, and all that is expected of values."""
        asked: dict[str, Condition] = {f"to {name}": one.to for name, one in self.project.campaigns.items()}
        shown = dict.fromkeys(name for names in self.variables.values() for name in names if name != TODAY)
        for expect in expected:
            asked |= questions(expect)
            shown |= dict.fromkeys(names_shown(expect))
        return Wants(asked=asked, shown={name: name for name in shown}, worlds=True)

    def _messages(self, one: Played, seen: Mapping[str, Seen], now: Moment) -> list[RenderedMessage]:
        """What the campaigns make of it, past the gate; drafts count as approved."""
        candidates = {
            name: [
                Candidate(one.number(key), key, _values(names, what, now))
                for key, what in seen.items()
                if what.answers[f"to {name}"]
            ]
            for name, names in self.variables.items()
        }
        made = []
        for batch in plan_messages(self.project, candidates, tuple(one.history), now.today):
            for message in (*batch.messages, *batch.withheld):
                key = message.customer_key
                made.append(RenderedMessage(message.campaign, key, message.text, message.reason, str(now)))
                lives = not message.reason
                one.history.append(Sent(message.campaign, batch.channel, message.customer_id, now.today, lives, lives))
        return made

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


def _values(names: Sequence[str], seen: Seen, now: Moment) -> dict[str, object]:
    today = {TODAY: now.local.date().isoformat()}
    return {name: today[name] if name == TODAY else seen.values[name] for name in names}
