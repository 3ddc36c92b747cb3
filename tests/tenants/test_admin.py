"""What an administrator may do to tenants and their languages."""

from itertools import count

import pytest

from rustok_sim.adapters.direct import DirectDatabase
from rustok_sim.adapters.memory import MemoryServer
from rustok_sim.core.context import Context
from rustok_sim.core.data import Store
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import BusinessRule, Conflict, Forbidden, NotFound, Validation, ValueTooLong
from rustok_sim.core.events import SYS_EVENTS, Publisher
from rustok_sim.core.ids import Ids
from rustok_sim.core.ports import Call
from rustok_sim.core.shared import Shared
from rustok_sim.modules.tenants import (
    Identifier,
    StoredTenants,
    TenancySettings,
    TenantAdmin,
    TenantAdminSettings,
    TenantContext,
    TenantLocales,
    check_standing,
    identify,
    tables,
)


class Office:
    """The services that write tenants, over a database in memory."""

    def __init__(self, **settings) -> None:
        chosen = TenantAdminSettings(**settings)
        self.runtime = ManualRuntime()
        self.server = MemoryServer([*tables(chosen), SYS_EVENTS])
        store, ids = Store(DirectDatabase(self.runtime, self.server)), Ids(self.runtime)
        shared = Shared(self.runtime, store, Publisher(self.runtime, ids), ids)
        self.admin = TenantAdmin(shared, chosen)
        self.locales = TenantLocales(shared, chosen)
        self.tenants = StoredTenants(self.runtime, store)
        self._calls = count(1)

    def context(self, tenant_id: str = "platform") -> Context:
        """A new request."""
        number = next(self._calls)
        return Context(call=Call(number, "admin", number), tenant_id=tenant_id)

    def create(self, slug: str = "acme", **more):
        """A new tenant."""
        return drive(self.admin.create(self.context(), slug=slug, name=slug.title(), **more))

    def find(self, kind: str, value: str):
        """What the resolver would read."""
        return drive(self.tenants.find(self.context().call, Identifier(kind, value)))

    def events(self) -> list[tuple[str, str]]:
        """Whose outbox rows there are, and of which type."""
        return [(row["tenant_id"], row["event_type"]) for row in self.server.rows(SYS_EVENTS)]


@pytest.fixture
def office() -> Office:
    """As built."""
    return Office()


def test_a_created_tenant_is_what_the_resolver_reads(office):
    """Slug and host in lower case, version 1, its default language on: the table's defaults."""
    tenant = office.create(" Acme ", domain="Acme.Example", settings={"b": 1, "a": [2]})
    assert office.find("slug", "acme") == office.find("host", "acme.example") == tenant
    assert (tenant.version, tenant.is_active, tenant.settings) == (1, True, {"b": 1, "a": [2]})
    assert drive(office.locales.enabled(office.context(tenant.id))) == ("en",)


@pytest.mark.parametrize("slug", ["-acme", "api", "acme!", "", "a" * 64])
def test_impossible_and_reserved_slugs_are_refused(office, slug):
    """The rules by which requests name tenants hold for those who name them first."""
    with pytest.raises(Validation):
        office.create(slug)


@pytest.mark.parametrize("taken", ["slug", "domain"])
def test_a_taken_name_is_a_conflict_and_leaves_nothing_behind(office, taken):
    """The unique keys decide, so two who create at once cannot both pass; the transaction is rolled back whole."""
    office.create("acme", domain="acme.example")
    other = {"slug": "acme"} if taken == "slug" else {"slug": "rival", "domain": "acme.example"}
    with pytest.raises(Conflict) as refusal:
        office.create(**other)
    assert (refusal.value.status, refusal.value.code) == (409, f"duplicate_{taken}")
    assert len(office.server.rows(tables(TenantAdminSettings())[1])) == 1


def test_a_change_tells_both_the_old_names_and_the_new(office):
    """Caches must forget the slug it had; each change is the next version and one record."""
    tenant = office.create(domain="acme.example")
    before, after = drive(office.admin.rename(office.context(), tenant.id, "apex"))
    assert (before.slug, after.slug, before.version, after.version) == ("acme", "apex", 1, 2)
    moved = drive(office.admin.move(office.context(), tenant.id, None)).after
    configured = drive(office.admin.configure(office.context(), tenant.id, {"theme": "dark"})).after
    assert (moved.domain, configured.settings, configured.version) == (None, {"theme": "dark"}, 4)
    assert office.find("slug", "apex") == configured
    records = [(record.tenant, record.value) for record in office.runtime.records if record.kind == "tenant.updated"]
    assert records == [("acme", 1), ("apex", 2), ("apex", 3), ("apex", 4)]


def test_a_rename_to_a_taken_slug_is_a_conflict(office):
    """The tenant keeps its own."""
    tenant = office.create("acme")
    office.create("apex")
    with pytest.raises(Conflict):
        drive(office.admin.rename(office.context(), tenant.id, "apex"))
    assert office.find("slug", "acme") == tenant


def test_a_change_of_no_tenant_is_not_found(office):
    """404, by its own code."""
    with pytest.raises(NotFound) as refusal:
        drive(office.admin.suspend(office.context(), "x"))
    assert refusal.value.code == "tenant_not_found"


