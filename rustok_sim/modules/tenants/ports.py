"""What tenant resolution asks of the outside. Adapters implement it."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from rustok_sim.core.ports import Call, Steps
from rustok_sim.modules.tenants.identifiers import Identifier
from rustok_sim.modules.tenants.records import Tenant, TenantContext


class TenantStore(Protocol):
    """The table of tenants, as far as resolution reads it."""

    def find(self, call: Call, identifier: Identifier) -> Steps[Tenant | None]:
        """The row of this name: by id, by slug, or by exact domain. Raises ``DatabaseError``."""
        ...


class CacheBackend(Protocol):
    """Bytes under keys, as RusToK's cache trait has it. Every method raises ``CacheError`` when it cannot."""

    def get(self, call: Call, key: str) -> Steps[bytes | None]:
        """What was stored, unless its life is over."""
        ...

    def set(self, call: Call, key: str, value: bytes, *, ttl_s: float | None = None) -> Steps[None]:
        """Keep *value*, for *ttl_s* or the back end's own time."""
        ...

    def delete(self, call: Call, key: str) -> Steps[None]:
        """Forget the key, known or not."""
        ...

    def flush(self) -> None:
        """Empty what lies in this node's memory; what lies elsewhere stays."""
        ...


OpenBackend: TypeAlias = Callable[[str, float], Steps[CacheBackend]]
"""Opens the back end of a name ("data" or "negative") and of a time to live in seconds, at boot."""

Count: TypeAlias = Callable[[Call, str], Steps[None]]
"""Adds one to a named counter, and waits until that is done or has failed."""


class Subscription(Protocol):
    """A stream of messages."""

    def receive(self, call: Call) -> Steps[str]:
        """The next message. Raises ``CacheError`` when the stream has ended."""
        ...

    def close(self) -> None:
        """Want no more messages."""
        ...


class Channel(Protocol):
    """A publish/subscribe channel between the nodes."""

    def publish(self, call: Call, message: str) -> Steps[None]:
        """Send *message* to whoever is subscribed now. Raises ``CacheError``."""
        ...

    def subscribe(self, call: Call) -> Steps[Subscription]:
        """Receive what is published from now on. Raises ``CacheError``."""
        ...


class Loads(Protocol):
    """What a cache asks on a miss."""

    def load(self, call: Call, identifier: Identifier) -> Steps[TenantContext | None]:
        """The tenant as the database has it now. Raises ``DatabaseError``, and ``CircuitOpen`` behind a breaker."""
        ...


class Resolver(Protocol):
    """One design of the tenant cache, on one node."""

    def resolve(self, call: Call, identifier: Identifier) -> Steps[TenantContext]:
        """The tenant of this name.

        Raises ``NotFound`` for a name that nobody has, ``DatabaseError`` or ``CacheError`` when no answer was
        to be had, ``CircuitOpen`` when a breaker would not ask.
        """
        ...

    def invalidate(self, call: Call, identifier: Identifier) -> Steps[None]:
        """Forget what is known of this name, here and wherever the design reaches. Failures are ignored."""
        ...

    def flush(self) -> None:
        """Empty the caches in this node's memory. Loads in flight go on."""
        ...
