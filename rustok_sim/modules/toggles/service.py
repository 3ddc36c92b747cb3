"""The service that switches modules of a tenant on and off."""

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from rustok_sim.core.context import Context
from rustok_sim.core.data import Isolation, Row, Transaction, same
from rustok_sim.core.errors import DomainError, TransactionConflict
from rustok_sim.core.features import TENANT_MODULES, Needs
from rustok_sim.core.ports import Steps
from rustok_sim.core.resilience import retried
from rustok_sim.core.shared import Shared
from rustok_sim.modules.toggles import rows
from rustok_sim.modules.toggles.errors import HasDependents, HookFailed, MissingDependencies, UnknownModule
from rustok_sim.modules.toggles.hooks import Hook, MadeUpHook, hooked
from rustok_sim.modules.toggles.modules import DEFAULTS, needs_for
from rustok_sim.modules.toggles.settings import ToggleSettings

SITE: Final = "module.toggle"
ISOLATION: Final[dict[str, Isolation | None]] = {
    "as_built": None,
    "serializable": "serializable",
    "row_lock": "read_committed",
}


class Change(NamedTuple):
    """What a transaction did to the row of a module."""

    changed: bool
    first: bool = False
    """Whether there had been no row."""


class ModuleToggles:
    """Switches modules as RusToK's ``module_lifecycle.rs`` does, step by step, or with its defects M1 to M4 repaired.

    Nobody else is told of a switch: there is no event for it, and nodes remember what they have read of a tenant.
    *switched* is told, on this node, of each tenant with a committed change, before the hook that may follow it.
    """

    def __init__(
        self,
        shared: Shared,
        settings: ToggleSettings,
        *,
        hook: Hook | None = None,
        needs: Needs | None = None,
        switched: Callable[[str], None] = lambda _tenant_id: None,
    ) -> None:
        self._shared = shared
        self._settings = settings
        self._hook = hook or MadeUpHook(shared.runtime, settings)
        self._needs = needs or needs_for(settings)
        self._switched = switched
        self._hooks_within = settings.hook == "in_transaction"

    def enable(self, context: Context, slug: str) -> Steps[bool]:
        """Whether that changed anything. Raises ``UnknownModule``, ``MissingDependencies``, ``HookFailed``."""
        return self._switch(context, slug, enabled=True)

    def disable(self, context: Context, slug: str) -> Steps[bool]:
        """Whether that changed anything. Raises ``UnknownModule``, ``HasDependents``, ``HookFailed``."""
        return self._switch(context, slug, enabled=False)

    def enabled(self, context: Context) -> Steps[frozenset[str]]:
        """The slugs of the modules that are on."""
        where = same(enabled=True)
        found = yield from self._shared.store.select(
            context.call, context.tenant_id, TENANT_MODULES, where, label="tenant_modules.enabled"
        )
        return frozenset(str(row["module_slug"]) for row in found)

    def install_defaults(self, context: Context) -> Steps[tuple[str, ...]]:
        """Switch the default set on for a new tenant, without hooks; which modules those are. As built: none (M6)."""
        if self._settings.defaults == "as_built":
            return ()
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            for slug in DEFAULTS:
                yield from rows.insert(tx, self._shared, context, slug, enabled=True, or_skip=True)
            yield from tx.commit()
        return DEFAULTS

    def _switch(self, context: Context, slug: str, *, enabled: bool) -> Steps[bool]:
        if slug not in self._needs:
            raise UnknownModule(slug)
        if self._settings.check == "as_built":
            # M1: what is true here need not be true any more when the transaction writes.
            self._check((yield from self.enabled(context)), slug, enabled=enabled)
        change = yield from self._written(context, slug, enabled=enabled)
        if change.changed and not self._hooks_within:
            # M3: who is dropped or crashes between the commit and here leaves the flag without the hook for good.
            try:
                yield from self._run_hook(context, slug, enabled=enabled)
            except HookFailed:
                yield from self._restore(context, slug, first=change.first, enabled=enabled)
                raise
        return change.changed

    def _check(self, on: frozenset[str], slug: str, *, enabled: bool) -> None:
        if enabled and (missing := self._needs.missing(slug, on)):
            raise MissingDependencies(slug, missing)
        if not enabled and (dependents := self._needs.dependents(slug, on)):
            raise HasDependents(slug, dependents)

    def _written(self, context: Context, slug: str, *, enabled: bool) -> Steps[Change]:
        if self._settings.check != "serializable":
            return (yield from self._transaction(context, slug, enabled=enabled))
        return (
            yield from retried(
                self._shared.runtime,
                SITE,
                self._settings.retry,
                context.call,
                lambda: self._transaction(context, slug, enabled=enabled),
                should_retry=_lost,
            )
        )

    def _transaction(self, context: Context, slug: str, *, enabled: bool) -> Steps[Change]:
        store, check = self._shared.store, self._settings.check
        # Behind locks each statement must see what others committed while this waited, whatever the store's level.
        with (yield from store.transaction(context.call, context.tenant_id, isolation=ISOLATION[check])) as tx:
            row = yield from self._checked_row(tx, slug, enabled=enabled)
            change = yield from self._write(tx, context, slug, row, enabled=enabled)
            if change.changed:
                self._note(tx, context, slug, enabled=enabled)
                if self._hooks_within:
                    yield from self._run_hook(context, slug, enabled=enabled)
            yield from tx.commit()
        return change

    def _checked_row(self, tx: Transaction, slug: str, *, enabled: bool) -> Steps[Row | None]:
        """The module's row, if it has one; with a repaired check, read together with all it depends on."""
        if self._settings.check == "as_built":
            return (yield from tx.first(TENANT_MODULES, same(module_slug=slug)))
        if self._settings.check == "row_lock":
            # Only the next statement sees the rows that were inserted while this one waited for locks.
            yield from tx.select(TENANT_MODULES, lock="update", label="tenant_modules.lock")
        found = yield from tx.select(TENANT_MODULES)
        on = frozenset(str(row["module_slug"]) for row in found if row["enabled"])
        self._check(on, slug, enabled=enabled)
        return next((row for row in found if row["module_slug"] == slug), None)

    def _write(self, tx: Transaction, context: Context, slug: str, row: Row | None, *, enabled: bool) -> Steps[Change]:
        shared = self._shared
        if row is not None:
            if row["enabled"] is enabled:
                return Change(False)
            yield from rows.update(tx, shared, slug, enabled=enabled)
            return Change(True)
        or_skip = self._settings.first_toggle == "upsert"
        if (yield from rows.insert(tx, shared, context, slug, enabled=enabled, or_skip=or_skip)):
            return Change(True, first=True)
        return Change((yield from rows.update(tx, shared, slug, enabled=enabled, unless_it_is=True)))

    def _restore(self, context: Context, slug: str, *, first: bool, enabled: bool) -> Steps[None]:
        without_row = first and self._settings.restore == "exact"
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            if without_row:
                yield from tx.delete(TENANT_MODULES, same(module_slug=slug))
            else:
                # M4: the opposite of what was asked for, even if nothing had been there before.
                yield from rows.update(tx, self._shared, slug, enabled=not enabled)
            on = not enabled and not without_row
            self._note(tx, context, slug, enabled=on, why="hook_failed")
            yield from tx.commit()

    def _note(self, tx: Transaction, context: Context, slug: str, *, enabled: bool, why: str | None = None) -> None:
        rows.note(tx, self._shared, context, slug, enabled=enabled, why=why)
        tx.after_commit(partial(self._switched, context.tenant_id))

    def _run_hook(self, context: Context, slug: str, *, enabled: bool) -> Steps[None]:
        return hooked(self._shared.runtime, self._hook, context, slug, enabled=enabled)


def _lost(error: DomainError) -> bool:
    return isinstance(error, TransactionConflict)
