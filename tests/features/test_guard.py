"""The guard before a module, and how long it believes what it has read, which takes 5 ms there and 5 back."""

import pytest

from rustok_sim.core.drive import drive
from rustok_sim.core.errors import DatabaseError, NotFound


def test_m5_the_guard_is_mounted_nowhere_as_built(bed):
    """A module that is off, or was never on, is served; and it costs nothing, for nobody asks."""
    bed = bed()
    bed.switch("blog", on=False)
    assert bed.passes("blog", guard=bed.unmounted)
    assert bed.passes("forum", guard=bed.unmounted)
    assert bed.database.statements == 0


def test_m5_repaired_a_mounted_guard_answers_404_for_what_is_off(bed):
    """No row means off, as RusToK's guard has it; another tenant's row means nothing."""
    bed = bed()
    bed.switch("blog", on=True)
    bed.switch("forum", on=False)
    assert [bed.passes(slug) for slug in ("blog", "forum", "pages")] == [True, False, False]
    assert not bed.passes("blog", tenant_id=bed.context("other").tenant_id)


def test_without_a_memory_every_request_reads(bed):
    """One round trip each, and a switch is felt at once."""
    bed = bed(cache_ttl_s=0.0)
    bed.switch("blog", on=True)
    assert bed.passes("blog")
    bed.switch("blog", on=False)
    assert not bed.passes("blog")
    assert bed.database.statements == 2
    assert bed.runtime.now() == pytest.approx(0.02)


def test_a_switch_is_felt_when_the_memory_ends(bed):
    """Read at 0.01 s and believed for 30 s: served at 30 s, refused at 30.02 s. Two reads in all."""
    bed = bed(cache_ttl_s=30.0)
    bed.switch("blog", on=True)
    assert bed.passes("blog")
    bed.switch("blog", on=False)
    bed.runtime.advance(29.99)
    assert bed.passes("blog")
    bed.runtime.advance(0.01)
    assert not bed.passes("blog")
    assert bed.database.statements == 2


@pytest.mark.parametrize("everything", [True, False], ids=["flushed", "forgotten"])
def test_who_is_told_of_a_switch_feels_it_at_once(bed, everything):
    """The node that switched may forget; the others wait for their memories to end."""
    bed = bed(cache_ttl_s=30.0)
    bed.switch("blog", on=True)
    assert bed.passes("blog")
    bed.switch("blog", on=False)
    if everything:
        bed.modules.flush()
    else:
        bed.modules.forget(bed.context().tenant_id)
    assert not bed.passes("blog")


def test_forgetting_without_a_memory_is_nothing(bed):
    """There is nothing to forget."""
    bed = bed(cache_ttl_s=0.0)
    bed.modules.forget("x")
    bed.modules.flush()
    assert not bed.passes("blog")


def test_many_requests_at_once_read_once(bed):
    """A hundred requests of a tenant nobody remembers: one statement, and all wait the same 10 ms for it."""
    bed = bed(cache_ttl_s=30.0)
    bed.switch("blog", on=True)
    tasks = [bed.runtime.start(bed.guard.check(bed.context(), "blog")) for _ in range(100)]
    bed.runtime.finish()
    assert [task.result() for task in tasks] == [None] * 100
    assert (bed.database.statements, bed.runtime.now()) == (1, pytest.approx(0.01))


def test_a_read_under_way_may_remember_what_was_forgotten(bed):
    """Read at 5 ms, switched and forgotten at 7 ms, answered at 10 ms: the old value counts for 30 s from there."""
    bed = bed(cache_ttl_s=30.0)
    bed.switch("blog", on=True)
    task = bed.runtime.start(bed.guard.check(bed.context(), "blog"))
    bed.runtime.advance(0.007)
    bed.switch("blog", on=False)
    bed.modules.forget(bed.context().tenant_id)
    bed.runtime.finish()
    task.result()
    bed.runtime.advance(29.995)
    assert bed.passes("blog")
    bed.runtime.advance(0.01)
    assert not bed.passes("blog")


def test_a_refusal_says_which_module_and_by_which_code(bed):
    """404 as RusToK's guard answers, told apart from other 404s by its code."""
    with pytest.raises(NotFound, match="forum") as refusal:
        drive(bed().guard.check(bed().context(), "forum"))
    assert (refusal.value.status, refusal.value.code) == (404, "module_disabled")


def test_what_could_not_be_read_is_neither_served_nor_remembered(bed):
    """A database that fails is no module that is off: 500, and the next request asks again."""
    bed = bed()
    bed.switch("blog", on=True)
    bed.database.failing = True
    with pytest.raises(DatabaseError):
        drive(bed.guard.check(bed.context(), "blog"))
    bed.database.failing = False
    assert bed.passes("blog")


def test_the_least_recently_asked_tenant_is_forgotten_for_want_of_room(bed):
    """Room for one tenant, two tenants in turn: every request reads."""
    bed = bed(cache_capacity=1)
    for _ in range(2):
        bed.passes("blog")
        bed.passes("blog", tenant_id="other")
    assert bed.database.statements == 4
