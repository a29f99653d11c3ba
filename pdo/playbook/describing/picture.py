"""Stages as a picture: boxes in a row, ways onward as arcs above them, ways back below."""

from __future__ import annotations

import unicodedata
from html import escape
from typing import TYPE_CHECKING

from pdo.playbook.invisible import visible

if TYPE_CHECKING:
    from pdo.playbook.describing.pages import Picture

_CELL, _PADDING, _GAP, _HEIGHT = 7.5, 12, 34, 40
_ARC, _MARGIN = 16, 10
"""Pixels: of half a character, beside a text, between boxes, of a box; how much higher an arc is for each box that it passes."""


def as_svg(picture: Picture) -> str:
    """The picture as SVG of a fixed size; colours of its own, no script."""
    boxes = _boxes(picture.stages)
    onward = [(origin, target) for origin, target in picture.moves if target > origin + 1]
    back = [(origin, target) for origin, target in picture.moves if target < origin]
    top = _MARGIN + _room(onward)
    height = top + _HEIGHT + _MARGIN + _room(back)
    width = boxes[-1][0] + boxes[-1][1] + _MARGIN
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    label = f'role="img" aria-label="{escape(visible(picture.title))}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} {label}>']
    for origin, target in picture.moves:
        parts.append(_way(boxes[origin], boxes[target], top, target - origin))
    for (left, wide), stage in zip(boxes, picture.stages, strict=True):
        parts.append(
            f'<rect x="{left:g}" y="{top:g}" width="{wide:g}" height="{_HEIGHT}" rx="8" fill="#eef5f0" stroke="#2f6f4f"/>'
            f'<text x="{left + wide / 2:g}" y="{top + 25:g}" text-anchor="middle" fill="#1f2328">{escape(visible(stage))}</text>'
        )
    parts.append("</svg>")
    return "".join(parts)


def _boxes(stages: tuple[str, ...]) -> list[tuple[float, float]]:
    """Where each box begins and how wide it is."""
    found: list[tuple[float, float]] = []
    left: float = _MARGIN
    for stage in stages:
        cells = sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in stage)
        width = cells * _CELL + 2 * _PADDING
        found.append((left, width))
        left += width + _GAP
    return found


def _room(ways: list[tuple[int, int]]) -> int:
    """How much room arcs need."""
    return max((abs(target - origin) * _ARC + 8 for origin, target in ways), default=0)


def _way(origin: tuple[float, float], target: tuple[float, float], top: float, steps: int) -> str:
    """An arrow to the next box, an arc to one further on or back."""
    if steps == 1:
        start, end, middle = origin[0] + origin[1], target[0], top + _HEIGHT / 2
        return _line(f"M{start:g} {middle:g}H{end - 7:g}") + _head(end, middle, "right")
    rise = abs(steps) * _ARC
    if steps > 0:
        start, end = origin[0] + origin[1] * 0.6, target[0] + target[1] * 0.4
        return _line(f"M{start:g} {top:g}C{start:g} {top - rise:g} {end:g} {top - rise:g} {end:g} {top - 7:g}") + _head(
            end, top, "down"
        )
    start, end, low = origin[0] + origin[1] * 0.4, target[0] + target[1] * 0.6, top + _HEIGHT
    return _line(f"M{start:g} {low:g}C{start:g} {low + rise:g} {end:g} {low + rise:g} {end:g} {low + 7:g}") + _head(
        end, low, "up"
    )


def _line(path: str) -> str:
    return f'<path d="{path}" fill="none" stroke="#6b8f7b" stroke-width="1.5"/>'


def _head(x: float, y: float, direction: str) -> str:
    """An arrow's head with its point there."""
    back = {"right": ((-8, -4), (-8, 4)), "down": ((-4, -8), (4, -8)), "up": ((-4, 8), (4, 8))}[direction]
    points = " ".join(f"{x + dx:g},{y + dy:g}" for dx, dy in ((0, 0), *back))
    return f'<polygon points="{points}" fill="#6b8f7b"/>'
