"""Frozen dataclasses that are made quickly: `@dataclass(frozen=True, slots=True)` at a third of what `dataclasses` takes.

The standard decorator compiles six functions for each class. The model has a hundred classes, and every call that reads a
playbook makes them all before it begins. Here only `__init__` is compiled, when it is first called; the others are shared and
read the class's fields.
`dataclasses.fields`, `replace` and `asdict` take these classes as their own, and so does a type checker.
"""

from __future__ import annotations

import dataclasses
import inspect
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from dataclasses import dataclass as dataclass  # noqa: PLC0414  (passed on)

    Made = dict[str, Any]

_SET = object.__setattr__
_ABSENT = object()


def _make(cls: type) -> type:
    fields = {**_inherited(cls), **_own(cls)}
    made: Made = {
        name: value for name, value in cls.__dict__.items() if name not in ("__dict__", "__weakref__", *fields)
    }
    standing = {name for base in cls.__mro__[1:] for name in getattr(base, "__slots__", ())}
    made["__slots__"] = tuple(name for name in fields if name not in standing)
    made["__dataclass_fields__"] = fields
    made["__dataclass_params__"] = _Params()
    made["__match_args__"] = tuple(fields)
    for name, method in _methods(fields).items():
        if name not in cls.__dict__ or (name == "__hash__" and cls.__dict__[name] is None):
            made[name] = method
    qualified = cls.__qualname__
    found = type(cls)(cls.__name__, cls.__bases__, made)
    found.__qualname__ = qualified
    return found


class _Params:
    """What the decorator was called with, as `dataclasses` notes it."""

    init = repr = eq = frozen = slots = match_args = True
    order = unsafe_hash = kw_only = weakref_slot = False


def _inherited(cls: type) -> Made:
    found: Made = {}
    for base in reversed(cls.__mro__[1:]):
        found |= base.__dict__.get("__dataclass_fields__", {})
    return found


def _own(cls: type) -> Made:
    found = {}
    for name, annotation in inspect.get_annotations(cls).items():
        if str(annotation).startswith(("ClassVar", "typing.ClassVar")):
            continue
        default = cls.__dict__.get(name, dataclasses.MISSING)
        one: Any = default if isinstance(default, dataclasses.Field) else dataclasses.field(default=default)
        one.name, one.type, one.kw_only = name, annotation, False
        one._field_type = dataclasses._FIELD  # type: ignore[attr-defined]  # noqa: SLF001  (what `fields` asks for)
        found[name] = one
    return found


def _methods(fields: Made) -> Made:
    compared = tuple(name for name, one in fields.items() if one.compare)
    shown = tuple(name for name, one in fields.items() if one.repr)
    values = _values(compared)

    def equals(self: Any, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:
        return hash(values(self))

    def represented(self: Any) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

    return {
        "__init__": _late_init(fields),
        "__eq__": equals,
        "__hash__": hashed,
        "__repr__": represented,
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__getstate__": _state,
        "__setstate__": _restore,
    }


def _values(names: tuple[str, ...]) -> Callable[[Any], Any]:
    if len(names) > 1:
        return attrgetter(*names)
    return (lambda one: (getattr(one, names[0]),)) if names else (lambda _one: ())


def _late_init(fields: Mapping[str, Any]) -> Any:
    """An `__init__` that is compiled when the first object is made: a call makes objects of few of the classes it loads."""

    def first(self: Any, *values: Any, **named: Any) -> None:
        owner: Any = next(cls for cls in type(self).__mro__ if cls.__dict__.get("__init__") is first)
        owner.__init__ = _init(owner, fields)
        owner.__init__(self, *values, **named)

    return first


def _init(cls: type, fields: Mapping[str, Any]) -> Any:
    given: Made = {"_SET": _SET, "_ABSENT": _ABSENT}
    parameters, body = [], []
    for name, one in fields.items():
        default, value = "", name
        if one.default is not dataclasses.MISSING:
            given[f"_d_{name}"] = one.default
            default = f"=_d_{name}"
        elif one.default_factory is not dataclasses.MISSING:
            given[f"_f_{name}"] = one.default_factory
            default, value = "=_ABSENT", f"_f_{name}() if {name} is _ABSENT else {name}"
        parameters.append(f"{name}{default}")
        body.append(f"    _SET(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        body.append("    self.__post_init__()")
    text = f"def __init__({', '.join(('self', *parameters))}):\n" + ("\n".join(body) or "    pass")
    exec(text, given)  # noqa: S102  (names of fields, which the author of a class writes)
    init = given["__init__"]
    init.__qualname__, init.__module__ = f"{cls.__qualname__}.__init__", cls.__module__
    return init


def _refuse(self: Any, name: str, *_value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot change {name!r} of a {type(self).__qualname__}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__dataclass_fields__]


def _restore(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__dataclass_fields__, state, strict=True):
        _SET(self, name, value)


if not TYPE_CHECKING:

    def dataclass(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        """Make a class a frozen dataclass with slots; there is no other kind here."""
        if not (frozen and slots):
            raise TypeError("frozen=True and slots=True")
        return _make
