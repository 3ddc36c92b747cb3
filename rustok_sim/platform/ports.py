"""What a node gets from outside: everything else it makes itself, anew at each start."""

from collections.abc import Callable
from dataclasses import dataclass

from rustok_sim.adapters import DatabaseServer, NewsWire, Pool
from rustok_sim.adapters.gateway import GatewayServer
from rustok_sim.adapters.redis import RedisServer
from rustok_sim.adapters.transports import LogServer
from rustok_sim.core.data import Database
from rustok_sim.core.events import Envelope
from rustok_sim.core.ports import Call, Runtime, Wire
from rustok_sim.modules.outbox import CommitNews


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The world around one start of one node.

    ``redis``, ``database``, ``gateway`` and ``log`` are the servers themselves: they outlive nodes, and all nodes share
    them. The rest belongs to this start of the node and dies with it.
    """

    runtime: Runtime
    redis_wire: NewsWire
    database_wire: Wire
    gateway_wire: Wire
    log_wire: Wire
    pool: Pool
    """Places for database connections; its acquire timeout is the node's *acquire_timeout_s*."""
    redis: RedisServer
    gateway: GatewayServer
    database: DatabaseServer
    log: LogServer
    outbox_news: CommitNews
    """Word of commits to the outbox, for all nodes."""
    member: tuple[int, int]
    """The node's number among all nodes, from 0, and how many there are: its place in groups of consumers."""
    new_pool: Callable[[int], Pool]
    """Makes another pool, of so many places."""
    spoilt: Callable[[str, Envelope], bool] | None = None
    """Whether a fault has spoilt an event for those who read it at a place: outbox, log or bus. ``None``: none has."""
    background: Callable[[str], Call]
    """A new call for a named background job of this node: each has draws of its own, at every start too."""
    watch: Callable[[Database], Database] = lambda database: database
    """Lays somebody over the node's database who looks at what it answers."""
