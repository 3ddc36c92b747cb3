"""Payloads of older versions, raised to the present one when they are read: nothing that was written is rewritten."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

Payload: TypeAlias = dict[str, Any]
Upcaster: TypeAlias = Callable[[Payload], Payload]
Upcasters: TypeAlias = Mapping[tuple[str, int], Upcaster]
"""By dotted type and the version they read; each gives the next version."""


def _price_with_digits(payload: Payload) -> Payload:
    # Version 1 multiplied every amount by 100, whatever the currency: it has two digits, for yen as well.
    return {**payload, "minor_digits": 2}


UPCASTERS: Final[Upcasters] = {("price.updated", 1): _price_with_digits}


def upcast(event_type: str, version: int, latest: int, payload: Payload, upcasters: Upcasters) -> Payload:
    """*payload* as version *latest* writes it. Raises ``KeyError`` when a step on the way is missing."""
    for step in range(version, latest):
        payload = upcasters[event_type, step](payload)
    return payload
