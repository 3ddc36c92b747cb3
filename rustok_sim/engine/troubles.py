"""What faults do to single messages on a wire. Nothing here runs where no such fault is at work."""

from collections.abc import Callable
from typing import TypeAlias

from rustok_sim.core.errors import ConnectionLost, DatabaseError, ServerFault
from rustok_sim.core.ports import Call, Steps, T
from rustok_sim.engine.condition import Condition
from rustok_sim.engine.mishaps import Mishap, refusal
from rustok_sim.engine.server import Server
from rustok_sim.engine.task import NEVER, Task

Struck: TypeAlias = Callable[[Call, str, str, str, float | None], None]
"""Told of each message that a fault befell: its call, its server, what happened, by what to what, and for how long."""


def unheard(_call: Call, _server: str, _what: str, _detail: str, _held_s: float | None) -> None:
    """Nobody listens."""


class Troubles:
    """What befalls the messages between one node and one server, by faults of the server and of the link.

    A message meets the faults that are at work when it sets out, an answer those at work when it arrives.
    """

    def __init__(self, server: Server, link: Condition, struck: Struck) -> None:
        self._server = server
        self._link = link
        self._conditions = (server.condition, link)
        self._struck = struck

    def set_out(self, call: Call, command: str) -> Steps[None]:
        """Let happen what befalls a message on its way to the server."""
        for mishap in self._mishaps("lost", "late", "held"):
            if mishap.request:
                yield from self._befall(mishap, call, command, "request_lost")

    def arrive(self, call: Call, command: str, *, loses: bool = True, fails: bool = True) -> Steps[None]:
        """Let happen what befalls an answer on its way back, and at a node that stands still.

        Raises what takes its place: ``ServerFault``, ``ConnectionLost``.
        """
        for mishap in self._mishaps("late", "held", *(("lost",) if loses else ())):
            if mishap.reply:
                yield from self._befall(mishap, call, command, "reply_lost")
        pause = self._link.pause
        if pause is not None:
            yield pause.gate
        if fails:
            self._fail(call, command)
            for mishap in self._hit(call, command, "reset"):
                raise ConnectionLost(f"{self._server.name} broke the connection before its answer ({mishap.name})")

    def loses(self, call: Call, command: str) -> bool:
        """Whether a message that the server sends of its own accord is lost on its way."""
        return any(True for _ in self._hit(call, command, "lost", what="reply_lost"))

    def refuse(self, call: Call, command: str, back_s: float) -> Steps[None]:
        """Raise what the server says in place of the work; what is no answer of a database takes *back_s* to come."""
        for mishap in self._hit(call, command, "not_done"):
            error = refusal(mishap, self._server.name)
            if not isinstance(error, DatabaseError):
                yield back_s
            raise error

    def twice(self, call: Call, command: str) -> bool:
        """Whether the message arrives a second time."""
        return any(True for _ in self._hit(call, command, "twice"))

    def beset(self, call: Call, work: Callable[[], Steps[T]], command: str, back_s: float) -> Callable[[], Steps[T]]:
        """*work*, refused or done twice where a fault has it so."""

        def steps() -> Steps[T]:
            yield from self.refuse(call, command, back_s)
            result = yield from work()
            if self.twice(call, command):
                # The second copy is nobody's: nobody hears what comes of it.
                Task(self._server.world, work(), lambda *_: None).start_soon()
            return result

        return steps

    def _mishaps(self, *blows: str) -> list[Mishap]:
        found = (mishap for condition in self._conditions for mishap in condition.mishaps.values())
        return [mishap for mishap in found if mishap.blow in blows]

    def _hit(self, call: Call, command: str, blow: str, *, what: str = "") -> list[Mishap]:
        """The first mishap of this kind that befalls the message, if one does."""
        for mishap in self._mishaps(blow):
            if mishap.reply and mishap.befalls(call, command) is not None:
                self._tell(call, what or mishap.outcome, mishap, command)
                return [mishap]
        return []

    def _befall(self, mishap: Mishap, call: Call, command: str, lost: str) -> Steps[None]:
        u = mishap.befalls(call, command)
        if u is None:
            return
        match mishap.blow:
            case "late":
                self._tell(call, "late", mishap, command, mishap.spread_s * u)
                yield mishap.spread_s * u
            case "held":
                self._tell(call, "late", mishap, command)
                yield mishap.gate
            case _:
                self._tell(call, lost, mishap, command)
                yield NEVER

    def _fail(self, call: Call, command: str) -> None:
        """Raise the server's or the link's error, if it has its hour. A station draws the server's errors itself."""
        for condition in self._conditions if self._server.station is None else self._conditions[1:]:
            if condition.error_ratios and condition.fails(
                call.source, call.entity, call.attempt("errors:" + self._server.name), command, call.tenant
            ):
                raise ServerFault(f"{self._server.name} answered with an error")

    def _tell(self, call: Call, what: str, mishap: Mishap, command: str, held_s: float | None = None) -> None:
        self._struck(call, self._server.name, what, f"{mishap.name} {command}".rstrip(), held_s)
