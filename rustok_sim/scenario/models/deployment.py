"""Where the platform runs: nodes, the ways between them, the database behind its pool."""

from typing import Annotated

from annotated_types import Interval
from pydantic import Field

from rustok_sim.scenario.models.base import NotNegative, Positive, Table
from rustok_sim.scenario.models.distributions import Distribution, Lognormal


def _latency(mean_s: float) -> Lognormal:
    return Lognormal(dist="lognormal", mean_s=mean_s, cv=0.5)


class Redis(Table):
    """The one Redis server."""

    round_trip: Distribution = Field(default_factory=lambda: _latency(0.0002))
    """From a node to it and back. The default makes the eight round trips of RusToK's hit path 1.6 ms, within the
    1 to 2 ms that its documents give (not measured)."""


class Database(Table):
    """The one database, and each node's pool of connections to it."""

    pool_connections: Annotated[int, Interval(ge=1, le=100_000)] = 10
    """Connections of one node's pool (RusToK, development: 10; test: 2)."""
    acquire_timeout_s: Positive = 30.0
    """How long a request waits for a connection before it fails (sqlx: 30)."""
    round_trip: Distribution = Field(default_factory=lambda: _latency(0.001))
    """From a node to it and back."""
    statement: Distribution = Field(default_factory=lambda: _latency(0.01))
    """How long it works on one statement. The defaults make a miss cost 11 ms, within the 10 to 15 ms that RusToK's
    documents give (not measured)."""
    commit_s: NotNegative = 0.0
    """How long a commit takes at the database beyond a statement. An outage loses what is not there yet."""
    servers: Annotated[int, Interval(ge=1, le=1_000_000)] | None = None
    """How many statements it works on at once; the others queue; absent: all of them."""


class Gateway(Table):
    """The payment provider, outside the house."""

    round_trip: Distribution = Field(default_factory=lambda: _latency(0.04))
    """From a node to it and back: over the open internet."""
    work: Distribution = Field(default_factory=lambda: _latency(0.3))
    """How long it works on one request: our guess at asking a bank; nobody has measured it."""


class Log(Table):
    """The brokers of the partitioned log, as one server."""

    round_trip: Distribution = Field(default_factory=lambda: _latency(0.001))
    """From a node to it and back."""


class Deployment(Table):
    """The shape of the deployment."""

    nodes: Annotated[int, Interval(ge=1, le=1000)] = 1
    """How many copies of the platform; node-1 to node-N, requests go to them in turn."""
    client_round_trip: Distribution | None = None
    """From a client to a node and back; absent: no time."""
    redis: Redis = Field(default_factory=Redis)
    """The Redis server."""
    database: Database = Field(default_factory=Database)
    """The database."""
    gateway: Gateway = Field(default_factory=Gateway)
    """The payment provider."""
    log: Log = Field(default_factory=Log)
    """The partitioned log."""
