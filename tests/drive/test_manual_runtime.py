"""The clock by hand: what runs when, what is dropped, what is recorded."""

import pytest

from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import DomainError, RunError, TimedOut
from rustok_sim.core.ports import Call


def answering(runtime, after_s, answer, *, log=None):
    """A service that takes *after_s* and logs when its ``finally`` runs."""
    try:
        yield from runtime.sleep(after_s)
        return answer
    finally:
        if log is not None:
            log.append((runtime.now(), answer))


def test_a_service_without_waits_is_driven_to_its_end():
    """Outside the engine a service that never waits needs no runtime at all."""

    def steps():
        return 42
        yield

    assert drive(steps()) == 42


def test_the_clock_moves_by_what_a_service_sleeps():
    """Two sleeps of 1.5 s end 3 s later."""
    runtime = ManualRuntime(now_s=10.0)

    def steps():
        yield from runtime.sleep(1.5)
        yield from runtime.sleep(1.5)
        return runtime.now()

    assert drive(steps()) == 13.0


def test_background_work_runs_in_the_order_of_its_time():
    """What is due earlier runs earlier, whoever was started first; at one time the order is of arrival."""
    runtime, log = ManualRuntime(), []
    for after_s, name in ((3, "c"), (1, "a"), (1, "b")):
        runtime.spawn(answering(runtime, after_s, name, log=log))
    runtime.finish()
    assert log == [(1, "a"), (1, "b"), (3, "c")]


def test_advancing_runs_what_is_due_by_then_and_no_more():
    """An end at exactly 2 s belongs to an advance of 2 s; the clock stands at 2 s afterwards."""
    runtime = ManualRuntime()
    two, three = (runtime.start(answering(runtime, s, s)) for s in (2, 3))
    runtime.advance(2.0)
    assert (two.done, three.done, runtime.now()) == (True, False, 2.0)


def test_a_signal_wakes_those_who_wait_and_leaves_nothing_for_later():
    """Two wait and are woken in order of arrival; the third comes after the wake and waits for ever."""
    runtime, log = ManualRuntime(), []
    signal = runtime.signal()

    def waiter(name):
        yield from signal.wait()
        log.append(name)

    first, second = runtime.start(waiter("first")), runtime.start(waiter("second"))
    runtime.finish()
    signal.wake()
    late = runtime.start(waiter("late"))
    runtime.finish()
    assert log == ["first", "second"]
    assert (first.done, second.done, late.done) == (True, True, False)


def test_waiting_for_what_can_never_come_is_an_error():
    """Nobody is left who could wake the service, so driving it fails instead of hanging."""
    runtime = ManualRuntime()
    with pytest.raises(RunError, match="never come"):
        drive(runtime.signal().wait())


def test_only_waits_of_a_manual_runtime_can_be_driven():
    """A service that yields anything else belongs to another runtime."""

    def steps():
        yield "an event of some engine"

    with pytest.raises(TypeError, match="some engine"):
        drive(steps())


def test_an_error_in_background_work_surfaces_in_whoever_runs_the_clock():
    """Nobody waits for the end of spawned work, so its error must not vanish."""
    runtime = ManualRuntime()

    def failing():
        yield from runtime.sleep(1)
        raise DomainError("broken")

    runtime.spawn(failing())
    with pytest.raises(DomainError, match="broken"):
        runtime.advance(1.0)


def test_an_error_in_a_task_is_kept_for_whoever_asks():
    """A started task raises from its result, not from the clock."""
    runtime = ManualRuntime()
    task = runtime.start(runtime.within(1.0, answering(runtime, 2, "late")))
    runtime.finish()
    with pytest.raises(TimedOut):
        task.result()


def test_a_task_that_has_not_ended_has_no_result():
    """Asking early is an error."""
    runtime = ManualRuntime()
    with pytest.raises(RunError, match="not ended"):
        runtime.start(answering(runtime, 2, "late")).result()


def test_a_dropped_task_runs_its_finally_blocks_and_nothing_else():
    """The drop comes at 1 s, and the sleep that was to end at 5 s changes nothing any more."""
    runtime, log = ManualRuntime(), []
    task = runtime.start(answering(runtime, 5, "never", log=log))
    runtime.advance(1.0)
    task.drop()
    task.drop()
    runtime.finish()
    assert log == [(1, "never")]
    with pytest.raises(RunError, match="dropped"):
        task.result()


