"""The catalogue's numbered defects: each shows up as built, and ends with its repair."""

import pytest

from rustok_sim.core.lifecycle import InvalidTransition
from rustok_sim.modules.commerce.catalogue import NewTranslation, NewVariant, ProductChanges
from rustok_sim.modules.commerce.catalogue.tables import PRODUCTS, TRANSLATIONS, VARIANTS
from rustok_sim.modules.commerce.errors import DuplicateHandle, DuplicateSku, ProductNotFound

UNIQUE = {"handles": "per_tenant", "skus": "per_tenant"}


def handles(shop) -> list[str]:
    """The handles there are, of all tenants."""
    return sorted(row["handle"] for row in shop.rows(TRANSLATIONS))


def test_d2_handle_of_another_tenant_is_refused_as_built(open_shop, shoes, zen):
    """The look-up carries no tenant: the refusal tells one tenant what another one sells."""
    shop = open_shop()
    shop.do(shop.products.create, shoes(), tenant=zen)
    with pytest.raises(DuplicateHandle, match="red-shoes"):
        shop.do(shop.products.create, shoes())
    assert len(shop.rows(PRODUCTS)) == 1


def test_d2_ends_with_a_rule_within_the_tenant(open_shop, shoes, zen):
    """Both have their red shoes; within one tenant there is one."""
    shop = open_shop(catalogue=UNIQUE)
    shop.do(shop.products.create, shoes(), tenant=zen)
    shop.do(shop.products.create, shoes())
    with pytest.raises(DuplicateHandle):
        shop.do(shop.products.create, shoes(sku="T"))
    assert len(shop.rows(PRODUCTS)) == 2


def test_d9_two_at_once_get_the_same_handle_and_sku_as_built(open_shop, shoes):
    """Both look, both find nothing, both insert: the steps of the two go in turn, a round trip each."""
    shop = open_shop(latency_s=0.01)
    tasks = [shop.start(shop.products.create, shoes()) for _ in range(2)]
    assert all(hasattr(given, "product") for given in shop.outcomes(tasks))
    assert handles(shop) == ["red-shoes"] * 2 + ["red-shoes-de"] * 2
    assert sorted(row["sku"] or "" for row in shop.rows(VARIANTS)).count("S-41") == 2


@pytest.mark.parametrize(
    ("titles", "code"),
    [(("Red shoes", "Red shoes"), "duplicate_handle"), (("Red shoes", "Blue shoes"), "duplicate_sku")],
)
def test_d9_ends_with_unique_indexes(open_shop, shoes, titles, code):
    """The same two: the second one's insert waits for the first one's commit and is refused."""
    shop = open_shop(latency_s=0.01, catalogue=UNIQUE)
    tasks = [shop.start(shop.products.create, shoes(title=title)) for title in titles]
    first, second = shop.outcomes(tasks)
    assert first.product["status"] == "draft"
    assert second == code
    assert len(shop.rows(PRODUCTS)) == 1


def test_skus_are_looked_for_within_the_tenant(open_shop, shoes, zen):
    """As built too: of the two names, the SKU's look-up does carry the tenant."""
    shop = open_shop()
    shop.do(shop.products.create, shoes())
    with pytest.raises(DuplicateSku):
        shop.do(shop.products.create, shoes(title="Blue shoes"))
    shop.do(shop.products.create, shoes(title="Blue shoes"), tenant=zen)


def test_d27_second_title_without_ascii_letters_is_refused_as_built(open_shop, shoes, zen):
    """Both are "untitled", and the look-up is tenant-less: one such product per language in the whole installation."""
    shop = open_shop()
    bare = {"variants": (NewVariant(),), "options": ()}
    shop.do(shop.products.create, shoes(translations=(NewTranslation(locale="ru", title="Чай"),), **bare), tenant=zen)
    with pytest.raises(DuplicateHandle, match="untitled"):
        shop.do(shop.products.create, shoes(translations=(NewTranslation(locale="ru", title="Кофе"),), **bare))
    other = NewTranslation(locale="ru", title="Кофе", handle="kofe")
    assert shop.do(shop.products.create, shoes(translations=(other,), **bare)).product["status"] == "draft"


def test_d27_ends_with_transliteration(open_shop, shoes):
    """Each title has a handle of its own."""
    shop = open_shop(catalogue={"titles": "transliterated"})
    for title in ("Чай", "Кофе"):
        new = shoes(translations=(NewTranslation(locale="ru", title=title),), variants=(NewVariant(),))
        shop.do(shop.products.create, new)
    assert handles(shop) == ["chai", "kofe"]


