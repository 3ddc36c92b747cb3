"""Faults of nodes: standing still, wrong clocks, places taken, deploys, steps; round trips 1 ms, statements 10 ms."""

import pytest

from rustok_sim.core.errors import NoConnection
from rustok_sim.core.journal import STEPS
from rustok_sim.engine import Draws, NodeRuntime
from rustok_sim.engine.pause import Pause
from rustok_sim.engine.pool import Pool
from rustok_sim.engine.task import Gate, Task
from rustok_sim.engine.world import World
from rustok_sim.testing import ListJournal

KEPT = ("node.crashed", "node.started")


def of(records, *kinds):
    """The records of these kinds."""
    return [r for r in records if r.kind in kinds]


def marked(records):
    """What became of rows, by event: the last mark, or none."""
    return {r.detail: r.outcome for r in of(records, "outbox.marked")}


def test_a_node_that_stands_still_answers_late_and_its_statement_is_done_in_time(records_of, answers_of, asks):
    """Still from 1.005 s to 3 s: the insert under way is answered by 1.025 s, but the node reads that at 3 s only.

    Four round trips of 11 ms are left then (two inserts, commit, and what came before), none of which began earlier.
    """
    load = [asks(operation="order.place")]
    fault = {"kind": "pause", "target": "node-1", "at_s": 1.005, "duration_s": 1.995}
    still, calm = records_of(load=load, faults=[fault]), records_of(load=load)
    [(calm_s, status, _)] = answers_of(calm)
    [(still_s, still_status, _)] = answers_of(still)
    # The first query takes 13 ms; all that follows it begins at 3 s in place of 1.013 s.
    assert status == still_status == 200
    assert still_s == pytest.approx(calm_s + 3.0 - 1.013)


def test_a_request_that_comes_to_a_node_standing_still_waits(records_of, answers_of, asks):
    """The balancer does not know. Another node serves the next request at once."""
    fault = {"kind": "pause", "target": "node-1", "at_s": 1.0, "duration_s": 4.0}
    records = records_of(load=[asks(at_s=2.0, count=2)], faults=[fault], nodes=2)
    assert answers_of(records) == [(2.013, 200, None), (5.013, 200, None)]


def test_a_lock_is_held_while_its_owner_stands_still(records_of, asks):
    """Node 1 has locked the one variant's row and stands still for 5 s; node 2 wants it, and waits for the commit."""
    load = [asks(operation="inventory.adjust", ask={"delta": -1}, count=2)]
    platform = {"stock": {"design": "conditional_update"}}
    fault = {"kind": "pause", "target": "node-1", "at_step": "db.query", "step_detail": "product_variants.update"}
    tables = {"catalogue": {"products": 1}, "nodes": 2}
    records = records_of(load=load, faults=[fault | {"duration_s": 5.0}], platform=platform, **tables)
    [began] = of(records, "fault.began")
    others = [r.at_s for r in of(records, "stock.changed") if r.node == "node-2"]
    assert len(others) == 1
    assert others[0] > began.at_s + 5.0


def test_timers_of_a_node_standing_still_are_late(records_of, asks):
    """A relay that sleeps for 1 s between its passes makes none in 10 s of standing still, and one right after."""
    fault = {"kind": "pause", "target": "node-1", "at_s": 10.5, "duration_s": 10.0}
    platform = {"outbox": {"relays": "every_node"}}
    records = records_of(load=[asks()], faults=[fault], platform=platform, horizon_s=40.0)
    passes = [r.begin_s for r in of(records, "outbox.claimed")]
    assert not [at_s for at_s in passes if 10.6 < at_s < 20.5]
    assert [at_s for at_s in passes if at_s == 20.5]


def test_an_answer_that_came_in_time_counts_although_the_node_reads_it_late():
    """Both the work, done after 1 s, and its limit of 2 s pass while the node stands still: the work counts (tokio)."""
    world = World()
    runtime = NodeRuntime(world, "node-1", Draws(1), ListJournal())
    ends = []

    def work(limit_s):
        yield from runtime.within(limit_s, runtime.sleep(1.0))
        return world.now

    for limit_s in (2.0, 0.5):
        runtime.task(work(limit_s), lambda value, error: ends.append((value, type(error).__name__))).start()
    pause = runtime.pause = Pause(world)
    world.call_in(0.1, lambda _: pause.begin(runtime.tasks, at_servers=[]))

    def go_on(_):
        runtime.pause = None
        pause.end()

    world.call_in(10.0, go_on)
    world.run_to(20.0)
    # tokio looks at the work first, whatever the limit.
    assert ends == [(10.0, "NoneType"), (10.0, "NoneType")]


