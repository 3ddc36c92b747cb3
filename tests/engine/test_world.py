"""The clock and its tasks: SimPy's own events beside callbacks, drops, interrupts, nested deadlines."""

import pytest
import simpy
from simpy.core import EmptySchedule

from rustok_sim.core.errors import NoConnection, TimedOut
from rustok_sim.core.ports import Call
from rustok_sim.engine import Draws, Gate, NodeRuntime, Task, World
from rustok_sim.engine.pool import Pool
from rustok_sim.testing import ListJournal


@pytest.fixture
def world():
    """A clock at zero."""
    return World()


@pytest.fixture
def node(world):
    """One node's ports."""
    return NodeRuntime(world, "node-1", Draws(1), ListJournal())


def start(world, steps):
    """Run *steps* as a task; its value and error appear in the list."""
    ended = []
    task = Task(world, steps, lambda value, error: ended.append((value, error)))
    task.start()
    return task, ended


def test_callbacks_and_simpy_processes_share_one_order(world):
    """Entries of one moment run in the order in which they were made, of whatever kind."""
    seen = []

    def process():
        yield world.timeout(1.0)
        seen.append("process")

    world.process(process())
    world.call_in(1.0, seen.append, "callback")
    world.run(until=2.0)
    # The process makes its timeout when it starts, at 0, which is after the callback was made.
    assert seen == ["callback", "process"]


class Bell:
    """An alarm that writes down when it rang."""

    off = False

    def __init__(self, world, name, heard):
        self.world, self.name, self.heard = world, name, heard

    def ring(self):
        """Now."""
        self.heard.append((self.world.now, self.name))


