"""Which features a request may use, and which static flags are asked for."""

import pytest

from rustok_sim.core.features import FeatureSettings, StaticFlags, flag_is_on

RIVAL = "rival"
FLAGS = ["registration_enabled", "email_verification", "multi_tenant", "search_indexing", "oauth_enabled"]
TURNED = StaticFlags(
    registration_enabled=False,
    email_verification=True,
    multi_tenant=False,
    search_indexing=False,
    oauth_enabled=True,
)


def test_a_feature_without_a_word_follows_its_roll_out(bed):
    """0 % is nobody and 100 % is everybody."""
    bed = bed()
    bed.switch("blog", on=True)
    assert bed.has("blog.comments")
    assert not bed.has("new_search")


def test_a_tenants_own_word_stands_over_the_roll_out(bed):
    """Either way, and for this tenant alone."""
    bed = bed(cache_ttl_s=0.0)
    bed.switch("blog", on=True)
    bed.word("new_search", on=True)
    bed.word("blog.comments", on=False)
    assert bed.has("new_search")
    assert not bed.has("blog.comments")
    assert not bed.has("new_search", tenant_id=RIVAL)


def test_a_feature_is_off_while_a_module_it_needs_is_off(bed):
    """Whatever the tenant's word on the feature itself."""
    bed = bed(cache_ttl_s=0.0)
    bed.word("blog.comments", on=True)
    assert not bed.has("blog.comments")
    bed.switch("blog", on=True)
    assert bed.has("blog.comments")


def test_a_roll_out_by_user_tells_users_of_one_tenant_apart(bed):
    """Half of them, the same ones each time; guests have what the tenant has."""
    bed = bed()
    users = [f"user-{number}" for number in range(40)]
    first = [bed.has("half", user_id=user) for user in users]
    assert set(first) == {True, False}
    assert first == [bed.has("half", user_id=user) for user in users]
    assert len({bed.has("half") for _ in range(10)}) == 1


def test_words_are_remembered_as_modules_are(bed):
    """One statement for the words and, only for a feature that needs a module, one for the modules."""
    bed = bed(cache_ttl_s=30.0)
    for _ in range(3):
        bed.has("new_search")
    assert bed.database.statements == 1
    for _ in range(3):
        bed.has("blog.comments")
    assert bed.database.statements == 2
    bed.features.flush()
    bed.has("new_search")
    bed.features.forget(bed.context().tenant_id)
    bed.has("new_search")
    assert bed.database.statements == 4


def test_a_feature_nobody_announced_is_a_mistake(bed):
    """A misspelt name must not read as a feature that is off."""
    with pytest.raises(KeyError):
        bed().has("serach")


def test_of_the_static_flags_only_email_verification_counts_as_built():
    """Every flag is turned to the opposite of RusToK's default; the platform goes on as before but for one."""
    settings = FeatureSettings(flags=TURNED)
    changed = [flag for flag in FLAGS if flag_is_on(settings, flag) != flag_is_on(FeatureSettings(), flag)]
    assert changed == ["email_verification"]


def test_d34_repaired_every_static_flag_counts():
    """What the file says is what the platform does."""
    settings = FeatureSettings(flags=TURNED, consulted="all")
    assert [flag_is_on(settings, flag) for flag in FLAGS] == [False, True, False, False, True]


def test_static_flags_are_rustoks_own_unless_a_scenario_says_otherwise():
    """Its settings file: registration, tenants and indexing on; verification and OAuth off."""
    settings = FeatureSettings(consulted="all")
    assert [flag_is_on(settings, flag) for flag in FLAGS] == [True, False, True, True, False]