def test_a_frozen_task_remembers_an_error_only_if_it_was_not_woken_before():
    """What came first counts."""
    world = World()
    seen = []

    def steps(gate):
        try:
            yield gate
            seen.append("woken")
        except ValueError:
            seen.append("error")

    gates = [Gate(world), Gate(world)]
    tasks = [Task(world, steps(gate), lambda *_: None) for gate in gates]
    for task in tasks:
        task.start()
    frozen = [task.freeze() for task in tasks]
    gates[0].wake()
    world.run_to(1.0)
    for task in tasks:
        task.interrupt(ValueError())
    assert seen == []
    for task, one in zip(tasks, frozen, strict=True):
        task.thaw(one)
    world.run_to(2.0)
    assert seen == ["woken", "error"]


def test_a_pause_ends_with_the_life_of_its_node(records_of, answers_of, asks):
    """The node crashes while it stands still, and is back 1 s later: what starts anew does not stand still."""
    faults = [
        {"kind": "pause", "target": "node-1", "at_s": 1.0, "duration_s": 20.0},
        {"kind": "crash", "target": "node-1", "at_s": 2.0, "restart_s": 1.0},
    ]
    records = records_of(load=[asks(at_s=1.5), asks("after", at_s=4.0)], faults=faults)
    assert answers_of(records) == [(2.0, 502, "node_crashed"), (4.013, 200, None)]


def test_clients_that_left_a_node_standing_still_are_noticed_later(records_of, answers_of, asks):
    """The client leaves at 2 s; the node goes on at 5 s, drops the request, and its connection serves the next."""
    fault = {"kind": "pause", "target": "node-1", "at_s": 1.005, "duration_s": 3.995}
    load = [asks(timeout_s=1.0), asks("next", at_s=6.0)]
    records = records_of(load=load, faults=[fault], database={"pool_connections": 1})
    assert answers_of(records) == [(2.0, 499, "client_timeout"), (6.011, 200, None)]


@pytest.mark.parametrize(("share", "waits"), [(1.0, 4), (0.5, 2), (0.26, 2), (0.25, 1)])
def test_places_that_somebody_keeps_are_missing(records_of, asks, share, waits):
    """Of 4 places a share is taken, rounded up; of 4 requests at once as many wait until their patience of 1 s ends."""
    fault = {"kind": "exhaust", "target": "nodes", "share": share, "at_s": 0.0}
    database = {"pool_connections": 4, "acquire_timeout_s": 0.012}
    records = records_of(load=[asks(count=4)], faults=[fault], database=database)
    statuses = [r.status for r in of(records, "request.finished")]
    assert statuses.count(500) == waits


def test_places_come_back_and_a_restarted_node_misses_them_too(records_of, answers_of, asks):
    """All places are gone from 1 s to 10 s, through a crash at 2 s; at 11 s there is one again."""
    faults = [
        {"kind": "exhaust", "target": "node-1", "share": 1.0, "at_s": 1.0, "duration_s": 9.0},
        {"kind": "crash", "target": "node-1", "at_s": 2.0, "restart_s": 1.0},
    ]
    load = [asks(at_s=5.0), asks("after", at_s=11.0)]
    records = records_of(load=load, faults=faults, database={"acquire_timeout_s": 2.0})
    assert answers_of(records) == [(7.0, 500, "no_connection"), (11.013, 200, None)]


def test_who_seizes_a_place_waits_in_line_as_others_do():
    """A pool of one that is taken: the seizure gets it next, and let go, the one behind it."""
    world = World()
    pool = Pool(world, "pool", 1, 30.0)
    got = []

    def borrow(name):
        with (yield from pool.acquire()):
            got.append((name, world.now))
            yield 1.0

    Task(world, borrow("first"), lambda *_: None).start()
    seizure = pool.seize()
    Task(world, borrow("second"), lambda *_: None).start()
    world.run_to(5.0)
    assert seizure.granted
    assert got == [("first", 0.0)]
    pool.let_go(seizure)
    world.run_to(10.0)
    assert got == [("first", 0.0), ("second", 5.0)]
    assert pool.free == 1


