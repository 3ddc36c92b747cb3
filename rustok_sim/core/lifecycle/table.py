"""The table of a lifecycle's steps, read off the annotations of its states' methods."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import FunctionType, UnionType
from typing import Any, NamedTuple, Self, Union, get_args, get_origin, get_type_hints


class Transition(NamedTuple):
    """One legal step. Without a *source* it makes the thing."""

    source: str | None
    action: str
    target: str


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The states of a thing, and the legal steps between them, in the order in which they are written down."""

    name: str
    states: tuple[str, ...]
    transitions: tuple[Transition, ...]

    @property
    def first(self) -> tuple[str, ...]:
        """The states in which it can begin."""
        return tuple(dict.fromkeys(one.target for one in self.transitions if one.source is None))

    @property
    def final(self) -> tuple[str, ...]:
        """The states that no step leaves."""
        left = [one.source for one in self.transitions]
        return tuple(state for state in self.states if state not in left)


@cache
def status_word(state: str) -> str:
    """What a column of a table calls a state: ``pending_payment`` for ``PendingPayment``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in state).lstrip("_")


def lifecycle_of(name: str, union: Any, *makers: Callable[..., Any]) -> Lifecycle:
    """The lifecycle whose states are the classes of *union*.

    A step is a public method that is annotated to return a class of the union, or one of several; a class method of
    that kind makes the thing, and so do the functions *makers*. Raises ``ValueError`` for what is no union of classes.
    """
    states = _members(union)
    if not states or not all(isinstance(state, type) for state in states):
        raise ValueError(f"{name}: a lifecycle is a union of classes, not {union!r}")
    made = [step for maker in makers for step in _steps(maker, None, states)]
    steps = [step for state in states for step in _steps_of(state, states)]
    steps.sort(key=lambda step: step.source is not None)
    return Lifecycle(name, tuple(state.__name__ for state in states), (*made, *steps))


def _members(union: Any) -> tuple[Any, ...]:
    return get_args(union) if get_origin(union) in (Union, UnionType) else (union,)


def _steps_of(state: type, states: tuple[type, ...]) -> Iterator[Transition]:
    seen: dict[str, None] = {}
    for owner in state.__mro__[:-1]:
        own = {name: member for name, member in vars(owner).items() if not name.startswith("_") and name not in seen}
        seen |= dict.fromkeys(own)
        for member in own.values():
            if isinstance(member, FunctionType):
                yield from _steps(member, state, states)
            elif isinstance(member, classmethod):
                yield from _steps(member.__func__, None, states, maker_of=state)


def _steps(
    function: Callable[..., Any], source: type | None, states: tuple[type, ...], *, maker_of: type | None = None
) -> Iterator[Transition]:
    for target in _members(get_type_hints(function).get("return")):
        reached = (source or maker_of) if target is Self else target
        if reached in states:
            yield Transition(source.__name__ if source else None, function.__name__, reached.__name__)
