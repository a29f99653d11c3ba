"""What would go out, looked at before it does: texts, the longest, defaults, what each guide is asked to do, the funnel."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from pdo.model.outbox import FUNNEL
from pdo.model.previews import ChannelPreview, FunnelStep, GuideLoad, SampleText

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pdo.model.outbox import PlannedBatch


def look_at(batch: PlannedBatch, *, limit: int, mask: Callable[[str], str]) -> ChannelPreview:
    """What a batch would send.

    Args:
        limit: so many different texts.
        mask: hides phones.
    """
    going = batch.rows.filter(pc.is_null(batch.rows.column("reason")))
    names = ("customer_key", "sender", "text", "offer", "fallbacks")
    samples: dict[str, SampleText] = {}
    said: dict[str, Counter[str]] = defaultdict(Counter)
    fallbacks: Counter[str] = Counter()
    offers: Counter[str] = Counter()
    longest = ""
    for part in going.select(names).to_batches():
        for row in part.to_pylist():
            sender, text = row["sender"] or "", row["text"]
            said[sender][text] += 1
            if len(samples) < limit and text not in samples:
                samples[text] = SampleText(row["customer_key"], sender, mask(text))
            if len(text.encode()) > len(longest.encode()):
                longest = text
            fallbacks.update((row["fallbacks"] or "").split(",") if row["fallbacks"] else ())
            offers.update((row["offer"],) if row["offer"] else ())
    guides = tuple(GuideLoad(sender, texts.total(), len(texts)) for sender, texts in sorted(said.items()))
    return ChannelPreview(
        channel=batch.channel,
        planned=batch.planned,
        reasons=batch.reasons,
        texts=tuple(samples.values()),
        longest=mask(longest),
        longest_bytes=len(longest.encode()),
        fallbacks=dict(sorted(fallbacks.items())),
        guides=guides,
        offers=dict(sorted(offers.items())),
    )


def funnel(customers: int, meant: int, batches: Sequence[PlannedBatch]) -> tuple[FunnelStep, ...]:
    """From all customers down to the messages of one campaign.

    Args:
        customers: all of them.
        meant: for whom its condition holds.
    """
    reasons: Counter[str] = Counter()
    for batch in batches:
        reasons.update(batch.reasons)
    left = sum(batch.planned for batch in batches) + reasons.total()
    steps = [FunnelStep("customers", customers, {}), FunnelStep("meant", meant, {}), FunnelStep("due", left, {})]
    for name, kinds in FUNNEL.items():
        mine = {reason: count for reason, count in sorted(reasons.items()) if reason.partition(":")[0] in kinds}
        left -= sum(mine.values())
        steps.append(FunnelStep(name, left, mine))
    return tuple(steps)