def test_d11_active_product_is_deleted_as_built(open_shop, shoes):
    """Delete reads "draft", publish commits, delete removes what is by now for sale; both are told all went well."""
    shop = open_shop(latency_s=0.01)
    product_id = shop.do(shop.products.create, shoes()).product["id"]
    publish = shop.start(shop.products.publish, product_id)
    shop.runtime.advance(0.025)
    delete = shop.start(shop.products.delete, product_id)
    _, deleted = shop.outcomes([publish, delete])
    assert deleted is None
    assert shop.rows(PRODUCTS) == []
    assert shop.events() == ["product.created", "product.deleted", "product.published"]


@pytest.mark.parametrize("publish_first", [True, False])
def test_d11_ends_with_a_lock_on_the_row(open_shop, shoes, publish_first):
    """Whoever comes second waits for the first and then sees what it did: active, or gone."""
    shop = open_shop(latency_s=0.01, catalogue={"status_steps": "typed"})
    product_id = shop.do(shop.products.create, shoes()).product["id"]
    steps = [shop.products.publish, shop.products.delete]
    first, second = steps if publish_first else reversed(steps)
    tasks = [shop.start(first, product_id)]
    shop.runtime.advance(0.005)
    tasks.append(shop.start(second, product_id))
    outcomes = shop.outcomes(tasks)
    assert outcomes[1] == ("cannot_delete_published" if publish_first else "product_not_found")
    assert len(shop.rows(PRODUCTS)) == (1 if publish_first else 0)


def test_product_deleted_before_an_unlocked_write_lets_it_fail(open_shop, shoes):
    """As built, the update that finds no row any more is an error of the call, and nothing else is left of it."""
    shop = open_shop(latency_s=0.01)
    product_id = shop.do(shop.products.create, shoes()).product["id"]
    delete = shop.start(shop.products.delete, product_id)
    shop.runtime.advance(0.015)
    publish = shop.start(shop.products.publish, product_id)
    assert shop.outcomes([delete, publish]) == [None, "product_not_found"]
    assert shop.events() == ["product.created", "product.deleted"]


def test_d28_archived_product_is_published_as_built(open_shop, shoes):
    """And a status given to an update skips the moment of publication."""
    shop = open_shop()
    product_id = shop.do(shop.products.create, shoes()).product["id"]
    view = shop.do(shop.products.update, product_id, ProductChanges(status="active"))
    assert (view.product["status"], view.product["published_at"]) == ("active", None)
    shop.do(shop.products.update, product_id, ProductChanges(status="archived"))
    shop.runtime.advance(3.0)
    view = shop.do(shop.products.publish, product_id)
    assert (view.product["status"], view.product["published_at"]) == ("active", 3.0)
    assert "product.published" in shop.events()


@pytest.mark.parametrize(
    ("path", "status", "published_at"),
    [
        (["active"], "active", 9.0),
        (["draft"], "draft", None),
        (["archived"], "archived", None),
        (["active", "draft"], "draft", 9.0),
        (["active", "archived"], "archived", 9.0),
        (["archived", "draft"], "draft", None),
    ],
)
def test_d28_ends_with_typed_steps(open_shop, shoes, path, status, published_at):
    """An update goes by the steps of the states, which set the moment."""
    shop = open_shop(catalogue={"status_steps": "typed"})
    product_id = shop.do(shop.products.create, shoes()).product["id"]
    shop.runtime.advance(9.0)
    for step in path:
        view = shop.do(shop.products.update, product_id, ProductChanges(status=step))
    assert (view.product["status"], view.product["published_at"]) == (status, published_at)


def test_typed_steps_refuse_what_no_state_has(open_shop, shoes):
    """Archived is not published, by publish or by update; only what is active is taken down, only a draft published."""
    shop = open_shop(catalogue={"status_steps": "typed"})
    products = shop.products
    product_id = shop.do(products.create, shoes()).product["id"]
    with pytest.raises(InvalidTransition):
        shop.do(products.unpublish, product_id)
    shop.do(products.publish, product_id)
    with pytest.raises(InvalidTransition):
        shop.do(products.publish, product_id)
    shop.do(products.update, product_id, ProductChanges(status="archived"))
    with pytest.raises(InvalidTransition):
        shop.do(products.publish, product_id)
    with pytest.raises(InvalidTransition):
        shop.do(products.update, product_id, ProductChanges(status="active"))
    shop.do(products.delete, product_id)
    with pytest.raises(ProductNotFound):
        shop.do(products.get, product_id)
