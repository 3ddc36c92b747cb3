"""The lifecycles under one face, for a service that does not care which one it has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeAlias, TypeVar

from rustok_sim.core.data import Row
from rustok_sim.core.lifecycle import Lifecycle, Transition, lifecycle_of, status_word
from rustok_sim.modules.commerce.orders import as_built, review, successor
from rustok_sim.modules.commerce.orders.commands import Command
from rustok_sim.modules.commerce.orders.records import Header
from rustok_sim.modules.commerce.orders.settings import LifecycleName

T = TypeVar("T")
AnyOrder: TypeAlias = review.Order | as_built.Order | successor.Order
"""An order of any lifecycle."""

REVIEW: Final = lifecycle_of("Order, as the review advises it", review.Order)
AS_BUILT: Final = lifecycle_of("Order, as built", as_built.Order)
SUCCESSOR: Final = Lifecycle(
    "Order, as the successor checks it at run time",
    successor.STATUSES,
    (
        Transition(None, "create", successor.FIRST),
        *(
            Transition(source, action, target)
            for source, steps in successor.TABLE.items()
            for action, target in steps.items()
        ),
    ),
)
_ACTIONS: Final = {"confirm": "submit", "cancel_with_refund": "cancel"}
"""What a request calls the steps that RusToK's machine has other names for."""


@dataclass(frozen=True, slots=True)
class Machine(Generic[T]):
    """One lifecycle: how an order of it begins, comes from a row, takes a step, and goes into a row."""

    begin: Callable[[Header], T]
    restore: Callable[[Row, Header], T]
    take: Callable[[T, Command], T]
    columns_of: Callable[[T], Row]
    sources: Mapping[str, tuple[str, ...]]
    """For each action, the states from which it is a step."""
    targets: Mapping[str, str]
    """For each action, the state to which it leads."""

    def first(self, header: Header) -> Row:
        """What a row says of a new order. Raises ``Validation``."""
        return self.columns_of(self.begin(header))

    def after(self, row: Row, header: Header, command: Command) -> Row:
        """What the row says after the step. Raises ``InvalidTransition``, and what the step itself refuses with."""
        return self.columns_of(self.take(self.restore(row, header), command))


def _machine(
    lifecycle: Lifecycle,
    begin: Callable[[Header], T],
    restore: Callable[[Row, Header], T],
    take: Callable[[T, Command], T],
    columns_of: Callable[[T], Row],
) -> Machine[T]:
    sources: dict[str, tuple[str, ...]] = {}
    targets: dict[str, str] = {}
    for source, step, target in lifecycle.transitions:
        if source is not None:
            action = _ACTIONS.get(step, step)
            sources[action] = (*sources.get(action, ()), status_word(source))
            targets[action] = status_word(target)
    return Machine(begin, restore, take, columns_of, sources, targets)


MACHINES: Final[Mapping[LifecycleName, Machine[Any]]] = {
    "review": _machine(REVIEW, review.Draft.place, review.restore, review.take, review.columns_of),
    "as_built": _machine(AS_BUILT, as_built.Pending.new, as_built.restore, as_built.take, as_built.columns_of),
    "successor": _machine(SUCCESSOR, successor.Order.create, successor.restore, successor.take, successor.columns_of),
}
"""The pairs of states that the database is asked to guard are those of the types: they cannot disagree."""
