"""Every code with an example that is wrong and one that is right: one file a code, `PB107.yaml`, read when one is asked for.

A file holds an entry for each thing that can be found under its code (`PB107.comma`), with these keys:

* `bad`: a piece that has this finding and no other;
* `good`: the same, mended;
* `in`: where the piece stands: under `when` of a tag (unless said), `blocks` of a playbook, a whole `file`, one of two
  `files`, the `text` of a campaign, `settings` (`pdo.yaml`); for imports the kind of row, `orders`;
* `repeat`: times, opening and closing of something too long to write down; `middle` stands inside it, `around` outside;
* `encoding`: of the bad file;
* `with`: what else is found in the bad piece, where that cannot be helped, `[PB302.unit]`.

`pdo rule`, the reference page and the tests read the same files.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from pdo.core.frozen import dataclass
from pdo.core.nodes import Mapping, Node, Scalar, Sequence, parse_nodes
from pdo.core.source import Source
from pdo.core.wording import WORDING

FOLDER = Path(__file__).parent
FAMILIES = ("PB", "IM")
_ELLIPSIS = "…"
_UNSEEN = MappingProxyType({"\t": "<TAB>", "\u00a0": "<U+00A0>", "\u3000": "<U+3000>"})
"""Blanks that look like others, as an example shows them."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A bad piece that is too long to write down.

    Args:
        times: how often the opening and the closing stand there.
        around: what stands before and after all of it.
    """

    times: int
    opening: str
    middle: str
    closing: str
    around: tuple[str, str]

    def written(self, times: int | None = None, gap: str = "") -> str:
        """The piece as it is, or shortened to so many times with a gap."""
        count = self.times if times is None else times
        before, after = self.around
        inner = f"{gap}{self.middle}{gap}" if self.closing else f"{gap}{self.middle}"
        return f"{before}{self.opening * count}{inner}{self.closing * count}{after}"


@dataclass(frozen=True, slots=True)
class Example:
    """What is wrong in an example, and how it is right.

    Args:
        key: code and variant, `PB107.comma`, as the wording is called.
        place: where the pieces stand, see above.
        bad: with the finding.
        good: without it.
        encoding: of the file with the bad piece.
        repeated: the bad piece where it is too long to write down.
        beside: keys of what else is found in it.
    """

    key: str
    place: str
    bad: str
    good: str
    encoding: str = "utf-8"
    repeated: Repeated | None = None
    beside: tuple[str, ...] = ()

    @property
    def bad_shown(self) -> str:
        """The bad piece as people are shown it, where it stands."""
        return self._shown(self.bad if self.repeated is None else self.repeated.written(3, _ELLIPSIS))

    @property
    def good_shown(self) -> str:
        """The good piece, likewise."""
        return self._shown(self.good)

    def _shown(self, piece: str) -> str:
        piece = "".join(_UNSEEN.get(character, character) for character in piece)
        match self.place:
            case "when":
                return "when:\n" + "".join(f"  {line}\n" for line in piece.removesuffix("\n").split("\n"))
            case "text":
                return f"text: {piece}"
            case "settings":
                return f"# pdo.yaml\n{piece}"
        return piece


@lru_cache
def codes() -> tuple[str, ...]:
    """Every code, in order."""
    return tuple(sorted({key.partition(".")[0] for key in WORDING if key.startswith(FAMILIES)}))


def examples_of(code: str) -> tuple[Example, ...]:
    """The examples of a code, in written order; none for a code that does not exist or needs none."""
    path = FOLDER / f"{code}.yaml"
    if code not in codes() or not path.is_file():
        return ()
    source = Source(path.name, path.read_text("utf-8"))
    parsed = parse_nodes(source, source.text, lambda line, column: (line, column))
    if parsed.problem is not None or parsed.diagnostics or not isinstance(parsed.root, Mapping):
        raise ValueError(f"{path.name}: {parsed.problem or parsed.diagnostics}")
    return tuple(_example(entry.key.text, entry.value) for entry in parsed.root.entries)


def _example(key: str, node: Node) -> Example:
    if not isinstance(node, Mapping):
        raise TypeError(f"{key}: no keys and values")
    bad = _text(node.get("bad"))
    repeated = _repeated(node)
    return Example(
        key,
        place=_text(node.get("in")) or "when",
        bad=repeated.written() if repeated else bad,
        good=_text(node.get("good")),
        encoding=_text(node.get("encoding")) or "utf-8",
        repeated=repeated,
        beside=_texts(node.get("with")),
    )


def _repeated(node: Mapping) -> Repeated | None:
    repeat = _texts(node.get("repeat"))
    if not repeat:
        return None
    times, opening, closing = repeat
    before, after = _texts(node.get("around")) or ("", "")
    return Repeated(int(times), opening, _text(node.get("middle")), closing, (before, after))


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _texts(node: Node | None) -> tuple[str, ...]:
    return tuple(_text(item) for item in node.items) if isinstance(node, Sequence) else ()