def test_alarms_ring_where_callbacks_would_be_called(world):
    """In the order of their times and then of their making, among callbacks of the same moments."""
    heard, called, off = [], [], []
    plan = [(0.0, 3.0), (0.0, 2.0), (1.0, 2.0), (1.0, 3.0), (1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (2.0, 2.0)]
    for number, (at_s, delay_s) in enumerate(plan):
        world.run_to(at_s)
        bell = Bell(world, number, heard)
        world.alarm_in(delay_s, bell)
        world.call_in(delay_s, lambda name: called.append((world.now, name)), number)
        world.call_in(delay_s, lambda name: heard.append((world.now, name)), f"call {number}")
        off += [bell] if number in {1, 2, 7} else []
    for bell in off:
        bell.off = True
    world.run_to(9.0)
    order = [(at_s, name) for at_s, number in called for name in (number, f"call {number}")]
    assert heard == [entry for entry in order if entry[1] not in {1, 2, 7}]
    assert not world.agenda


def test_simpys_own_run_drives_callbacks_too(world):
    """``run(until=event)`` returns the event's value; a callback succeeds the event."""
    event = world.event()
    world.call_in(3.0, event.succeed, "done")
    assert world.run(until=event) == "done"
    assert world.now == 3.0


def test_an_empty_agenda_ends_simpys_run(world):
    """As in SimPy: nothing to do is the end of a run without a limit, and an error of a single step."""
    world.call_in(1.0, lambda _: None)
    world.run()
    assert world.now == 1.0
    with pytest.raises(EmptySchedule):
        world.step()


def test_running_to_a_moment_leaves_what_is_due_then(world):
    """What is due at the end belongs to the next stretch; a SimPy event inside the stretch is processed."""
    seen = []
    world.call_in(1.0, seen.append, "early")
    world.call_in(2.0, seen.append, "due")
    world.timeout(1.5).callbacks.append(lambda _: seen.append("event"))
    world.run_to(2.0)
    assert (seen, world.now) == (["early", "event"], 2.0)


def test_a_service_may_wait_for_a_simpy_event(world):
    """An event still to come, and one that has been: both go on."""
    event = world.event()

    def service():
        yield event
        yield event
        return world.now

    _, ended = start(world, service())
    world.call_in(2.0, lambda _: event.succeed())
    world.run_to(3.0)
    assert ended == [(2.0, None)]


def test_a_dropped_service_runs_its_clean_up_and_nothing_else(world):
    """``finally`` runs at the drop; the wake-up that was due finds nobody."""
    seen = []

    def service():
        try:
            yield 1.0
            seen.append("woken")
        except RuntimeError:
            seen.append("caught")
        finally:
            seen.append("cleaned up")

    task, ended = start(world, service())
    task.drop()
    task.drop()
    task.interrupt(RuntimeError("late"))
    world.run_to(2.0)
    assert (seen, ended, task.over) == (["cleaned up"], [], True)


def test_an_interrupted_service_may_go_on_with_any_wait(world):
    """It handles the error, then waits for a number of seconds, then for a gate."""
    gate = Gate(world)

    def service():
        try:
            yield 9.0
        except KeyError:
            yield 1.0
        try:
            yield 9.0
        except KeyError:
            yield from gate.wait()
        return world.now

    task, ended = start(world, service())
    world.call_in(1.0, task.interrupt, KeyError())
    world.call_in(3.0, task.interrupt, KeyError())
    world.call_in(5.0, lambda _: gate.wake())
    world.run_to(10.0)
    assert ended == [(5.0, None)]


def test_an_interrupt_may_end_a_service(world):
    """By returning, or by an error."""

    def returning():
        try:
            yield 9.0
        except KeyError:
            return "in peace"

    def failing():
        yield 9.0

    for steps, expected in [(returning(), "in peace"), (failing(), None)]:
        task, ended = start(world, steps)
        task.interrupt(KeyError())
        [(value, error)] = ended
        assert value == expected
        assert (error is None) == (expected is not None)


def test_of_nested_deadlines_the_one_that_passes_is_raised(world, node):
    """The inner one at 1 s is handled inside; the outer one at 2 s passes through the inner one untouched."""

    def inner():
        yield 9.0

    def outer():
        with pytest.raises(TimedOut, match="1 s"):
            yield from node.within(1.0, inner())
        yield from node.within(5.0, inner())

    def service():
        try:
            yield from node.within(2.0, outer())
        except TimedOut as error:
            return f"{error} at {world.now:g}"

    _, ended = start(world, service())
    world.run_to(10.0)
    assert ended == [("no answer within 2 s at 2", None)]


def test_a_gate_leaves_nothing_for_those_who_come_later(world):
    """Who waits at the wake goes on; who comes after it waits for the next."""
    gate = Gate(world)
    _, first = start(world, gate.wait())
    gate.wake()
    _, second = start(world, gate.wait())
    world.run_to(1.0)
    assert (len(first), len(second)) == (1, 0)


def test_a_pool_hands_out_places_in_order_and_takes_back_those_of_the_dropped(world):
    """One place: a holds it to 2 s; b is dropped in line; c gives up after 3 s; d gets it when a ends."""
    pool = Pool(world, "p", 1, 3.0)
    got = {}

    def holder(name, hold_s):
        with (yield from pool.acquire()):
            got[name] = world.now
            yield hold_s

    start(world, holder("a", 5.0))
    b, _ = start(world, holder("b", 1.0))
    _, c = start(world, holder("c", 1.0))
    world.call_in(1.0, lambda _: b.drop())
    world.call_in(4.0, lambda _: start(world, holder("d", 1.0)))
    world.run_to(10.0)
    assert got == {"a": 0.0, "d": 5.0}
    assert isinstance(c[0][1], NoConnection)
    assert pool.free == 1


def test_a_place_granted_to_one_who_is_dropped_at_that_moment_goes_to_the_next(world):
    """b is handed the place and dropped before it can take it: c has it at the same moment."""
    pool = Pool(world, "p", 1, 30.0)
    got = {}

    def holder(name):
        with (yield from pool.acquire()):
            got[name] = world.now
            yield 1.0

    start(world, holder("a"))
    b, _ = start(world, holder("b"))
    start(world, holder("c"))
    # a's own wake-up at 1 s was made first, so its place has been granted to b when this runs.
    world.call_in(1.0, lambda _: b.drop())
    world.run_to(5.0)
    assert got == {"a": 0.0, "c": 1.0}


def test_a_background_job_ends_quietly_by_a_domain_error_and_loudly_by_any_other(world, node):
    """A detached task's result is lost; a bug is not."""

    def failing(error):
        yield 1.0
        raise error

    node.spawn(failing(TimedOut("late")))
    world.run_to(2.0)
    node.spawn(failing(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        world.run_to(4.0)


def test_a_killed_node_drops_its_jobs_in_the_order_of_their_start(world, node):
    """Their clean-up runs, in order, and nothing later."""
    seen = []

    def job(name):
        try:
            yield 9.0
        finally:
            seen.append(name)

    node.spawn(job("first"))
    node.spawn(job("second"))
    world.run_to(1.0)
    node.kill()
    world.run_to(20.0)
    assert seen == ["first", "second"]


def test_a_draw_of_a_call_is_counted_at_its_site(node):
    """The same call draws another number at the same site next time, and the same request the same numbers again."""

    def numbers():
        call = Call(1, "web", 7)
        return [node.uniform("jitter", call), node.uniform("jitter", call), node.uniform("other", call)]

    assert numbers() == numbers()
    assert len(set(numbers())) == 3


def test_simpy_is_the_clock(world):
    """The world is SimPy's environment, so that SimPy's own resources work in it."""
    resource = simpy.Resource(world, 1)

    def process():
        with resource.request() as turn:
            yield turn
            yield world.timeout(2.0)

    world.process(process())
    world.process(process())
    world.run()
    assert world.now == 4.0
