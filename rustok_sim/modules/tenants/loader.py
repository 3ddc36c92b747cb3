"""The way to the database that all designs share."""

from rustok_sim.core.errors import DomainError
from rustok_sim.core.ports import Call, Runtime, Steps
from rustok_sim.modules.tenants.identifiers import Identifier
from rustok_sim.modules.tenants.ports import TenantStore
from rustok_sim.modules.tenants.records import TenantContext

SITE = "tenant"
"""The name of the tenant cache in the event log, whatever its design."""


class Loader:
    """Reads a tenant's row and records the load, however it ends."""

    def __init__(self, runtime: Runtime, store: TenantStore) -> None:
        self._runtime = runtime
        self._store = store

    def load(self, call: Call, identifier: Identifier) -> Steps[TenantContext | None]:
        """The tenant as the database has it now. Raises ``DatabaseError``."""
        begin_s = self._runtime.now()
        outcome, version = "dropped", None
        try:
            row = yield from self._store.find(call, identifier)
            outcome, version = ("absent", None) if row is None else ("found", row.version)
        except DomainError:
            outcome = "error"
            raise
        finally:
            self._runtime.record(
                "cache.load",
                call,
                site=SITE,
                outcome=outcome,
                begin_s=begin_s,
                value=version,
                detail=identifier.key("tenant"),
            )
        return None if row is None else TenantContext.of(row)
