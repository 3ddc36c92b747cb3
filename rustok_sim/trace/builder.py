"""Traces of a run, one after the other."""

from collections.abc import Iterator

from rustok_sim.core.errors import RunError
from rustok_sim.studies import Run
from rustok_sim.trace.asking import Asked
from rustok_sim.trace.condition import Condition, read_condition
from rustok_sim.trace.events import Follower
from rustok_sim.trace.jobs import job_trace
from rustok_sim.trace.requests import request_trace
from rustok_sim.trace.runs import Facts
from rustok_sim.trace.spans import Trace


def traces(run: Run, where: str | None = None, *, background: bool = True) -> Iterator[Trace]:
    """A trace for each request for which *where* holds, in the order of arrival, then one for each background job.

    With a condition only the relays' passes stay that have to do with these requests. Raises ``ConditionError``,
    and ``RunError`` if the run has recorded no requests.
    """
    return _traces(run, read_condition(where), background=background, follow=True)


def answers(run: Run) -> Iterator[Trace]:
    """As :func:`traces`, up to each answer: without background jobs, and without what follows from events."""
    return _traces(run, read_condition(None), background=False, follow=False)


def trace_of(run: Run, correlation: int) -> Trace:
    """The trace of request number *correlation*. Raises ``RunError`` if the run has none."""
    condition = Condition("correlation = $correlation", {"correlation": correlation})
    for trace in _traces(run, condition, background=False, follow=True):
        return trace
    raise RunError(f"{run.name}: there is no request {correlation}; the column correlation of the events names them")


def _traces(run: Run, condition: Condition, *, background: bool, follow: bool) -> Iterator[Trace]:
    facts = Facts(run)
    asked = Asked(run, condition)
    try:
        for chunk in asked.chunks(follow=follow):
            follower = Follower(chunk, facts)
            for rows in chunk.own.values():
                trace = request_trace(rows, chunk.jobs, facts)
                if follow:
                    follower.follow(trace, rows)
                yield trace.number(facts.digest)
        if background:
            for number, records in asked.background():
                yield job_trace(number, records, facts).number(facts.digest)
    finally:
        asked.close()
