"""`make fuzz`: very many spoilt playbooks, on all processors; what breaks is printed with the seed that makes it again.

python -m tests.property.fuzz [COUNT] [FIRST SEED]
"""

from __future__ import annotations

import faulthandler
import os
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from random import Random

from tests.property.mutations import check, mutate

COUNT, CHUNK = 300_000, 500
LONGEST_SECONDS = 10


def chunk(first: int) -> tuple[int, int, float, list[tuple[int, str]]]:
    """Some seeds: how many texts had findings, how many there were, the slowest, and what broke."""
    spoilt, slowest, broken = 0, 0.0, []
    faulthandler.dump_traceback_later(LONGEST_SECONDS * CHUNK, exit=True)
    for seed in range(first, first + CHUNK):
        start = time.monotonic()
        try:
            spoilt += bool(check(mutate(Random(seed))))
        except Exception:  # noqa: BLE001  (that is what is looked for)
            broken.append((seed, traceback.format_exc()))
        took = time.monotonic() - start
        if took > LONGEST_SECONDS:
            broken.append((seed, f"{took:.1f} s"))
        slowest = max(slowest, took)
    faulthandler.cancel_dump_traceback_later()
    return CHUNK, spoilt, slowest, broken


def say(text: str) -> None:
    """Print it now, for a run takes long."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Run, print, and end with 1 where something broke."""
    count, first = (int(text) for text in (arguments + [str(COUNT), "0"][len(arguments) :])[:2])
    done, spoilt, slowest, broken = 0, 0, 0.0, dict[str, tuple[int, str]]()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for texts, found, took, wrong in pool.map(chunk, range(first, first + count, CHUNK)):
            done, spoilt, slowest = done + texts, spoilt + found, max(slowest, took)
            for seed, said in wrong:
                last = said.strip().splitlines()[-4:]
                if broken.setdefault("\n".join(last), (seed, said))[0] == seed:
                    say(f"seed {seed}:\n{said}")
            if done % 10_000 == 0:
                say(f"{done} texts, {spoilt} with findings, slowest {slowest:.2f} s, {len(broken)} broken")
    say(f"{done} texts, {spoilt} with findings, slowest {slowest:.2f} s, {len(broken)} ways to break")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
