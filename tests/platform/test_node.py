"""A node's boot, its way from request to answer, and what an update makes it forget."""

import pytest

from rustok_sim.core.data import Delete, Update, same
from rustok_sim.core.errors import RunError
from rustok_sim.modules.tenants import TENANTS, TenancySettings, made_up_tenant

HEADERS = {
    "uuid": {"x-tenant-id": made_up_tenant("acme").id},
    "slug": {"x-tenant-id": "acme"},
}


def versions(cluster, node):
    """The version of the tenant that a request by uuid, and one by slug, is served."""
    return [cluster.finish(node.resolve(cluster.call(), headers)).version for headers in HEADERS.values()]


@pytest.mark.parametrize(
    ("tenant", "answer"),
    [
        ("acme", (200, None)),
        (" ACME ", (200, None)),
        (made_up_tenant("acme").id, (200, None)),
        ("", (200, None)),
        ("nobody", (404, "not_found")),
        ("admin", (400, "validation")),
        ("a_b", (400, "validation")),
    ],
)
def test_answers_with_the_status_of_the_error(cluster, tenant, answer):
    """Found 200, unknown 404, impossible name 400; a request that names none is the default tenant's."""
    one = cluster(design="moka")
    assert one.ask(one.booted(), tenant) == answer


@pytest.mark.parametrize("resolution", ["host", "domain", "subdomain"])
def test_answers_hosts_too(cluster, resolution):
    """The made-up tenants have domains; the probe asks for the default tenant's."""
    one = cluster(tenancy=TenancySettings(resolution=resolution), design="moka")
    node = one.booted()
    assert one.ask(node, "acme") == (200, None)
    assert one.ask(node, "nobody") == (404, "not_found")
    assert one.ask(node, operation="health.live") == (200, None)
    assert [record.detail for record in one.of("cache.load")][::2] == [
        "tenant:host:acme.example",
        "tenant:host:default.example",
    ]


def test_probe_stands_before_the_middleware_where_tenants_must_be_named(cluster):
    """It names no tenant: with T1 repaired it would be refused for ever, and the node taken for dead."""
    one = cluster(tenancy=TenancySettings(unnamed="refuse"))
    node = one.booted()
    assert one.ask(node, "", "health.live") == (200, None)
    assert one.ask(node, "") == (400, "tenant_required")


def test_probe_asks_for_the_default_tenant(cluster):
    """D-30: liveness stands behind tenant resolution, whatever tenant the caller is of."""
    one = cluster(design="none")
    assert one.ask(one.booted(), "nobody", "health.live") == (200, None)
    assert [record.detail for record in one.of("cache.load")] == ["tenant:uuid:00000000-0000-0000-0000-000000000001"]


@pytest.mark.parametrize("design", ["none", "naive", "v1_as_wired", "moka", "moka_breaker"])
@pytest.mark.parametrize(("invalidation", "after"), [("none", [1, 1]), ("one_key", [1, 2]), ("all_keys", [2, 2])])
def test_update_makes_the_node_forget_what_the_settings_say(cluster, design, invalidation, after):
    """Read by uuid and by slug before and after an update: forgetting the slug alone leaves the uuid's entry old."""
    one = cluster(design=design, invalidation=invalidation)
    node = one.booted()
    assert versions(one, node) == [1, 1]
    assert one.ask(node, "acme", "tenant.update") == (200, None)
    assert versions(one, node) == ([2, 2] if design == "none" else after)
    (updated,) = one.of("tenant.updated")
    assert (updated.tenant, updated.value) == ("acme", 2)


def test_update_reaches_every_name_of_the_tenant(cluster):
    """All keys are those of id, slug and domain."""
    one = cluster(design="moka", invalidation="all_keys")
    one.ask(one.booted(), "acme", "tenant.update")
    assert [record.detail.split(":")[1] for record in one.of("cache.invalidated")] == ["uuid", "slug", "host"]


def test_update_of_a_tenant_without_domain_forgets_two_names(cluster):
    """There is no third."""
    one = cluster(design="moka", invalidation="all_keys")
    one.write(Update(TENANTS, {"domain": None}, same(id=made_up_tenant("acme").id)))
    one.ask(one.booted(), "acme", "tenant.update")
    assert [record.detail.split(":")[1] for record in one.of("cache.invalidated")] == ["uuid", "slug"]


