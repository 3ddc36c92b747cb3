"""Requests to the platform: which node serves them, and clients that ask again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Literal

from rustok_sim.core.errors import DomainError, outcome_of
from rustok_sim.core.ports import Call
from rustok_sim.engine.draws import SiteDraws, Stream
from rustok_sim.engine.load import CLIENT_CLOSED_REQUEST, COPIES, LoadClass
from rustok_sim.engine.nodes import Balancer, EngineNode
from rustok_sim.engine.popularity import Asks, Tenants
from rustok_sim.engine.task import Task
from rustok_sim.platform import Answer


class Request:
    """One request to the platform, all its attempts included."""

    __slots__ = (
        "anew",
        "attempts",
        "begin_s",
        "call",
        "entity",
        "id",
        "live",
        "node",
        "original",
        "server",
        "task",
        "tenant",
        "waits",
    )

    def __init__(self, call: Call, begin_s: float) -> None:
        self.call = call
        self.id = call.id
        self.entity = self.original = call.entity
        """Its number in its class; of a copy, and that of the request it copies."""
        self.anew = False
        """Whether it is a copy with a number of its own."""
        self.waits = False
        """Whether an attempt is under way, or lost."""
        self.tenant = call.tenant or None
        self.begin_s = begin_s
        self.live = True
        self.attempts = 0
        self.node: str | None = None
        self.server: EngineNode | None = None
        self.task: Task | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """A ``loss`` fault: requests or answers of a class that get lost between client and node."""

    name: str
    ratio: float
    lost: Literal["request", "reply", "either"]
    luck: SiteDraws

    def befalls(self, way: Literal["request", "reply"], call: Call) -> bool:
        """Whether what goes this way is lost; each attempt has luck of its own."""
        if self.lost not in {way, "either"}:
            return False
        return self.luck(call.source, call.entity, call.attempt(self.name)) < self.ratio


@dataclass(frozen=True, slots=True)
class Doubling:
    """A ``duplicate`` fault: clients of a class that send a request twice."""

    ratio: float
    after_s: float
    anew: bool
    """Whether the second has a number of its own."""
    luck: SiteDraws


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

    def ask(self, mix: Mix, balancer: Balancer, tenants: Tenants, asks: Asks, *, retry: Any, jitter: SiteDraws) -> None:
        """Set what is asked, of whom, for which tenants, and when a client asks again."""
        self._jitter = jitter
        self.losses: dict[int, Loss] = {}
        """Active ``loss`` faults."""
        self.doublings: dict[int, Doubling] = {}
        """Active ``duplicate`` faults."""
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
        if self.doublings:
            self._double(entity)
        self._send(request)

    def _send(self, request: Request) -> None:
        """One attempt; each goes to the next node in turn."""
        if not request.live:
            return
        self._between.pop(request.id, None)
        original = request.original
        node = self._balancer.choose(original + request.attempts + (request.entity != original))
        request.attempts += 1
        request.waits, request.node = True, None
        if self._retry is not None and self._retry.attempt_timeout_s is not None:
            self.world.call_in(self._retry.attempt_timeout_s, self._lose_attempt, (request, request.attempts))
        if self.losses and self._is_lost("request", request):
            self._between[request.id] = request
            return
        if node is None:
            self._conclude(request, Answer(502, "no_node", retryable=True), "failed")
            return
        operation = self._mix.of(original)
        ask = self._asks.of(operation, original)
        request.node = node.name
        request.server = node
        if self._tells_sent:
            self._record_sent(request, operation)
        self._under_way[request.id] = request
        request.task = node.serve(
            request.call,
            operation,
            replace(ask, number=ask.number + COPIES) if request.anew else ask,
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
        if self.losses and self._is_lost("reply", request):
            self._between[request.id] = request
            return
        self._conclude(request, answer, outcome_of(answer.status))

    def crashed(self, request: Request) -> None:
        """The node died under the request: the client sees its connection reset."""
        self._leave(request)
        self._conclude(request, Answer(502, "node_crashed", retryable=True), "failed")

    def _conclude(self, request: Request, answer: Answer, outcome: str) -> None:
        """Take the answer, or ask again."""
        retry = self._retry
        request.waits = False
        if retry is None or request.attempts >= retry.max_attempts or not retry.wants(answer.status, answer.retryable):
            self._finish(request, outcome, answer.status, answer.code)
        else:
            self._try_again(request, answer, outcome)

    def _try_again(self, request: Request, answer: Answer, outcome: str) -> None:
        retry = self._retry
        if self._journal.wants("request.retried"):
            self._record_retry(request, answer, outcome)
        self._between[request.id] = request
        u = self._jitter(self.name, request.entity, request.attempts) if retry.jitter else 0.0
        self.world.call_in(retry.delay_s(request.attempts, u), self._send, request)

    def _lose_attempt(self, attempt: tuple[Request, int]) -> None:
        # An answer that comes at this very moment is in time.
        if self._still_waits(*attempt):
            self.world.call_in(0.0, self._give_up_attempt, attempt)

    def _give_up_attempt(self, attempt: tuple[Request, int]) -> None:
        if not self._still_waits(*attempt):
            return
        request, number = attempt
        self._cancel(request)
        request.waits = False
        if number >= self._retry.max_attempts:
            self._finish(request, "timed_out", CLIENT_CLOSED_REQUEST, "client_timeout")
        else:
            self._try_again(request, Answer(CLIENT_CLOSED_REQUEST, "attempt_timeout"), "timed_out")

    @staticmethod
    def _still_waits(request: Request, number: int) -> bool:
        return request.live and request.waits and request.attempts == number

    # What faults do to the messages of clients.

    def _is_lost(self, way: Literal["request", "reply"], request: Request) -> bool:
        """Whether a message gets lost: its client waits for ever, or until its patience ends."""
        return any(loss.befalls(way, request.call) for loss in self.losses.values())

    def _double(self, entity: int) -> None:
        """Plan the copy of a request, if its client sends it twice."""
        for doubling in self.doublings.values():
            if doubling.luck(self.name, entity, 0) < doubling.ratio:
                self.world.call_in(doubling.after_s, self._send_copy, (entity, doubling.anew))
                return

    def _send_copy(self, copy: tuple[int, bool]) -> None:
        original, anew = copy
        entity = original + COPIES
        request = Request(Call(self._first_id + entity, self.name, entity, self._tenants.of(original)), self.world.now)
        request.original, request.anew = original, anew
        if self._timeout_s is not None or self.leavers:
            self._await_client(request, entity)
        self._send(request)

    def forget_loss(self, fault: int) -> None:
        """The fault is over. What is lost stays lost."""
        del self.losses[fault]

    def forget_doubling(self, fault: int) -> None:
        """The fault is over."""
        del self.doublings[fault]

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
