"""What mypy and pyright both infer for the public names: one line each. Never executed."""

from collections.abc import Callable, Generator
from typing import Literal, assert_type

from rustok_sim.core.ports import Call, Runtime, Signal, Steps, Wire
from rustok_sim.core.resilience.settings import BreakerSettings
from rustok_sim.modules.tenants.settings import TenantCacheSettings

assert_type(TenantCacheSettings().design, Literal["none", "naive", "v1_as_wired", "moka", "moka_breaker"])
assert_type(TenantCacheSettings().capacity, int | None)
assert_type(TenantCacheSettings().breaker, BreakerSettings)
assert_type(BreakerSettings().window, Literal["count", "time"])
assert_type(BreakerSettings().slow_call_s, float | None)


def ports(runtime: Runtime, wire: Wire, call: Call, name: Callable[[], str], steps: Steps[bool]) -> Steps[None]:
    """A wait returns what it waited for."""
    assert_type(steps, Generator[object, None, bool])
    assert_type(runtime.now(), float)
    assert_type(runtime.signal(), Signal)
    assert_type((yield from runtime.within(1.0, steps)), bool)
    assert_type((yield from wire.connect(call)), int)
    assert_type((yield from wire.exchange(call, 1, name)), str)
    assert_type(call.attempt("db"), int)
