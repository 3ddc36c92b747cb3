"""The base of all domain events."""

from typing import ClassVar


class Event:
    """Something that happened in one tenant. Subclasses are records that nobody changes; fields are the payload."""

    __slots__: tuple[str, ...] = ()

    type: ClassVar[str]
    """The dotted name, which consumers subscribe to."""
    version: ClassVar[int] = 1
    """The version of the payload's schema."""
    affects_index: ClassVar[bool] = False
    """Whether RusToK's predicate for the read model lists it; it forgets variants that come and go."""


def entity_of(event: Event) -> str | None:
    """The entity whose events belong in order: a product with its parts, a node, an order; else none."""
    named = (getattr(event, name, None) for name in ("product_id", "node_id", "order_id"))
    return next((str(entity) for entity in named if entity), None)
