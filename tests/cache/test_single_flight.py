"""Single flight by moka's rules: one loader per key, shared errors, replaced leaders, nobody left waiting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rustok_sim.core.cache import SingleFlight
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.errors import DatabaseError, TimedOut


class Loader:
    """Takes *after_s*, then returns *answer* or raises it; notes when it ran for which caller."""

    def __init__(self, runtime, after_s, answer, log=None):
        self.runtime = runtime
        self.after_s = after_s
        self.answer = answer
        self.log = [] if log is None else log

    def __call__(self):
        """Load."""
        began_s = self.runtime.now()
        try:
            yield from self.runtime.sleep(self.after_s)
        finally:
            self.log.append((began_s, self.runtime.now()))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def runtime():
    """A clock at 0 s."""
    return ManualRuntime()


@pytest.fixture
def flights():
    """No key is being loaded."""
    return SingleFlight()


def test_callers_of_one_key_share_one_loader(runtime, flights):
    """A hundred ask at 0 s; one load of 2 s serves them all, at 2 s."""
    loader = Loader(runtime, 2.0, "row")
    tasks = [runtime.start(flights.load(runtime, "acme", loader)) for _ in range(100)]
    runtime.finish()
    assert [task.result() for task in tasks] == ["row"] * 100
    assert loader.log == [(0.0, 2.0)]


def test_callers_of_different_keys_do_not_wait_for_each_other(runtime, flights):
    """Both loads run from 0 s to 2 s."""
    loaders = {key: Loader(runtime, 2.0, key) for key in ("acme", "globex")}
    for key, loader in loaders.items():
        runtime.start(flights.load(runtime, key, loader))
    runtime.finish()
    assert [loader.log for loader in loaders.values()] == [[(0.0, 2.0)]] * 2


def test_an_error_is_shared_with_those_who_wait_and_not_remembered(runtime, flights):
    """Three get the very error of one load; who asks afterwards begins a load of its own."""
    error = DatabaseError("down")
    loader = Loader(runtime, 2.0, error)
    tasks = [runtime.start(flights.load(runtime, "acme", loader)) for _ in range(3)]
    runtime.finish()
    for task in tasks:
        with pytest.raises(DatabaseError) as caught:
            task.result()
        assert caught.value is error
    assert loader.log == [(0.0, 2.0)]
    assert drive(flights.load(runtime, "acme", Loader(runtime, 1.0, "row"))) == "row"


def test_results_are_not_remembered(runtime, flights):
    """To keep them is the loader's business: a second caller after the end loads again."""
    loader = Loader(runtime, 1.0, "row")
    drive(flights.load(runtime, "acme", loader))
    drive(flights.load(runtime, "acme", loader))
    assert loader.log == [(0.0, 1.0), (1.0, 2.0)]


def test_a_leader_that_goes_away_is_replaced_by_who_waited_longest(runtime, flights):
    """The leader is dropped at 1 s; the first waiter loads from 1 s to 3 s with its own loader, for both."""
    leader = runtime.start(flights.load(runtime, "acme", Loader(runtime, 2.0, "leader's")))
    first = runtime.start(flights.load(runtime, "acme", Loader(runtime, 2.0, "first's")))
    second = runtime.start(flights.load(runtime, "acme", Loader(runtime, 2.0, "second's")))
    runtime.advance(1.0)
    leader.drop()
    runtime.finish()
    assert (first.result(), second.result(), runtime.now()) == ("first's", "first's", 3.0)


def test_a_leader_whose_time_is_up_is_replaced(runtime, flights):
    """T5 does not happen: the leader's limit of 1 s leaves no entry behind that later callers would wait for."""
    impatient = runtime.start(runtime.within(1.0, flights.load(runtime, "acme", Loader(runtime, 2.0, "row"))))
    patient = runtime.start(flights.load(runtime, "acme", Loader(runtime, 2.0, "row")))
    runtime.finish()
    with pytest.raises(TimedOut):
        impatient.result()
    assert patient.result() == "row"
    assert drive(flights.load(runtime, "acme", Loader(runtime, 1.0, "again"))) == "again"


def test_a_timeout_inside_the_loader_is_an_error_like_any_other(runtime, flights):
    """The loader itself gave up at 1 s, and so both callers hear it then."""

    def limited():
        return runtime.within(1.0, Loader(runtime, 2.0, "row")())

    tasks = [runtime.start(flights.load(runtime, "acme", limited)) for _ in range(2)]
    runtime.finish()
    for task in tasks:
        with pytest.raises(TimedOut):
            task.result()
    assert runtime.now() == 1.0


