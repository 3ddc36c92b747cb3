"""Single requests whose times are constant: every span stands where a count by hand puts it."""

from hashlib import sha256
from itertools import pairwise

import pytest

import rustok_sim as rs
from rustok_sim.core.errors import RunError

STATEMENT_S = 0.010
CONNECT_S = 0.004
"""Two round trips of 2 ms, before the first statement of a node."""


def only(trace, name):
    """The one span of this name."""
    [found] = [span for span in trace.spans() if span.name == name]
    return found


def number(index, entity=0):
    """The correlation of a request by the place of its class in the scenario and its own in the class."""
    return (index + 1) * 1_000_000_000 + entity


def below(span):
    """The names of what was waited for within a span."""
    return [child.name for child in span.children if not child.follows]


@pytest.fixture(scope="module")
def written(simulate, one):
    """A merchant sets a price, and the change goes over outbox and log to the read model."""
    return rs.trace.trace_of(simulate(one("price.set")), number(0))


def test_a_request_has_its_phases_in_order(written):
    """Tenant, guards, and the handler's transaction: nine statements of 10 ms, and a connection to open first."""
    [attempt] = written.root.children
    assert below(attempt) == ["tenant.resolve", "guards", "transaction"]
    assert written.root.begin_s == 1.0
    assert written.root.duration_s == pytest.approx(CONNECT_S + 9 * STATEMENT_S)
    assert (written.root.kind, attempt.kind, attempt.node) == ("client", "server", "node-1")
    assert only(written, "tenants.find_by_slug").parts["connection"] == pytest.approx(CONNECT_S)


def test_one_trace_leads_through_the_outbox_to_the_index(written):
    """Whoever made the event, sent it on and processed it are parent and child, over nodes and transactions."""
    made, relayed, sent, processed = (
        only(written, name) for name in ("create sys_events", "relay event", "send log", "process product_indexer")
    )
    assert relayed in made.children
    assert sent in relayed.children
    assert processed in sent.children
    assert (relayed.follows, sent.follows, processed.follows) == (True, False, True)
    events = {span.attributes["messaging.message.id"] for span in (made, relayed, sent, processed)}
    assert len(events) == 1
    assert [span.kind for span in (made, relayed, sent, processed)] == ["producer", "consumer", "producer", "consumer"]


def test_the_relay_and_the_indexer_take_the_time_of_their_statements(written):
    """Append: two round trips to connect to the log and one to send, 6 ms; then the mark, two statements. The log has
    the event after the way there, which is 5 ms, and tells the consumer of it in 2 ms more; the indexer runs 13.
    """
    relayed, sent, processed = (only(written, name) for name in ("relay event", "send log", "process product_indexer"))
    assert below(relayed) == ["send log", "outbox.load", "outbox.mark"]
    assert sent.duration_s == pytest.approx(0.006)
    assert relayed.duration_s == pytest.approx(0.006 + 2 * STATEMENT_S)
    assert processed.begin_s == pytest.approx(sent.begin_s + 0.005 + 0.002)
    statements = [span for span in processed.walk() if span.component == "database" and span.name != "transaction"]
    assert processed.duration_s == pytest.approx(len(statements) * STATEMENT_S)


def test_the_pass_that_took_the_event_is_linked(simulate, one):
    """A relay's pass is a trace of its own, and each event's span leads to its root."""
    found = list(rs.trace.traces(simulate(one("price.set"))))
    [(trace_id, span_id)] = only(found[0], "relay event").links
    [linked] = [trace for trace in found if trace.root.trace_id == trace_id]
    assert (linked.root.name, linked.root.span_id) == ("relay pass", span_id)
    assert "outbox.taken" in {name for span in linked.spans() for _, name, _ in span.events}


def test_a_checkout_asks_the_provider_between_two_transactions(simulate, one):
    """Two round trips of 40 ms for the connection, one for the question, and 300 ms of work."""
    trace = rs.trace.trace_of(simulate(one("checkout")), number(0))
    asked = only(trace, "payment charge")
    assert asked.duration_s == pytest.approx(3 * 0.04 + 0.3)
    assert [name for _, name, _ in asked.events] == ["payment.charged"]
    [attempt] = trace.root.children
    place = attempt.children.index(asked)
    assert [span.name for span in attempt.children[place - 1 : place + 2]] == [
        "transaction", "payment charge", "transaction",
    ]  # fmt: skip


