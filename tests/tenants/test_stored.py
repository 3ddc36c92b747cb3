"""The table of tenants on the relational store: one statement for each question."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rustok_sim.adapters.direct import DirectDatabase
from rustok_sim.adapters.memory import MemoryServer
from rustok_sim.core.data import Store, label_of
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import UniqueViolation
from rustok_sim.core.ports import Call
from rustok_sim.modules.tenants import (
    TENANTS,
    Identifier,
    StoredTenants,
    Tenant,
    TenantAdminSettings,
    made_up_tenant,
    row_of,
    tables,
)

ACME = replace(made_up_tenant("acme"), settings={"theme": "dark"})
NAMES = [Identifier("uuid", ACME.id), Identifier("slug", "acme"), Identifier("host", "acme.example")]
CALL = Call(1, "test", 1)


class Observed:
    """A database that notes the label of every statement, and refuses transactions: one statement is all it takes."""

    def __init__(self, database) -> None:
        self._database = database
        self.labels: list[str] = []

    def begin(self, call, isolation):
        """No store of tenants begins one."""
        raise AssertionError("a transaction")

    def run(self, call, statement, then=None):
        """Note it and run it."""
        self.labels.append(label_of(statement))
        return self._database.run(call, statement, then)


class Bed:
    """The store of tenants over a database in memory."""

    def __init__(self, *tenants: Tenant) -> None:
        self.runtime = ManualRuntime()
        server = MemoryServer(tables(TenantAdminSettings()))
        server.seed(TENANTS, map(row_of, tenants))
        self.database = Observed(DirectDatabase(self.runtime, server))
        self.tenants = StoredTenants(self.runtime, Store(self.database))

    def find(self, identifier: Identifier) -> Tenant | None:
        """The row of this name."""
        return drive(self.tenants.find(CALL, identifier))

    def update(self, tenant_id: str, **changes) -> Tenant | None:
        """Write these columns."""
        return drive(self.tenants.update(CALL, tenant_id, changes))


@pytest.fixture
def bed() -> Bed:
    """One tenant."""
    return Bed(ACME)


def test_a_tenant_is_found_by_each_of_its_names_and_no_other(bed):
    """By id, slug and exact domain, each under its own kind."""
    assert [bed.find(name) for name in NAMES] == [ACME] * 3
    assert [bed.find(Identifier(name.kind, "acme-2")) for name in NAMES] == [None] * 3
    assert bed.find(Identifier("host", "acme")) is None


def test_each_call_is_one_statement_under_its_own_label(bed):
    """The event log tells the three look-ups and the update apart by these labels."""
    for name in NAMES:
        bed.find(name)
    bed.update(ACME.id)
    assert bed.database.labels == [
        "tenants.find_by_uuid",
        "tenants.find_by_slug",
        "tenants.find_by_host",
        "tenants.update",
    ]


def test_an_update_is_the_next_version_and_is_recorded(bed):
    """Versions count from 1; the record carries the slug the row has now."""
    bed.runtime.advance(5.0)
    written = bed.update(ACME.id, slug="acme-2")
    assert written == replace(ACME, slug="acme-2", version=2)
    assert bed.find(Identifier("slug", "acme-2")) == written
    assert bed.find(Identifier("slug", "acme")) is None
    [record] = bed.runtime.records
    assert (record.kind, record.at_s, record.tenant, record.value) == ("tenant.updated", 5.0, "acme-2", 2)


def test_an_update_of_no_tenant_does_nothing(bed):
    """As an UPDATE that matches none."""
    assert bed.update("x", slug="x") is None
    assert bed.runtime.records == []


@pytest.mark.parametrize("column", ["slug", "domain"])
def test_names_are_unique(column):
    """The table's unique keys; the refused row stays as it was."""
    bed = Bed(ACME, made_up_tenant("rival"))
    with pytest.raises(UniqueViolation) as refusal:
        bed.update(ACME.id, **{column: getattr(made_up_tenant("rival"), column)})
    assert refusal.value.rule == column
    assert bed.find(NAMES[0]) == ACME


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["slug", "domain", "name"]), st.sampled_from("abcdef")),
        max_size=12,
    )
)
def test_it_agrees_with_a_plain_list_of_tenants(writes):
    """Another implementation of the same table: after any sequence of writes both find the same rows."""
    plain = {made_up_tenant(slug).id: made_up_tenant(slug) for slug in "abc"}
    bed = Bed(*plain.values())
    for slug, column, value in writes:
        tenant_id = made_up_tenant(slug).id
        owners = {getattr(tenant, column): tenant.id for tenant in plain.values()}
        if column != "name" and owners.get(value, tenant_id) != tenant_id:
            continue  # unique keys have a test of their own
        before = plain[tenant_id]
        plain[tenant_id] = replace(before, **{column: value}, version=before.version + 1)
        assert bed.update(tenant_id, **{column: value}) == plain[tenant_id]
    for value in "abcdef":
        for kind, column in (("slug", "slug"), ("host", "domain")):
            [expected] = [tenant for tenant in plain.values() if getattr(tenant, column) == value] or [None]
            assert bed.find(Identifier(kind, value)) == expected
