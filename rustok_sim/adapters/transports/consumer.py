"""A member of a group: reads its partitions from the group's place on, and moves that place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Interval

from rustok_sim.adapters.transports.inlet import LogInlet
from rustok_sim.adapters.transports.log import Entry
from rustok_sim.core.errors import DomainError, TimedOut, WireError
from rustok_sim.core.events import Envelope
from rustok_sim.core.marks import mark
from rustok_sim.core.ports import Runtime, Steps, T
from rustok_sim.core.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerSettings:
    """How a group consumes."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT

    batch_entries: Annotated[int, Interval(ge=1, le=10_000)] = 100
    handling: Literal["each", "batch"] = "each"
    """each: one entry after the other; batch: all entries of a batch at once, as far as the handlers know how to. A
    batch that fails is handled entry by entry, so that one of them holds up, or buries, itself alone."""
    commit: Literal["after", "before"] = "after"
    """after: the place moves when a batch is handled, so a crash repeats it (at least once); before: when it is read,
    so a crash loses it (at most once)."""
    attempts: Annotated[int, Ge(1)] = 3
    retry_delay_s: Annotated[float, Ge(0)] = 1.0
    """While an entry waits for its next attempt, those behind it in its partition wait too: their order is kept."""
    not_retryable: Literal["retried", "buried"] = "retried"
    """What becomes of an entry whose error says that trying again is of no use, as of one that nobody can read.

    retried: it has all its attempts, and its partition stands still for as long; buried: a dead letter at once."""
    call_timeout_s: Annotated[float, Gt(0)] | None = None
    """How long a call to the log may take before it is made again. None: for ever, so that one which a hanging log has
    swallowed stops the partition for good."""


class Consumer:
    """One member. Of *members* in all, number *member* has every so-many-th partition to itself."""

    def __init__(
        self,
        runtime: Runtime,
        inlet: LogInlet,
        group: str,
        handle: Callable[[Envelope], Steps[None]],
        settings: ConsumerSettings,
        *,
        handle_batch: Callable[[Sequence[Envelope]], Steps[None]] | None = None,
        member: int = 0,
        members: int = 1,
    ) -> None:
        self._runtime = runtime
        self._inlet = inlet
        self._group = group
        self._handle = handle
        self._handle_batch = handle_batch if settings.handling == "batch" else None
        self._settings = settings
        self.partitions = range(member, inlet.partitions, members)

    def start(self) -> None:
        """Consume each of its partitions from now on, side by side."""
        for number in self.partitions:
            self._runtime.spawn(self._consume(number))

    def _consume(self, number: int) -> Steps[None]:
        """Batch after batch, without end; a log that cannot be reached is asked again after the delay of a retry."""
        while True:
            try:
                if not (yield from self._batch(number)):
                    yield from self._limited(self._inlet.more(self._group, number))
            except (WireError, TimedOut):
                mark("consumer asks again")
                yield from self._runtime.sleep(self._settings.retry_delay_s)

    def _batch(self, number: int) -> Steps[int]:
        """Take one batch of the partition; how many entries.

        Raises ``WireError``, or ``TimedOut``: then nobody knows whether its place has moved.
        """
        inlet, settings, group = self._inlet, self._settings, self._group
        entries = yield from self._limited(inlet.fetch(group, number, settings.batch_entries))
        if entries:
            behind = entries[-1].offset + 1
            if settings.commit == "before":
                yield from self._limited(inlet.commit(group, number, behind))
            yield from self._take(entries)
            if settings.commit == "after":
                yield from self._limited(inlet.commit(group, number, behind))
        return len(entries)

    def _limited(self, steps: Steps[T]) -> Steps[T]:
        """*steps*, within the limit if there is one. Raises ``TimedOut``."""
        limit_s = self._settings.call_timeout_s
        return (yield from (steps if limit_s is None else self._runtime.within(limit_s, steps)))

    def _take(self, entries: Sequence[Entry]) -> Steps[None]:
        if self._handle_batch is not None:
            try:
                yield from self._handle_batch([entry.envelope for entry in entries])
            except DomainError:
                mark("consumer takes a failed batch entry by entry")
            else:
                return
        for entry in entries:
            reason = yield from self._attempts(entry)
            if reason is not None:
                self._inlet.bury(self._group, entry, reason)

    def _attempts(self, entry: Entry) -> Steps[str | None]:
        """Why it was given up, if it was."""
        buried = self._settings.not_retryable == "buried"
        for left in range(self._settings.attempts - 1, -1, -1):
            try:
                yield from self._handle(entry.envelope)
            except DomainError as error:
                if not left or (buried and not error.retryable):
                    return str(error)
                yield from self._runtime.sleep(self._settings.retry_delay_s)
            else:
                break
        return None
