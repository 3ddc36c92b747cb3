"""The nodes' pools of database connections, and the faults that take places of them."""

from math import ceil

from rustok_sim.engine.pool import Pool, Seizure


class Pools:
    """Each node's pool as it is now, and what each fault keeps of it. A node that starts anew has a new one."""

    def __init__(self) -> None:
        self._pools: dict[str, Pool] = {}
        self._shares: dict[tuple[int, str], float] = {}
        self._seized: dict[tuple[int, str], list[Seizure]] = {}

    def open(self, node: str, pool: Pool) -> Pool:
        """The node has started with this pool; whoever took places of the old one takes them of the new one."""
        self._pools[node] = pool
        for (fault, name), share in self._shares.items():
            if name == node:
                self._take(fault, node, share)
        return pool

    def seize(self, fault: int, node: str, share: float) -> None:
        """Take this share of the places of a node, rounded up, as they become free."""
        self._shares[fault, node] = share
        if node in self._pools:
            self._take(fault, node, share)

    def _take(self, fault: int, node: str, share: float) -> None:
        pool = self._pools[node]
        places = ceil(round(share * pool.capacity, 9))
        self._seized[fault, node] = [pool.seize() for _ in range(places)]

    def let_go(self, fault: int, node: str) -> None:
        """Give back what *fault* holds of a node."""
        del self._shares[fault, node]
        for seizure in self._seized.pop((fault, node), ()):
            self._pools[node].let_go(seizure)
