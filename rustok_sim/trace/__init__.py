"""A finished run as traces: spans from its event log, where the time of each request went, and two runs compared.

Lives here: what turns records into spans of OpenTelemetry's kind and writes, sends, draws and adds them up. It may know
runs, the kinds of records and the figures' sheet and style. It never runs anything, never writes to a run's directory,
and invents no time: a wait that left no record is shown as one that nobody can explain.
"""

from typing import TYPE_CHECKING

from rustok_sim.core.lazy import lazy

if TYPE_CHECKING:
    from rustok_sim.trace.attributing import Attribution, attribution
    from rustok_sim.trace.builder import trace_of, traces
    from rustok_sim.trace.chrome import write_chrome
    from rustok_sim.trace.comparison import Comparison, diff
    from rustok_sim.trace.critical import CriticalPath, critical_path
    from rustok_sim.trace.figures import waterfall
    from rustok_sim.trace.files import open_view, write_traces
    from rustok_sim.trace.parts import PARTS
    from rustok_sim.trace.runs import find_run
    from rustok_sim.trace.sending import send_traces
    from rustok_sim.trace.spans import Span, Trace

__all__ = [
    "PARTS",
    "Attribution",
    "Comparison",
    "CriticalPath",
    "Span",
    "Trace",
    "attribution",
    "critical_path",
    "diff",
    "find_run",
    "open_view",
    "send_traces",
    "trace_of",
    "traces",
    "waterfall",
    "write_chrome",
    "write_traces",
]
__getattr__ = lazy(
    __name__,
    {
        "attributing": ("Attribution", "attribution"),
        "builder": ("trace_of", "traces"),
        "chrome": ("write_chrome",),
        "comparison": ("Comparison", "diff"),
        "critical": ("CriticalPath", "critical_path"),
        "figures": ("waterfall",),
        "files": ("open_view", "write_traces"),
        "parts": ("PARTS",),
        "runs": ("find_run",),
        "sending": ("send_traces",),
        "spans": ("Span", "Trace"),
    },
)
