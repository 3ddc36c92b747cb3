"""What each kind of fault does to its target, and how that ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from rustok_sim.engine.condition import Condition
from rustok_sim.engine.draws import Draws, SiteDraws
from rustok_sim.engine.load import LoadClass
from rustok_sim.engine.mishaps import Blow, Meter, Mishap, Scope
from rustok_sim.engine.nodes import EngineNode
from rustok_sim.engine.outside import Deployment
from rustok_sim.engine.poison import Poison
from rustok_sim.engine.requests import Doubling, Loss, OperationClass
from rustok_sim.engine.station import Station
from rustok_sim.engine.task import Gate
from rustok_sim.engine.world import World

Act: TypeAlias = Callable[[str], None]
"""Done to a target."""

OF_MESSAGES: Final[Mapping[str, Blow]] = {"loss": "lost", "partition": "lost", "reorder": "late", "duplicate": "twice"}


@dataclass(frozen=True, slots=True)
class Effect:
    """What a fault does when it strikes a target, and when it ends; without an end it strikes in a moment."""

    begin: Act
    end: Act | None = None
    lasts_s: float | None = None
    """How long, where the kind itself says so."""
    at_boot: bool = False
    """Whether what strikes at 0 s is so already while the platform boots."""


class Effects:
    """The parts of one run, as faults see them."""

    def __init__(
        self,
        world: World,
        draws: Draws,
        *,
        deployment: Deployment | None,
        stations: Mapping[str, Station],
        loads: Mapping[str, LoadClass],
        poison: Poison | None,
    ) -> None:
        self._world = world
        self._draws = draws
        self._deployment = deployment
        self._stations = stations
        self._loads = loads
        self._poison = poison

    def of(self, number: int, spec: Any) -> Effect:
        """What fault *number* does."""
        match spec.kind:
            case "crash":
                return Effect(lambda target: self._each(target, lambda node: node.crash(spec.restart_s, self._lost)))
            case "flush":
                return Effect(self._flush)
            case "deploy":
                return self._deploy(spec)
            case "pause":
                return self._on_nodes(EngineNode.stand_still, EngineNode.go_on)
            case "clock_skew":
                return self._clock_skew(spec)
            case "exhaust":
                return self._exhaust(number, spec)
            case "poison":
                return self._poisoning(number, spec)
            case "cancel":
                return self._cancel(number, spec)
        return self._on_conditions(number, spec)

    # Of components and links.

    def _on_conditions(self, number: int, spec: Any) -> Effect:
        """What acts on conditions; load classes have none, and see to lost and double messages themselves."""
        begin, end = self._acts(number, spec)
        clients = self._on_clients(number, spec)

        def strike(target: str) -> None:
            if clients is not None and self._is_client(target):
                clients.begin(target)
            else:
                for condition in self._conditions(target):
                    begin(condition)

        def heal(target: str) -> None:
            if clients is not None and clients.end is not None and self._is_client(target):
                clients.end(target)
            else:
                for condition in self._conditions(target):
                    end(condition)

        return Effect(strike, heal, at_boot=True)

    def _acts(self, number: int, spec: Any) -> tuple[Callable[[Condition], None], Callable[[Condition], None]]:
        match spec.kind:
            case "outage":
                return Condition.refuse, Condition.accept
            case "hang":
                return Condition.hang, Condition.wake
            case "slow":
                return (
                    lambda condition: condition.slow_down(number, spec.factor, spec.add_s),
                    lambda condition: condition.speed_up(number),
                )
            case "errors" if spec.error == "fault":
                luck, scope = SiteDraws(self._draws, f"errors.{number}"), Scope.of(spec)
                return (
                    lambda condition: condition.err(number, spec.ratio, luck, scope=scope, meter=self._meter(spec)),
                    lambda condition: condition.stop_erring(number),
                )
        luck = SiteDraws(self._draws, f"{spec.kind}.{number}")
        return (
            lambda condition: condition.beset(number, self._mishap(number, spec, luck)),
            lambda condition: condition.relieve(number),
        )

    def _mishap(self, number: int, spec: Any, luck: SiteDraws) -> Mishap:
        """What befalls messages, of one component."""
        held = spec.kind == "partition" and spec.form == "held"
        error = getattr(spec, "error", "")
        blow: Blow = OF_MESSAGES[spec.kind] if spec.kind != "errors" else "reset" if error == "reset" else "not_done"
        way = next((one for key in ("lost", "delayed", "direction") if (one := getattr(spec, key, None))), "both")
        return Mishap(
            name=f"{spec.kind} faults.{number}",
            blow="held" if held else blow,
            luck=luck,
            ratio=getattr(spec, "ratio", 1.0),
            request=way != "reply",
            reply=way != "request",
            scope=Scope.of(spec),
            spread_s=getattr(spec, "spread_s", 0.0),
            gate=Gate(self._world) if held else None,
            error=error,
            text_chars=getattr(spec, "text_chars", None) or 0,
            meter=self._meter(spec),
        )

    def _meter(self, spec: Any) -> Meter | None:
        capacity_per_s = getattr(spec, "capacity_per_s", None)
        return None if capacity_per_s is None else Meter(self._world, capacity_per_s)

    def _conditions(self, target: str) -> list[Condition]:
        """Those of a station, a server or links. Where no request needs the platform there are only stations."""
        if target in self._stations:
            return [self._stations[target].condition]
        return [] if self._deployment is None else self._deployment.conditions(target)

    # Of clients.

    def _on_clients(self, number: int, spec: Any) -> Effect | None:
        """What lost and double messages are to a load class; nothing else is anything to it."""
        luck = SiteDraws(self._draws, f"{spec.kind}.{number}")
        match spec.kind:
            case "loss":
                loss = Loss(f"loss faults.{number}", spec.ratio, spec.lost, luck)
                return Effect(
                    lambda target: self._asking(target).losses.update({number: loss}),
                    lambda target: self._asking(target).forget_loss(number),
                )
            case "duplicate":
                doubling = Doubling(spec.ratio, spec.after_s or 0.0, spec.key == "new", luck)
                return Effect(
                    lambda target: self._asking(target).doublings.update({number: doubling}),
                    lambda target: self._asking(target).forget_doubling(number),
                )
        return None

    def _is_client(self, target: str) -> bool:
        # A load class may be called as a server is; the server is meant then.
        return target in self._loads and (self._deployment is None or not self._deployment.is_server(target))

    def _asking(self, target: str) -> OperationClass:
        load = self._loads[target]
        assert isinstance(load, OperationClass)
        return load

    def _cancel(self, number: int, spec: Any) -> Effect:
        luck = SiteDraws(self._draws, f"cancel.{number}")

        def begin(target: str) -> None:
            self._loads[target].leavers[number] = (spec.ratio, spec.after_s, luck)

        def end(target: str) -> None:
            del self._loads[target].leavers[number]

        return Effect(begin, end, at_boot=True)

    # Of nodes.

    def _each(self, target: str, act: Callable[[EngineNode], None]) -> None:
        for node in () if self._deployment is None else self._deployment.nodes_named(target):
            act(node)

    def _on_nodes(self, begin: Callable[[EngineNode], None], end: Callable[[EngineNode], None]) -> Effect:
        return Effect(lambda target: self._each(target, begin), lambda target: self._each(target, end))

    def _clock_skew(self, spec: Any) -> Effect:
        def ahead(node: EngineNode) -> None:
            node.clock.offset_s += spec.offset_s

        def back(node: EngineNode) -> None:
            node.clock.offset_s -= spec.offset_s

        return Effect(lambda target: self._each(target, ahead), lambda target: self._each(target, back), at_boot=True)

    def _deploy(self, spec: Any) -> Effect:
        def begin(target: str) -> None:
            turn_s = 0.0
            for node in () if self._deployment is None else self._deployment.nodes_named(target):
                self._world.call_in(turn_s, self._replace, (node, spec))
                turn_s += spec.drain_s + spec.restart_s + spec.between_s

        nodes = 1 if self._deployment is None or "nodes" not in spec.struck else len(self._deployment.nodes)
        return Effect(begin, lambda _: None, lasts_s=spec.lasts_s(nodes))

    def _replace(self, turn: tuple[EngineNode, Any]) -> None:
        node, spec = turn
        node.drain()
        self._world.call_in(spec.drain_s, lambda _: node.crash(spec.restart_s, self._lost))

    def _exhaust(self, number: int, spec: Any) -> Effect:
        if self._deployment is None:
            return Effect(lambda _: None, lambda _: None)
        pools = self._deployment.pools
        return Effect(
            lambda target: self._each(target, lambda node: pools.seize(number, node.name, spec.share)),
            lambda target: self._each(target, lambda node: pools.let_go(number, node.name)),
            at_boot=True,
        )

    def _lost(self, request: Any) -> None:
        load = self._loads[request.call.source]
        assert isinstance(load, OperationClass)
        load.crashed(request)

    def _flush(self, target: str) -> None:
        if self._deployment is not None:
            self._deployment.flush(target)

    # Of events.

    def _poisoning(self, number: int, spec: Any) -> Effect:
        poison = self._poison
        assert poison is not None
        return Effect(
            lambda target: poison.begin(number, target, spec.ratio),
            lambda target: poison.end(number, target),
            at_boot=True,
        )
