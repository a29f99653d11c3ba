"""The playbooks as a manual that a new colleague reads (精细化操作手册): chapter by chapter, the same words as everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.model.outreach import WEEKDAYS, Body, StepMessage, StepTask, clock
from pdo.playbook.describing.blocks import Blocks
from pdo.playbook.describing.conditions import Clause
from pdo.playbook.describing.illustrations import Illustrations
from pdo.playbook.describing.outreach import Outreach
from pdo.playbook.describing.pages import Heading, Page, Paragraph, Picture, Points, Quote, Rows
from pdo.playbook.describing.references import References
from pdo.playbook.describing.rules import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pdo.model.outreach import Channel, Days
    from pdo.model.playbook import Lifecycle, Project
    from pdo.playbook.describing.pages import Block
    from pdo.playbook.describing.rules import Described
    from pdo.playbook.describing.tests import Voice

_CHAPTERS = (
    "stages",
    "tags",
    "scores",
    "segments",
    "campaigns",
    "journeys",
    "offers",
    "contents_tables",
    "calendar",
    "staff",
    "policy",
    "metrics",
    "examples",
)
"""What the manual tells, in this order; a chapter of which there is nothing is left out."""


def handbook(project: Project, voice: Voice) -> Page:
    """The manual of a project."""
    return _Handbook(project, voice).page()


class _Handbook:
    """Writes the chapters."""

    def __init__(self, project: Project, voice: Voice) -> None:
        self.project = project
        self.voice = voice
        self.blocks = Blocks(voice, project)
        self.outreach = Outreach(self.blocks)
        self.references = References(project)
        self.described = {(each.kind, each.name): each for each in describe(project, voice)}

    def page(self) -> Page:
        """All chapters."""
        say = self.voice.say
        blocks: list[Block] = [Paragraph(say("book.about"))]
        number = 0
        for name in _CHAPTERS:
            chapter = list(getattr(self, f"_{name}")())
            if chapter:
                number += 1
                blocks += [Heading(2, say(f"book.{name}"), f"c{number}"), *_anchored(chapter, f"c{number}")]
        return Page(say("book.title"), say("book.contents"), tuple(blocks))

    def _of(self, *kinds: str) -> Iterator[Described]:
        return (each for each in self.described.values() if each.kind in kinds)

    # Customers --------------------------------------------------------------------------------------------------------

    def _stages(self) -> Iterator[Block]:
        if self.project.lifecycles:
            yield Paragraph(self.voice.say("book.stages.about"))
        for each in self._of("lifecycle"):
            yield Heading(3, each.name, "+")
            yield _picture(self.project.lifecycles[each.name], each.title)
            yield from _said(each)

    def _tags(self) -> Iterator[Block]:
        tags = list(self._of("tag"))
        if tags:
            yield Paragraph(self.voice.say("book.tags.about"))
        groups: dict[str, list[Described]] = {}
        for each in tags:
            groups.setdefault(self.project.tags[each.name].group, []).append(each)
        exclusive = {each.name: each for each in self._of("tag_group")}
        for group, members in groups.items():
            yield Heading(3, group or self.voice.say("book.tags.none"), "+")
            if group in exclusive:
                yield Paragraph(_ended(exclusive[group].sentence.text, self.voice))
            told = frozenset((self.voice.say("block.tag.group", name=self.voice.quoted(group)),))
            yield Points(tuple(_point(each, without=told | self._set_of(each)) for each in members))

    def _set_of(self, each: Described) -> frozenset[str]:
        """The note that tells the other tags of a set, where the heading has told them."""
        exclusive = self.project.tags[each.name].exclusive
        if exclusive not in self.project.exclusive or ("tag_group", exclusive) not in self.described:
            return frozenset()
        others = [name for name in self.project.exclusive[exclusive].tags if name != each.name]
        return (
            frozenset((self.voice.say("block.tag.exclusive", names=self.voice.every(others)),))
            if others
            else frozenset()
        )

    def _scores(self) -> Iterator[Block]:
        for each in self._of("score", "rfm"):
            yield Heading(3, each.name, "+")
            yield from _said(each)

    def _segments(self) -> Iterator[Block]:
        for each in self._of("segment"):
            yield Heading(3, each.name, "+")
            yield from _said(each, Clause(self._used(each)))

    def _used(self, each: Described) -> str:
        users = self.references.resting_on(((each.kind, each.name),))
        titles = [self.described[key].title for key in users if key in self.described]
        if not titles:
            return self.voice.say("book.unused")
        return self.voice.say("book.used", titles=self.voice.say("diff.join").join(titles))

    # Messages ---------------------------------------------------------------------------------------------------------

    def _campaigns(self) -> Iterator[Block]:
        campaigns = sorted(self.project.outreach.campaigns.values(), key=lambda one: (one.priority, one.name))
        if campaigns:
            yield Paragraph(self.voice.say("book.variables"))
        for campaign in campaigns:
            each = self.described["campaign", campaign.name]
            yield Heading(3, campaign.name, "+")
            yield from _paragraph(each.sentence)
            whom = [self._whom(name) for kind, name in self._asked("campaign", campaign.name) if kind == "segment"]
            said, *notes = each.notes
            if isinstance(campaign.said, Body) and campaign.said.text is not None:
                yield Quote(campaign.said.text.text)
                if campaign.said.offer:
                    notes.insert(0, Clause(self._offered(campaign.said.offer)))
            else:
                yield from _paragraph(said)
            yield Points((*whom, *notes))

    def _asked(self, kind: str, name: str) -> Iterator[tuple[str, str]]:
        """What a rule names itself."""
        return (key for key, users in self.references.users.items() if (kind, name) in users)

    def _whom(self, name: str) -> Clause:
        who = self.blocks.conditions.who(self.project.segments[name].when)
        return Clause(self.voice.say("book.whom", name=name, who=who.text), who.parts)

    def _offered(self, name: str) -> str:
        return self.described["offer", name].sentence.text

    def _journeys(self) -> Iterator[Block]:
        for each in self._of("journey"):
            yield Heading(3, each.name, "+")
            yield from _said(each)

    def _offers(self) -> Iterator[Block]:
        offers = [_point(each) for each in self._of("offer")]
        if offers:
            yield Points(tuple(offers))

    def _contents_tables(self) -> Iterator[Block]:
        for each in self._of("content"):
            yield Heading(3, each.name, "+")
            yield from _said(each)

    # Days and staff ---------------------------------------------------------------------------------------------------

    def _calendar(self) -> Iterator[Block]:
        say, campaigns = self.voice.say, self.project.outreach.campaigns.values()
        if not campaigns:
            return
        yield Paragraph(say("book.calendar.about"))
        rows: dict[str, list[tuple[int, int, str]]] = {say(f"block.weekday.{day}"): [] for day in WEEKDAYS}
        every: list[tuple[int, int, str]] = []
        for one in campaigns:
            entry = (one.at if one.at is not None else -1, one.priority, self._entry(one.name, one.at, one.channels))
            for day in self._days(one.days):
                rows.setdefault(day, []).append(entry)
            if one.days is None:
                every.append(entry)
        told = {say("book.calendar.each_run"): every, **rows} if every else rows
        cells = ((day, "\n".join(text for *_, text in sorted(what))) for day, what in told.items())
        headings = (say("book.calendar.day"), say("book.calendar.what"))
        yield Rows(headings, tuple((day, text or say("book.calendar.nothing")) for day, text in cells))

    def _entry(self, name: str, at: int | None, channels: Iterable[Channel]) -> str:
        words = self.voice.listed(map(self.outreach.channel, channels), "say.or")
        if at is None:
            return self.voice.say("book.calendar.entry_any", title=name, channels=words)
        return self.voice.say("book.calendar.entry", title=name, channels=words, at=clock(at))

    def _days(self, days: Days | None) -> Iterator[str]:
        if days is None:
            return
        weekdays = (self.voice.say(f"block.weekday.{WEEKDAYS[day]}") for day in sorted(days.weekdays))
        others = self.outreach.dates(days)
        yield from (*weekdays, *others)

    def _staff(self) -> Iterator[Block]:
        rows = (*self._alerts(), *self._questions(), *self._tasks())
        if rows:
            yield Rows((self.voice.say("book.staff.when"), self.voice.say("book.staff.what")), rows)

    def _alerts(self) -> Iterator[tuple[str, str]]:
        for tag in self.project.tags.values():
            if tag.alert is not None:
                yield self.voice.say("book.staff.tag", name=tag.name), self.blocks.alert(tag.alert)

    def _questions(self) -> Iterator[tuple[str, str]]:
        asked: dict[tuple[str, str], list[str]] = {}
        for tag in self.project.tags.values():
            if tag.ask is not None:
                asked.setdefault((tag.ask.who, tag.ask.question), []).append(tag.name)
        for (who, question), names in asked.items():
            answers = self.voice.either(names)
            when = self.voice.say("book.staff.asker", who=who or self.voice.say("book.staff.anyone"), answers=answers)
            yield when, f"{question}\n{self.voice.say('book.staff.ask', answers=answers)}"

    def _tasks(self) -> Iterator[tuple[str, str]]:
        for journey in self.project.outreach.journeys.values():
            for step in journey.steps:
                is_by_hand = isinstance(step.action, StepMessage) and "one_to_one" in step.action.channels
                if isinstance(step.action, StepTask) or is_by_hand:
                    time = self.outreach.time(step, journey)
                    when = self.voice.say("book.staff.step", name=journey.name, step=step.name, time=time)
                    yield when, "\n".join(self.outreach.does(step).lines())

    # Rules and figures ------------------------------------------------------------------------------------------------

    def _policy(self) -> Iterator[Block]:
        for each in self._of("policy"):
            yield Points(each.sentence.parts)

    def _metrics(self) -> Iterator[Block]:
        rows = tuple((each.name, _without_title(each)) for each in self._of("metric"))
        if rows:
            yield Rows((self.voice.say("book.metrics.name"), self.voice.say("book.metrics.how")), rows)

    def _examples(self) -> Iterator[Block]:
        illustrations = Illustrations(self.voice, self.project)
        for number, example in enumerate(self.project.examples):
            if not number:
                yield Paragraph(self.voice.say("book.examples.about"))
            yield Heading(3, example.name)
            yield from illustrations.example(example)


def _anchored(blocks: Iterable[Block], chapter: str) -> Iterator[Block]:
    """The blocks of a chapter, its headings numbered."""
    number = 0
    for block in blocks:
        if isinstance(block, Heading) and block.anchor:
            number += 1
            yield Heading(block.level, block.text, f"{chapter}-{number}")
        else:
            yield block


def _picture(lifecycle: Lifecycle, title: str) -> Picture:
    numbers = {stage: number for number, stage in enumerate(lifecycle.stages)}
    moves = dict.fromkeys(
        (numbers[origin], numbers[move.target]) for move in lifecycle.transitions for origin in move.origins
    )
    return Picture(title, lifecycle.stages, tuple(moves))


def _said(each: Described, *more: Clause) -> Iterator[Block]:
    """A rule below its heading: the sentence without its title, then the notes."""
    yield from _paragraph(Clause(_without_title(each), each.sentence.parts))
    plain = tuple(note for note in (*each.notes, *more) if not note.parts)
    listed = [note for note in each.notes if note.parts]
    if each.sentence.parts:
        yield from (Paragraph(note.text) for note in plain)
    elif plain:
        yield Points(plain)
    for note in listed:
        yield from _paragraph(note)


def _paragraph(clause: Clause) -> Iterator[Block]:
    yield Paragraph(clause.text)
    if clause.parts:
        yield Points(clause.parts)


def _without_title(each: Described) -> str:
    text = each.sentence.text.removeprefix(each.title).lstrip("：: ")
    return text[:1].upper() + text[1:]


def _point(each: Described, without: frozenset[str] = frozenset()) -> Clause:
    """A rule as a point, its notes below it."""
    notes = tuple(note for note in each.notes if note.text not in without)
    return Clause(each.sentence.text, (*each.sentence.parts, *notes))


def _ended(text: str, voice: Voice) -> str:
    stop = voice.say("block.stop", text="")
    return text if text.endswith(stop) else text + stop
