"""Percentage roll-outs: who is in stays in, the share is the one asked for, and features have lines of their own."""

from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare, pearsonr

from rustok_sim.core.auth import Actor, Role
from rustok_sim.core.context import Context
from rustok_sim.core.features import Feature, place
from rustok_sim.core.ports import Call

PERCENT = st.floats(0.0, 100.0)
PLACE_OF_ACME = 0.0895711605728291
SUBJECTS = [f"tenant-{number}" for number in range(20_000)]


def context(tenant_id: str, user_id: str | None = None) -> Context:
    """A request of this tenant and user."""
    return Context(call=Call(1, "test", 1), tenant_id=tenant_id, actor=Actor(Role.CUSTOMER, user_id))


@given(st.text(max_size=20), st.text(max_size=20), PERCENT, PERCENT)
def test_who_is_in_at_a_smaller_share_is_in_at_a_larger(name, tenant_id, one, other):
    """The share grows along one line, so nobody loses a feature while it is rolled out."""
    low, high = sorted((one, other))
    asked = context(tenant_id)
    assert Feature(name=name, percent=low).includes(asked) <= Feature(name=name, percent=high).includes(asked)


@given(st.text(max_size=20), st.text(max_size=20))
def test_nobody_is_in_at_0_and_everybody_at_100(name, tenant_id):
    """The ends of the scale are exact."""
    asked = context(tenant_id)
    assert not Feature(name=name, percent=0.0).includes(asked)
    assert Feature(name=name, percent=100.0).includes(asked)


@pytest.mark.parametrize("feature", ["checkout", "search", "новое"])
def test_places_are_uniform(feature):
    """Chi-square over 100 classes of 200 expected each; the draw is fixed, so 0.001 fails for a bad hash only."""
    counts = [0] * 100
    for subject in SUBJECTS:
        counts[int(place(feature, subject) * 100)] += 1
    assert chisquare(counts).pvalue > 0.001


def test_two_features_have_lines_of_their_own():
    """20,000 pairs without correlation: |r| has a standard error of 0.007 under independence; 4 of them are 0.028."""
    one, other = ([place(feature, subject) for subject in SUBJECTS] for feature in ("a", "b"))
    assert abs(pearsonr(one, other).statistic) < 0.028


def test_places_are_the_same_on_every_machine():
    """Worked out once from BLAKE2b with 8 bytes; another value would move every tenant of every roll-out."""
    digest = blake2b(b"6:search|acme", digest_size=8).digest()
    assert place("search", "acme") == (int.from_bytes(digest, "big") >> 11) / 2**53
    assert place("search", "acme") == PLACE_OF_ACME


def test_names_and_subjects_do_not_run_into_each_other():
    """``a|b`` of ``c`` is not ``a`` of ``b|c``: the length of the name is hashed too."""
    assert place("a|b", "c") != place("a", "b|c")


def test_by_user_a_guest_has_what_the_tenant_has():
    """A user stands in line in person, and a guest as the tenant."""
    by_user, by_tenant = (Feature(name="f", percent=50.0, by=by) for by in ("user", "tenant"))
    tenants = [f"tenant-{number}" for number in range(50)]
    assert [by_user.includes(context(name)) for name in tenants] == [
        by_tenant.includes(context(name)) for name in tenants
    ]
    in_person = {by_user.includes(context("tenant-1", f"user-{number}")) for number in range(50)}
    assert in_person == {True, False}
    assert len({by_tenant.includes(context("tenant-1", f"user-{number}")) for number in range(50)}) == 1


@pytest.mark.parametrize("percent", [-0.1, 100.1, float("nan")])
def test_a_share_is_a_share(percent):
    """Nobody can be rolled out to less than nobody or more than all."""
    with pytest.raises(ValueError, match="cannot be rolled out"):
        Feature(name="f", percent=percent)