def everything(office: Office) -> str:
    """Each change once; the tenant's id."""
    tenant = office.create()
    for steps in (
        office.admin.rename(office.context(), tenant.id, "apex"),
        office.locales.enable(office.context(tenant.id), "de"),
        office.locales.disable(office.context(tenant.id), "de"),
        office.locales.enable(office.context(tenant.id), "de"),
    ):
        drive(steps)
    return tenant.id


def test_t8_no_event_of_tenants_is_ever_sent_as_built(office):
    """The four event types exist and have no emitter."""
    everything(office)
    assert office.events() == []


def test_t8_repaired_every_change_is_in_its_tenants_outbox():
    """Created and updated by whoever acts, but always in the name of the tenant they are about."""
    office = Office(events="published")
    tenant_id = everything(office)
    types = ["tenant.created", "tenant.updated", "locale.enabled", "locale.disabled", "locale.enabled"]
    assert sorted(office.events()) == sorted((tenant_id, event) for event in types)


def test_an_event_is_in_the_outbox_only_if_the_change_is_in_the_table():
    """One transaction: a rename that is refused leaves no event."""
    office = Office(events="published")
    tenant = office.create("acme")
    office.create("apex")
    before = office.events()
    with pytest.raises(Conflict):
        drive(office.admin.rename(office.context(), tenant.id, "apex"))
    assert office.events() == before


def test_switching_a_language_twice_changes_nothing():
    """No second row, no second event; to switch off what was never on changes nothing either."""
    office = Office(events="published")
    context = office.context(office.create().id)
    changed = [drive(office.locales.enable(context, "de")) for _ in range(2)]
    changed += [drive(office.locales.disable(context, "de")) for _ in range(2)]
    changed.append(drive(office.locales.disable(context, "fr")))
    assert changed == [True, False, True, False, False]
    assert sorted(event for _, event in office.events()) == ["locale.disabled", "locale.enabled", "tenant.created"]
    assert drive(office.locales.enabled(context)) == ("en",)


def test_the_default_language_stays_on(office):
    """A tenant without it would have nothing to fall back to."""
    with pytest.raises(BusinessRule) as refusal:
        drive(office.locales.disable(office.context(office.create().id), "en"))
    assert refusal.value.code == "default_locale"


def test_languages_are_the_tenants_own(office):
    """The scope of the store: another tenant's context sees none of them."""
    first, second = office.create("first"), office.create("second")
    drive(office.locales.enable(office.context(first.id), "de"))
    assert drive(office.locales.enabled(office.context(first.id))) == ("de", "en")
    assert drive(office.locales.enabled(office.context(second.id))) == ("en",)


def test_d31_a_locale_the_event_admits_does_not_fit_the_column_as_built():
    """``zh-Hant-TW`` has ten characters: the event's limit, and twice the column's."""
    as_built, repaired = Office(events="published"), Office(events="published", locale_characters=10)
    with pytest.raises(ValueTooLong):
        drive(as_built.locales.enable(as_built.context(as_built.create().id), "zh-Hant-TW"))
    assert drive(repaired.locales.enable(repaired.context(repaired.create().id), "zh-Hant-TW"))


class TestStanding:
    """A suspended tenant, and a request that names none."""

    def suspended(self, office: Office) -> TenantContext:
        """The context of a tenant that was suspended."""
        tenant = office.create()
        drive(office.admin.suspend(office.context(), tenant.id))
        return TenantContext.of(office.find("uuid", tenant.id))

    def test_t2_a_suspended_tenant_keeps_working_as_built(self, office):
        """``is_active`` is in the context, and nobody reads it."""
        context = self.suspended(office)
        assert not context.is_active
        check_standing(TenancySettings(), context)

    def test_t2_repaired_it_is_answered_403_until_it_is_active_again(self, office):
        """The check reads the context, so a cached one counts until it is forgotten."""
        settings, context = TenancySettings(suspended="refused"), self.suspended(office)
        with pytest.raises(Forbidden) as refusal:
            check_standing(settings, context)
        assert (refusal.value.status, refusal.value.code) == (403, "tenant_suspended")
        drive(office.admin.reactivate(office.context(), context.id))
        check_standing(settings, TenantContext.of(office.find("uuid", context.id)))

    @pytest.mark.parametrize("headers", [{}, {"x-tenant-id": "  "}])
    def test_t1_a_request_without_a_name_is_the_default_tenants_as_built(self, headers):
        """Fail-open: the header missing or blank."""
        assert identify(TenancySettings(), headers).value == TenancySettings().default_id

    @pytest.mark.parametrize("headers", [{}, {"x-tenant-id": "  "}])
    def test_t1_repaired_it_is_answered_400(self, headers):
        """A named tenant passes as before."""
        tenancy = TenancySettings(unnamed="refuse")
        with pytest.raises(Validation) as refusal:
            identify(tenancy, headers)
        assert (refusal.value.status, refusal.value.code) == (400, "tenant_required")
        assert identify(tenancy, {"x-tenant-id": "acme"}) == Identifier("slug", "acme")
