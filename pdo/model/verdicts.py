"""What came of the examples of playbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.frozen import dataclass

if TYPE_CHECKING:
    from pdo.core.source import Span
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
        why: the rule with the values that decided; None where no rule decides.
    """

    aspect: Aspect
    customer: str
    name: str
    expected: str
    got: str
    absent: bool
    moment: str
    span: Span
    why: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Unchecked:
    """An expectation that nothing here can check: an error, for a test that checks nothing must not pass.

    Args:
        name: what is expected.
        span: where.
    """

    aspect: Aspect
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A message that an example makes, for `--show-messages`."""

    campaign: str
    customer: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one example.

    Args:
        name: of the example.
        playbook: whose file it stands in.
        failures: in written order.
        unchecked: expectations that could not be checked.
        messages: that were made.
        span: of the name.
    """

    name: str
    playbook: str
    failures: tuple[Failure, ...]
    unchecked: tuple[Unchecked, ...]
    messages: tuple[RenderedMessage, ...]
    span: Span

    @property
    def passed(self) -> bool:
        """Whether everything that was expected was there, and could be checked."""
        return not self.failures and not self.unchecked


@dataclass(frozen=True, slots=True)
class Covered:
    """Which outcomes of a rule the examples have seen.

    Args:
        kind: `tag`, `stage`, `segment` or `campaign`.
        scope: the lifecycle of a stage; empty otherwise.
        held: it held for somebody.
        failed: it did not hold for somebody.
    """

    kind: str
    scope: str
    name: str
    playbook: str
    held: bool
    failed: bool


@dataclass(frozen=True, slots=True)
class TestReport:
    """What came of all examples that were chosen.

    Args:
        verdicts: in the order of the files.
        coverage: rule by rule, over those examples.
    """

    verdicts: tuple[Verdict, ...]
    coverage: tuple[Covered, ...]

    @property
    def failed(self) -> int:
        """How many examples failed."""
        return sum(not one.passed for one in self.verdicts)

    @property
    def share_covered(self) -> float:
        """Of the outcomes of all rules, held and not, how many were seen, in percent; 100 where there is no rule."""
        seen = sum(one.held + one.failed for one in self.coverage)
        return 100.0 * seen / (2 * len(self.coverage)) if self.coverage else 100.0
