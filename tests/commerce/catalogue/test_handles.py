"""How titles become handles: RusToK's rules, counted by hand, and the repair."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rustok_sim.modules.commerce.catalogue.handles import (
    LENGTH_MAX,
    RESERVED,
    handle_of,
    transliterated_handle_of,
)


@pytest.mark.parametrize(
    ("title", "handle"),
    [
        ("Red Shoes", "red-shoes"),
        ("  Red__Shoes -- 42 ", "red-shoes-42"),
        ("Cafe\u0301 au lait", "caf-au-lait"),
        ("50% off!", "50-off"),
        ("API", "api-1"),
        ("new", "new-1"),
        ("new shoes", "new-shoes"),
        ("!!!", "untitled"),
        ("", "untitled"),
        ("\u212a2", "k2"),
    ],
    ids=[
        "blank",
        "collapsed",
        "accent",
        "signs",
        "reserved",
        "reserved-2",
        "not-reserved",
        "nothing",
        "empty",
        "kelvin",
    ],
)
def test_handle_keeps_ascii_letters_digits_and_hyphens(title, handle):
    """Composed, lower-cased, all else dropped, hyphens collapsed, reserved words suffixed; é is not ASCII."""
    assert handle_of(title) == handle


def test_handle_is_cut_at_255():
    """The length of the column; the cut comes before the reserved words are looked at."""
    assert handle_of("a" * 300) == "a" * LENGTH_MAX == "a" * 255


@pytest.mark.parametrize("title", ["Привет, мир", "手机", "한국어", "さくら"])
def test_titles_without_ascii_letters_are_all_untitled(title):
    """D27: nothing of them is left, so any two of them collide."""
    assert handle_of(title) == "untitled"


@pytest.mark.parametrize(
    ("title", "handle"),
    [
        ("Привет, мир", "privet-mir"),
        ("Щука Київ", "shchuka-kiiv"),
        ("Ελληνικά", "ellinika"),
        ("Straße in Łódź", "strasse-in-lodz"),
        ("Café crème", "cafe-creme"),
        ("さくら", "sakura"),
        ("한국어", "hangugeo"),
        ("手机", "624b-673a"),
        ("№5", "5"),
        ("Admin", "admin-1"),
    ],
)
def test_transliterated_titles_keep_their_words(title, handle):
    """ICAO 9303 for Cyrillic, the names of Unicode for kana and Hangul, code points for what has no sound there."""
    assert transliterated_handle_of(title) == handle


def test_transliteration_leaves_ascii_titles_as_they_are():
    """The repair changes no handle that was right."""
    for title in ("Red Shoes", "a_b c", "new", "", "x" * 400):
        assert transliterated_handle_of(title) == handle_of(title)


@given(st.text(max_size=40))
def test_every_handle_is_one_that_an_address_can_hold(title):
    """Lower-case ASCII letters, digits and single inner hyphens, not empty, not reserved, and its own handle again."""
    for derive in (handle_of, transliterated_handle_of):
        handle = derive(title)
        assert handle.strip("-") == handle != ""
        assert "--" not in handle
        assert all(letter in "abcdefghijklmnopqrstuvwxyz0123456789-" for letter in handle)
        assert handle not in RESERVED
        assert derive(handle) == handle


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=40), st.data())
def test_different_ideographs_have_different_handles(title, data):
    """Each stands as a word of its own code point."""
    other = data.draw(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=40))
    assert (transliterated_handle_of(title) == transliterated_handle_of(other)) == (title == other)
