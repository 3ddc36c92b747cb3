"""One node's way to the log."""

from collections.abc import Sequence

from rustok_sim.adapters.transports.line import LogLine
from rustok_sim.adapters.transports.log import LogServer
from rustok_sim.core.events import Envelope
from rustok_sim.core.ports import Call, Runtime, Steps, Wire


class LogOutlet:
    """Appends over one connection. Who waits decides how long."""

    def __init__(self, runtime: Runtime, wire: Wire, server: LogServer) -> None:
        self._runtime = runtime
        self._line = LogLine(wire)
        self._server = server

    def publish(self, call: Call, envelope: Envelope) -> Steps[None]:
        """Append *envelope*. Raises ``WireError``; it may be in the log for all that."""
        yield from self._line.exchange(call, lambda: self._server.append(envelope, self._runtime.now()), "append")

    def publish_batch(self, call: Call, envelopes: Sequence[Envelope]) -> Steps[None]:
        """Append all of them in one exchange. Raises ``WireError``; they may be in the log for all that."""
        yield from self._line.exchange(call, lambda: self._append_all(envelopes), "append")

    def _append_all(self, envelopes: Sequence[Envelope]) -> None:
        now_s = self._runtime.now()
        for envelope in envelopes:
            self._server.append(envelope, now_s)
