"""The event log as series over time: SQL for a study's frames and queries, and for ``Run.sql``.

Each function gives one statement over a run's view ``events``; what its rows hold is said there. Requests belong to
the bucket they *arrived* in, statements to the one they asked for a connection in. A bucket begins at its ``at_s``.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Final, TypedDict

from rustok_sim.verify.states import CHANGES

FAULTS: Final = """
select began.site as target, split_part(began.detail, ' ', 1) as fault, began.at_s as begin_s,
    coalesce(min(ended.at_s), (select max(at_s) from events)) as end_s
from events as began
left join events as ended on ended.kind = 'fault.ended' and ended.site = began.site
    and ended.detail = began.detail and ended.seq > began.seq
where began.kind = 'fault.began'
group by began.seq, began.site, began.detail, began.at_s
order by began.seq
"""
"""Each strike of a fault: target, fault (its kind), begin_s, end_s (the last record's time if it never ended)."""

BREAKERS: Final = f"""
{CHANGES}, known as (
    select distinct node, site from events where kind in ('breaker.call', 'breaker.rejected')
), states as (
    select -1 as seq, 0.0 as at_s, node, site, 'closed' as state from known
    union all
    select seq, at_s, node, site, state from changes
)
select node, site as breaker, state, at_s as begin_s,
    lead(at_s, 1, (select max(at_s) from events)) over (partition by node, site order by seq) as end_s
from states
order by node, breaker, seq
"""  # noqa: S608  # all ours
"""The states of each breaker that was ever called: node, breaker, state, begin_s, end_s."""


class Asked(TypedDict):
    """What is asked of every run of a study, by the words of ``what_if``."""

    queries: Mapping[str, str]
    """One row each, whose columns are metrics."""
    frames: Mapping[str, str]


def requests(bucket_s: float) -> str:
    """By load class and bucket: load, at_s, availability (ok ÷ finished), and how many a second ended in each outcome.

    Those columns are ok_per_s, rejected_per_s, failed_per_s and timed_out_per_s.
    """
    width = _seconds(bucket_s)
    return f"""
        select site as load, floor(begin_s / {width}) * {width} as at_s,
            count(*) filter (outcome = 'ok') / count(*) as availability,
            count(*) filter (outcome = 'ok') / {width} as ok_per_s,
            count(*) filter (outcome = 'rejected') / {width} as rejected_per_s,
            count(*) filter (outcome = 'failed') / {width} as failed_per_s,
            count(*) filter (outcome = 'timed_out') / {width} as timed_out_per_s
        from events where kind = 'request.finished'
        group by all order by load, at_s
    """  # noqa: S608  # a number


def latency(bucket_s: float, *, by_load: bool = True) -> str:
    """By load class and bucket, the time to a good answer or to giving up: load, at_s, p50_s, p95_s, p99_s.

    Not *by_load*: of all requests together; ``load`` is empty then.

    The quick refusals of a broken platform are no good latency, and do not count here. Who gave up counts with the
    time it waited: left out, the slowest would vanish from the tail.
    """
    width, load = _seconds(bucket_s), "site" if by_load else "''"
    return f"""
        with waited as (
            select {load} as load, floor(begin_s / {width}) * {width} as at_s,
                quantile_cont(at_s - begin_s, [0.5, 0.95, 0.99]) as q
            from events where kind = 'request.finished' and outcome in ('ok', 'timed_out')
            group by all
        )
        select load, at_s, q[1] as p50_s, q[2] as p95_s, q[3] as p99_s from waited order by load, at_s
    """  # noqa: S608  # a number


def statements(bucket_s: float) -> str:
    """By bucket, empty ones included: at_s, and statements per second that got a connection to the database."""
    width = _seconds(bucket_s)
    return f"""
        with asked as (
            select floor(begin_s / {width})::bigint as bucket from events where kind = 'db.query'
                and (outcome in ('ok', 'error') or (outcome = 'dropped' and wait_s < at_s - begin_s))
        ), buckets as (
            select unnest(range((select ceil(max(at_s) / {width})::bigint from events))) as bucket
        )
        select bucket * {width} as at_s, count(asked.bucket) / {width} as statements_per_s
        from buckets left join asked using (bucket)
        group by bucket order by bucket
    """  # noqa: S608  # a number


def rejections(bucket_s: float) -> str:
    """By node, breaker and bucket: node, breaker, at_s, and calls per second that the breaker refused."""
    width = _seconds(bucket_s)
    return f"""
        select node, site as breaker, floor(at_s / {width}) * {width} as at_s, count(*) / {width} as rejected_per_s
        from events where kind = 'breaker.rejected'
        group by all order by node, breaker, at_s
    """  # noqa: S608  # a number


def concurrent_loads(*, from_s: float, until_s: float, keys: int = 1) -> str:
    """How many loads of a key were under way at once, of the *keys* with most loads begun in the window.

    Rows: key, at_s (a load began or ended then), loads (under way from then on, on all nodes together), begun (loads
    begun since *from_s*).
    """
    begin, end = _seconds(from_s, zero=True), _seconds(until_s)
    return f"""
        with loads as (
            select seq, regexp_replace(detail, '^[^:]*:', '') as key, begin_s, at_s from events
            where kind = 'cache.load' and begin_s >= {begin} and begin_s < {end}
        ), busiest as (
            select key from loads group by key order by count(*) desc, key limit {int(keys)}
        ), steps as (
            select key, begin_s as at_s, 1 as step from loads semi join busiest using (key)
            union all
            select key, at_s, -1 from loads semi join busiest using (key)
        ), moments as (
            select key, at_s, sum(step) as step, count(*) filter (step = 1) as begun from steps group by key, at_s
        )
        select key, at_s, (sum(step) over so_far)::bigint as loads, (sum(begun) over so_far)::bigint as begun
        from moments window so_far as (partition by key order by at_s) order by key, at_s
    """  # noqa: S608  # numbers


def busiest_key(*, from_s: float, until_s: float) -> str:
    """The stampede on the key most often loaded in the window, as one row: ``begun`` in all, ``at_once`` at most."""
    loads = concurrent_loads(from_s=from_s, until_s=until_s)
    return f"select max(begun) as begun, max(loads) as at_once from ({loads})"  # noqa: S608  # ours


def disturbance(*, bucket_s: float = 5.0, warmup_s: float = 0.0, good: float = 0.99) -> str:
    """What the faults of a run cost, as one row, for a study's queries.

    The disturbance lasts from the first strike to the last end. By arrival: ``availability_before`` (since the
    warm-up), ``availability_during``, ``availability_after``; ``bad_after_s``, the seconds after its end until the last
    bucket in which less than the share *good* of the requests ended well was over (0 without any; at most what the
    run had left); ``recovered``, 0 if the last bucket was one of these, else 1; and ``statements_per_s_max``, the most
    statements in one second since the warm-up. What cannot be said is null: without a fault all but the last.
    """
    width, start = _seconds(bucket_s), _seconds(warmup_s, zero=True)
    return f"""
        with faults as ({FAULTS}), struck as (
            select min(begin_s) as begin_s, max(end_s) as end_s from faults
        ), finished as (
            select events.begin_s as at_s, outcome = 'ok' as ok, struck.begin_s, struck.end_s
            from events, struck where kind = 'request.finished' and events.begin_s >= {start}
        ), after as (
            select floor((at_s - end_s) / {width}) as bucket, avg(ok::double) as availability
            from finished where at_s >= end_s group by bucket
        ), peak as (
            select max(statements_per_s) as statements_per_s_max from ({statements(1.0)}) where at_s >= {start}
        )
        select avg(ok::double) filter (at_s < begin_s) as availability_before,
            avg(ok::double) filter (at_s >= begin_s and at_s < end_s) as availability_during,
            avg(ok::double) filter (at_s >= end_s) as availability_after,
            (select coalesce(max(bucket + 1) filter (availability < {_seconds(good)}), 0) * {width} from after, struck
                where end_s is not null having count(*) > 0) as bad_after_s,
            (select max_by(availability, bucket) >= {_seconds(good)} from after)::double as recovered,
            (from peak where exists (from events where kind = 'db.query')) as statements_per_s_max
        from finished
    """  # noqa: S608  # numbers


def over_time(bucket_s: float) -> Mapping[str, str]:
    """All that the figures over time draw, by the names they look for."""
    return {
        "requests": requests(bucket_s),
        "latency": latency(bucket_s),
        "statements": statements(bucket_s),
        "rejections": rejections(bucket_s),
        "breakers": BREAKERS,
        "faults": FAULTS,
    }


def for_report(bucket_s: float, *, warmup_s: float) -> Asked:
    """All that the scenario report asks of each run, as ``what_if(..., **for_report(...))``."""
    return {"queries": {"disturbance": disturbance(warmup_s=warmup_s)}, "frames": over_time(bucket_s)}


def _seconds(value: float, *, zero: bool = False) -> str:
    """*value* as an SQL literal of type double."""
    if not isfinite(value) or value < 0.0 or (value == 0.0 and not zero):
        raise ValueError(f"must be {'at least' if zero else 'above'} 0, not {value}")
    return f"{float(value)!r}::double"
