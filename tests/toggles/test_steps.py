"""Switching a module, step by step as RusToK's service has it. A round trip takes 10 ms."""

import pytest

from rustok_sim.core.drive import drive
from rustok_sim.modules.toggles import HasDependents, HookFailed, MissingDependencies, ModuleToggles, UnknownModule

DECLARED = {"dependencies": "declared"}


@pytest.mark.parametrize(
    ("before", "on", "after"),
    [
        ({}, True, {"blog": True}),
        ({"blog": False}, True, {"blog": True}),
        ({"blog": True}, False, {"blog": False}),
        ({}, False, {"blog": False}),
    ],
)
@pytest.mark.parametrize("check", ["as_built", "serializable", "row_lock"])
def test_a_switch_changes_the_row_or_makes_it_and_runs_the_hook(office, check, before, on, after):
    """RusToK's table of states: the first-ever disable writes a row too."""
    desk = office(check=check).given(**before)
    assert desk.switch("blog", on=on)
    assert desk.flags() == after
    assert desk.hooks.ran == [("blog", on)]
    assert desk.records("module.toggled") == [("blog", "enabled" if on else "disabled")]
    assert desk.records("module.hook") == [("blog", "ok")]


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("hook", ["as_built", "in_transaction"])
def test_the_same_value_again_changes_nothing_and_skips_the_hook(office, hook, on):
    """Repeating a switch is no switch."""
    desk = office(hook=hook).given(blog=on)
    assert not desk.switch("blog", on=on)
    assert desk.flags() == {"blog": on}
    assert desk.hooks.ran == desk.records("module.toggled") == []


@pytest.mark.parametrize(
    ("check", "round_trips"),
    [
        pytest.param("as_built", 5, id="as_built"),  # flags, begin, row, write, commit
        pytest.param("serializable", 4, id="serializable"),  # begin, rows, write, commit
        pytest.param("row_lock", 5, id="row_lock"),  # begin, locks, rows, write, commit
    ],
)
def test_a_switch_costs_what_the_platforms_does(office, check, round_trips):
    """RusToK: begin and commit, two reads, one write. The repairs cost no more."""
    desk = office(check=check)
    desk.switch("blog", on=True)
    assert desk.database.round_trips == round_trips
    assert desk.runtime.now() == pytest.approx(0.01 * round_trips)


@pytest.mark.parametrize("on", [True, False])
def test_an_unknown_module_is_not_found(office, on):
    """404 before anything is read."""
    desk = office()
    with pytest.raises(UnknownModule) as refusal:
        desk.switch("shop", on=on)
    assert (refusal.value.status, refusal.value.code, desk.database.round_trips) == (404, "unknown_module", 0)


def test_nothing_is_declared_as_built_so_a_blog_runs_without_content(office):
    """All five modules declare an empty list, although three of them cannot work without content."""
    desk = office()
    assert desk.switch("blog", on=True)
    assert desk.unmet() == (("blog", "content"),)