def test_update_of_an_unknown_tenant_is_not_found(cluster):
    """The middleware stands before the handler."""
    one = cluster(design="moka")
    assert one.ask(one.booted(), "nobody", "tenant.update") == (404, "not_found")
    assert one.of("tenant.updated") == []


def test_update_of_a_tenant_that_is_gone_is_not_found(cluster):
    """The cache still knows it, the table does not."""
    one = cluster(design="moka")
    node = one.booted()
    one.ask(node)
    one.write(Delete(TENANTS))
    assert one.ask(node, "acme", "tenant.update") == (404, "not_found")


def test_node_that_has_not_booted_serves_nobody(cluster):
    """The engine's mistake, not the platform's answer."""
    one = cluster(design="moka")
    node = one.node()
    with pytest.raises(RunError, match="not booted"):
        one.ask(node)
    node.flush()


def test_flush_empties_memory(cluster):
    """The next request loads."""
    one = cluster(design="moka")
    node = one.booted()
    one.ask(node)
    node.flush()
    one.ask(node)
    assert len(one.of("cache.load")) == 2


class TestBootWithoutRedis:
    """RusToK decides once for each back end, at boot, data before negative: 7 attempts over 6.3 to 6.9 s each."""

    @pytest.mark.parametrize(
        ("back_s", "commands"),
        [
            # Back before the first has given up: both on Redis.
            (5.0, {("negative", "GET"), ("data", "GET"), ("data", "SET")}),
            # Back after the first has given up and before the second has: one of each.
            (7.5, {("negative", "GET")}),
            # Back after both have given up: both in memory until the next start.
            (15.0, set()),
        ],
    )
    def test_each_back_end_decides_for_itself(self, cluster, back_s, commands):
        """Where a request's look-ups go afterwards shows what each has become."""
        one = cluster(design="v1_as_wired", count_in_redis=False)
        node = one.node()
        one.redis.condition.refuse()
        one.start(node.boot())
        one.run_to(back_s)
        one.redis.condition.accept()
        one.run_to(20.0)
        assert one.ask(node) == (200, None)
        sent = {(record.site, record.detail) for record in one.of("redis.command")}
        assert sent - {("channel", "CONNECT"), ("channel", "SUBSCRIBE")} == commands

    def test_listener_stays_dead(self, cluster):
        """D-36: the update on one node is not heard by the other, which serves its own old copy from memory."""
        one = cluster(design="v1_as_wired", invalidation="all_keys")
        one.redis.condition.refuse()
        nodes = [one.booted(), one.booted()]
        one.run_to(30.0)
        one.redis.condition.accept()
        for node in nodes:
            assert versions(one, node) == [1, 1]
        assert one.ask(nodes[0], "acme", "tenant.update") == (200, None)
        assert [versions(one, node) for node in nodes] == [[2, 2], [1, 1]]

    def test_design_without_redis_boots_at_once(self, cluster):
        """The moka designs do not know it."""
        one = cluster(design="moka_breaker")
        one.redis.condition.refuse()
        one.booted()
        assert one.world.now == 0.0
        assert one.journal.rows == []


def test_listener_hears_other_nodes(cluster):
    """Both nodes listen, so each of the three pairs is deleted by the updating node and then by every listener."""
    one = cluster(design="v1_as_wired", invalidation="all_keys")
    first, _ = one.booted(), one.booted()
    one.ask(first, "acme", "tenant.update")
    one.run_to(10.0)
    by_node = [record.node for record in one.of("cache.invalidated")]
    assert (by_node.count("node-1"), by_node.count("node-2")) == (12, 6)


def test_memory_back_ends_have_no_channel(cluster):
    """Without Redis there is no way from node to node at all."""
    one = cluster(design="v1_as_wired", backend="memory", invalidation="all_keys")
    nodes = [one.booted(), one.booted()]
    for node in nodes:
        versions(one, node)
    one.ask(nodes[0], "acme", "tenant.update")
    one.run_to(10.0)
    assert [versions(one, node) for node in nodes] == [[2, 2], [1, 1]]
    assert one.of("redis.command") == []
