"""Whatever is asked in whatever order, nobody gets another tenant's context, and nobody a version too old.

Servers are healthy throughout. The bound on age is the time to live (300 s), and a second for what is on its way.
"""

from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from rustok_sim.core.errors import DomainError
from rustok_sim.modules.tenants import made_up_tenant
from rustok_sim.platform.requests import headers_for

AGE_S_MAX = 301.0
OWNERS = {"acme": "acme", "globex": "globex", made_up_tenant("acme").id: "acme", "": "default"}
"""Whose each name is; all others are nobody's."""

DESIGNS = st.fixed_dictionaries(
    {
        "design": st.sampled_from(["none", "naive", "v1_as_wired", "moka", "moka_breaker"]),
        "backend": st.sampled_from(["redis", "memory"]),
        "invalidation": st.sampled_from(["none", "one_key", "all_keys"]),
    }
)
NAMES = st.sampled_from([*OWNERS, "nobody", "somebody"])
OPERATIONS = st.sampled_from(["tenant.resolve", "tenant.resolve", "tenant.update", "health.live"])


class Visit(NamedTuple):
    """One request: what, for whom, at which node, how long after the one before, and whether its client leaves."""

    operation: str
    name: str
    node: int
    after_s: float
    leaves: bool


def visits(*gaps_s: float, leaves: bool):
    """Sequences of requests with one of these gaps before each."""
    return st.lists(
        st.builds(
            Visit,
            OPERATIONS,
            NAMES,
            st.integers(0, 1),
            st.sampled_from(gaps_s),
            st.booleans() if leaves else st.just(False),
        ),
        max_size=20,
    )


def context_or_error(cluster, node, name):
    """What the tenant middleware makes of the name, and when it was asked and answered."""
    begin_s = cluster.world.now
    try:
        found = yield from node.resolve(cluster.call(tenant=name), headers_for(cluster.tenancy, name))
    except DomainError as error:
        found = error
    return begin_s, found


def check(cluster, name, begin_s, found):
    """The right tenant's context, not too old; or 404 for a name that nobody has."""
    if name not in OWNERS:
        assert found.status == 404
        return
    assert found.slug == OWNERS[name]
    writes = [record for record in cluster.of("tenant.updated") if record.tenant == found.slug]
    newer = [record.at_s for record in writes if record.value > found.version]
    assert 1 <= found.version <= 1 + len(writes)
    assert not newer or begin_s - newer[0] <= AGE_S_MAX


@given(DESIGNS, visits(0.0, 0.02, 1.0, 61.0, 200.0, leaves=False))
def test_one_after_the_other(clusters, design, sequence):
    """Every answer is right: 200 and the tenant's own context for a known name, 404 for an unknown one."""
    cluster = clusters(**design)
    nodes = [cluster.booted(), cluster.booted()]
    for visit in sequence:
        cluster.run_to(cluster.world.now + visit.after_s)
        right = 200 if visit.name in OWNERS or visit.operation == "health.live" else 404
        assert cluster.ask(nodes[visit.node], visit.name, visit.operation)[0] == right
        check(cluster, visit.name, *cluster.finish(context_or_error(cluster, nodes[visit.node], visit.name)))
    cluster.close()


@given(DESIGNS, visits(0.0, 0.001, 0.005, 0.015, 61.0, leaves=True))
@settings(max_examples=200)
def test_side_by_side_with_clients_who_leave(clusters, design, sequence):
    """Every answer is right; only under v1_as_wired may a client who stays get none (T4, T5)."""
    cluster = clusters(**design)
    nodes = [cluster.booted(), cluster.booted()]
    jobs = []
    for visit in sequence:
        cluster.run_to(cluster.world.now + visit.after_s)
        if visit.operation == "tenant.update":
            cluster.start(nodes[visit.node].handle(cluster.call(tenant=visit.name), visit.operation))
        job = cluster.start(context_or_error(cluster, nodes[visit.node], visit.name))
        jobs.append((visit, job))
        if visit.leaves:
            cluster.world.call_in(0.012, cluster.drop, job)
    cluster.run_to(cluster.world.now + 10.0)
    for visit, job in jobs:
        if job.done:
            check(cluster, visit.name, *job.value)
        else:
            assert visit.leaves or design["design"] == "v1_as_wired"
    cluster.close()
