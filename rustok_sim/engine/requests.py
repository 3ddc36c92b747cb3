"""Requests to the platform: which node serves them, and clients that ask again."""

from collections.abc import Mapping
from itertools import accumulate
from typing import Any

from rustok_sim.core.errors import DomainError, outcome_of
from rustok_sim.core.ports import Call
from rustok_sim.engine.draws import Stream
from rustok_sim.engine.load import LoadClass
from rustok_sim.engine.nodes import Balancer, EngineNode
from rustok_sim.engine.popularity import Asks, Tenants
from rustok_sim.engine.task import Task
from rustok_sim.platform import Answer


class Request:
    """One request to the platform, all its attempts included."""

    __slots__ = ("attempts", "begin_s", "call", "entity", "id", "live", "node", "server", "task", "tenant")

    def __init__(self, call: Call, begin_s: float) -> None:
        self.call = call
        self.id = call.id
        self.entity = call.entity
        self.tenant = call.tenant or None
        self.begin_s = begin_s
        self.live = True
        self.attempts = 0
        self.node: str | None = None
        self.server: EngineNode | None = None
        self.task: Task | None = None


class Mix:
    """The operations of a class by their shares; each request draws its own."""

    def __init__(self, shares: Mapping[str, float], luck: Stream) -> None:
        self._luck = luck
        self._bounds = list(zip(accumulate(shares.values()), shares, strict=True))

    def of(self, entity: int) -> str:
        """The operation of request number *entity*."""
        u = self._luck(entity) * self._bounds[-1][0]
        return next((name for bound, name in self._bounds if u < bound), self._bounds[-1][1])


class OperationClass(LoadClass):
    """Requests for operations of the platform, spread over its nodes."""

    def ask(self, mix: Mix, balancer: Balancer, tenants: Tenants, asks: Asks, retry: Any) -> None:
        """Set what is asked, of whom, for which tenants, and when a client asks again."""
        self._mix = mix
        self._balancer = balancer
        self._tenants = tenants
        self._asks = asks
        self._retry = retry
        self._tells_sent = self._journal.wants("request.sent")
        self._under_way: dict[int, Request] = {}
        self._between: dict[int, Request] = {}

    def _begin(self, entity: int) -> None:
        world = self.world
        call = Call(self._first_id + entity, self.name, entity, self._tenants.of(entity))
        request = Request(call, world._now)
        if self._timeout_s is not None or self.leavers:
            self._await_client(request, entity)
        self._send(request)

    def _send(self, request: Request) -> None:
        """One attempt; each goes to the next node in turn."""
        if not request.live:
            return
        self._between.pop(request.id, None)
        entity = request.entity
        node = self._balancer.choose(entity + request.attempts)
        request.attempts += 1
        if node is None:
            self._conclude(request, Answer(502, "no_node", retryable=True), "failed")
            return
        operation = self._mix.of(entity)
        request.node = node.name
        request.server = node
        if self._tells_sent:
            self._record_sent(request, operation)
        self._under_way[request.id] = request
        request.task = node.serve(
            request.call,
            operation,
            self._asks.of(operation, entity),
            lambda value, error: self._answer(request, value, error),
            request,
        )
        request.task.start()

    def _answer(self, request: Request, answer: Any, error: BaseException | None) -> None:
        self._leave(request)
        if isinstance(error, DomainError):
            answer = Answer(error.status, error.code, retryable=error.retryable)
        elif error is not None:
            raise error
        self._conclude(request, answer, outcome_of(answer.status))

    def crashed(self, request: Request) -> None:
        """The node died under the request: the client sees its connection reset."""
        self._leave(request)
        self._conclude(request, Answer(502, "node_crashed", retryable=True), "failed")

    def _conclude(self, request: Request, answer: Answer, outcome: str) -> None:
        """Take the answer, or ask again."""
        retry = self._retry
        if retry is None or request.attempts >= retry.max_attempts or not retry.wants(answer.status, answer.retryable):
            self._finish(request, outcome, answer.status, answer.code)
            return
        if self._journal.wants("request.retried"):
            self._record_retry(request, answer, outcome)
        self._between[request.id] = request
        self.world.call_in(retry.delay_s(request.attempts), self._send, request)

    def _record_sent(self, request: Request, operation: str) -> None:
        record = (self.world.now, "request.sent", request.node, request.tenant, request.id, None, self.name)
        self._journal.append((*record, None, None, request.begin_s, None, float(request.attempts), operation))

    def _record_retry(self, request: Request, answer: Answer, outcome: str) -> None:
        record = (self.world.now, "request.retried", request.node, request.tenant, request.id, None, self.name)
        self._journal.append(
            (*record, outcome, answer.status, request.begin_s, None, float(request.attempts), answer.code)
        )

    def _leave(self, request: Request) -> None:
        del self._under_way[request.id]
        assert request.server is not None
        request.server.release(request)
        request.server = None

    def _cancel(self, request: Request) -> None:
        self._between.pop(request.id, None)
        if request.server is not None and request.task is not None:
            server = request.server
            self._leave(request)
            server.drop(request.task)

    def close_books(self) -> None:
        """Record who still waits for an answer, or to ask again."""
        for request in [*self._under_way.values(), *self._between.values()]:
            self._record_in_flight(request)
