"""Wrong uses that mypy and pyright must refuse. Never executed.

Each line marked ``# E: code`` must be an error, with that code from mypy; no other line may be one.
"""

from rustok_sim.adapters.settings import RedisSettings
from rustok_sim.core.events import OrderCompleted
from rustok_sim.core.journal import Journal
from rustok_sim.core.operations import Ask
from rustok_sim.core.ports import Call, Runtime, Steps, Wire
from rustok_sim.core.resilience.settings import BreakerSettings
from rustok_sim.modules.tenants.settings import TenancySettings, TenantCacheSettings

# A design that does not exist, and a number where a name belongs.
TenantCacheSettings(design="v4")  # E: arg-type
TenantCacheSettings(eviction="random")  # E: arg-type
TenantCacheSettings(capacity="1000")  # E: arg-type
BreakerSettings(design="sliding")  # E: arg-type
TenancySettings(resolution="cookie")  # E: arg-type

# Settings are named, never placed, and a misspelt name is refused.
BreakerSettings("as_built")  # E: call-arg
BreakerSettings(timeout=60.0)  # E: call-arg
RedisSettings(breaker=None)  # E: arg-type

# A scenario's settings do not change under a run.
TenantCacheSettings().design = "moka"  # E: misc
BreakerSettings().failure_threshold = 1  # E: misc

# Nor does a value, whatever Python would let pass.
Ask().number = 1  # E: misc
OrderCompleted("order").order_id = "another"  # E: misc


def forgets_to_wait(runtime: Runtime) -> Steps[float]:
    """A service that calls a port without ``yield from`` gets the steps, not their result."""
    yield None
    return runtime.within(1.0, runtime.sleep(0.5))  # E: return-value


def waits_for_nothing(runtime: Runtime, wire: Wire, call: Call) -> Steps[str]:
    """The effect at the server has the type that the exchange returns."""
    yield from runtime.sleep("0.5")  # E: arg-type
    session = yield from wire.connect(call)
    return (yield from wire.exchange(call, session, lambda: 1))  # E: return-value


def records_by_position(runtime: Runtime, call: Call) -> None:
    """All columns but the kind and the call are given by name."""
    runtime.record("cache.hit", call, "tenant")  # E: call-arg
    runtime.record("cache.hit", call, site=3)  # E: arg-type
    runtime.record("cache.hit", call, tenant="acme")  # E: call-arg


def appends_half_a_row(journal: Journal) -> None:
    """A row has all its columns."""
    journal.append((0.0, "cache.hit"))  # E: arg-type
