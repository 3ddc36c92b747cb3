"""The records that traces are made of, asked of the event log some thousand requests at a time."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from rustok_sim.capture import Connection, open_run, query
from rustok_sim.core.errors import RunError
from rustok_sim.studies import Run
from rustok_sim.trace.condition import Condition

CHUNK: Final = 2000
"""Requests whose records are in memory at a time."""
COLUMNS: Final = "seq, at_s, kind, node, tenant, correlation, site, outcome, status, begin_s, wait_s, value, detail"


class Row(NamedTuple):
    """One record, with its place in the run."""

    seq: int
    at_s: float
    kind: str
    node: str | None
    tenant: str | None
    correlation: int | None
    site: str | None
    outcome: str | None
    status: int | None
    begin_s: float | None
    wait_s: float | None
    value: float | None
    detail: str | None


class Chunk(NamedTuple):
    """The records of some requests."""

    own: dict[int, list[Row]]
    """By request: those with its number, in order; the last is how it ended."""
    ways: dict[str, list[Row]]
    """By event: what became of it in the outbox."""
    jobs: dict[int, int]
    """By the ``seq`` of a record that says what a background job has done for a request: the job."""
    work: dict[int, list[Row]]
    """By background job: its records."""


_ENDS: Final = "('request.finished', 'request.in_flight')"
_WANTED: Final = f"""
create temp table wanted as
with tries as (
    select correlation, count(*) as retries from events where kind = 'request.retried' group by all
), ended as (
    select correlation, seq, site as load, tenant, node, outcome, status, detail as error, begin_s, at_s as end_s,
        at_s - begin_s as latency_s, coalesce(retries, 0) + 1 as attempts
    from events left join tries using (correlation) where kind in {_ENDS}
)
select correlation, row_number() over (order by begin_s, seq) - 1 as number from ended
"""  # noqa: S608  # ours
_TOLD: Final = """
create temp table told as
select distinct number, event from (
    select number, case kind when 'event.recorded' then site else detail end as event
    from events join wanted using (correlation) where kind in ('event.recorded', 'event.sent')
)
"""
# A job's last statement and the records of what it has done are written in one step, so they stand side by side; those
# of a batch have begun together, too.
_JOBS: Final = """
create temp table jobs as
with ends as (
    select seq, at_s, kind, node, correlation, begin_s,
        min(seq) over (partition by seq - place, node, at_s, kind, begin_s) - 1 as before
    from (
        select *, row_number() over (partition by node, at_s, kind, begin_s order by seq) as place
        from events where kind in ('index.applied', 'event.recorded')
    )
)
select number, done.seq as seq, before.correlation as job
from ends as done join events as before on before.seq = done.before
    left join wanted on wanted.correlation = done.correlation
where before.kind in ('db.query', 'db.transaction')
    and before.correlation < 0 and before.node = done.node and before.at_s = done.at_s
"""


class Asked:
    """A connection to one run's records, narrowed to the requests for which a condition holds."""

    def __init__(self, run: Run, condition: Condition) -> None:
        self._connection: Connection = open_run(run.directory)
        self._all = condition.sql == "true"
        self._connection.execute(f"{_WANTED} where {condition.sql}", condition.parameters)
        self._connection.execute(_TOLD)
        self._connection.execute(_JOBS)
        [[self.count]] = query(self._connection, "select count(*) as n from wanted").rows()
        [[known]] = query(self._connection, f"select count(*) as n from events where kind in {_ENDS}").rows()  # noqa: S608
        if not known:
            self.close()
            raise RunError(f"{run.name}: no request was recorded: traces need the kind request.finished")

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def chunks(self, *, follow: bool) -> Iterator[Chunk]:
        """All requests, in the order of their arrival; with *follow* what came of their events, too."""
        for first in range(0, self.count, CHUNK):
            those = f"number >= {first} and number < {first + CHUNK}"
            jobs = dict(query(self._connection, f"select seq, job from jobs where {those}").iter_rows())  # noqa: S608
            own = self._own(those)
            if follow:
                ways = self._ways(those)
                passes = {row.correlation for rows in ways.values() for row in rows if row.correlation is not None}
                yield Chunk(own, ways, jobs, self._work({*jobs.values(), *passes}))
            else:
                yield Chunk(own, {}, jobs, {})

    def _own(self, those: str) -> dict[int, list[Row]]:
        own: dict[int, list[Row]] = {}
        named = COLUMNS.replace("correlation", "events.correlation").replace("seq", "events.seq")
        for row in self._rows(
            f"select {named} from events join wanted on wanted.correlation = events.correlation"  # noqa: S608
            f" where {those} order by number, events.seq"
        ):
            own.setdefault(row.correlation or 0, []).append(row)
        return own

    def _ways(self, those: str) -> dict[str, list[Row]]:
        ways: dict[str, list[Row]] = {}
        for row in self._rows(
            f"select {COLUMNS} from events where kind in ('outbox.taken', 'outbox.published', 'outbox.marked')"  # noqa: S608
            f" and detail in (select event from told where {those}) order by seq"
        ):
            ways.setdefault(row.detail or "", []).append(row)
        return ways

    def _work(self, jobs: set[int]) -> dict[int, list[Row]]:
        """The records of these background jobs."""
        work: dict[int, list[Row]] = {}
        if jobs:
            listed = ", ".join(map(str, sorted(jobs)))
            for row in self._rows(f"select {COLUMNS} from events where correlation in ({listed}) order by seq"):  # noqa: S608
                work.setdefault(row.correlation or 0, []).append(row)
        return work

    def background(self) -> Iterator[tuple[int, list[Row]]]:
        """The records of each background job that was not for one request alone, in the order of their begin.

        If not all requests were asked for, only of those that took an event of one of them to the outbox's target.
        """
        mine = "(select correlation from events where kind = 'outbox.taken' and detail in (select event from told))"
        rows = self._rows(
            f"select {COLUMNS} from events where correlation < 0 and correlation not in (select job from jobs)"  # noqa: S608
            f" and ({self._all} or correlation in {mine}) order by correlation desc, seq"
        )
        gathered: list[Row] = []
        for row in rows:
            if gathered and gathered[0].correlation != row.correlation:
                yield gathered[0].correlation or 0, gathered
                gathered = []
            gathered.append(row)
        if gathered:
            yield gathered[0].correlation or 0, gathered

    def _rows(self, sql: str) -> Iterator[Row]:
        return map(Row._make, query(self._connection, sql).iter_rows())