def test_an_unreachable_provider_is_seen_in_the_trace(simulate, one):
    """A refusal costs one round trip, and nothing was charged."""
    fault = '[[faults]]\nkind = "outage"\ntarget = "gateway"\nat_s = 0.5\nduration_s = 5\n'
    asked = only(rs.trace.trace_of(simulate(one("checkout"), fault), number(0)), "payment charge")
    assert (asked.error, asked.events) == ("unavailable", [])
    assert asked.duration_s == pytest.approx(0.04)


def test_a_wait_for_a_lock_is_told_from_work(simulate, one):
    """Two requests on two nodes write one row at once. The second's update waits from its arrival at the server, 1 ms
    before the first one's answer is back, to the first one's commit there: an insert and a commit later, 20 ms.
    """
    run = simulate(one("inventory.adjust", count=2))
    updates = [only(rs.trace.trace_of(run, number(0, entity)), "product_variants.update") for entity in (0, 1)]
    assert [span.parts["lock"] for span in updates] == pytest.approx([0.0, 2 * STATEMENT_S])
    assert [span.duration_s for span in updates] == pytest.approx([STATEMENT_S, 3 * STATEMENT_S])


def test_who_waits_for_the_load_of_another_waits_as_long_as_it_lasts(simulate, one):
    """Three requests for a cold tenant: on each node one loads, and the third, on the first one's node, waits."""
    run = simulate(one("tenant.resolve", count=3))
    loader, waiter = (rs.trace.trace_of(run, number(0, entity)) for entity in (0, 2))
    wait, load = only(waiter, "wait for another's load"), only(loader, "cache.load tenant")
    assert (wait.begin_s, wait.end_s) == (load.begin_s, load.end_s)
    assert rs.trace.attribution(run).frame["queue"].to_list() == pytest.approx([0.0, 0.0, CONNECT_S + STATEMENT_S])


def test_a_client_that_asks_again_has_its_attempts_under_one_root(simulate, one):
    """The database refuses for 1 s from 0.9 s on. Attempts fail at once or after the pool's patience of 0.05 s; the
    client waits 0.2 s, 0.4 s and 0.8 s between them: the fourth begins after the outage and succeeds.
    """
    retry = '[load.retry]\non = "every_error"\nmax_attempts = 5\nbase_s = 0.2\n'
    fault = '[[faults]]\nkind = "outage"\ntarget = "database"\nat_s = 0.9\nduration_s = 1\n'
    run = simulate(one("tenant.resolve"), retry, fault, deployment__database__acquire_timeout_s=0.05)
    trace = rs.trace.trace_of(run, number(0))
    attempts = trace.root.children
    assert [span.attributes["http.request.resend_count"] for span in attempts] == [0, 1, 2, 3]
    assert [span.node for span in attempts] == ["node-1", "node-2", "node-1", "node-2"]
    gaps = [after.begin_s - before.end_s for before, after in pairwise(attempts)]
    assert gaps == pytest.approx([0.2, 0.4, 0.8])
    assert [span.error is None for span in [trace.root, *attempts]] == [True, False, False, False, True]
    assert rs.trace.attribution(run).frame["backoff"].item() == pytest.approx(1.4)


PATIENT = '[load.retry]\non = "every_error"\nmax_attempts = 2\nbase_s = 0.2\nattempt_timeout_s = 0.5\n'
"""An attempt is given up after half a second, and the next begins 0.2 s later on the other node."""


def test_what_a_node_goes_on_with_when_nobody_waits_hangs_on_its_attempt(simulate, one):
    """Node 1 stands still from 5 ms after the request came until 3 s. What it has begun it drops only then."""
    fault = '[[faults]]\nkind = "pause"\ntarget = "node-1"\nat_s = 1.005\nduration_s = 1.995\n'
    run = simulate(one("tenant.resolve"), PATIENT, fault, platform__tenant_cache__design="none")
    first, second = rs.trace.trace_of(run, number(0)).root.children
    [left] = [child for child in first.children if child.follows]
    assert (left.name, left.begin_s, left.end_s) == ("left behind", 1.0, 3.0)
    assert [span.error for span in left.children] == ["dropped"]
    assert second.duration_s == pytest.approx(CONNECT_S + STATEMENT_S)
    [found] = rs.trace.attribution(run).frame.iter_rows(named=True)
    expected = {"pause": 0.495, "unanswered": 0.005, "backoff": 0.2, "connection": CONNECT_S, "database": STATEMENT_S}
    assert {part: found[part] for part in expected} == pytest.approx(expected)
    assert found["latency_s"] == pytest.approx(sum(expected.values()))


