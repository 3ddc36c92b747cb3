"""The trace of one request up to its answer: attempts, phases, and the waits between the records."""

from collections.abc import Container, Sequence
from itertools import takewhile
from typing import Final

from rustok_sim.trace.asking import Row
from rustok_sim.trace.gaps import explain_gaps
from rustok_sim.trace.kinds import span_of
from rustok_sim.trace.nesting import Item, nest, put_into
from rustok_sim.trace.runs import Facts
from rustok_sim.trace.spans import Span, Trace

ENDS: Final = ("request.finished", "request.in_flight")
APART: Final = frozenset({"index.applied", "request.sent", "request.retried", *ENDS})
"""Kinds that tell of no work of the request's own."""
CRASHED: Final = "node_crashed"
RESOLVING: Final = frozenset(
    {"data", "negative", "counters", "tenant", "tenant_data", "tenant_negative", "tenant_loader"}
)
"""Sites of the records that the tenant middleware leaves."""
CALLS: Final = frozenset({"db.query", "redis.command", "payment.called"})
"""Kinds of what a node asks of others, and waits for."""
GUARDS: Final = ("auth.", "tenant_modules.enabled")
"""Statements of what stands between the middleware and the handler, by the beginning of their names."""


def request_trace(rows: Sequence[Row], jobs: Container[int], facts: Facts) -> Trace:
    """The spans of one request up to its answer. Records whose ``seq`` is in *jobs* are of background jobs."""
    [end] = [row for row in rows if row.kind in ENDS]
    correlation, load = end.correlation or 0, end.site or ""
    name = facts.operation(load, correlation)
    root = Span(name, end.begin_s or 0.0, end.at_s, "request", kind="client", rest="backoff")
    root.attributes |= {"http.request.method": "_OTHER", "rustok.load": load, "rustok.correlation": correlation}
    if end.tenant is not None:
        root.attributes["rustok.tenant"] = end.tenant
    work = [row for row in rows if row.kind not in APART and row.seq not in jobs]
    if facts.asks_platform(load):
        _attempts(root, work, [row for row in rows if row.kind == "request.retried"], end, facts)
    else:
        # A route through stations has no node and no attempts.
        put_into(root, nest(work, facts), facts)
        root.rest = "other"
    _answer(root, end)
    return Trace(correlation, end.tenant, root)


def _answer(span: Span, row: Row) -> None:
    """Write how it ended; for a client every status from 400 on is an error."""
    if row.kind == "request.in_flight":
        span.attributes["rustok.in_flight"] = True
        return
    status = row.status or 0
    span.attributes |= {"http.response.status_code": status, "rustok.outcome": row.outcome or ""}
    if status >= (500 if span.kind == "server" else 400):
        span.error = row.detail or str(status)


def _attempts(root: Span, rows: list[Row], retries: list[Row], end: Row, facts: Facts) -> None:
    """One span for each attempt; between two of them the client waits."""
    load, begin_s = end.site or "", root.begin_s
    late: list[Row] = []
    for number, answer in enumerate([*retries, end], start=1):
        mine = [row for row in rows if row.seq < answer.seq]
        del rows[: len(mine)]
        if begin_s > answer.at_s or (begin_s == answer.at_s and not mine and answer.outcome == "timed_out"):
            late += mine
            break  # it gave up before it asked again
        node = None if answer.detail == "no_node" else answer.node
        now = [row for row in mine if not _is_late(row, begin_s, node)]
        late += [row for row in mine if _is_late(row, begin_s, node)]
        attempt = root.add(Span(f"{root.name} attempt {number}", begin_s, answer.at_s, "request", node=node))
        attempt.kind = "client" if node is None else "server"
        attempt.attributes |= {"http.request.method": "_OTHER", "http.request.resend_count": number - 1}
        _answer(attempt, answer)
        outlived_by = [span_of(row, facts) for row in rows if _outlives(row, attempt)]
        way_s = _way_s(facts, load, root, attempt)
        _fill(attempt, nest(now, facts), way_s, facts, answered=_answered(answer), outlived_by=outlived_by)
        explain_gaps(attempt, facts, outlived_by=outlived_by, unanswered=answer.outcome == "timed_out")
        begin_s = answer.at_s + facts.backoff_s(load, end.correlation or 0, number)
    # At the horizon all work ends, which is nothing that the request did.
    _leave_behind(root, [*late, *(rows if end.kind == "request.finished" else ())], facts)


def _is_late(row: Row, begin_s: float, node: str | None) -> bool:
    """Whether it is of an earlier attempt: a node that stands still goes on with it when nobody waits any more."""
    return row.node not in {None, node} or (row.at_s if row.begin_s is None else row.begin_s) < begin_s


def _outlives(row: Row, attempt: Span) -> bool:
    """Whether it is a call that was begun within *attempt*, whose end it is too late for."""
    begun = row.begin_s is not None and attempt.begin_s <= row.begin_s < attempt.end_s
    return begun and row.kind in CALLS and row.node == attempt.node


def _leave_behind(root: Span, late: list[Row], facts: Facts) -> None:
    """Hang work for which nobody waited any more on its attempt."""
    for attempt in root.children if late else ():
        mine = [row for row in late if row.node in {None, attempt.node} and row.at_s >= attempt.begin_s]
        begun = [row.at_s if row.begin_s is None else row.begin_s for row in mine]
        # Records of moments alone do not tell whose they are; the first attempt on the node has them.
        if mine and min(begun) >= attempt.begin_s:
            left = Span("left behind", min(begun), mine[-1].at_s, "request", node=attempt.node)
            put_into(attempt.add(left, follows=True), nest(mine, facts), facts)
            late = [row for row in late if row not in mine]


