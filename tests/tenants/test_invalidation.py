"""How v1 tells other nodes, and how its listener hears (RusToK, tenant middleware)."""

from collections import deque

import pytest

from rustok_sim.core.drive import drive
from rustok_sim.core.errors import CacheError
from rustok_sim.modules.tenants import Identifier, made_up_tenant
from rustok_sim.modules.tenants.invalidation import keys_of, message_of

PAIR = ("tenant:v1:slug:acme", "tenant_negative:v1:slug:acme")


class Line:
    """A channel on the bench: what is published lies in ``sent``; what others ``say`` is heard, until ``end``."""

    def __init__(self, runtime, *, reachable=True):
        self.reachable = reachable
        self.sent = []
        self.closed = False
        self.ended = False
        self._signal = runtime.signal()
        self._heard = deque()

    def publish(self, call, message):
        """Keep it in ``sent``."""
        yield from ()
        if not self.reachable:
            raise CacheError("nobody there")
        self.sent.append(message)

    def subscribe(self, call):
        """The line is its own subscription."""
        yield from ()
        if not self.reachable:
            raise CacheError("nobody there")
        return self

    def receive(self, call):
        """The next message."""
        while not self._heard:
            if self.ended:
                raise CacheError("the stream has ended")
            yield from self._signal.wait()
        return self._heard.popleft()

    def close(self):
        """Note that it was closed."""
        self.closed = True

    def say(self, message):
        """Another node publishes."""
        self._heard.append(message)
        self._signal.wake()

    def end(self):
        """The connection breaks."""
        self.ended = True
        self._signal.wake()


@pytest.fixture
def line(bench):
    """A listening node with one tenant cached."""
    line = Line(bench.runtime)
    bench.open("v1_as_wired", channel=line)
    bench.get()
    return line


def test_pair_of_keys_is_published(bench, line):
    """Positive key, bar, negative key, after the own copies are gone."""
    drive(bench.resolver.invalidate(bench.call(), Identifier("slug", "acme")))
    assert line.sent == ["tenant:v1:slug:acme|tenant_negative:v1:slug:acme"]
    assert [record.detail for record in bench.of("cache.invalidated")] == list(PAIR)


def test_nobody_to_tell_is_ignored(bench):
    """The publisher's failures are ignored; the own copies are gone all the same."""
    bench.open("v1_as_wired", channel=Line(bench.runtime, reachable=False))
    drive(bench.resolver.invalidate(bench.call(), Identifier("slug", "acme")))
    assert len(bench.of("cache.invalidated")) == 2


def test_listener_forgets_what_others_publish(bench, line):
    """The row changed elsewhere is loaded anew here."""
    bench.store.write(made_up_tenant("acme").id, {})
    line.say(message_of(*PAIR))
    bench.runtime.finish()
    assert bench.get().version == 2


def test_listener_passes_over_what_names_no_pair(bench, line):
    """A malformed message is skipped and the next one heard."""
    line.say("nonsense")
    line.say(message_of(*PAIR))
    bench.runtime.finish()
    assert len(bench.of("cache.invalidated")) == 2


def test_listener_gives_up_for_good_when_the_stream_ends(bench, line):
    """D-36: it closes its subscription, nothing starts it again, and later messages change nothing."""
    line.end()
    bench.runtime.finish()
    assert line.closed
    line.ended = False
    line.say(message_of(*PAIR))
    bench.runtime.finish()
    assert bench.of("cache.invalidated") == []


def test_listener_gives_up_for_good_when_it_cannot_subscribe(bench):
    """D-36: reachable again, the channel has no listener."""
    line = Line(bench.runtime, reachable=False)
    bench.open("v1_as_wired", channel=line)
    bench.runtime.finish()
    line.reachable = True
    line.say(message_of(*PAIR))
    bench.runtime.finish()
    assert bench.of("cache.invalidated") == []


@pytest.mark.parametrize("message", ["", "a", "|b", "a|"])
def test_message_without_two_keys_names_no_pair(message):
    """Both keys must be there."""
    assert keys_of(message) is None


def test_more_than_two_keys_are_cut():
    """What follows a second bar is not read."""
    assert keys_of("a|b|c") == ("a", "b")