def test_a_deploy_replaces_nodes_one_after_the_other(records_of, asks):
    """Two nodes, 1 s to drain, 2 s to start, 3 s between: deaths at 11 s and 17 s, and the deploy lasts 9 s."""
    fault = {"kind": "deploy", "target": "nodes", "at_s": 10.0, "drain_s": 1.0, "restart_s": 2.0, "between_s": 3.0}
    load = [{"name": "web", "operation": "tenant.resolve", "arrivals": {"process": "constant", "rate_per_s": 50.0}}]
    records = records_of(load=load, faults=[fault], nodes=2)
    told = [(r.at_s, r.kind, r.node) for r in of(records, *KEPT)]
    assert told == [
        (11.0, "node.crashed", "node-1"),
        (13.0, "node.started", "node-1"),
        (17.0, "node.crashed", "node-2"),
        (19.0, "node.started", "node-2"),
    ]
    assert [(r.at_s, r.kind) for r in of(records, "fault.began", "fault.ended")] == [
        (10.0, "fault.began"),
        (19.0, "fault.ended"),
    ]
    # A drained node has ended its requests of 11 ms long before it dies, and the other one serves.
    assert {r.status for r in of(records, "request.finished")} == {200}
    by_node_1 = [r.at_s for r in of(records, "request.finished") if r.node == "node-1"]
    assert not [at_s for at_s in by_node_1 if 10.02 < at_s < 13.0]


def test_a_wrong_clock_shows_in_what_is_written_and_not_in_what_is_measured(records_of, asks):
    """Ahead by 100 s, then right again: the ids' first 48 bits are the milliseconds of the node's clock."""
    fault = {"kind": "clock_skew", "target": "node-1", "offset_s": 100.0, "at_s": 0.5, "duration_s": 5.0}
    load = [asks(operation="node.create"), asks("later", at_s=10.0, operation="node.create")]
    records = records_of(load=load, faults=[fault])
    shown = [int(r.site.replace("-", "")[:12], 16) / 1000.0 - r.at_s for r in of(records, "event.recorded")]
    assert shown[0] == pytest.approx(100.0, abs=0.1)
    assert shown[1] == pytest.approx(0.0, abs=0.1)
    assert {r.status for r in of(records, "request.finished")} == {200}
    assert max(r.at_s - r.begin_s for r in of(records, "request.finished")) < 1.0


def test_a_clock_behind_makes_leases_last_and_one_ahead_steals_them(records_of, asks):
    """A relay publishes for 5 s under a lease of 20 s. One whose clock is 60 s ahead takes it up: sent twice.

    Not where the database's clock counts.
    """
    slow = {"kind": "slow", "target": "node-1->log", "add_s": 5.0, "at_s": 0.0}
    skew = {"kind": "clock_skew", "target": "node-2", "offset_s": 60.0, "at_s": 0.0}
    load = [asks(operation="node.create")]
    sent = {}
    for name, clock, faults in (
        ("right", "node", [slow]),
        ("ahead", "node", [slow, skew]),
        ("shared", "database", [slow, skew]),
    ):
        relay = {"lease_s": 20.0, "clock": clock}
        platform = {"outbox": {"relays": "every_node", "target": "log", "relay": relay}}
        records = records_of(load=load, faults=faults, nodes=2, platform=platform)
        sent[name] = len([r for r in of(records, "outbox.published") if r.outcome == "ok"])
    assert sent == {"right": 1, "ahead": 2, "shared": 1}


@pytest.mark.parametrize("occurrence", [1, 3])
def test_a_fault_strikes_at_the_stated_step(records_of, answers_of, asks, occurrence):
    """The n-th answer to the query of a tenant, in a row of five: the node dies with that request."""
    load = [asks(f"r{n}", at_s=float(n)) for n in range(1, 6)]
    fault = {"kind": "crash", "target": "here", "restart_s": 0.5, "at_step": "db.query", "occurrence": occurrence}
    records = records_of(load=load, faults=[fault | {"step_outcome": "ok"}])
    [crash] = of(records, "node.crashed")
    query = of(records, "db.query")[occurrence - 1]
    assert crash.at_s == query.at_s
    [began] = of(records, "fault.began")
    assert (began.at_s, began.site) == (crash.at_s, "node-1")


