"""Traces in the format of Chrome's trace viewer, which Perfetto opens too.

Requests overlap, so spans are asynchronous events, ``b`` and ``e`` with an id, as the "Trace Event Format" has them. A
piece of work that nobody waits for has an id of its own; what lies within it shares that id and is drawn below it.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, TextIO, TypeAlias

from rustok_sim.report.series import FAULTS
from rustok_sim.studies import Run
from rustok_sim.trace.spans import Span, Trace

By: TypeAlias = Literal["node", "tenant"]
FAULT_PROCESS: Final = "faults"
Event: TypeAlias = dict[str, Any]


class _Numbers:
    """Processes and threads by name, numbered as they come."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}
        self._processes: dict[str, int] = {}
        self.fresh: list[Event] = []
        """What names the new ones."""

    def of(self, process: str, thread: str) -> Event:
        """The numbers of both."""
        pid = self._processes.setdefault(process, len(self._processes) + 1)
        if (process, thread) not in self._known:
            if not any(known == process for known, _ in self._known):
                self.fresh.append({"ph": "M", "name": "process_name", "pid": pid, "args": {"name": process}})
            tid = self._known[process, thread] = len(self._known) + 1
            self.fresh.append({"ph": "M", "name": "thread_name", "pid": pid, "tid": tid, "args": {"name": thread}})
        return {"pid": pid, "tid": self._known[process, thread]}


def write_chrome(traces: Iterable[Trace], run: Run, file: TextIO, *, by: By = "node") -> None:
    """Write *traces* and the run's faults to *file*; processes are the nodes or the tenants, threads the components."""
    numbers = _Numbers()
    file.write(f'{{"displayTimeUnit":"ms","otherData":{{"run":{json.dumps(run.name)}}},"traceEvents":[')
    first = True
    for event in _events(traces, run, numbers, by):
        for one in (*numbers.fresh, event):
            file.write(("\n" if first else ",\n") + json.dumps(one, separators=(",", ":"), ensure_ascii=False))
            first = False
        numbers.fresh.clear()
    file.write("\n]}\n")


def _events(traces: Iterable[Trace], run: Run, numbers: _Numbers, by: By) -> Iterator[Event]:
    yield from _faults(run, numbers)
    for trace in traces:
        yield from _of_span(trace.root, trace, "", numbers, by)


def _faults(run: Run, numbers: _Numbers) -> Iterator[Event]:
    """A moment for each strike, and a band for one that lasts."""
    for place, (target, fault, begin_s, end_s) in enumerate(run.sql(FAULTS).iter_rows()):
        name, where = f"{target} {fault}", numbers.of(FAULT_PROCESS, str(target))
        yield {"ph": "i", "s": "g", "name": name, "cat": "fault", "ts": _microseconds(begin_s), **where}
        if end_s > begin_s:
            band = {"cat": "fault", "id2": {"local": f"fault-{place}"}, "name": name, **where}
            yield {"ph": "b", "ts": _microseconds(begin_s), **band}
            yield {"ph": "e", "ts": _microseconds(end_s), **band}


def _of_span(span: Span, trace: Trace, within: str, numbers: _Numbers, by: By) -> Iterator[Event]:
    process = (trace.tenant or "no tenant") if by == "tenant" else (span.node or "outside")
    own = span.span_id if span.follows or not within else within
    # Local: the viewer puts it among the tracks of its process.
    where = {"cat": "span", "id2": {"local": own}, "name": span.name, **numbers.of(process, span.component)}
    more: dict[str, Any] = {**span.attributes, "trace": span.trace_id}
    if span.error is not None:
        more["error.type"] = span.error
    yield {"ph": "b", "ts": _microseconds(span.begin_s), **where, "args": more}
    for at_s, name, about in span.events:
        yield {"ph": "n", "ts": _microseconds(at_s), **where, "name": name, "args": about}
    for child in span.children:
        if not child.follows:
            # On another node it cannot be drawn below this one.
            yield from _of_span(child, trace, own if child.node == span.node or by == "tenant" else "", numbers, by)
    yield {"ph": "e", "ts": _microseconds(span.end_s), **where}
    for child in span.children:
        if child.follows:
            yield from _of_span(child, trace, own, numbers, by)


def _microseconds(at_s: float) -> float:
    return round(at_s * 1e6, 3)