def test_an_answer_that_is_lost_leaves_its_client_waiting(simulate, one):
    """The first attempt's work takes 14 ms; its client waits on for the rest of its half second."""
    fault = '[[faults]]\nkind = "loss"\ntarget = "asked"\nat_s = 0.5\nduration_s = 1\nratio = 1.0\nlost = "reply"\n'
    run = simulate(one("tenant.resolve"), PATIENT, fault)
    first, _ = rs.trace.trace_of(run, number(0)).root.children
    assert below(first) == ["tenant.resolve", "no answer"]
    assert first.children[1].duration_s == pytest.approx(0.5 - CONNECT_S - STATEMENT_S)


def test_what_a_breaker_refuses_is_an_event_with_its_error(simulate, one):
    """As wired, Redis' breaker opens after five failures: the last of ten requests on two nodes are not let through."""
    load = one("tenant.resolve").replace('"burst", at_s = 1, count = 1', '"constant", rate_per_s = 4, stop_s = 8')
    fault = '[[faults]]\nkind = "outage"\ntarget = "redis"\nat_s = 0.5\nduration_s = 10\n'
    run = simulate(load, fault, preset="as_built")
    noted = [
        more.get("error.type")
        for trace in rs.trace.traces(run)
        for span in trace.spans()
        for _, name, more in span.events
        if name == "breaker.rejected"
    ]
    [[rejected]] = run.sql("select count(*) as n from events where kind = 'breaker.rejected'").rows()
    assert noted == ["circuit_open"] * rejected
    assert rejected > 0


def test_ids_follow_from_the_digest_the_request_and_the_order(written, simulate, one):
    """Sixteen and eight bytes of SHA-256; the same run again gives the same ids."""
    run = simulate(one("price.set"))
    own = f"{run.digest}|{number(0)}"
    assert written.root.trace_id == sha256(own.encode()).hexdigest()[:32]
    ids = [span.span_id for span in written.spans()]
    assert ids == [sha256(f"{own}|{place}".encode()).hexdigest()[:16] for place in range(len(ids))]


def test_the_operation_of_a_mix_is_the_one_that_ran(simulate, one):
    """It is not recorded but drawn again: those said to list products are those that read them."""
    load = one("x").replace('operation = "x"', 'mix = { "tenant.resolve" = 1, "product.list" = 2 }')
    run = simulate(load.replace("count = 1 }\ntenants", "count = 60 }\ntenants"))
    frame = rs.trace.attribution(run).frame
    said = set(frame.filter(frame["operation"] == "product.list")["correlation"])
    read = run.sql("select correlation from events where kind = 'db.query' and detail like '%products%'")
    assert said == set(read.filter(read["correlation"] > 0)["correlation"])
    assert 0 < len(said) < 60


def test_a_route_through_stations_has_a_span_for_each_visit(simulate):
    """Two servers, three customers at once: the third waits for as long as the others are served."""
    more = """
[[load]]
name = "callers"
route = ["desk"]
arrivals = { process = "burst", at_s = 1, count = 3 }

[stations.desk]
servers = 2
service = { dist = "constant", value_s = 0.5 }
"""
    run = simulate(more)
    visits = [rs.trace.trace_of(run, number(0, entity)).root.children for entity in range(3)]
    waits = [span.parts["queue"] for [span] in visits]
    assert waits == pytest.approx([0.0, 0.0, 0.5])
    found = rs.trace.attribution(run).frame.sort("correlation")
    assert found["queue"].to_list() == pytest.approx(waits)
    assert found["service"].to_list() == pytest.approx([0.5] * 3)


def test_a_request_that_is_not_there_is_named(simulate, one):
    """One sentence, and how to find those that are."""
    with pytest.raises(RunError, match="no request 7"):
        rs.trace.trace_of(simulate(one("tenant.resolve")), 7)
