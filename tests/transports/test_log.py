"""The partitioned log: order by tenant, groups, replay, retention, crashes, dead letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rustok_sim.adapters.transports import Consumer, ConsumerSettings, LogInlet, LogServer, LogSettings, partition_of
from rustok_sim.core.context import Context
from rustok_sim.core.drive import ManualRuntime
from rustok_sim.core.errors import External
from rustok_sim.core.events import NodePublished, Undecodable, wrap
from rustok_sim.core.ids import named_id
from rustok_sim.core.ports import Call

TENANTS = [named_id("tenant", n) for n in range(6)]


def envelope(number, tenant=TENANTS[0]):
    """The event of this number, of some tenant."""
    context = Context(call=Call(1, "test", 1), tenant_id=tenant)
    return wrap(NodePublished(named_id("node", number), "page"), context, str(number), 0.0, "propagated")


class Cable:
    """A wire that takes no time."""

    def connect(self, call):
        """One session for all."""
        yield from ()
        return 1

    def exchange(self, call, session, effect, command=""):
        """At once."""
        yield from ()
        return effect()


class Mill:
    """A log, and groups whose members take a while for each event."""

    def __init__(self, **settings):
        self.runtime = ManualRuntime()
        self.server = LogServer(LogSettings(**settings))
        self.handled = []
        self.batches = []
        self.fails = lambda number: False
        self.error = External

    def append(self, *numbers, tenant=TENANTS[0]):
        """One after the other, at the present time."""
        return [self.server.append(envelope(number, tenant), self.runtime.now()) for number in numbers]

    def member(self, group="index", member=0, members=1, work_s=0.001, **settings):
        """One more member, at work on a node of its own."""

        def handle(event):
            yield from self.runtime.sleep(work_s)
            if self.fails(int(event.id)):
                raise self.error("no")
            self.handled.append((group, member, int(event.id)))

        def handle_batch(events):
            yield from self.runtime.sleep(work_s)
            self.batches.append([int(event.id) for event in events])
            if any(self.fails(int(event.id)) for event in events):
                raise self.error("no")
            self.handled.extend((group, member, int(event.id)) for event in events)

        inlet = LogInlet(self.runtime, Cable(), self.server, lambda: Call(-1, "test", 1))
        consumer = Consumer(
            self.runtime,
            inlet,
            group,
            handle,
            ConsumerSettings(**settings),
            handle_batch=handle_batch,
            member=member,
            members=members,
        )
        consumer.start()
        self.runtime.advance(0.0)
        return consumer

    def of(self, group="index"):
        """What this group has handled, in order."""
        return [number for name, _, number in self.handled if name == group]


@given(st.lists(st.tuples(st.sampled_from(TENANTS), st.integers(0, 5)), max_size=60))
def test_each_tenant_is_handled_in_its_own_order(writes):
    """Whatever else is written between, and however many partitions there are."""
    mill = Mill(partitions=3)
    mill.member()
    sent = {tenant: [] for tenant in TENANTS}
    for number, (tenant, pause) in enumerate(writes):
        mill.append(number, tenant=tenant)
        sent[tenant].append(number)
        mill.runtime.advance(pause * 0.0005)
    mill.runtime.advance(1.0)
    for numbers in sent.values():
        assert [number for number in mill.of() if number in numbers] == numbers
    assert mill.server.lag("index") == 0


def test_a_tenant_has_one_partition():
    """The same in every process: by the bytes of its id alone."""
    mill = Mill()
    entries = [mill.append(n, tenant=tenant)[0] for tenant in TENANTS for n in range(3)]
    assert {(e.envelope.tenant_id, e.partition) for e in entries} == {(t, partition_of(t, 8)) for t in TENANTS}


def test_groups_do_not_take_from_each_other_and_members_share():
    """Each group has everything; of two members each has its own partitions."""
    mill = Mill(partitions=2)
    for n, tenant in enumerate(TENANTS):
        mill.append(n, tenant=tenant)
    mill.member("index", 0, 2)
    mill.member("index", 1, 2)
    mill.member("search")
    mill.runtime.advance(1.0)
    assert sorted(mill.of("index")) == sorted(mill.of("search")) == list(range(6))
    by_member = {n: member for group, member, n in mill.handled if group == "index"}
    assert by_member == {n: partition_of(tenant, 2) for n, tenant in enumerate(TENANTS)}


@pytest.mark.parametrize(("commit", "handled"), [("after", [0, 1, 0, 1, 2]), ("before", [0, 1])])
def test_a_crash_in_the_middle_of_a_batch(commit, handled):
    """Committed after, it is repeated; committed before, the rest is lost."""
    mill = Mill(partitions=1)
    mill.append(0, 1, 2)
    mill.member(work_s=1.0, commit=commit)
    mill.runtime.advance(2.5)
    old, mill.runtime = mill.runtime, ManualRuntime("node-2")
    mill.member(work_s=1.0, commit=commit)
    mill.runtime.advance(10.0)
    assert old is not mill.runtime
    assert mill.of() == handled


def test_what_fails_too_often_is_buried_and_the_rest_goes_on():
    """Three attempts a second apart, in which those behind it wait."""
    mill = Mill(partitions=1)
    mill.fails = lambda number: number == 1
    mill.append(0, 1, 2)
    mill.member(attempts=3, retry_delay_s=1.0)
    mill.runtime.advance(1.9)
    assert mill.of() == [0]
    mill.runtime.advance(1.0)
    assert mill.of() == [0, 2]
    assert [(group, e.envelope.id, why) for group, e, why in mill.server.dead_letters] == [("index", "1", "no")]


@pytest.mark.parametrize(
    ("error", "choice", "waits_s"),
    [
        (Undecodable, "retried", 99.0),
        (Undecodable, "buried", 0.0),
        (External, "buried", 99.0),
    ],
)
def test_what_nobody_can_read_holds_its_partition_up_or_is_buried_at_once(error, choice, waits_s):
    """A hundred attempts a second apart, in which those behind it wait; buried, they follow at once.

    What may yet succeed has all its attempts for all that.
    """
    mill = Mill(partitions=1)
    mill.fails, mill.error = (lambda number: number == 1), error
    mill.append(0, 1, 2)
    mill.member(attempts=100, retry_delay_s=1.0, not_retryable=choice)
    mill.runtime.advance(waits_s + 0.0025)
    assert mill.of() == [0]
    mill.runtime.advance(0.5)
    assert mill.of() == [0, 2]
    assert [(group, e.envelope.id, why) for group, e, why in mill.server.dead_letters] == [("index", "1", "no")]


def test_a_batch_is_handled_at_once():
    """Five entries, at most three at a time: two batches, in order, in the time of two."""
    mill = Mill(partitions=1)
    mill.append(*range(5))
    mill.member(handling="batch", batch_entries=3, work_s=1.0)
    mill.runtime.advance(2.5)
    assert mill.batches == [[0, 1, 2], [3, 4]]
    assert mill.of() == list(range(5))
    assert mill.server.lag("index") == 0


def test_a_batch_that_fails_is_taken_entry_by_entry():
    """One of four has its attempts and is buried; the others are handled, and the next batch is whole again."""
    mill = Mill(partitions=1)
    mill.fails = lambda number: number == 1
    mill.append(*range(4))
    mill.member(handling="batch", attempts=2, retry_delay_s=1.0)
    mill.runtime.advance(3.0)
    assert mill.of() == [0, 2, 3]
    assert [entry.envelope.id for _, entry, _ in mill.server.dead_letters] == ["1"]
    mill.append(4, 5)
    mill.runtime.advance(1.0)
    assert mill.batches == [[0, 1, 2, 3], [4, 5]]
    assert mill.of() == [0, 2, 3, 4, 5]


def test_a_replay_begins_again_where_it_is_told_to():
    """From the first entry that came at or after the time; another group keeps its place."""
    mill = Mill(partitions=1)
    for number in range(4):
        mill.append(number)
        mill.runtime.advance(1.0)
    mill.server.commit("index", 0, 4)
    mill.server.commit("search", 0, 4)
    mill.server.replay("index", 2.0)
    mill.member("index")
    mill.member("search")
    mill.runtime.advance(1.0)
    assert (mill.of("index"), mill.of("search")) == ([2, 3], [])


def test_what_is_too_old_goes_read_or_not():
    """A group that is too slow loses it, and goes on with the oldest that is left."""
    mill = Mill(partitions=1, max_age_s=10.0)
    mill.append(0, 1)
    mill.runtime.advance(8.0)
    mill.append(2)
    mill.runtime.advance(4.0)
    assert mill.server.expire(mill.runtime.now()) == 2
    assert mill.server.lag("index") == 1
    mill.member()
    mill.runtime.advance(1.0)
    assert mill.of() == [2]


@pytest.mark.parametrize(
    ("settings", "lost"), [({"flush_every": 4}, 2), ({"flush_every": 4, "replicas": 2}, 0), ({}, 0)]
)
def test_a_crash_loses_what_was_not_flushed_nor_copied(settings, lost):
    """Six entries, flushed by fours: two are in one memory alone."""
    mill = Mill(partitions=1, **settings)
    mill.append(*range(6))
    mill.server.commit("index", 0, 6)
    assert mill.server.crash() == lost
    mill.append(7)
    mill.member()
    mill.runtime.advance(1.0)
    assert mill.of() == [7]
