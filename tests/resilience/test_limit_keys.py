"""Who counts as one client to a rate limiter."""

from uuid import UUID

import pytest

from rustok_sim.core.auth import Actor, Role
from rustok_sim.core.resilience.limits import FixedWindow, LimiterSettings, client_key

USER = "5b2f0a56-3f5f-4c57-9a52-7a9d6f7f0d11"
GUEST = Actor(Role.CUSTOMER)


def key(design, headers, *, tenant_id="acme", actor=GUEST):
    """Under which key a request is counted."""
    return client_key(LimiterSettings(key=design), headers, tenant_id=tenant_id, actor=actor)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-user-id": USER, "x-forwarded-for": "10.0.0.1"}, f"user:{USER}"),
        ({"x-user-id": USER.upper().replace("-", "")}, f"user:{USER}"),
        ({"x-user-id": "root", "x-forwarded-for": "10.0.0.1, 10.0.0.2", "x-real-ip": "10.0.0.3"}, "ip:10.0.0.1"),
        ({"x-forwarded-for": " , 10.0.0.2", "x-real-ip": "10.0.0.3"}, "ip:10.0.0.3"),
        ({"x-real-ip": " 10.0.0.3 "}, "ip:10.0.0.3"),
        ({}, "unknown"),
    ],
)
def test_the_client_says_who_it_is_as_built(headers, expected):
    """RusToK's order: user header if it is a UUID, first forwarded address, real address, one key for all others."""
    assert key("as_built", headers) == expected


def forged(design):
    """How many of 1,000 requests of one attacker pass, who changes the user header each time; the limit is 100."""
    limiter = FixedWindow(100, 60.0)
    keys = (key(design, {"x-user-id": str(UUID(int=number))}) for number in range(1_000))
    return sum(limiter.admit(0.0, name).allowed for name in keys)


def test_a_forged_header_is_a_new_limit_with_every_request_as_built():
    """None of them is refused."""
    assert forged("as_built") == 1_000


@pytest.mark.parametrize("design", ["tenant", "actor"])
def test_repaired_no_header_helps(design):
    """The tenant was resolved and the actor authenticated, whatever the headers say."""
    assert forged(design) == 100


def test_by_tenant_all_its_users_are_one_and_tenants_are_not():
    """A busy tenant does not use up another one's limit."""
    users = [Actor(Role.CUSTOMER, name) for name in ("one", "two")]
    assert len({key("tenant", {}, actor=actor) for actor in users}) == 1
    assert key("tenant", {}) != key("tenant", {}, tenant_id="rival")


def test_by_actor_users_are_told_apart_and_guests_are_not():
    """The same user id in two tenants is two users; guests share their tenant's key."""
    one, two = (Actor(Role.CUSTOMER, name) for name in ("one", "two"))
    keys = [key("actor", {}, actor=one), key("actor", {}, actor=two), key("actor", {}, actor=one, tenant_id="rival")]
    assert len({*keys, key("actor", {})}) == 4
    assert key("actor", {}) == key("tenant", {})


def test_all_who_say_nothing_share_one_limit_as_built():
    """A hundred requests without headers use up the limit of everybody behind the same proxy."""
    limiter = FixedWindow(100, 60.0)
    passed = [limiter.admit(0.0, key("as_built", {}, tenant_id=f"tenant-{number}")).allowed for number in range(101)]
    assert passed == [True] * 100 + [False]
