"""What an administrator does to tenants."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from rustok_sim.core.context import Context
from rustok_sim.core.data import Row, Transaction, Value, same
from rustok_sim.core.errors import Conflict, NotFound, UniqueViolation
from rustok_sim.core.events import Event, TenantCreated, TenantUpdated
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.tenants import identifiers
from rustok_sim.modules.tenants.locales import new_locale
from rustok_sim.modules.tenants.records import Tenant
from rustok_sim.modules.tenants.settings import TenantAdminSettings
from rustok_sim.modules.tenants.stored import NEXT_VERSION, note_standing, note_update, row_of, tenant_of
from rustok_sim.modules.tenants.tables import TENANTS, locales


class Changed(NamedTuple):
    """A tenant before and after a change. Caches know it by the names of both."""

    before: Tenant
    after: Tenant


class TenantAdmin:
    """Creates tenants and changes them, in RusToK's pattern: read, write, publish, commit.

    RusToK has the events of this service and their names, and no caller of either: with ``events`` as built they
    are not sent (T8). Whoever calls must tell the caches (T3).
    """

    def __init__(self, shared: Shared, settings: TenantAdminSettings) -> None:
        self._shared = shared
        self._publishes = settings.events == "published"
        self._locales = locales(settings)

    def create(
        self,
        context: Context,
        *,
        slug: str,
        name: str,
        domain: str | None = None,
        settings: Mapping[str, object] | None = None,
        default_locale: str = "en",
    ) -> Steps[Tenant]:
        """A new tenant, with its default language. Raises ``Validation``, ``Conflict`` for a name that is taken."""
        shared = self._shared
        tenant = Tenant(
            id=shared.ids.new(context.call),
            slug=identifiers.slug(slug),
            name=name,
            domain=None if domain is None else identifiers.host(domain),
            settings=dict(settings or {}),
        )
        now = shared.runtime.clock()
        language = new_locale(shared.ids.new(context.call), default_locale, now, default=True)
        with (yield from shared.store.transaction(context.call, tenant.id)) as tx:
            yield from self._insert(tx, row_of(tenant, at_s=now, default_locale=default_locale))
            yield from tx.insert(self._locales, language)
            yield from self._publish(tx, context, tenant.id, TenantCreated(tenant.id))
            tx.after_commit(lambda: note_update(shared.runtime, context.call, tenant))
            yield from tx.commit()
        return tenant

    def rename(self, context: Context, tenant_id: str, slug: str) -> Steps[Changed]:
        """Give it another slug. Raises ``Validation``, ``NotFound``, ``Conflict`` for a slug that is taken."""
        return self._change(context, tenant_id, slug=identifiers.slug(slug))

    def move(self, context: Context, tenant_id: str, domain: str | None) -> Steps[Changed]:
        """Give it another host name, or none. Raises as :meth:`rename`."""
        return self._change(context, tenant_id, domain=None if domain is None else identifiers.host(domain))

    def configure(self, context: Context, tenant_id: str, settings: Mapping[str, object]) -> Steps[Changed]:
        """Put *settings* in place of its own. Raises ``NotFound``."""
        return self._change(context, tenant_id, settings=json.dumps(dict(settings), sort_keys=True))

    def suspend(self, context: Context, tenant_id: str) -> Steps[Changed]:
        """Mark it as inactive; whether that stops anything is the pipeline's affair (T2). Raises ``NotFound``."""
        return self._change(context, tenant_id, is_active=False)

    def reactivate(self, context: Context, tenant_id: str) -> Steps[Changed]:
        """Mark it as active. Raises ``NotFound``."""
        return self._change(context, tenant_id, is_active=True)

    def _change(self, context: Context, tenant_id: str, **changes: Value) -> Steps[Changed]:
        shared = self._shared
        with (yield from shared.store.transaction(context.call, tenant_id)) as tx:
            # Locked, because caches forget by the names it had when it was changed.
            row = yield from tx.first(TENANTS, same(id=tenant_id), lock="update", label="tenants.find_by_uuid")
            if row is None:
                raise NotFound(f"no tenant {tenant_id}", code="tenant_not_found")
            after = yield from self._update(tx, tenant_id, changes)
            yield from self._publish(tx, context, tenant_id, TenantUpdated(tenant_id))
            tx.after_commit(lambda: note_update(shared.runtime, context.call, after))
            if "is_active" in changes:
                tx.after_commit(lambda: note_standing(shared.runtime, context.call, after))
            yield from tx.commit()
        return Changed(tenant_of(row), after)

    def _insert(self, tx: Transaction, row: Row) -> Steps[None]:
        try:
            yield from tx.insert(TENANTS, row)
        except UniqueViolation as error:
            raise _taken(error) from None

    def _update(self, tx: Transaction, tenant_id: str, changes: Mapping[str, Value]) -> Steps[Tenant]:
        written = {**changes, "version": NEXT_VERSION, "updated_at": self._shared.runtime.clock()}
        try:
            rows = yield from tx.update_returning(TENANTS, written, same(id=tenant_id), label="tenants.update")
        except UniqueViolation as error:
            raise _taken(error) from None
        return tenant_of(rows[0])

    def _publish(self, tx: Transaction, context: Context, tenant_id: str, event: Event) -> Steps[None]:
        if self._publishes:
            # The event is about this tenant, whoever acts.
            yield from self._shared.publisher.publish_in(tx, replace(context, tenant_id=tenant_id), event)


def _taken(error: UniqueViolation) -> Conflict:
    return Conflict(f"another tenant has this {error.rule}", code=f"duplicate_{error.rule}")
