"""The deployment around the platform: nodes, the servers they share, and the wires between them."""

from functools import partial
from itertools import chain, count

from rustok_sim.adapters.gateway import GatewayServer
from rustok_sim.adapters.redis import RedisServer
from rustok_sim.adapters.transports import LogServer
from rustok_sim.core.data import Database
from rustok_sim.core.journal import Journal
from rustok_sim.core.ports import Call
from rustok_sim.engine.audit import record_index, record_outbox, record_pools, record_rows
from rustok_sim.engine.condition import Condition
from rustok_sim.engine.database import open_database, settings_of, tenants_of
from rustok_sim.engine.distributions import site
from rustok_sim.engine.draws import Draws
from rustok_sim.engine.network import EngineWire
from rustok_sim.engine.nodes import EngineNode, node_names
from rustok_sim.engine.poison import Poison
from rustok_sim.engine.pool import Pool
from rustok_sim.engine.pools import Pools
from rustok_sim.engine.runtime import NodeRuntime
from rustok_sim.engine.server import Server
from rustok_sim.engine.station import Station
from rustok_sim.engine.steps import StepWatch
from rustok_sim.engine.watch import WatchedDatabase
from rustok_sim.engine.world import World
from rustok_sim.modules.outbox import CommitNews
from rustok_sim.platform import Node, Outside
from rustok_sim.scenario import Scenario


