"""What does a claim of a hundred rows cost behind a long table? Run with ``python -m bench.backlog``.

Behind rows that are done and never deleted (D-12), and behind rows that wait. Required: at most twice the cost over an
empty table, and at most 1.5 GiB, at a million rows. Each backlog has a process of its own, for its memory.
"""

import multiprocessing
import resource
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from statistics import median
from time import perf_counter
from typing import Final, Literal

from rustok_sim.adapters import DirectDatabase, MemoryServer
from rustok_sim.core.context import Context
from rustok_sim.core.data import Row, Store
from rustok_sim.core.drive import ManualRuntime, drive
from rustok_sim.core.events import SYS_EVENTS, NodePublished, row_of, wrap
from rustok_sim.core.ids import named_id
from rustok_sim.core.ports import Call
from rustok_sim.modules.outbox import RelaySettings
from rustok_sim.modules.outbox.claims import claim

ROUNDS, BATCH_ROWS = 5, 100
MOST_TIMES, MOST_GIB = 2.0, 1.5
TENANT = named_id("tenant", "acme")
CASES: Final[list[tuple[int, str, Literal["plain", "skip_locked"]]]] = [
    (backlog, status, how)
    for how in ("plain", "skip_locked")
    for backlog, status in ((0, "pending"), (1_000_000, "dispatched"), (1_000_000, "pending"))
]


def events(first: int, count: int, status: str) -> Iterator[Row]:
    """So many rows of the outbox, written one after the other."""
    context = Context(call=Call(1, "writer", 1), tenant_id=TENANT)
    blank: Row = {**dict.fromkeys(SYS_EVENTS.names), "tenant_id": TENANT}
    for n in range(first, first + count):
        event = NodePublished(named_id("node", n), "page")
        envelope = wrap(event, context, named_id("event", n), float(n), "propagated")
        yield {**blank, **row_of(envelope), "status": status}


def claim_s(backlog: int, status: str, how: Literal["plain", "skip_locked"]) -> tuple[float, float]:
    """Seconds for one claim of rows that were written after the backlog, or with it; and the most memory, in GiB."""
    server = MemoryServer([SYS_EVENTS])
    server.seed(SYS_EVENTS, events(0, backlog, status))
    server.seed(SYS_EVENTS, events(backlog, ROUNDS * BATCH_ROWS, "pending"))
    store = Store(DirectDatabase(ManualRuntime(), server))
    times = []
    for number in range(ROUNDS):
        begin = perf_counter()
        claimed = drive(claim(store, Call(-number - 1, "relay", number), RelaySettings(claim=how), "relay", 1e9))
        times.append(perf_counter() - begin)
        assert len(claimed) == BATCH_ROWS  # noqa: S101 -- else it would time something else
    return median(times), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main() -> None:
    """Measure and print a line for each backlog."""
    base: dict[str, float] = {}
    fresh = multiprocessing.get_context("spawn")
    for backlog, status, how in CASES:
        with ProcessPoolExecutor(1, fresh) as process:
            took, gib = process.submit(claim_s, backlog, status, how).result()
        times = took / base.setdefault(how, took)
        met = "met" if times <= MOST_TIMES and gib <= MOST_GIB else "NOT MET"
        print(
            f"  {how:11} behind {backlog:>9,} rows {status:10}{took * 1e3:>6.1f} ms, {times:.2f} x an empty table,"
            f" {gib:.2f} GiB: {met}"
        )


if __name__ == "__main__":
    main()
