"""Promises about tenants: apart from each other, and as they are now."""

from rustok_sim.verify.facts import Facts
from rustok_sim.verify.invariants.ask import Question


def tenants_isolated(_facts: Facts) -> Question:
    """No request meets the rows of another tenant (I11): no ``tenant.crossed``.

    That is: no statement of a request of one tenant has read or written a row that belongs to another.
    """
    return Question(
        """
        select seq, at_s, node, tenant, correlation, site, outcome, detail,
            site || ' ' || outcome as problem
        from events where kind = 'tenant.crossed'
        """
    )


def suspended_tenants_refused(facts: Facts) -> Question:
    """A suspended tenant is refused (T2), as soon as no cache may remember better.

    No request of a tenant ends with a status below 400 if it began more than the cache's lifetime, its allowance for
    stale entries and a second after a suspension that has not ended since.
    """
    return Question(
        """
        with standings as (select seq, at_s, tenant, outcome from events where kind = 'tenant.standing'),
        served as (
            select * from events where kind = 'request.finished' and status < 400 and tenant is not null
        ), judged as (
            select served.*, standings.outcome as standing, standings.at_s as since_s
            from served asof join standings
                on served.tenant = standings.tenant and served.begin_s > standings.at_s
        )
        select seq, at_s, node, tenant, correlation, site, since_s, 'served though suspended' as problem
        from judged where standing = 'suspended' and begin_s > since_s + $late_s
        """,
        {"late_s": facts.stale_s + 1.0},
    )


def tenant_staleness_bounded(facts: Facts) -> Question:
    """A cache serves nothing too stale (I14).

    A ``cache.hit`` with an older version than the tenant has comes no later after the first newer version than the
    lifetime of an entry, the allowance for expired ones, and a second for loads under way.
    """
    return Question(
        """
        with writes as (select seq, at_s, tenant, value from events where kind = 'tenant.updated'),
        hits as (
            select events.seq, events.at_s, events.node, events.tenant, events.correlation, events.value,
                min(writes.at_s) as newer_s
            from events join writes on writes.tenant = events.tenant and writes.value > events.value
                and writes.at_s < events.at_s - $late_s
            where events.kind = 'cache.hit'
            group by all
        )
        select seq, at_s, node, tenant, correlation, value, newer_s, 'too stale' as problem from hits
        """,
        {"late_s": facts.stale_s + 1.0},
    )


def no_tenant_read_from_the_future(_facts: Facts) -> Question:
    """Nobody reads what is not written yet (I12).

    No ``cache.hit`` and no ``cache.load`` has a version of a tenant whose ``tenant.updated`` comes later.
    """
    return Question(
        """
        with writes as (select seq, tenant, value from events where kind = 'tenant.updated')
        select events.seq, events.at_s, events.node, events.tenant, events.correlation, events.value,
            'read before it was written' as problem
        from events join writes
            on writes.tenant = events.tenant and writes.value = events.value and writes.seq > events.seq
        where events.kind in ('cache.hit', 'cache.load')
        """
    )


def tenant_loads_are_current(_facts: Facts) -> Question:
    """What is read from the database is as it is now (I13).

    No ``cache.load`` has a version of a tenant older than one whose ``tenant.updated`` came before the load began.
    """
    return Question(
        """
        with writes as (select at_s, tenant, value from events where kind = 'tenant.updated')
        select events.seq, events.at_s, events.node, events.tenant, events.correlation, events.value,
            max(writes.value) as stood, 'older than the database' as problem
        from events join writes
            on writes.tenant = events.tenant and writes.value > events.value and writes.at_s < events.begin_s
        where events.kind = 'cache.load' and events.outcome = 'found'
        group by all
        """
    )


def own_tenant_writes_seen(_facts: Facts) -> Question:
    """A node that has changed a tenant knows it (I40).

    From a second after a ``tenant.update`` was answered with success, no ``cache.hit`` on the same node has an older
    version of that tenant than it wrote.
    """
    return Question(
        """
        with wrote as (
            select ends.at_s, ends.node, ends.tenant, writes.value
            from events as ends join events as writes using (correlation)
            where ends.kind = 'request.finished' and ends.status < 300 and writes.kind = 'tenant.updated'
        )
        select hit.seq, hit.at_s, hit.node, hit.tenant, hit.correlation, hit.value, wrote.value as written,
            'its own write is not seen' as problem
        from events as hit join wrote
            on wrote.node = hit.node and wrote.tenant = hit.tenant and wrote.value > hit.value
                and wrote.at_s + 1 < hit.at_s
        where hit.kind = 'cache.hit'
        """
    )


def modules_have_their_needs(facts: Facts) -> Question:
    """No module is on without what it needs, at the end: blog, forum and pages need content."""
    return Question(
        """
        with needs as (select unnest($slugs::varchar[]) as site, unnest($needs::varchar[]) as need)
        select slug.seq, slug.at_s, slug.tenant, null::bigint as correlation, slug.site, need,
            'on without what it needs' as problem
        from events as slug join needs using (site) join events as other
            on other.kind = 'module.left' and other.tenant = slug.tenant and other.site = need
        where slug.kind = 'module.left' and slug.outcome = 'enabled' and other.outcome = 'disabled'
        """,
        {"slugs": [slug for slug, _ in facts.module_needs], "needs": [need for _, need in facts.module_needs]},
    )


def module_hooks_run(_facts: Facts) -> Question:
    """A module that was switched has run its hook (M3), or was put back.

    Each ``module.toggled`` has a ``module.hook`` of the same request that went well, or a second ``module.toggled``
    that says hook_failed. A request that is in flight at the horizon is not asked.
    """
    return Question(
        """
        select seq, at_s, node, tenant, correlation, site, 'switched, and its hook never ran' as problem
        from events as toggled
        where kind = 'module.toggled' and detail is null and not exists (
            select 1 from events as other
            where other.correlation = toggled.correlation and (
                (other.kind = 'module.hook' and other.outcome = 'ok')
                or (other.kind = 'module.toggled' and other.detail = 'hook_failed')
                or other.kind = 'request.in_flight'
            )
        )
        """
    )
