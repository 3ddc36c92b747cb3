"""Design ``none``: no cache."""

from rustok_sim.core.errors import NotFound
from rustok_sim.core.ports import Call, Steps
from rustok_sim.modules.tenants.identifiers import Identifier
from rustok_sim.modules.tenants.ports import Loads
from rustok_sim.modules.tenants.records import TenantContext


class UncachedResolver:
    """Asks the database for every request."""

    def __init__(self, loader: Loads) -> None:
        self._loader = loader

    def resolve(self, call: Call, identifier: Identifier) -> Steps[TenantContext]:
        """The tenant of this name, as the database has it now."""
        context = yield from self._loader.load(call, identifier)
        if context is None:
            raise NotFound(f"no tenant {identifier.value}")
        return context

    def invalidate(self, call: Call, identifier: Identifier) -> Steps[None]:
        """Nothing is kept, so nothing is forgotten."""
        yield from ()

    def flush(self) -> None:
        """There is nothing to empty."""
