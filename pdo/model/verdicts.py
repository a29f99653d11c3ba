"""What came of the examples of playbooks."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pdo.core.source import Span
    from pdo.core.wording import Language
    from pdo.model.examples import Aspect
    from pdo.model.reports import Explanation


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that did not hold.

    Args:
        aspect: of what.
        customer: the own id; empty for a whole membership.
        name: of the tag, segment, lifecycle, score, metric, campaign.
        expected: as it was written.
        got: what is there instead; empty for nothing.
        absent: it must not be there.
        moment: the local time of the run.
        span: where it is expected.
        why: the rules with the values that decided; empty where no rule decides.
        whole: a membership, or the whole that `exactly` asks for.
        withheld: why the message that is expected was held back; empty where it was not.
    """

    aspect: Aspect
    customer: str
    name: str
    expected: str
    got: str
    absent: bool
    moment: str
    span: Span
    why: tuple[Explanation, ...] = ()
    whole: bool = False
    withheld: str = ""


class Unknown(StrEnum):
    """Why an expectation cannot be checked."""

    CUSTOMER = "customer"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Unchecked:
    """An expectation that nothing here can check: an error, for a test that checks nothing must not pass.

    Args:
        name: what is expected, or the customer that no row brings.
        span: where.
        reason: no row of a file brings the customer; no customer has that value, so that no tag
            is called so.
    """

    aspect: Aspect
    name: str
    span: Span
    reason: Unknown


@dataclass(frozen=True, slots=True)
class Unread:
    """Rows that could not be brought in, as an import would reject them.

    Args:
        path: of the file as written; empty for a row that is written in the example.
        line: of the file; None for the whole file.
        column: the header; None for the whole row or file.
        key: of the wording, as of an import.
        params: that it names.
        span: where the file is named or the row is written.
    """

    path: str
    line: int | None
    column: str | None
    key: str
    params: Mapping[str, object]
    span: Span


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A message that an example makes, for `--show-messages`.

    Args:
        reason: what the gate held it back for; empty for none.
        moment: the local time of the run.
    """

    campaign: str
    customer: str
    text: str
    reason: str
    moment: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one example.

    Args:
        name: of the example.
        playbook: whose file it stands in.
        failures: moment by moment, in written order.
        unchecked: expectations that could not be checked.
        unread: rows that could not be brought in; then nothing else was looked at.
        unused: files with the headers that mean nothing there; as with an import, no mistake by itself.
        messages: that were made.
        span: of the name.
    """

    name: str
    playbook: str
    failures: tuple[Failure, ...]
    unchecked: tuple[Unchecked, ...]
    messages: tuple[RenderedMessage, ...]
    span: Span
    unread: tuple[Unread, ...] = ()
    unused: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything that was expected was there, and could be checked."""
        return not (self.failures or self.unchecked or self.unread)


@dataclass(frozen=True, slots=True)
class Covered:
    """Which outcomes of a rule the examples have seen.

    Args:
        kind: `tag`, `band` (of a score), `rfm` (one of its three parts, high or low), `stage`, `segment` or `campaign`.
        scope: the lifecycle of a stage, the score of a band, the setting of a part; empty otherwise.
        held: it held for somebody.
        failed: it did not hold for somebody.
        span: where the rule is written.
    """

    kind: str
    scope: str
    name: str
    playbook: str
    held: bool
    failed: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ExampleReport:
    """What came of all examples that were chosen.

    Args:
        verdicts: in the order of the files.
        coverage: rule by rule, over those examples.
        language: the project's.
    """

    verdicts: tuple[Verdict, ...]
    coverage: tuple[Covered, ...]
    language: Language | None = None

    @property
    def failed(self) -> int:
        """How many examples failed."""
        return sum(not one.passed for one in self.verdicts)

    @property
    def outcomes(self) -> int:
        """How many outcomes there are: two a rule."""
        return 2 * len(self.coverage)

    @property
    def outcomes_seen(self) -> int:
        """How many of them were seen."""
        return sum(one.held + one.failed for one in self.coverage)

    @property
    def share_covered(self) -> float:
        """Of the outcomes of all rules, held and not, how many were seen, in percent; 100 where there is no rule."""
        return 100.0 * self.outcomes_seen / self.outcomes if self.coverage else 100.0
