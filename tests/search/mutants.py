"""Bugs of ours, seeded one at a time: each is a patch that a search has to catch.

A mutant names what it does to the code, and the invariants of which it breaks at least one.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from rustok_sim.adapters.transaction import PooledTransaction
from rustok_sim.core.cache.bounded import BoundedCache
from rustok_sim.core.cache.single_flight import SingleFlight
from rustok_sim.core.data.store import EVERYONE, Store
from rustok_sim.core.errors import DomainError
from rustok_sim.engine.pool import Pool
from rustok_sim.modules.commerce.checkout import Checkout
from rustok_sim.modules.commerce.orders import effects, guards
from rustok_sim.modules.commerce.stock import designs
from rustok_sim.modules.commerce.stock.read_then_write import ReadModifyWrite
from rustok_sim.modules.index.indexer import Indexer
from rustok_sim.modules.outbox import chores
from rustok_sim.modules.outbox.marks import done
from rustok_sim.modules.outbox.sending import Sender
from rustok_sim.modules.toggles.service import ModuleToggles


@dataclass(frozen=True, slots=True)
class Mutant:
    """One seeded bug."""

    name: str
    apply: Callable
    breaks: frozenset[str]


def drop_a_rollback(patch):
    """What a transaction wrote before it failed is committed all the same."""
    leave = PooledTransaction.__exit__

    def commit_instead(self, kind, error, trace):
        at_server = self._connection.at_server
        if self._ended != "committed" and not self._connection.lost and isinstance(error, DomainError):
            with suppress(DomainError, RuntimeError):  # what a conflict has ended already
                for _ in at_server.commit():
                    break
        leave(self, kind, error, trace)

    patch.setattr(PooledTransaction, "__exit__", commit_instead)


def skip_a_permit_release(patch):
    """A place of a pool is not given back to whoever waits for it, one time in fifty."""
    give_back, count = Pool.give_back, [0]

    def forgetful(self):
        count[0] += 1
        if count[0] % 50:
            give_back(self)

    patch.setattr(Pool, "give_back", forgetful)


def forget_the_tenant_filter(patch):
    """What requests read outside transactions is everybody's."""
    select = Store.select

    def wide(self, call, tenant_id, table, where=(), **more):
        return select(self, call, tenant_id if call.source == "truth" else EVERYONE, table, where, **more)

    patch.setattr(Store, "select", wide)


def end_the_lease_early(patch):
    """The reaper compares with the wrong moment, and frees claims that have just been made."""
    reap = chores._reap

    def hasty(lease_s, now_s):
        return reap(lease_s, now_s + lease_s - 0.1)

    patch.setattr(chores, "_reap", hasty)


def mark_before_publishing(patch):
    """The row is marked as sent, and only then sent."""

    def swapped(self, call, row, taken):
        yield from self._mark(call, row, lambda: done(self._runtime.now()))
        letter = yield from self._opened(call, row)
        yield from self._publish(call, [letter], self._target.publish(call, letter.envelope))

    patch.setattr(Sender, "one", swapped)


def forget_the_inbox(patch):
    """The indexer does not look whether it has seen the event."""
    handle = Indexer.handle

    def blind(self, call, envelope):
        first, self._store = self._store, _Unseeing(self._store)
        try:
            return (yield from handle(self, call, envelope))
        finally:
            self._store = first

    patch.setattr(Indexer, "handle", blind)


class _Unseeing:
    """A store in which the inbox is always empty."""

    def __init__(self, store):
        self._store = store

    def first(self, call, tenant_id, table, where, **more):
        if table.name == "index_inbox":
            yield from ()
            return None
        return (yield from self._store.first(call, tenant_id, table, where, **more))

    def __getattr__(self, name):
        return getattr(self._store, name)


def write_stock_blindly(patch):
    """Stock is read, reckoned and written, without a test or a lock."""

    def blind(runtime, ledger, *, retries):
        return ReadModifyWrite(runtime, ledger)

    patch.setattr(designs, "ConditionalUpdate", blind)


def keep_the_stock_of_the_cancelled(patch):
    """Cancelling an order gives nothing back."""
    move = effects.Effects._move
    patch.setattr(
        effects.Effects,
        "_move",
        lambda self, stepped, command: None if isinstance(command, effects.Cancel) else move(self, stepped, command),
    )


def keep_money_that_came_too_late(patch):
    """Nobody sends back what was taken for an order that is cancelled by now."""

    def keep(self, context, order_id, amount):
        yield from ()

    patch.setattr(Checkout, "_refund", keep)


def step_without_looking(patch):
    """The write of an order's step asks nothing of the row."""
    patch.setattr(guards.Guard, "_where", lambda self, row, command: guards.same(id=row["id"]))


def never_expire(patch):
    """What is cached stays, however old it is."""

    def get(self, key, now):
        entry = self._entries.get(key)
        return None if entry is None else entry.value

    patch.setattr(BoundedCache, "get", get)


def load_for_each(patch):
    """Whoever misses loads for itself."""

    def load(self, runtime, key, load, on_wait=None):
        return (yield from load())

    patch.setattr(SingleFlight, "load", load)


def tell_nobody_of_orders(patch):
    """Steps of orders raise no events."""
    patch.setattr(effects, "_events", lambda stepped, command: [])


def skip_the_hook(patch):
    """A module is switched, and its hook does not run."""

    def skipped(self, context, slug, *, enabled):
        yield from ()

    patch.setattr(ModuleToggles, "_run_hook", skipped)


MUTANTS = [
    Mutant(apply.__name__, apply, frozenset(breaks))
    for apply, breaks in (
        (drop_a_rollback, ["only_committed_events_published", "order_steps_told", "stock_conserved"]),
        (skip_a_permit_release, ["pools_within_capacity"]),
        (forget_the_tenant_filter, ["tenants_isolated"]),
        (end_the_lease_early, ["rows_claimed_by_one_relay"]),
        (mark_before_publishing, ["events_not_lost"]),
        (forget_the_inbox, ["events_applied_once"]),
        (write_stock_blindly, ["no_lost_stock_update", "stock_conserved", "reservations_add_up"]),
        (keep_the_stock_of_the_cancelled, ["cancelled_orders_hold_no_stock"]),
        (keep_money_that_came_too_late, ["cancelled_orders_keep_no_money"]),
        (step_without_looking, ["order_steps_legal"]),
        (never_expire, ["tenant_staleness_bounded", "suspended_tenants_refused"]),
        (load_for_each, ["single_flight"]),
        (tell_nobody_of_orders, ["order_steps_told"]),
        (skip_the_hook, ["module_hooks_run"]),
    )
]