def _way_s(facts: Facts, load: str, root: Span, attempt: Span) -> float:
    """How long the way from the client to the node takes; no longer than the attempt."""
    return min(facts.way_s(load, int(root.attributes["rustok.correlation"])), attempt.duration_s)


def _answered(row: Row) -> bool:
    """Whether the node's answer has reached the client."""
    return row.kind != "request.in_flight" and row.outcome != "timed_out" and row.detail not in {"no_node", CRASHED}


def _fill(
    attempt: Span, items: list[Item], way_s: float, facts: Facts, *, answered: bool, outlived_by: Sequence[Span]
) -> None:
    """Phases of an attempt, in order: the way to the node, the tenant, the guards, the handler, the way back."""
    # A node that stands still does not even let a request in.
    still = [
        until_s
        for since_s, until_s in facts.stood_still(attempt.node, attempt.begin_s, attempt.end_s)
        if since_s == attempt.begin_s
    ]
    in_s = min(max([attempt.begin_s, *still]) + way_s, attempt.end_s)
    _way(attempt, max([attempt.begin_s, *still]), in_s)
    held_s = _held_s(attempt, _end(items, in_s), way_s, facts) if answered else None
    end_s = _left(attempt, items, in_s, way_s, answered=answered) if held_s is None else _end(items, in_s)
    resolving = list(takewhile(_resolves, items))
    guarding = list(takewhile(_guards, items[len(resolving) :]))
    handling = items[len(resolving) + len(guarding) :]
    now_s = in_s
    if resolving:
        now_s = _tenant(attempt, resolving, _begin([*guarding, *handling], end_s), facts)
    # A crash is told by every call that it broke; what waited for another's read has none.
    shares = facts.shares_reads and bool(handling or answered or attempt.error == CRASHED)
    checked_s = _end(guarding, now_s)
    if shares:
        # The visit of a statement that outlives the attempt is not where the statement began.
        begun = [call.begin_s for call in outlived_by if call.begin_s >= checked_s]
        alone = bool(handling) and handling[0][0].kind.startswith("station.")
        checked_s = min(begun, default=checked_s) if alone else _begin(handling, end_s)
    if checked_s > now_s:
        guards = attempt.add(Span("guards", now_s, checked_s, "request", node=attempt.node))
        # One wait of theirs leaves no record: for the same read of another, after which it may have to read itself.
        for item in guarding:
            if facts.shares_reads:
                _wait(guards, now_s, _begin([item], checked_s))
            put_into(guards, [item], facts)
            now_s = max(now_s, _end([item], now_s))
        _wait(guards, now_s, checked_s)
    put_into(attempt, handling, facts)
    _way(attempt, max(end_s, _end(handling, end_s)), attempt.end_s if held_s is None else held_s)


def _held_s(attempt: Span, last_s: float, way_s: float, facts: Facts) -> float | None:
    """When its node stood still with the answer, which had left at *last_s*, under way; it arrived when that ended."""
    for since_s, until_s in facts.stood_still(attempt.node, last_s, attempt.end_s):
        if until_s == attempt.end_s and since_s - last_s < way_s:
            return since_s
    return None


def _left(attempt: Span, items: Sequence[Item], in_s: float, way_s: float, *, answered: bool) -> float:
    """When the node had done its work: before the way back, which takes as long as the way there."""
    last_s = _end(items, in_s)
    if answered:
        return max(last_s, attempt.end_s - way_s)
    # A client may leave while its answer is under way.
    waits = bool(items) and items[-1][0].kind == "cache.coalesced"
    return last_s if not waits and attempt.end_s - last_s <= way_s else attempt.end_s


def _way(attempt: Span, begin_s: float, end_s: float) -> None:
    """The way between client and node, if that takes time."""
    if end_s > begin_s:
        attempt.add(Span("client link", begin_s, end_s, "network", node=attempt.node, rest="network"))


def _begin(items: Sequence[Item], otherwise_s: float) -> float:
    """When the first of *items* begins."""
    for row, span in items:
        return row.at_s if span is None else span.begin_s
    return otherwise_s


def _end(items: Sequence[Item], otherwise_s: float) -> float:
    """When the last of *items* ends."""
    return items[-1][0].at_s if items else otherwise_s


def _resolves(item: Item) -> bool:
    row, _ = item
    return row.kind.startswith(("cache.", "breaker.", "redis.command")) and row.site in RESOLVING


def _guards(item: Item) -> bool:
    row, _ = item
    if row.kind == "db.query":
        return (row.detail or "").startswith(GUARDS)
    return row.kind == "limit.counted" or (row.kind == "redis.command" and row.site == "limits")


def _tenant(attempt: Span, items: Sequence[Item], next_s: float, facts: Facts) -> float:
    """The tenant middleware; when it ends. After a record that says so it waits for the load of another."""
    last = [row.kind for row, _ in items if row.kind.startswith("cache.")][-1:]
    begin_s, end_s = _begin(items, next_s), next_s if last == ["cache.coalesced"] else _end(items, next_s)
    phase = attempt.add(Span("tenant.resolve", begin_s, end_s, "tenant", node=attempt.node))
    waits, now_s = False, begin_s
    for item in items:
        if waits:
            _wait(phase, now_s, _begin([item], end_s))
        put_into(phase, [item], facts)
        waits, now_s = waits or item[0].kind == "cache.coalesced", _end([item], end_s)
    if waits:
        _wait(phase, now_s, end_s)
    return end_s


def _wait(phase: Span, begin_s: float, end_s: float) -> None:
    if end_s > begin_s:
        phase.add(Span("wait for another's load", begin_s, end_s, "tenant", node=phase.node, rest="queue"))
