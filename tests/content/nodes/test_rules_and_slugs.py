"""The rules of the input, which RusToK never invokes, its locale that fits the rule and not the column, and slugs."""

import pytest

from rustok_sim.core.content import Body, NewNode, NodeChanges, Translation
from rustok_sim.modules.content import NODES, TRANSLATIONS, slugify


def made(**fields) -> NewNode:
    """A node with one fault at most."""
    texts = {"locale": "en", "title": "x", "excerpt": None} | {
        name: fields.pop(name) for name in ("locale", "title", "excerpt", "slug") if name in fields
    }
    body = Body(locale=texts["locale"], body=fields.pop("body", "x"))
    return NewNode(**{"kind": "post", "translations": [Translation(**texts)], "bodies": [body]} | fields)


LIMITS = [
    ({"position": 100_000}, {"position": 100_001}),
    ({"position": 0}, {"position": -1}),
    ({"depth": 100}, {"depth": 101}),
    ({"depth": 0}, {"depth": -1}),
    ({"title": "x" * 255}, {"title": "", "slug": "x"}),
    ({"excerpt": "x" * 1_000}, {"excerpt": "x" * 1_001}),
    ({"body": "x" * 1_000_000}, {"body": "x" * 1_000_001}),
    ({"kind": "custom"}, {"kind": "poem"}),
]


@pytest.mark.parametrize(("right", "wrong"), LIMITS)
def test_rules_hold_where_they_are_checked(open_house, right, wrong):
    """Each bound of RusToK's input rules, and one step beyond it."""
    house = open_house(rules="checked")
    house.do(house.nodes.create, made(**right))
    house.wire.trips.clear()
    assert house.code(house.nodes.create, made(**wrong)) == "validation"
    assert house.wire.trips == []


@pytest.mark.parametrize(("right", "wrong"), LIMITS)
def test_no_rule_is_asked_as_built(house, right, wrong):
    """The same nodes are written."""
    house.do(house.nodes.create, made(**right))
    house.do(house.nodes.create, made(**wrong))
    assert len(house.rows(NODES)) == 2


def test_edits_are_checked_too(open_house):
    """Places and texts of an edit; as built the same edits are written."""
    wrong = [
        NodeChanges(position=-1),
        NodeChanges(depth=101),
        NodeChanges(translations=[Translation(locale="en", title="x", excerpt="x" * 1_001)]),
        NodeChanges(bodies=[Body(locale="en", body="x" * 1_000_001)]),
    ]
    checked, as_built = open_house(rules="checked"), open_house()
    for changes in wrong:
        assert checked.code(checked.nodes.update, checked.write().id, changes) == "validation"
        as_built.do(as_built.nodes.update, as_built.write().id, changes)


@pytest.mark.parametrize("locale", ["es-419", "zh-419", "default", "en-US-x"])
def test_a_locale_of_more_than_five_characters_fails_in_its_column(house, locale):
    """D31: nothing stands before the column, which PostgreSQL keeps to 5; the whole node is rolled back."""
    assert house.code(house.nodes.create, made(locale=locale)) == "value_too_long"
    assert house.rows(NODES) == []


@pytest.mark.parametrize(
    ("locale", "code"),
    [
        *[(right, None) for right in ("en", "ru-RU", "es-419", "EN")],
        *[(wrong, "validation") for wrong in ("default", "e", "eng", "en_US", "en-", "en-U1", "en-12", "en-US-x", "")],
    ],
)
def test_a_checked_locale_fits_the_rule_and_the_column(open_house, locale, code):
    """The repair of D31: the rule's forms aa, aa-BB and aa-999, and a column as wide as the rule."""
    house = open_house(rules="checked")
    if code is None:
        assert house.do(house.nodes.create, made(locale=locale)).translations[0].locale == locale
    else:
        assert house.code(house.nodes.create, made(locale=locale)) == code


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Hello, World!", "hello-world"),
        ("  Crème brûlée  ", "creme-brulee"),
        ("Привет, мир", "privet-mir"),
        ("Щука и ёж", "shchuka-i-ezh"),
        ("C++ & Rust_2026", "c-rust-2026"),
        ("你好", ""),
    ],
)
def test_a_title_gives_a_slug(title, slug):
    """Latin letters and digits joined by hyphens; marks fall off, Cyrillic is written in Latin, by hand."""
    assert slugify(title) == slug


def test_two_nodes_may_have_one_slug_and_the_reader_gets_one(house):
    """As built the index on locale and slug is not unique; here it is the node with the lesser id that is found."""
    written = [house.write("Same"), house.write("Same")]
    assert {row["slug"] for row in house.rows(TRANSLATIONS)} == {"same"}
    found = house.do(house.nodes.get_by_slug, "post", "same")
    assert found.id == min(node.id for node in written)


def test_a_slug_names_the_node_of_a_kind(house, node):
    """A page and a post of one slug are each found under their kind."""
    post, page = house.write("Same"), house.write("Same", kind="page")
    assert house.do(house.nodes.get_by_slug, "page", "same").id == page.id
    assert house.do(house.nodes.get_by_slug, "post", "same").id == post.id


def test_unique_slugs_refuse_a_second_in_one_language_of_one_tenant(open_house, node, other):
    """The repair: a conflict; another language or another tenant may have it."""
    house = open_house(slugs="unique")
    taken = NewNode(kind="post", translations=[Translation(locale="en", slug="same")])
    house.do(house.nodes.create, taken)
    assert house.code(house.nodes.create, taken) == "duplicate_slug"
    house.do(house.nodes.create, taken, tenant=other)
    house.do(house.nodes.create, NewNode(kind="post", translations=[Translation(locale="ru", slug="same")]))
    assert len(house.rows(NODES)) == 3
    twin = house.write("Twin")
    assert house.code(house.nodes.update, twin.id, NodeChanges(translations=taken.translations)) == "duplicate_slug"


def test_unique_slugs_that_a_title_gives_never_clash(open_house):
    """They end in a piece of the node's id."""
    house = open_house(slugs="unique")
    for node in (house.write("Same"), house.write("Same"), house.write("你好")):
        assert node.translations[0].slug.endswith(node.id[-6:])
    assert len({row["slug"] for row in house.rows(TRANSLATIONS)}) == 3


def test_another_rule_of_the_same_table_keeps_its_name(open_house):
    """Two translations into one language break the rule of languages, whatever slugs may do."""
    twice = [Translation(locale="en", slug="a"), Translation(locale="en", slug="b")]
    for slugs in ("as_built", "unique"):
        house = open_house(slugs=slugs)
        assert house.code(house.nodes.create, NewNode(kind="post", translations=twice)) == "unique_violation"
