"""The payment provider: a system of its own beside the platform, with its own books, and the client that speaks to it.

The server's state is shared by all nodes and outlives them; what it did, it did, whether or not its answer arrives.
Knows the payments module's ports and the wire it is given. It decides nothing about orders.
"""

from rustok_sim.adapters.gateway.client import GatewayClient
from rustok_sim.adapters.gateway.ledger import Entry, Ledger
from rustok_sim.adapters.gateway.server import GatewayServer

__all__ = ["Entry", "GatewayClient", "GatewayServer", "Ledger"]
