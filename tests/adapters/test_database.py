"""The connections of a node to its database, as sqlx keeps them.

A round trip takes 10 ms.
"""

import pytest

from rustok_sim.core.errors import DatabaseError, NoConnection
from rustok_sim.modules.tenants import TENANTS, Identifier, made_up_tenant

ACME = made_up_tenant("acme")
BY_SLUG = Identifier("slug", "acme")


def queries(lab):
    """How the statements ended, in order."""
    return [record.outcome for record in lab.of("db.query")]


def test_first_statement_connects_and_later_ones_use_its_session(lab):
    """20 ms to connect and 10 ms to ask; then 10 ms."""
    tenants = lab.tenants()
    assert lab.finish(tenants.find(lab.call(), BY_SLUG)) == ACME
    assert lab.world.now == pytest.approx(0.03)
    assert lab.finish(tenants.find(lab.call(), BY_SLUG)) == ACME
    assert lab.world.now == pytest.approx(0.04)
    assert [(record.outcome, record.detail) for record in lab.of("db.query")] == [("ok", "tenants.find_by_slug")] * 2
    assert [record.wait_s for record in lab.of("db.query")] == pytest.approx([0.02, 0.0])


def test_statements_beyond_the_pool_wait(lab):
    """One place and three statements at once: 30 ms, then 10 ms each."""
    tenants = lab.tenants(places=1)
    jobs = [lab.start(tenants.find(lab.call(), BY_SLUG)) for _ in range(3)]
    lab.run_to(1.0)
    assert [job.at_s for job in jobs] == pytest.approx([0.03, 0.04, 0.05])


def test_no_place_within_the_acquire_timeout(lab):
    """The one place is held by a statement that is never answered: the next one fails after 0.3 s, as 500."""
    tenants = lab.tenants(places=1, acquire_timeout_s=0.3)
    lab.finish(tenants.find(lab.call(), BY_SLUG))
    begin_s = lab.world.now
    lab.database.condition.hang()
    lab.start(tenants.find(lab.call(), BY_SLUG))
    with pytest.raises(NoConnection) as failure:
        lab.finish(tenants.find(lab.call(), BY_SLUG))
    assert failure.value.status == 500
    assert lab.world.now == pytest.approx(begin_s + 0.3)
    assert queries(lab) == ["ok", "no_connection"]
    assert lab.of("db.query")[1].wait_s == pytest.approx(0.3)


def test_refused_connection_is_tried_again(lab):
    """A refusal costs a round trip, then waits of 10, 20, 40, 80 ms: the attempt at 0.19 s comes after 0.15 s."""
    lab.database.condition.refuse()
    job = lab.start(lab.tenants().find(lab.call(), BY_SLUG))
    lab.run_to(0.15)
    lab.database.condition.accept()
    lab.run_to(1.0)
    # Attempts at 0, 0.02, 0.05, 0.10 and 0.19 s; the last one connects in 20 ms and asks in 10 ms.
    assert job.value == ACME
    assert job.at_s == pytest.approx(0.22)


def test_refusal_for_the_whole_acquire_timeout_is_no_connection(lab):
    """The waits grow to a fifth of the time there is, and all of it is used."""
    lab.database.condition.refuse()
    with pytest.raises(NoConnection):
        lab.finish(lab.tenants(acquire_timeout_s=2.0).find(lab.call(), BY_SLUG))
    assert lab.world.now == pytest.approx(2.0)


def test_lost_session_fails_its_statement_and_is_opened_anew_by_the_next(lab):
    """Nobody knows that a session is gone until a statement has failed on it."""
    tenants = lab.tenants()
    lab.finish(tenants.find(lab.call(), BY_SLUG))
    lab.database.condition.refuse()
    lab.database.condition.accept()
    with pytest.raises(DatabaseError) as failure:
        lab.finish(tenants.find(lab.call(), BY_SLUG))
    assert failure.value.code == "database_connection_lost"
    assert lab.finish(tenants.find(lab.call(), BY_SLUG)) == ACME
    assert queries(lab) == ["ok", "error", "ok"]


def test_error_answer_keeps_the_session(lab):
    """The next statement takes 10 ms, so it has not connected anew."""
    tenants = lab.tenants()
    lab.finish(tenants.find(lab.call(), BY_SLUG))
    lab.database.condition.err(1, 1.0, lambda source, entity, attempt: 0.0)
    with pytest.raises(DatabaseError):
        lab.finish(tenants.find(lab.call(), BY_SLUG))
    lab.database.condition.stop_erring(1)
    begin_s = lab.world.now
    lab.finish(tenants.find(lab.call(), BY_SLUG))
    assert lab.world.now == pytest.approx(begin_s + 0.01)


def test_dropped_statement_gives_its_place_and_its_session_back(lab):
    """Its caller left after 35 ms; the next one is served at once over the same session."""
    tenants = lab.tenants(places=1)
    lab.finish(tenants.find(lab.call(), BY_SLUG))
    job = lab.start(tenants.find(lab.call(), BY_SLUG))
    lab.run_to(0.035)
    lab.runtime.drop(job.task)
    lab.finish(tenants.find(lab.call(), BY_SLUG))
    assert lab.world.now == pytest.approx(0.045)
    assert queries(lab) == ["ok", "dropped", "ok"]


def test_update_is_recorded_when_the_row_changes(lab):
    """At the server, half a round trip before the caller hears of it: under the row's slug and with its new version."""
    row = lab.finish(lab.tenants().update(lab.call(), ACME.id, {}))
    assert row.version == 2
    (record,) = lab.of("tenant.updated")
    assert (record.tenant, record.value) == ("acme", 2)
    assert record.at_s == pytest.approx(lab.world.now - 0.005)


def test_update_of_a_caller_who_left_stands(lab):
    """Dropped after the server has acted, before the answer came."""
    tenants = lab.tenants()
    job = lab.start(tenants.update(lab.call(), ACME.id, {}))
    lab.run_to(0.027)
    lab.runtime.drop(job.task)
    assert [row["version"] for row in lab.server.rows(TENANTS)] == [2]
    assert len(lab.of("tenant.updated")) == 1


def test_update_of_no_tenant_is_not_recorded(lab):
    """Nothing was written."""
    assert lab.finish(lab.tenants().update(lab.call(), "x", {})) is None
    assert lab.of("tenant.updated") == []
