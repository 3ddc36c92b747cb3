"""The languages of a tenant. Nothing asks for them when content is written, as in RusToK."""

from rustok_sim.core.context import Context
from rustok_sim.core.data import Row, Transaction, same
from rustok_sim.core.errors import BusinessRule
from rustok_sim.core.events import Event, LocaleDisabled, LocaleEnabled
from rustok_sim.core.ports import Steps
from rustok_sim.core.shared import Shared
from rustok_sim.modules.tenants.settings import TenantAdminSettings
from rustok_sim.modules.tenants.tables import locales


def new_locale(row_id: str, locale: str, at_s: float, *, default: bool = False) -> Row:
    """The row of an enabled language; it stands under its code until somebody gives it a name."""
    return {
        "id": row_id,
        "locale": locale,
        "name": locale,
        "native_name": locale,
        "is_default": default,
        "is_enabled": True,
        "created_at": at_s,
    }


class TenantLocales:
    """Switches languages of the context's tenant on and off; sends the events if the settings let it (T8)."""

    def __init__(self, shared: Shared, settings: TenantAdminSettings) -> None:
        self._shared = shared
        self._publishes = settings.events == "published"
        self._table = locales(settings)

    def enable(self, context: Context, locale: str) -> Steps[bool]:
        """Whether that changed anything. Raises ``ValueTooLong`` for a code the column has no room for (D31)."""
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            row = yield from tx.first(self._table, same(locale=locale))
            if row is None:
                new = new_locale(self._shared.ids.new(context.call), locale, self._shared.runtime.clock())
                changed = yield from tx.insert(self._table, new, or_skip=True)
            else:
                changed = yield from self._switch(tx, locale, enabled=True)
            yield from self._end(tx, context, LocaleEnabled(context.tenant_id, locale), changed=changed)
        return changed

    def disable(self, context: Context, locale: str) -> Steps[bool]:
        """Whether that changed anything. Raises ``BusinessRule`` for the default language."""
        with (yield from self._shared.store.transaction(context.call, context.tenant_id)) as tx:
            row = yield from tx.first(self._table, same(locale=locale))
            if row is not None and row["is_default"]:
                raise BusinessRule(f"{locale} is the tenant's default language", code="default_locale")
            changed = row is not None and (yield from self._switch(tx, locale, enabled=False))
            yield from self._end(tx, context, LocaleDisabled(context.tenant_id, locale), changed=changed)
        return changed

    def enabled(self, context: Context) -> Steps[tuple[str, ...]]:
        """The codes of the languages that are on, in order."""
        where = same(is_enabled=True)
        rows = yield from self._shared.store.select(context.call, context.tenant_id, self._table, where)
        return tuple(sorted(str(row["locale"]) for row in rows))

    def _switch(self, tx: Transaction, locale: str, *, enabled: bool) -> Steps[bool]:
        where = same(locale=locale, is_enabled=not enabled)
        return (yield from tx.update(self._table, {"is_enabled": enabled}, where)) == 1

    def _end(self, tx: Transaction, context: Context, event: Event, *, changed: bool) -> Steps[None]:
        if changed and self._publishes:
            yield from self._shared.publisher.publish_in(tx, context, event)
        yield from tx.commit()