def test_steps_count_from_the_stated_moment_and_on_the_stated_node(records_of, asks):
    """On node 2, from 2.5 s on: of one query a second and node, the first is at 3 s."""
    load = [asks(f"r{n}", at_s=float(n), count=2) for n in range(1, 6)]
    fault = {"kind": "crash", "target": "node-2", "restart_s": 0.5, "at_step": "db.query", "at_s": 2.5}
    [crash] = of(records_of(load=load, faults=[fault], nodes=2), "node.crashed")
    assert crash.node == "node-2"
    assert 3.0 < crash.at_s < 3.1


def test_a_share_of_steps_is_struck(records_of):
    """A flush at a fifth of 1,000 queries, within four standard deviations."""
    load = [{"name": "web", "operation": "tenant.resolve", "arrivals": {"process": "constant", "rate_per_s": 20.0}}]
    fault = {"kind": "flush", "target": "here", "at_step": "db.query", "step_ratio": 0.2}
    records = records_of(load=load, faults=[fault], horizon_s=50.05)
    queries, flushes = len(of(records, "db.query")), len(of(records, "fault.began"))
    assert queries >= 1_000
    assert abs(flushes - 0.2 * queries) < 4 * (queries * 0.2 * 0.8) ** 0.5


def test_no_step_is_the_engine_s_own():
    """What clients, stations and faults write is no step of a node."""
    assert "outbox.published" in STEPS
    assert not [kind for kind in STEPS if kind.startswith(("request.", "station.", "fault.", "node."))]


def test_a_relay_that_stood_still_has_lost_its_lease_and_sends_all_the_same(records_of, asks):
    """Still for 20 s under a lease of 5 s: the other relay sends the row, then the zombie does; its mark is refused."""
    platform = {"outbox": {"relays": "every_node", "target": "log", "relay": {"lease_s": 5.0}}}
    fault = {"kind": "pause", "target": "here", "at_step": "outbox.taken", "duration_s": 20.0}
    records = records_of(load=[asks(operation="node.create")], faults=[fault], nodes=2, platform=platform)
    assert len([r for r in of(records, "outbox.published") if r.outcome == "ok"]) == 2
    assert [r.outcome for r in of(records, "outbox.marked")] == ["dispatched", "lease_lost"]


def test_a_node_stands_still_again_and_again(records_of):
    """Means of 2 s up to and 1 s in each pause: over 2,000 s a third of the time, within four standard deviations.

    A cycle of two exponential times with means 2 and 1 s has variance 5 s², so some 667 cycles; the share of an
    alternating renewal process has the variance 2 a² b² / ((a + b)³ t).
    """
    fault = {"kind": "pause", "target": "node-1", "mtbf_s": 2.0, "mttr_s": 1.0}
    load = [{"name": "web", "operation": "health.live", "arrivals": {"process": "burst", "at_s": 1.0, "count": 1}}]
    records = records_of(load=load, faults=[fault], horizon_s=2_000.0)
    begins = [r.at_s for r in of(records, "fault.began")]
    ends = [r.at_s for r in of(records, "fault.ended")]
    still_s = sum(end - begin for begin, end in zip(begins, ends, strict=False))
    assert abs(still_s / 2_000 - 1 / 3) < 4 * (2 * 2**2 * 1**2 / (3**3 * 2_000)) ** 0.5


def test_who_stands_still_while_the_wait_for_a_place_ends_gets_none_and_keeps_none():
    """The place is held to 5 s; the claim ends at 3 s, and its node, still from 2 to 6 s, hears of it at 6 s only."""
    world = World()
    pool = Pool(world, "node-1", 1, 3.0)
    ends = []

    def holder(hold_s):
        with (yield from pool.acquire()):
            yield hold_s

    Task(world, holder(5.0), lambda *_: None).start()
    waiter = Task(world, holder(1.0), lambda _, error: ends.append((world.now, type(error))))
    waiter.start()
    frozen = []
    world.call_in(2.0, lambda _: frozen.append(waiter.freeze()))
    world.call_in(6.0, lambda _: waiter.thaw(frozen[0]))
    world.run_to(10.0)
    assert ends == [(6.0, NoConnection)]
    assert pool.free == 1