def test_a_waiter_that_goes_away_changes_nothing(runtime, flights):
    """The leader and the other waiter get their answer."""
    loader = Loader(runtime, 2.0, "row")
    leader, gone, stays = (runtime.start(flights.load(runtime, "acme", loader)) for _ in range(3))
    runtime.advance(1.0)
    gone.drop()
    runtime.finish()
    assert (leader.result(), stays.result()) == ("row", "row")


def test_a_loader_that_breaks_is_replaced_and_its_bug_is_its_callers(runtime, flights):
    """A panic is not shared in moka either: the waiter runs its own loader."""
    leader = runtime.start(flights.load(runtime, "acme", Loader(runtime, 1.0, ZeroDivisionError())))
    waiter = runtime.start(flights.load(runtime, "acme", Loader(runtime, 1.0, "row")))
    runtime.finish()
    with pytest.raises(ZeroDivisionError):
        leader.result()
    assert waiter.result() == "row"


def test_who_comes_between_the_end_and_the_waking_does_not_wait_for_ever(runtime, flights):
    """T4 does not happen: a caller of the moment of the end begins a load of its own, and the waiter has its answer."""
    first = Loader(runtime, 2.0, "first")

    def late():
        yield from runtime.sleep(2.0)
        return (yield from flights.load(runtime, "acme", Loader(runtime, 1.0, "late")))

    leader = runtime.start(flights.load(runtime, "acme", first))
    waiter = runtime.start(flights.load(runtime, "acme", first))
    comer = runtime.start(late())
    runtime.finish()
    assert (leader.result(), waiter.result(), comer.result()) == ("first", "first", "late")


def test_one_learns_whether_one_waits(runtime, flights):
    """The leader is told nothing; a waiter once, when it begins to wait, however often its leader is replaced."""
    told = []

    def load(name):
        return flights.load(runtime, "acme", Loader(runtime, 2.0, name), on_wait=lambda: told.append(name))

    leader, first, second = (runtime.start(load(name)) for name in ("leader", "first", "second"))
    runtime.advance(1.0)
    leader.drop()
    runtime.advance(1.0)
    first.drop()
    runtime.finish()
    assert told == ["first", "second"]
    assert second.result() == "second"


def test_an_error_shared_by_many_does_not_grow(runtime, flights):
    """Each waiter raises the one error from its own frame alone, so its trace is as short as the first waiter's."""
    error = DatabaseError("down")
    tasks = [runtime.start(flights.load(runtime, "acme", Loader(runtime, 1.0, error))) for _ in range(50)]
    runtime.finish()
    frames, trace = 0, error.__traceback__
    while trace is not None:
        frames, trace = frames + 1, trace.tb_next
    assert tasks[-1].done
    assert frames <= 3


CALLERS = st.lists(
    st.tuples(
        st.integers(0, 6),  # when it asks
        st.sampled_from("ab"),  # for which key
        st.integers(0, 4),  # how long its loader takes
        st.sampled_from(["row", "error", "bug"]),  # how its loader ends
        st.none() | st.integers(0, 8),  # when it goes away
    ),
    max_size=12,
)


@given(CALLERS)
def test_no_key_is_loaded_twice_at_once_and_nobody_is_left_waiting(callers):
    """Whatever callers come and go: loads of one key never overlap, and everyone who stayed has an end."""
    runtime, flights = ManualRuntime(), SingleFlight()
    under_way, tasks = set(), []

    def loader(key, after_s, end):
        def steps():
            assert key not in under_way
            under_way.add(key)
            try:
                yield from runtime.sleep(after_s)
            finally:
                under_way.remove(key)
            if end != "row":
                raise DatabaseError("down") if end == "error" else ZeroDivisionError
            return key

        return steps

    def caller(at_s, key, after_s, end):
        yield from runtime.sleep(at_s)
        return (yield from flights.load(runtime, key, loader(key, after_s, end)))

    def leaver(task, at_s):
        yield from runtime.sleep(at_s)
        task.drop()

    for at_s, key, after_s, end, leaves_s in callers:
        tasks.append(runtime.start(caller(at_s, key, after_s, end)))
        if leaves_s is not None:
            runtime.spawn(leaver(tasks[-1], leaves_s))
    runtime.finish()
    assert all(task.done for task in tasks)
    assert not under_way
    assert not any(isinstance(task._error, AssertionError) for task in tasks)
