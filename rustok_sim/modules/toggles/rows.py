"""The row of a module, within a transaction."""

from rustok_sim.core.context import Context
from rustok_sim.core.data import Row, Transaction, same
from rustok_sim.core.features import TENANT_MODULES
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared


def new_row(shared: Shared, context: Context, slug: str, *, enabled: bool) -> Row:
    """A module's first row; the store says whose it is."""
    now = shared.runtime.clock()
    return {
        "id": shared.ids.new(context.call),
        "module_slug": slug,
        "enabled": enabled,
        "settings": "{}",
        "created_at": now,
        "updated_at": now,
    }


def insert(
    tx: Transaction, shared: Shared, context: Context, slug: str, *, enabled: bool, or_skip: bool
) -> Steps[bool]:
    """Write the first row; false if *or_skip* and somebody else did so. Raises ``UniqueViolation`` otherwise (M2)."""
    row = new_row(shared, context, slug, enabled=enabled)
    return (yield from tx.insert(TENANT_MODULES, row, or_skip=or_skip))


def update(tx: Transaction, shared: Shared, slug: str, *, enabled: bool, unless_it_is: bool = False) -> Steps[bool]:
    """Write the flag; whether a row was changed. *unless_it_is*: leave alone a row that says so already."""
    where = same(module_slug=slug, enabled=not enabled) if unless_it_is else same(module_slug=slug)
    changes = {"enabled": enabled, "updated_at": shared.runtime.clock()}
    return (yield from tx.update(TENANT_MODULES, changes, where)) == 1


def note(
    tx: Transaction, shared: Shared, context: Context, slug: str, *, enabled: bool, why: str | None = None
) -> None:
    """Write to the event log, when the transaction commits, that the flag has this value now."""
    outcome = "enabled" if enabled else "disabled"
    tx.after_commit(
        lambda: shared.runtime.record("module.toggled", context.call, site=slug, outcome=outcome, detail=why)
    )