def test_a_task_that_has_ended_cannot_be_dropped():
    """Its result stays."""
    runtime = ManualRuntime()
    task = runtime.start(answering(runtime, 1, "done"))
    runtime.finish()
    task.drop()
    assert task.result() == "done"


def test_a_limit_drops_the_work_where_it_stands():
    """The work would take 5 s; at the limit of 2 s its ``finally`` runs and the caller is told."""
    runtime, log = ManualRuntime(), []
    with pytest.raises(TimedOut, match="within 2 s"):
        drive(runtime.within(2.0, answering(runtime, 5, "never", log=log)))
    assert log == [(2, "never")]


def test_work_that_ends_at_the_limit_is_in_time():
    """Tokio's timeout looks at the work first, then at the deadline."""
    runtime = ManualRuntime()
    assert drive(runtime.within(2.0, answering(runtime, 2, "in time"))) == "in time"


def test_work_that_goes_on_after_the_limit_is_dropped_at_it():
    """The first sleep ends at the limit of 2 s and is in time; the second has no time left."""
    runtime = ManualRuntime()

    def steps():
        yield from runtime.sleep(2.0)
        yield from runtime.sleep(1.0)

    with pytest.raises(TimedOut):
        drive(runtime.within(2.0, steps()))
    assert runtime.now() == 2.0


def test_a_kept_limit_leaves_no_trace_on_the_clock():
    """The work takes 1 s of 2 s, and nothing is left to run after it."""
    runtime = ManualRuntime()
    drive(runtime.within(2.0, answering(runtime, 1, "done")))
    runtime.finish()
    assert runtime.now() == 1.0


def test_the_inner_of_two_limits_strikes_first_if_it_is_shorter():
    """The outer limit sees the error of the inner one at 1 s."""
    runtime = ManualRuntime()
    with pytest.raises(TimedOut, match="within 1 s"):
        drive(runtime.within(3.0, runtime.within(1.0, answering(runtime, 5, "never"))))
    assert runtime.now() == 1.0


def test_the_outer_of_two_limits_drops_the_inner_one():
    """At 1 s the outer limit drops the inner one with all it holds."""
    runtime, log = ManualRuntime(), []
    with pytest.raises(TimedOut, match="within 1 s"):
        drive(runtime.within(1.0, runtime.within(3.0, answering(runtime, 5, "never", log=log))))
    assert log == [(1, "never")]


def test_dropping_a_task_drops_what_it_holds_under_a_limit():
    """The innermost ``finally`` runs at the time of the drop."""
    runtime, log = ManualRuntime(), []
    task = runtime.start(runtime.within(3.0, answering(runtime, 5, "never", log=log)))
    runtime.advance(1.0)
    task.drop()
    assert log == [(1, "never")]


def test_records_carry_the_time_the_node_and_the_call():
    """A record of a call has its tenant and its id; one without a call has neither."""
    runtime = ManualRuntime("node-2", now_s=5.0)
    runtime.record("cache.hit", Call(7, "clients", 1, "acme"), site="tenant", detail="slug:acme")
    runtime.record("node.started")
    first, second = runtime.records
    assert (first.at_s, first.kind, first.node, first.tenant, first.correlation) == (
        5.0,
        "cache.hit",
        "node-2",
        "acme",
        7,
    )
    assert (first.site, first.detail) == ("tenant", "slug:acme")
    assert (second.tenant, second.correlation) == (None, None)


def test_a_kind_the_event_log_does_not_know_is_refused():
    """A misspelt kind would be lost in every report."""
    with pytest.raises(ValueError, match=r"cache\.hitt is not a kind"):
        ManualRuntime().record("cache.hitt")


def test_a_draw_depends_on_for_whom_it_is_made_and_on_nothing_else():
    """Two runtimes give the same call the same luck, and its second draw is another one."""
    one, two = (ManualRuntime(node) for node in "ab")
    first, again = one.uniform("retry", Call(1, "clients", 3)), two.uniform("retry", Call(9, "clients", 3))
    call = Call(1, "clients", 3)
    one.uniform("retry", call)
    assert first == again != one.uniform("retry", call)
    assert 0 <= first < 1
