"""Classes of `pdo.core.frozen` are like those of `dataclasses`."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import asdict, field, fields, replace
from typing import Any, ClassVar

import pytest

from pdo.core import frozen as ours

STANDARD, OURS = dataclasses.dataclass, ours.dataclass


def classes(dataclass: Any) -> tuple[Any, Any, Any]:
    @dataclass(frozen=True, slots=True)
    class Point:
        """A point."""

        kind: ClassVar[str] = "p"
        x: int
        y: int = 2
        names: dict[str, int] = field(default_factory=dict, compare=False)
        hidden: str = field(default="h", repr=False)

        @property
        def total(self) -> int:
            return self.x + self.y

    @dataclass(frozen=True, slots=True)
    class Deep(Point):
        """A point with more."""

        z: tuple[int, ...] = ()

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError

    @dataclass(frozen=True, slots=True)
    class Empty:
        """Nothing."""

    return Point, Deep, Empty


@pytest.mark.parametrize("dataclass", [STANDARD, OURS], ids=["standard", "ours"])
def test_what_every_frozen_dataclass_does(dataclass: Any) -> None:
    point, deep, empty = classes(dataclass)
    one = point(1)
    assert (one.x, one.y, one.names, one.hidden, one.total, one.kind) == (1, 2, {}, "h", 3, "p")
    assert one == point(1, names={"other": 1})
    assert one != point(1, 3)
    assert one != deep(1)
    assert hash(one) == hash(point(1))
    assert repr(one).endswith("Point(x=1, y=2, names={})")
    assert replace(one, y=5).y == 5
    assert asdict(one) == {"x": 1, "y": 2, "names": {}, "hidden": "h"}
    assert [each.name for each in fields(deep)] == ["x", "y", "names", "hidden", "z"]
    assert hasattr(deep, "__dataclass_fields__")
    assert deep.__match_args__ == ("x", "y", "names", "hidden", "z")
    assert deep(1, z=(3,)).z == (3,)
    assert empty() == empty()
    assert hash(empty()) == hash(empty())
    assert copy.copy(one) == one
    assert copy.deepcopy(deep(1, z=(2,))) == deep(1, z=(2,))
    assert not hasattr(one, "__dict__")
    with pytest.raises(ValueError, match=r"^$"):
        deep(-1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.x = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del one.x
    with pytest.raises(TypeError):
        point()
    with pytest.raises(TypeError):
        point(1, nothing=2)
    match one:
        case point(3):
            pytest.fail("another point")
        case point(x, y):
            assert (x, y) == (1, 2)


@ours.dataclass(frozen=True, slots=True)
class Sent:
    """Sent between processes."""

    value: int


def test_it_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(Sent(3))) == Sent(3)  # noqa: S301  (our own)


def test_only_frozen_ones_with_slots() -> None:
    with pytest.raises(TypeError):
        ours.dataclass(frozen=False, slots=True)
