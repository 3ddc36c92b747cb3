"""What a Redis server holds. One object stands for the server; all nodes share it."""

from collections import deque
from collections.abc import Callable
from typing import cast

from rustok_sim.core.ports import Signal, Steps, T


class RedisServer:
    """Keys with an end, and channels. Commands take effect at once and never wait: the wires bring the time.

    A subscription hears what is published while its listener is connected; nothing is kept for later.
    """

    def __init__(self) -> None:
        self._entries: dict[str, tuple[bytes, float | None]] = {}
        self._channels: dict[str, list[ServerSubscription]] = {}
        self._kept: dict[str, object] = {}

    def get(self, key: str, now: float) -> bytes | None:
        """GET."""
        value, expires_s = self._entries.get(key, (None, None))
        if expires_s is not None and now >= expires_s:
            del self._entries[key]
            return None
        return value

    def set(self, key: str, value: bytes, now: float, *, ttl_s: int) -> bool:
        """SET with EX; false, and no effect, for a time below one second, which Redis refuses."""
        if ttl_s < 1:
            return False
        self._entries[key] = (value, now + ttl_s)
        return True

    def delete(self, key: str) -> bool:
        """DEL; whether there was such a key."""
        return self._entries.pop(key, None) is not None

    def increment(self, key: str) -> int:
        """INCR of a key without an end; the new value."""
        count = int(self._entries.get(key, (b"0", None))[0]) + 1
        self._entries[key] = (str(count).encode(), None)
        return count

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """What scripts of this name keep in their keys, as *make* makes it when there is nothing yet."""
        if name not in self._kept:
            self._kept[name] = make()
        return cast(T, self._kept[name])

    def publish(self, channel: str, message: str) -> int:
        """PUBLISH; how many subscriptions hear it."""
        subscriptions = self._channels.get(channel, [])
        for subscription in subscriptions:
            subscription.deliver(message)
        return len(subscriptions)

    def subscribe(self, channel: str, subscription: "ServerSubscription") -> None:
        """SUBSCRIBE."""
        self._channels.setdefault(channel, []).append(subscription)

    def unsubscribe(self, channel: str, subscription: "ServerSubscription") -> None:
        """The listener is gone, whether or not it had subscribed."""
        subscriptions = self._channels.get(channel, [])
        if subscription in subscriptions:
            subscriptions.remove(subscription)

    def flush(self) -> None:
        """FLUSHALL: forget every key. Channels are not keys."""
        self._entries.clear()
        self._kept.clear()


class ServerSubscription:
    """The server's end of one subscription; *signal* wakes the listener."""

    def __init__(self, signal: Signal) -> None:
        self._messages: deque[str] = deque()
        self._signal = signal

    def deliver(self, message: str) -> None:
        """Put *message* in line."""
        self._messages.append(message)
        self._signal.wake()

    def next(self) -> Steps[str]:
        """Wait for the next message."""
        while not self._messages:
            yield from self._signal.wait()
        return self._messages.popleft()
