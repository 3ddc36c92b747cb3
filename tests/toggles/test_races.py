"""Two administrators at once, and a crash at the wrong moment: M1 to M4, as built and repaired."""

import pytest

DECLARED = {"dependencies": "declared"}
REPAIRED = [
    pytest.param({"check": "serializable"}, id="serializable"),
    pytest.param({"check": "row_lock"}, id="row_lock"),
]
PAUSES_S = [0.0, 0.004, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.06]


class TestM1:
    """The write skew: one switches content off, another one switches the blog, which needs it, on."""

    @pytest.mark.parametrize("blog", [{}, {"blog": False}], ids=["first", "again"])
    def test_as_built_both_pass(self, office, blog):
        """Both read the flags before either has written."""
        desk = office(**DECLARED).given(content=True, **blog)
        assert desk.at_once(("content", False), ("blog", True)) == [True, True]
        assert desk.unmet() == (("blog", "content"),)

    @pytest.mark.parametrize("settings", REPAIRED)
    @pytest.mark.parametrize("blog", [{}, {"blog": False}], ids=["first", "again"])
    @pytest.mark.parametrize("apart_s", PAUSES_S)
    @pytest.mark.parametrize("blog_first", [False, True])
    def test_repaired_one_of_them_is_refused(self, office, settings, blog, apart_s, blog_first):
        """Whoever comes second, and however much later: the other's change is seen, and named in the refusal."""
        desk = office(**settings, **DECLARED).given(content=True, **blog)
        switches = [("content", False), ("blog", True)]
        answers = desk.at_once(*(reversed(switches) if blog_first else switches), apart_s=apart_s)
        assert sorted(map(str, answers)) in (["True", "missing_dependencies"], ["True", "has_dependents"])
        assert desk.unmet() == ()

    def test_the_isolation_level_alone_repairs_nothing(self, office):
        """As built the check stands outside of the transaction, which is serializable here in vain."""
        desk = office(**DECLARED).given(content=True)
        desk.shared.store.isolation = "serializable"
        assert desk.at_once(("content", False), ("blog", True)) == [True, True]
        assert desk.unmet() == (("blog", "content"),)

    def test_three_administrators_and_two_modules(self, office):
        """Serializable: content goes off or its dependents come on, never both; who lost has tried again."""
        desk = office(check="serializable", **DECLARED).given(content=True)
        answers = desk.at_once(("content", False), ("blog", True), ("forum", True))
        assert desk.unmet() == ()
        assert answers in (
            [True, "missing_dependencies", "missing_dependencies"],
            ["has_dependents", True, True],
            ["has_dependents", True, "missing_dependencies"],
        )


class TestM2:
    """Two switch one module on for the first time."""

    def test_as_built_the_loser_gets_the_databases_own_error(self, office):
        """Both read no row, both insert: 500 ``unique_violation`` for a switch that has happened."""
        desk = office()
        assert sorted(map(str, desk.at_once(("blog", True), ("blog", True)))) == ["True", "unique_violation"]
        assert desk.flags() == {"blog": True}

    @pytest.mark.parametrize("check", ["as_built", "row_lock", "serializable"])
    @pytest.mark.parametrize("apart_s", PAUSES_S)
    def test_repaired_the_later_one_finds_it_done(self, office, check, apart_s):
        """One has changed it, for the other there was nothing to do; the hook has run once."""
        desk = office(first_toggle="upsert", check=check)
        assert sorted(desk.at_once(("blog", True), ("blog", True), apart_s=apart_s)) == [False, True]
        assert desk.flags() == {"blog": True}
        assert desk.hooks.ran == [("blog", True)]

    @pytest.mark.parametrize("apart_s", PAUSES_S)
    def test_repaired_opposite_first_switches_both_happen(self, office, apart_s):
        """The later one goes on from the row of the other, so the last word stands."""
        desk = office(first_toggle="upsert", check="row_lock")
        answers = desk.at_once(("blog", True), ("blog", False), apart_s=apart_s)
        assert answers == [True, True]
        assert len(desk.hooks.ran) == 2


class TestM3:
    """A crash between the commit and the end of the hook. The hook takes a second."""

    def crash(self, desk):
        """Drop the request while its hook runs, as a crash of the node does."""
        desk.hooks.hook_s = 1.0
        task = desk.runtime.start(desk.steps("blog", on=True))
        desk.runtime.advance(0.5)
        task.drop()
        desk.runtime.finish()

    def test_as_built_the_flag_stays_without_its_hook_and_no_retry_repairs_it(self, office):
        """The second call finds the value there already and skips the hook."""
        desk = office()
        self.crash(desk)
        assert desk.flags() == {"blog": True}
        assert desk.records("module.hook") == [("blog", "dropped")]
        assert not desk.switch("blog", on=True)
        assert desk.hooks.ran == []

    def test_repaired_a_retry_does_all_of_it(self, office):
        """With the hook inside, a crash leaves nothing, and the next call finds everything still to be done."""
        desk = office(hook="in_transaction")
        self.crash(desk)
        assert desk.flags() == {}
        assert desk.switch("blog", on=True)
        assert (desk.flags(), desk.hooks.ran) == ({"blog": True}, [("blog", True)])


class TestM4:
    """The hook of a first-ever switch fails."""

    def first(self, desk, *, on):
        """Switch the blog for the first time; the hook fails."""
        desk.hooks.failing = 1
        assert desk.at_once(("blog", on)) == ["hook_failed"]
        return desk.flags()

    def test_as_built_a_failed_first_disable_switches_the_module_on(self, office):
        """The opposite of the request is written as the previous value, which there was none of."""
        desk = office()
        assert self.first(desk, on=False) == {"blog": True}
        assert desk.records("module.toggled") == [("blog", "disabled"), ("blog", "enabled")]

    @pytest.mark.parametrize("settings", [{"restore": "exact"}, {"hook": "in_transaction"}])
    @pytest.mark.parametrize("on", [True, False])
    def test_repaired_there_is_no_row_as_before(self, office, settings, on):
        """Deleted again, or never committed."""
        assert self.first(office(**settings), on=on) == {}

    def test_as_built_a_failed_first_enable_leaves_a_row_that_says_no(self, office):
        """Which means the same as none."""
        assert self.first(office(), on=True) == {"blog": False}