@pytest.mark.parametrize("check", ["as_built", "serializable", "row_lock"])
class TestDeclaredDependencies:
    """Repaired: blog, forum and pages need content."""

    def test_what_is_missing_is_refused_by_name(self, office, check):
        """400, nothing written; once content is on, the blog may come."""
        desk = office(check=check, **DECLARED)
        with pytest.raises(MissingDependencies) as refusal:
            desk.switch("blog", on=True)
        assert (refusal.value.status, refusal.value.missing) == (400, ("content",))
        assert desk.flags() == {}
        assert desk.switch("content", on=True)
        assert desk.switch("blog", on=True)
        assert desk.unmet() == ()

    def test_what_others_need_stays_on(self, office, check):
        """400 that names them, in order; commerce needs nobody."""
        desk = office(check=check, **DECLARED).given(content=True, pages=True, blog=True, forum=False, commerce=True)
        with pytest.raises(HasDependents) as refusal:
            desk.switch("content", on=False)
        assert (refusal.value.status, refusal.value.dependents) == (400, ("blog", "pages"))
        assert desk.flags()["content"]
        assert desk.switch("commerce", on=False)

    def test_another_tenants_modules_count_for_nothing(self, office, rival, check):
        """Each tenant's switches are its own, to read and to write."""
        desk = office(check=check, **DECLARED).given(content=True)
        with pytest.raises(MissingDependencies):
            desk.switch("blog", on=True, tenant_id=rival)
        assert desk.switch("content", on=False)
        assert desk.switch("content", on=True, tenant_id=rival)
        assert (desk.flags(), desk.flags(rival)) == ({"content": False}, {"content": True})


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("settings", [{}, {"hook": "in_transaction"}, {"restore": "exact"}])
def test_a_failed_hook_puts_a_row_back_as_it_was(office, settings, before):
    """500; written back in a second transaction as built, never committed with the hook inside the first."""
    desk = office(**settings).given(blog=before)
    desk.hooks.failing = 1
    with pytest.raises(HookFailed, match="out of order") as refusal:
        desk.switch("blog", on=not before)
    assert (refusal.value.status, refusal.value.code) == (500, "hook_failed")
    assert desk.flags() == {"blog": before}
    assert desk.records("module.hook") == [("blog", "failed")]
    words = {True: "enabled", False: "disabled"}
    within = settings.get("hook") == "in_transaction"
    assert desk.records("module.toggled") == ([] if within else [("blog", words[not before]), ("blog", words[before])])


def test_hooks_take_their_time_and_fail_at_the_share_the_settings_give(office):
    """The made-up hook: 2 s each; of 400 draws at 25 %, 100 fail give or take four standard errors of 8.7."""
    desk = office(hooks=False, hook_s=2.0, hook_failure_share=0.25)
    desk.at_once(*[("blog", turn % 2 == 0) for turn in range(400)], apart_s=3.0)
    ended = desk.records("module.hook")
    failed = ended.count(("blog", "failed"))
    assert 65 <= failed <= 135
    assert ended.count(("blog", "ok")) == len(ended) - failed
    hooks = [record for record in desk.runtime.records if record.kind == "module.hook"]
    assert {round(record.at_s - record.begin_s, 9) for record in hooks} == {2.0}


def test_hooks_take_no_time_and_never_fail_as_built(office):
    """RusToK's hooks are empty: a switch is its five round trips."""
    desk = office(hooks=False)
    assert desk.switch("blog", on=True)
    assert desk.runtime.now() == pytest.approx(0.05)
    assert desk.records("module.hook") == [("blog", "ok")]


def test_enabled_modules_are_told_by_slug(office):
    """What the check reads, for others to ask."""
    desk = office().given(content=True, blog=False, commerce=True)
    assert drive(desk.toggles.enabled(desk.context())) == {"content", "commerce"}


def test_m6_the_default_set_is_read_by_nobody_as_built(office):
    """A new tenant has nothing on, whatever ``modules.toml`` says; not even a statement is sent."""
    desk = office()
    assert drive(desk.toggles.install_defaults(desk.context())) == ()
    assert (desk.flags(), desk.database.round_trips) == ({}, 0)


def test_m6_repaired_a_new_tenant_has_the_default_set(office):
    """Content, commerce and pages, in one transaction; what is there already is left as it is."""
    desk = office(defaults="applied").given(commerce=False)
    assert drive(desk.toggles.install_defaults(desk.context())) == ("content", "commerce", "pages")
    assert desk.flags() == {"content": True, "commerce": False, "pages": True}


@pytest.mark.parametrize("hook", ["as_built", "in_transaction"])
def test_who_listens_hears_of_committed_changes_alone(office, hook):
    """A change and its undoing are two commits as built and none within the transaction; no change is no news."""
    heard = []
    desk = office(hook=hook).given(blog=False)
    toggles = ModuleToggles(desk.shared, desk.settings, hook=desk.hooks, switched=heard.append)
    context = desk.context()
    drive(toggles.disable(context, "blog"))
    assert heard == []
    desk.hooks.failing = 1
    with pytest.raises(HookFailed):
        drive(toggles.enable(context, "blog"))
    assert heard == ([context.tenant_id] * 2 if hook == "as_built" else [])
    drive(toggles.enable(context, "blog"))
    assert len(heard) == (3 if hook == "as_built" else 1)
