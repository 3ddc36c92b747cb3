"""Dependencies between modules: declared without circles, and what a set of switches makes of them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rustok_sim.core.features import FeatureSet, Needs

RUSTOK = Needs({"content": (), "commerce": (), "blog": ("content",), "forum": ("content",), "pages": ("content",)})
LETTERS = "abcdef"


@st.composite
def graphs(draw):
    """Needs that point backwards in the alphabet only, so there is no circle."""
    return {
        name: tuple(sorted(draw(st.sets(st.sampled_from(LETTERS[:place] or "a"), max_size=place))))
        for place, name in enumerate(LETTERS)
    }


def test_names_come_after_what_they_need():
    """An order in which all may be switched on one by one."""
    assert RUSTOK.names.index("content") < min(map(RUSTOK.names.index, ("blog", "forum", "pages")))
    assert sorted(RUSTOK.names) == ["blog", "commerce", "content", "forum", "pages"]


@given(graphs())
def test_every_graph_without_a_circle_has_an_order(graph):
    """Switched on in that order, nobody ever misses anything; switched off backwards, nobody is needed."""
    needs = Needs(graph)
    switches = FeatureSet(needs)
    for name in needs.names:
        assert switches.missing(name) == ()
        switches = switches.switched(name, on=True)
        assert switches.unmet() == ()
    for name in reversed(needs.names):
        assert switches.dependents(name) == ()
        switches = switches.switched(name, on=False)
    assert switches.on == frozenset()


@pytest.mark.parametrize(
    ("graph", "circle"),
    [({"a": ("a",)}, "a needs a"), ({"a": ("b",), "b": ("c",), "c": ("a",)}, "a needs b needs c needs a")],
)
def test_a_circle_is_refused_and_shown(graph, circle):
    """None in a circle could ever be switched on first."""
    with pytest.raises(ValueError, match="a circle of needs") as refusal:
        Needs(graph)
    told = str(refusal.value).removeprefix("a circle of needs: ").split(" needs ")
    expected = circle.split(" needs ")
    assert told[0] == told[-1]
    assert sorted(told[1:]) == sorted(expected[1:])
    assert all(other in graph[name] for name, other in pairwise(told))


def test_a_need_that_does_not_exist_is_refused():
    """A misspelt need would never be met."""
    with pytest.raises(ValueError, match="blog needs contents, which does not exist"):
        Needs({"content": (), "blog": ("contents",)})


def test_missing_and_dependents_are_told_by_name():
    """The two questions an administrator's switch asks."""
    some = FeatureSet(RUSTOK, frozenset({"content", "blog", "pages"}))
    assert some.dependents("content") == ("blog", "pages")
    assert some.dependents("commerce") == ()
    assert FeatureSet(RUSTOK).missing("forum") == ("content",)
    assert some.missing("forum") == ()
    assert "blog" in some
    assert "forum" not in some
    assert ("blog" in RUSTOK, "shop" in RUSTOK) == (True, False)


def test_a_set_that_a_race_has_broken_says_what_is_unmet():
    """The write skew of M1 leaves blog on and content off."""
    broken = FeatureSet(RUSTOK, frozenset({"blog", "content"})).switched("content", on=False)
    assert broken.unmet() == (("blog", "content"),)
    assert not broken.works("blog")


def test_what_is_on_works_only_if_all_below_it_is_on():
    """However far down: c needs b needs a."""
    needs = Needs({"a": (), "b": ("a",), "c": ("b",)})
    assert FeatureSet(needs, frozenset("abc")).works("c")
    assert not FeatureSet(needs, frozenset("bc")).works("c")
    assert not FeatureSet(needs, frozenset("ab")).works("c")