class Deployment:
    """The servers and the nodes of one scenario."""

    def __init__(
        self,
        world: World,
        scenario: Scenario,
        draws: Draws,
        journal: Journal,
        *,
        watch: StepWatch | None = None,
        poison: Poison | None = None,
    ) -> None:
        self._world = world
        self._scenario = scenario
        self._journal = journal
        spec = scenario.deployment
        self._redis = Server(world, "redis", site(draws, "redis", spec.redis.round_trip))
        self._database = self._database_server(draws, journal)
        provider = spec.gateway
        work = site(draws, "work:gateway", provider.work)
        self._gateway = Server(world, "gateway", site(draws, "gateway", provider.round_trip), work=work)
        self._gateway_state = GatewayServer(scenario.platform.payments)
        self._log = Server(world, "log", site(draws, "log", spec.log.round_trip))
        self._log_state = LogServer(scenario.platform.log)
        self._log.condition.listen(self._lose_entries)
        self._servers = {server.name: server for server in (self._redis, self._database, self._gateway, self._log)}
        self._outbox_news = CommitNews()
        self._links: dict[str, Condition] = {}
        self._wires: dict[str, EngineWire] = {}
        self._redis_state = RedisServer()
        self._settings = settings_of(scenario)
        self._database_state = open_database(scenario, self._settings)
        self._database.condition.listen(self._lose_transactions)
        self._poison = poison
        self.pools = Pools()
        self._opened: dict[str, list[Pool]] = {}
        """The pools of each node's latest start: what died with an earlier one is nobody's."""
        self._tenants = {tenant.slug: tenant.id for tenant in tenants_of(scenario)}
        self._jobs: dict[str, count[int]] = {}
        self._job_ids = count(1)
        client = None if spec.client_round_trip is None else site(draws, "client", spec.client_round_trip)
        self.nodes = [
            EngineNode(
                world,
                name,
                draws=draws,
                journal=journal,
                make=self._application,
                client_round_trip=client,
                wires=partial(self._wires_of, name),
                watch=watch,
            )
            for name in node_names(spec.nodes)
        ]

    def _database_server(self, draws: Draws, journal: Journal) -> Server:
        spec = self._scenario.deployment.database
        statement = site(draws, "work:database", spec.statement)
        server = Server(self._world, "database", site(draws, "database", spec.round_trip), work=statement)
        if spec.servers is not None:
            server.station = Station(
                self._world, "database", spec.servers, service=statement, journal=journal, condition=server.condition
            )
        return server

    def _lose_transactions(self, news: str) -> None:
        """A server that goes away takes with it what was not committed."""
        if news == "outage":
            self._database_state.crash()

    def _lose_entries(self, news: str) -> None:
        """Brokers that go away take with them what neither a copy nor a disk has."""
        if news == "outage":
            self._log_state.crash()

    def _application(self, runtime: NodeRuntime) -> Node:
        """One start of the platform on a node, with empty memory."""
        database = self._scenario.deployment.database
        name = runtime.node
        self._opened[name] = []
        outside = Outside(
            runtime=runtime,
            redis_wire=self._wire(name, self._redis),
            database_wire=self._wire(name, self._database),
            pool=self.pools.open(name, self._pool(name, database.pool_connections)),
            gateway_wire=self._wire(name, self._gateway),
            log_wire=self._wire(name, self._log),
            redis=self._redis_state,
            gateway=self._gateway_state,
            database=self._database_state,
            log=self._log_state,
            outbox_news=self._outbox_news,
            member=([node.name for node in self.nodes].index(name), len(self.nodes)),
            new_pool=lambda places: self._pool(name, places),
            spoilt=None if self._poison is None else self._poison.spoilt,
            background=lambda job: self._job(f"{name}:{job}"),
            watch=lambda opened: self._watch(opened, runtime),
        )
        return Node(
            outside,
            self._settings,
            acquire_timeout_s=database.acquire_timeout_s,
            price_minor=self._scenario.catalogue.price_minor,
        )

    def _pool(self, node: str, places: int) -> Pool:
        pool = Pool(self._world, node, places, self._scenario.deployment.database.acquire_timeout_s)
        self._opened[node].append(pool)
        return pool

    def _watch(self, database: Database, runtime: NodeRuntime) -> Database:
        if not self._journal.wants("tenant.crossed"):
            return database
        return WatchedDatabase(database, runtime, self._tenants)

    def _job(self, name: str) -> Call:
        """A call for a background job: the n-th of its name, with draws of its own. Its id is below zero."""
        return Call(-next(self._job_ids), name, next(self._jobs.setdefault(name, count())))

    def _wire(self, node: str, server: Server) -> EngineWire:
        """The wire outlives the node's crashes: what was on it is dropped with the node."""
        name = f"{node}->{server.name}"
        if name not in self._wires:
            self._wires[name] = EngineWire(server, self._link(name), partial(self._note_struck, node))
        return self._wires[name]

    def _wires_of(self, node: str) -> list[EngineWire]:
        names = (f"{node}->{server}" for server in self._servers)
        return [self._wires[name] for name in names if name in self._wires]

    def _note_struck(  # noqa: PLR0917 -- in the order of what a wire tells
        self, node: str, call: Call, server: str, what: str, detail: str, held_s: float | None
    ) -> None:
        now = self._world.now
        if now >= 0.0 and self._journal.wants("message.struck"):
            self._journal.append(
                (
                    now,
                    "message.struck",
                    node,
                    call.tenant or None,
                    call.id,
                    None,
                    server,
                    what,
                    None,
                    None,
                    None,
                    held_s,
                    detail,
                )
            )

    def start(self) -> None:
        """Boot every node."""
        for node in self.nodes:
            node.start()

    def audit(self, at_s: float) -> None:
        """Record what is left in the outbox, if anybody was to empty it, and what is wrong in the read model.

        Where the scenario asks for promises, both in any case, and how orders, stock, books and pools ended.
        """
        verified = self._scenario.verify is not None
        if verified or self._settings.outbox.relays != "none":
            record_outbox(self._database_state, self._journal, at_s)
        if verified or self._settings.index.in_use:
            self._end_work()  # what has not committed by now must not stand in the way
            record_index(self._database_state, self._settings, self._journal, at_s)
        if verified:
            record_rows(self._database_state, self._settings, self._journal, at_s)
            record_pools(chain.from_iterable(self._opened.values()), self._journal, at_s)

    def close(self) -> None:
        """The run is over: end all work, without a record of it."""
        self._end_work()
        self._database_state.close()

    def _end_work(self) -> None:
        # A commit goes on when its node is gone. One that the horizon cuts off must not: no record would tell of it.
        self._database_state.crash()
        for node in self.nodes:
            node.close()

    def stations(self) -> list[Station]:
        """The stations of servers that limit how much they do at once."""
        return [] if self._database.station is None else [self._database.station]

    def conditions(self, target: str) -> list[Condition]:
        """The condition of a server or of a link ``node->server``; of ``node->*`` or a node, those of all its links."""
        if target in self._servers:
            return [self._servers[target].condition]
        name, _, server = target.partition("->")
        nodes = [node.name for node in self.nodes if target == "nodes" or node.name == name]
        servers = list(self._servers) if server in {"", "*"} else [server]
        return [self._link(f"{node}->{server}") for node in nodes for server in servers]

    def is_server(self, target: str) -> bool:
        """Whether nodes have links to it."""
        return target in self._servers

    def _link(self, name: str) -> Condition:
        return self._links.setdefault(name, Condition())

    def nodes_named(self, target: str) -> list[EngineNode]:
        """One node, or all for ``nodes``."""
        return [node for node in self.nodes if target in ("nodes", node.name)]

    def flush(self, target: str) -> None:
        """Empty Redis, or the in-process caches of nodes."""
        if target == "redis":
            self._redis_state.flush()
        for node in self.nodes_named(target):
            node.flush()
