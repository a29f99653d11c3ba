"""What classifies customers, as sentences: metrics, tags, scores, RFM, lifecycles, segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.figures import thousandths
from pdo.model.fields import Type
from pdo.model.playbook import RFM_TYPES, Part, Ratio
from pdo.playbook.describing.conditions import Clause, Conditions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdo.model.conditions import Condition
    from pdo.model.playbook import (
        Alert,
        Cut,
        ExclusiveSet,
        Lifecycle,
        Metric,
        Project,
        Ranking,
        Rfm,
        Score,
        ScoreRule,
        Segment,
        Tag,
        Transition,
    )
    from pdo.playbook.describing.tests import Voice


class Blocks:
    """Says blocks: the sentence, then what else is true of it.

    Args:
        voice: the language.
        project: that the blocks belong to.
    """

    def __init__(self, voice: Voice, project: Project) -> None:
        self.voice = voice
        self.project = project
        self.conditions = Conditions(voice, project)

    # Metrics ----------------------------------------------------------------------------------------------------------

    def metric(self, metric: Metric) -> Iterator[Clause]:
        """A metric."""
        voice, measure = self.voice, metric.measure
        if isinstance(measure, Ratio):
            over, under = voice.quoted(measure.over), voice.quoted(measure.under)
            yield Clause(voice.say("block.metric.ratio", over=over, under=under))
        else:
            yield Clause(voice.spaced(self.conditions.measures.value(measure)))

    # Tags -------------------------------------------------------------------------------------------------------------

    def tag(self, tag: Tag) -> Iterator[Clause]:
        """A tag."""
        voice = self.voice
        yield self._who(tag)
        if tag.group:
            yield Clause(voice.say("block.tag.group", name=voice.quoted(tag.group)))
        if tag.ask is not None:
            yield Clause(voice.say("block.tag.answer"))
        elif tag.exclusive in self.project.exclusive:
            others = [name for name in self.project.exclusive[tag.exclusive].tags if name != tag.name]
            if others:
                yield Clause(voice.say("block.tag.exclusive", names=voice.every(others)))
        if tag.keep:
            yield Clause(voice.say("block.tag.keep"))
        if tag.expires is not None:
            yield Clause(voice.say("block.tag.expires", length=voice.length(tag.expires)))
        if tag.alert is not None:
            yield Clause(self.alert(tag.alert))
        if tag.was:
            yield Clause(voice.say("block.tag.was", was=voice.quoted(tag.was)))

    def _who(self, tag: Tag) -> Clause:
        voice = self.voice
        if tag.when is not None:
            return self.conditions.who(tag.when)
        if tag.column:
            return Clause(voice.say("block.tag.column", column=voice.quoted(voice.column("", tag.column))))
        if tag.ask is not None:
            question = voice.quoted(tag.ask.question)
            if tag.ask.who:
                return Clause(voice.say("block.tag.asked_by", who=voice.quoted(tag.ask.who), question=question))
            return Clause(voice.say("block.tag.ask", question=question))
        return Clause(voice.say("block.tag.hands"))

    def alert(self, alert: Alert) -> str:
        """Who is told what when a tag comes."""
        voice = self.voice
        who = voice.listed(map(self.staff, alert.to), "say.and_names")
        said = voice.say("block.tag.alert", who=who, text=voice.quoted(alert.text))
        if alert.due is not None:
            said += voice.say("block.tag.alert_due", due=voice.length(alert.due))
        if alert.at_most is not None:
            most, per = alert.at_most
            said += voice.say("block.tag.alert_at_most", max=most, per=voice.length(per))
        if alert.escalate is not None:
            after, to = alert.escalate
            said += voice.say("block.tag.alert_escalate", after=voice.length(after), who=self.staff(to))
        return voice.say("block.stop", text=said)

    def staff(self, name: str) -> str:
        """Who sends or is told: a role or one member of staff."""
        if name in ("owner", "manager", "robot"):
            return self.voice.say(f"block.sender.{name}")
        return self.voice.say("block.sender.staff", name=self.voice.quoted(name))

    def exclusive(self, each: ExclusiveSet) -> Iterator[Clause]:
        """Tags of which a customer has at most one."""
        yield Clause(self.voice.say("block.group.exclusive", names=self.voice.every(each.tags)))

    # Scores and RFM ---------------------------------------------------------------------------------------------------

    def score(self, score: Score) -> Iterator[Clause]:
        """A score."""
        yield Clause(self.voice.say("block.score.sum"), tuple(map(self._points, score.rules)))

    def _points(self, rule: ScoreRule) -> Clause:
        voice, points = self.voice, thousandths(rule.add)
        more = voice.say("block.score.up_to", points=thousandths(rule.up_to)) if rule.up_to is not None else ""
        if rule.fades is not None:
            kind, days = rule.fades
            more += voice.say(f"block.score.{kind}", days=days)
        more += voice.say("block.score.because", because=rule.because) if rule.because else ""
        if rule.each is not None:
            measures = self.conditions.measures
            params = {"when": measures.when(rule.each.window), "which": measures.which(rule.each), "points": points}
            return Clause(voice.spaced(voice.say("block.score.each", **params)) + more)
        if rule.when is None:
            raise AssertionError(rule)
        clause = self.conditions.clause(rule.when)
        if clause.parts:
            return Clause(voice.say("block.score.when_list", points=points) + more, (clause,))
        return Clause(voice.say("block.score.when", condition=clause.text, points=points) + more)

    def rfm(self, setting: Rfm) -> Iterator[Clause]:
        """A setting of RFM."""
        voice = self.voice
        which = voice.say("block.rfm.orders", when=self.conditions.measures.when(setting.window))
        cuts = tuple(Clause(self._cut(part, setting.cuts[part])) for part in Part)
        types = (Clause(voice.say("block.rfm.type", type=each, name=setting.names[each])) for each in RFM_TYPES)
        yield Clause(voice.spaced(voice.say("block.rfm.text", which=which)), (*cuts, *types))

    def _cut(self, part: Part, cut: Cut) -> str:
        voice, tests = self.voice, self.conditions.measures.tests
        if cut.share is not None:
            return voice.say("block.rfm.cut.share", part=part, share=voice.share(cut.share))
        if cut.middle is not None:
            return voice.say(f"block.rfm.cut.{cut.middle}", part=part)
        if cut.score is not None:
            return voice.say("block.rfm.cut.score", part=part, amount=tests.amount(cut.score, Type.INTEGER))
        type_ = Type.MONEY if part is Part.MONEY else Type.INTEGER
        if cut.test is None:
            raise AssertionError(cut)
        return voice.say("block.rfm.cut", part=part, test=tests.predicate(cut.test, type_))

    # Lifecycles -------------------------------------------------------------------------------------------------------

    def lifecycle(self, lifecycle: Lifecycle) -> Iterator[Clause]:
        """A lifecycle with each way or each stage."""
        yield self._derived(lifecycle) if lifecycle.is_derived else self._stateful(lifecycle)
        voice = self.voice
        if lifecycle.final:
            yield Clause(voice.say("block.lifecycle.final", stages=voice.every(lifecycle.final)))
        for stage, was in lifecycle.was.items():
            yield Clause(voice.say("block.lifecycle.was", stage=voice.quoted(stage), was=voice.quoted(was)))

    def _derived(self, lifecycle: Lifecycle) -> Clause:
        voice = self.voice
        parts = []
        for stage, condition in lifecycle.derived:
            who = self.conditions.who(condition)
            said = voice.say("block.lifecycle.stage", stage=voice.quoted(stage), who=who.text)
            parts.append(Clause(said, who.parts))
        if lifecycle.otherwise:
            parts.append(Clause(voice.say("block.lifecycle.otherwise", stage=voice.quoted(lifecycle.otherwise))))
        else:
            parts.append(Clause(voice.say("block.lifecycle.none")))
        key = "block.lifecycle.derived_highest" if lifecycle.highest else "block.lifecycle.derived_first"
        return Clause(voice.say(key), tuple(parts))

    def _stateful(self, lifecycle: Lifecycle) -> Clause:
        voice = self.voice
        initial = voice.quoted(lifecycle.initial)
        text = voice.say("block.lifecycle.stateful", stages=voice.every(lifecycle.stages), initial=initial)
        return Clause(text, tuple(map(self.move, lifecycle.transitions)))

    def move(self, transition: Transition) -> Clause:
        """A way from stages to another one."""
        voice = self.voice
        ends = {"origins": voice.either(transition.origins), "target": voice.quoted(transition.target)}
        length = None if transition.after is None else voice.length(transition.after)
        if transition.when is None:
            why = voice.say("block.lifecycle.after", length=length)
            return Clause(voice.say("block.lifecycle.move", **ends, why=why))
        clause = self.conditions.clause(transition.when)
        if length is None:
            why = voice.say("block.lifecycle.if", condition=clause.text)
        else:
            why = voice.say("block.lifecycle.after_if", length=length, condition=clause.text)
        return Clause(voice.say("block.lifecycle.move", **ends, why=why), clause.parts)

    # Segments ---------------------------------------------------------------------------------------------------------

    def segment(self, segment: Segment) -> Iterator[Clause]:
        """A segment."""
        voice = self.voice
        yield self.conditions.who(segment.when)
        if segment.rank_by:
            said = voice.say("block.join").join(map(self._ranking, segment.rank_by))
            yield Clause(voice.say("block.segment.rank", rankings=said))
        if segment.top is not None:
            yield Clause(voice.say("block.segment.top", count=segment.top))
        if segment.share is not None:
            yield Clause(voice.say("block.segment.share", share=voice.share(segment.share)))
        if segment.per:
            yield Clause(voice.say("block.segment.per", column=voice.column("", segment.per)))
        if segment.columns:
            columns = voice.say("block.join").join(self.value(name) for name in segment.columns)
            yield Clause(voice.say("block.segment.columns", columns=columns))
        if segment.was:
            yield Clause(voice.say("block.tag.was", was=voice.quoted(segment.was)))

    def _ranking(self, ranking: Ranking) -> str:
        key = "block.segment.desc" if ranking.descending else "block.segment.asc"
        return self.voice.say(key, name=self.value(ranking.name))

    def value(self, name: str) -> str:
        """A metric, a score or an attribute by its name."""
        is_own = name in self.project.metrics or name in self.project.scores
        return name if is_own else self.voice.column("", name)

    def only(self, condition: Condition | None) -> Clause | None:
        """Who is meant, where not everybody is."""
        return None if condition is None else self.conditions.who(condition)
