"""Nodes: each runs one platform in memory that a crash loses; and the balancer in front of them."""

from collections.abc import Callable, Sequence
from typing import Any

from rustok_sim.core.journal import Journal
from rustok_sim.core.operations import Ask
from rustok_sim.core.ports import Call, Steps
from rustok_sim.engine.draws import Draws, SiteDraws
from rustok_sim.engine.network import EngineWire
from rustok_sim.engine.pause import Pause
from rustok_sim.engine.runtime import Clock, NodeRuntime, WatchedRuntime
from rustok_sim.engine.steps import StepWatch
from rustok_sim.engine.task import Task
from rustok_sim.engine.world import World
from rustok_sim.platform import Answer, Node


def node_names(count: int) -> list[str]:
    """How so many nodes are called."""
    return [f"node-{i + 1}" for i in range(count)]


class EngineNode:
    """One node of the deployment."""

    def __init__(
        self,
        world: World,
        name: str,
        *,
        draws: Draws,
        journal: Journal,
        make: Callable[[NodeRuntime], Node],
        client_round_trip: SiteDraws | None = None,
        wires: Callable[[], Sequence[EngineWire]] = tuple,
        watch: StepWatch | None = None,
    ) -> None:
        self.name = name
        self.up = False
        self.clock = Clock()
        self._wires = wires
        self._watch = watch
        self._pauses = 0
        self._world = world
        self._draws = draws
        self._journal = journal
        self._make = make
        self._client_round_trip = client_round_trip
        self._requests: dict[Any, None] = {}
        self._runtime: NodeRuntime | None = None
        self.application: Node | None = None

    def start(self) -> None:
        """Boot with empty memory; traffic comes when that is done."""
        runtime = self._runtime = self._new_runtime()
        self.application = self._make(runtime)
        runtime.task(self.application.boot(), self._ready).start()

    def _new_runtime(self) -> NodeRuntime:
        if self._watch is None:
            return NodeRuntime(self._world, self.name, self._draws, self._journal, clock=self.clock)
        return WatchedRuntime(self._world, self.name, self._draws, self._journal, clock=self.clock, watch=self._watch)

    def _ready(self, _: object, error: BaseException | None) -> None:
        if error is not None:
            raise error
        self.up = True
        self._note("node.started")

    def _note(self, kind: str) -> None:
        if self._world.now >= 0.0 and self._journal.wants(kind):
            self._journal.append(
                (self._world.now, kind, self.name, None, None, None, None, None, None, None, None, None, None)
            )

    def serve(self, call: Call, operation: str, ask: Ask, on_end: Any, request: Any) -> Task:
        """The task that serves *request*; not started yet."""
        assert self._runtime is not None
        assert self.application is not None
        steps = self.application.handle(call, operation, ask)
        if self._client_round_trip is not None:
            steps = self._over_the_client_link(call, steps)
        self._requests[request] = None
        return self._runtime.task(steps, on_end)

    def _over_the_client_link(self, call: Call, steps: Steps[Answer]) -> Steps[Answer]:
        assert self._client_round_trip is not None
        half_s = self._client_round_trip(call.source, call.entity) / 2.0
        yield half_s
        answer = yield from steps
        yield half_s
        return answer

    def release(self, request: Any) -> None:
        """The request is over."""
        self._requests.pop(request, None)

    def drop(self, task: Task) -> None:
        """Cancel the work of *task* where it stands."""
        if self._runtime is not None:
            self._runtime.drop(task)

    def crash(self, restart_s: float, report: Callable[[Any], None]) -> None:
        """Lose memory and work in flight; boot again after *restart_s*. *report* is told each request that was lost.

        Nothing happens to a node that is down already: it boots when the crash that took it down said.
        """
        runtime = self._runtime
        if runtime is None:
            return
        self.up = False
        self._runtime = self.application = None
        self._hold(None)
        self._note("node.crashed")
        runtime.kill()
        requests, self._requests = list(self._requests), {}
        for request in requests:
            report(request)
        self._world.call_in(restart_s, lambda _: self.start())

    def drain(self) -> None:
        """Take no new requests, until the next start."""
        self.up = False

    def stand_still(self) -> None:
        """Let nothing of the node run until as many times :meth:`go_on` was called. A node that is down stays down."""
        self._pauses += 1
        runtime = self._runtime
        if runtime is not None and runtime.pause is None:
            pause = runtime.pause = Pause(self._world)
            pause.begin(runtime.tasks, at_servers=[task for wire in self._wires() for task in wire.under_way])
            self._hold(pause)

    def go_on(self) -> None:
        """One reason to stand still is gone. What has started meanwhile never stood still."""
        self._pauses -= 1
        runtime = self._runtime
        if not self._pauses and runtime is not None and runtime.pause is not None:
            pause, runtime.pause = runtime.pause, None
            self._hold(None)
            pause.end()

    def _hold(self, pause: Pause | None) -> None:
        for wire in self._wires():
            wire.hold(pause)

    def close(self) -> None:
        """The run is over."""
        if self._runtime is not None:
            self._runtime.close()

    def flush(self) -> None:
        """Empty the in-process caches."""
        if self.application is not None:
            self.application.flush()


class Balancer:
    """Spreads requests over the nodes in turn, by the number of the request, past those that are down."""

    def __init__(self, nodes: Sequence[EngineNode]) -> None:
        self._nodes = nodes

    def choose(self, entity: int) -> EngineNode | None:
        """The node for request number *entity*; ``None`` when all are down."""
        nodes = self._nodes
        n = len(nodes)
        node = nodes[entity % n]
        if node.up:
            return node
        return next((other for i in range(1, n) if (other := nodes[(entity + i) % n]).up), None)
