"""The fields of an event as its class declares them."""

from dataclasses import dataclass
from types import NoneType
from typing import Annotated, Any, Literal, TypeAlias, get_args, get_origin, get_type_hints

from rustok_sim.core.events.event import Event
from rustok_sim.core.events.rules import UUID, Rule, Under

DataType: TypeAlias = Literal["uuid", "string", "integer"]


@dataclass(frozen=True, slots=True)
class PayloadField:
    """One field of a payload: what it holds, whether it may be absent, and its rules in the order of asking."""

    name: str
    data_type: DataType
    optional: bool
    rules: tuple[Rule | Under, ...]


def fields_of(event: type[Event]) -> tuple[PayloadField, ...]:
    """The payload's fields in their order. Raises ``TypeError`` for a type no payload can hold."""
    hints = get_type_hints(event, include_extras=True)
    return tuple(_field(name, hints[name]) for name in event.__slots__)


def _field(name: str, hint: Any) -> PayloadField:
    base, *marks = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    kinds = {kind for kind in (get_args(base) or (base,)) if kind is not NoneType}
    if kinds == {str}:
        data_type: DataType = "uuid" if UUID in marks else "string"
    elif kinds == {int}:
        data_type = "integer"
    else:
        raise TypeError(f"{name} is {base}: a payload holds text and whole numbers only")
    rules = tuple(mark for mark in marks if mark is not UUID)
    return PayloadField(name, data_type, NoneType in get_args(base), rules)
