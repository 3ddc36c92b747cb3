"""The relay of a node, and what it publishes to."""

from rustok_sim.adapters.transports import LogOutlet
from rustok_sim.core.context import Context
from rustok_sim.core.data import Store
from rustok_sim.core.events import Envelope, EventSettings, LocalBus
from rustok_sim.core.ports import Call, Steps
from rustok_sim.modules.outbox import Relay
from rustok_sim.platform.ports import Outside
from rustok_sim.platform.settings import Settings


class PrivateBus:
    """What RusToK's factory makes for the relay: a second set of objects, invisible to everybody else."""

    def __init__(self, outside: Outside, settings: EventSettings) -> None:
        self._bus = LocalBus(outside.runtime, settings)

    def publish(self, call: Call, envelope: Envelope) -> Steps[None]:
        """Send it to nobody. Raises ``External`` if the settings call that an error."""
        return self._bus.send(Context(call=call, tenant_id=envelope.tenant_id), envelope)


def start_relay(outside: Outside, store: Store, settings: Settings) -> None:
    """Let the node's relay work in the background, if it has one, on connections of the node's one pool."""
    runtime, outbox = outside.runtime, settings.outbox
    if outbox.relays == "none":
        return
    if outbox.target == "private":
        target: PrivateBus | LogOutlet = PrivateBus(outside, settings.events)
    else:
        target = LogOutlet(runtime, outside.log_wire, outside.log)
    relay = Relay(runtime, store, target, outbox.relay, worker=runtime.node)
    runtime.spawn(relay.run(lambda: outside.background("relay")))
