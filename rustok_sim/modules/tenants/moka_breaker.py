"""Design ``moka_breaker``: RusToK's tenant cache v3, the moka design with a breaker around its loader."""

from typing import Final

from rustok_sim.core.ports import Call, Runtime, Steps
from rustok_sim.core.resilience import Breaker, guarded
from rustok_sim.modules.tenants.identifiers import Identifier
from rustok_sim.modules.tenants.ports import Loads
from rustok_sim.modules.tenants.records import TenantContext

BREAKER: Final = "tenant_loader"
"""The breaker's name in the event log."""


class GuardedLoader:
    """A loader behind one breaker for all tenants of the node.

    The breaker stands inside the single flight, so a wave of misses on one key is one call to it. An absent row
    is a success.
    """

    def __init__(self, runtime: Runtime, loader: Loads, breaker: Breaker) -> None:
        self._runtime = runtime
        self._loader = loader
        self._breaker = breaker

    def load(self, call: Call, identifier: Identifier) -> Steps[TenantContext | None]:
        """The tenant as the database has it now. Raises ``DatabaseError``, and ``CircuitOpen`` without asking."""
        return guarded(self._runtime, BREAKER, self._breaker, call, self._loader.load(call, identifier))
