"""One node's way to the log."""

from rustok_sim.adapters.transports.log import LogServer
from rustok_sim.core.errors import WireError
from rustok_sim.core.events import Envelope
from rustok_sim.core.ports import Call, Runtime, Steps, Wire


class LogOutlet:
    """Appends over one connection, made when it is needed and again after it was lost. Who waits decides how long."""

    def __init__(self, runtime: Runtime, wire: Wire, server: LogServer) -> None:
        self._runtime = runtime
        self._wire = wire
        self._server = server
        self._session: int | None = None

    def publish(self, call: Call, envelope: Envelope) -> Steps[None]:
        """Append *envelope*. Raises ``WireError``; it may be in the log for all that."""
        session = self._session
        if session is None:
            session = self._session = yield from self._wire.connect(call)
        try:
            yield from self._wire.exchange(call, session, lambda: self._server.append(envelope, self._runtime.now()))
        except WireError:
            self._session = None
            raise
