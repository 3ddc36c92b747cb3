"""Products written in RusToK's steps: what they cost, what they leave, what they refuse."""

import pytest

from rustok_sim.core.errors import UniqueViolation, Validation
from rustok_sim.modules.commerce.catalogue import (
    NewOption,
    NewProduct,
    NewTranslation,
    NewVariant,
    ProductChanges,
    in_stock,
)
from rustok_sim.modules.commerce.catalogue.tables import OPTIONS, PRODUCTS, TRANSLATIONS, VARIANTS
from rustok_sim.modules.commerce.errors import (
    CannotDeletePublished,
    DuplicateHandle,
    DuplicateSku,
    InvalidOptionCombination,
    NoVariants,
    ProductNotFound,
)
from rustok_sim.modules.commerce.pricing.tables import PRICES

REPAIRED = {"handles": "per_tenant", "skus": "per_tenant", "status_steps": "typed", "variant_writes": "serviced"}


@pytest.fixture(params=["as_built", "repaired"])
def shop(request, open_shop):
    """A shop as built, and one with every repair of writing."""
    return open_shop(catalogue=REPAIRED if request.param == "repaired" else {})


@pytest.fixture
def made(shop, shoes):
    """The identifier of one draft."""
    return shop.do(shop.products.create, shoes()).product["id"]


def test_creating_as_built_costs_what_rustok_pays(open_shop, shoes):
    """T = 2, O = 1, V = 3, K = 2, P = 4: reads T + K + 6, writes 1 + T + O + V + P, one outbox row."""
    shop = open_shop()
    cost = shop.cost(shop.products.create, shoes())
    assert cost == {"transaction": 2, "reads": 2 + 2 + 6, "writes": 1 + 2 + 1 + 3 + 4, "outbox": 1}


def test_unique_indexes_save_the_look_ups(open_shop, shoes):
    """With both names left to the database, T + K reads fewer."""
    shop = open_shop(catalogue=REPAIRED)
    assert shop.cost(shop.products.create, shoes())["reads"] == 6


def test_other_writes_cost_what_rustok_pays(open_shop, shoes):
    """Update with T = 2: reads 1 + T + 6, writes 1 + 1 + T. Publish, unpublish: reads 1 + 6, writes 1."""
    shop = open_shop()
    product_id = shop.do(shop.products.create, shoes()).product["id"]
    changes = ProductChanges(translations=shoes(title="Blue shoes").translations)
    update = shop.cost(shop.products.update, product_id, changes)
    assert update == {"transaction": 2, "reads": 1 + 2 + 6, "writes": 1 + 1 + 2, "outbox": 1}
    for step in (shop.products.publish, shop.products.unpublish):
        assert shop.cost(step, product_id) == {"transaction": 2, "reads": 7, "writes": 1, "outbox": 1}
    assert shop.cost(shop.products.get, product_id) == {"transaction": 0, "reads": 6, "writes": 0, "outbox": 0}
    assert shop.cost(shop.products.delete, product_id) == {"transaction": 2, "reads": 1, "writes": 1, "outbox": 1}


@pytest.mark.parametrize("backend", ["memory", "sqlite"])
@pytest.mark.parametrize("settings", [{}, REPAIRED], ids=["as_built", "repaired"])
def test_created_product_is_read_back_whole(open_shop, shoes, backend, settings):
    """What was given stands in the rows, in its order, on both databases; three option columns, lists as JSON."""
    shop = open_shop(backend=backend, catalogue=settings)
    view = shop.do(shop.products.create, shoes(vendor="Acme", metadata='{"a": 1}'))
    assert (view.product["status"], view.product["published_at"], view.product["vendor"]) == ("draft", None, "Acme")
    assert {(row["locale"], row["handle"]) for row in view.translations} == {
        ("en", "red-shoes"),
        ("de", "red-shoes-de"),
    }
    assert [(row["name"], row["option_values"]) for row in view.options] == [("size", '["41", "42", "43"]')]
    assert [(row["sku"], row["option1"], row["inventory_quantity"]) for row in view.variants] == [
        ("S-41", "41", 7),
        ("S-42", "42", 0),
        (None, "43", 0),
    ]
    assert {row["inventory_policy"] for row in view.variants} == {"deny"}
    assert (
        sorted((row["currency_code"], row["amount"]) for row in view.prices)
        == [("EUR", 5_000)] * 2 + [("USD", 5_500)] * 2
    )
    assert view.images == []
    assert shop.do(shop.products.get, view.product["id"]) == view


def test_created_product_raises_one_event_even_when_published_at_once(shop, shoes):
    """Step 7: no variant, price, stock or published event."""
    view = shop.do(shop.products.create, shoes(publish=True))
    assert (view.product["status"], view.product["published_at"]) == ("active", 0.0)
    assert shop.events() == ["product.created"]


def test_new_variants_tell_the_log_what_they_begin_with(shop, shoes):
    """One record for each, so that units sold can be held against units there were."""
    view = shop.do(shop.products.create, shoes())
    assert [(record.site, record.value) for record in shop.of("stock.seeded")] == [
        (row["id"], row["inventory_quantity"]) for row in view.variants
    ]


def test_product_needs_a_translation_and_a_variant(shop, shoes):
    """Step 1, before anything is written."""
    with pytest.raises(Validation):
        shop.do(shop.products.create, shoes(translations=()))
    with pytest.raises(NoVariants):
        shop.do(shop.products.create, shoes(variants=()))
    assert shop.wire.trips == []


def test_one_request_may_not_use_a_handle_twice_in_one_language(shop, shoes):
    """The pair is new within the request; in two languages the same handle is fine."""
    same = (NewTranslation(locale="en", title="A b"), NewTranslation(locale="en", title="A  B"))
    with pytest.raises(DuplicateHandle):
        shop.do(shop.products.create, shoes(translations=same))
    assert shop.rows(PRODUCTS) == []
    two = (NewTranslation(locale="en", title="A b"), NewTranslation(locale="de", title="A b"))
    assert len(shop.do(shop.products.create, shoes(translations=two)).translations) == 2


def test_two_translations_into_one_language_are_the_databases_to_refuse(shop, shoes):
    """The one unique rule that the migrations have; it reaches the caller as it is."""
    two = (NewTranslation(locale="en", title="A"), NewTranslation(locale="en", title="B"))
    with pytest.raises(UniqueViolation):
        shop.do(shop.products.create, shoes(translations=two))
    assert shop.rows(PRODUCTS) == []


def test_refused_product_leaves_nothing(shop, shoes):
    """All of it is one transaction: the second product fails at its second variant, whose SKU is taken."""
    shop.do(shop.products.create, shoes())
    before = [len(shop.rows(table)) for table in (PRODUCTS, TRANSLATIONS, OPTIONS, VARIANTS, PRICES)]
    variants = (NewVariant(sku="new", options=("a",)), NewVariant(sku="S-42", options=("b",)))
    with pytest.raises(DuplicateSku):
        shop.do(shop.products.create, shoes(title="Other", variants=variants))
    assert [len(shop.rows(table)) for table in (PRODUCTS, TRANSLATIONS, OPTIONS, VARIANTS, PRICES)] == before


def test_update_changes_what_is_given_and_clears_nothing(shop, shoes):
    """None means "as it is", so a vendor, once set, stays; one event whatever changed."""
    product_id = shop.do(shop.products.create, shoes(vendor="Acme", product_type="shoe")).product["id"]
    view = shop.do(shop.products.update, product_id, ProductChanges(product_type="boot"))
    assert (view.product["vendor"], view.product["product_type"]) == ("Acme", "boot")
    assert len(view.translations) == 2
    assert shop.events() == ["product.created", "product.updated"]


def test_update_replaces_all_translations(shop, made):
    """A list of one leaves one, with its own old handle allowed again; an empty list leaves none."""
    one = (NewTranslation(locale="en", title="Red shoes", description="of leather"),)
    view = shop.do(shop.products.update, made, ProductChanges(translations=one))
    assert [(row["handle"], row["description"]) for row in view.translations] == [("red-shoes", "of leather")]
    assert shop.do(shop.products.update, made, ProductChanges(translations=())).translations == []


def test_publishing_and_taking_down_write_status_and_moment(shop, made):
    """Publish sets the moment, unpublish keeps it; the event of the second is that of an update."""
    shop.runtime.advance(5.0)
    view = shop.do(shop.products.publish, made)
    assert (view.product["status"], view.product["published_at"], view.product["updated_at"]) == ("active", 5.0, 5.0)
    shop.runtime.advance(1.0)
    view = shop.do(shop.products.unpublish, made)
    assert (view.product["status"], view.product["published_at"], view.product["updated_at"]) == ("draft", 5.0, 6.0)
    assert shop.events() == ["product.created", "product.published", "product.updated"]


def test_deleting_removes_all_that_hangs_on_a_product(shop, made):
    """Physically, children too; prices go with their variants."""
    shop.do(shop.products.delete, made)
    assert [shop.rows(table) for table in (PRODUCTS, TRANSLATIONS, OPTIONS, VARIANTS, PRICES)] == [[]] * 5
    assert shop.events() == ["product.created", "product.deleted"]


def test_active_product_cannot_be_deleted(shop, made):
    """It has to be taken down first."""
    shop.do(shop.products.publish, made)
    with pytest.raises(CannotDeletePublished):
        shop.do(shop.products.delete, made)
    assert len(shop.rows(PRODUCTS)) == 1
    shop.do(shop.products.unpublish, made)
    shop.do(shop.products.delete, made)


def test_every_operation_on_a_product_stays_in_its_tenant(shop, made, zen):
    """Another tenant's caller learns that there is no such product, after one read."""
    for operation in (shop.products.get, shop.products.publish, shop.products.unpublish, shop.products.delete):
        with pytest.raises(ProductNotFound):
            shop.do(operation, made, tenant=zen)
    with pytest.raises(ProductNotFound):
        shop.do(shop.products.update, made, ProductChanges(vendor="Zen"), tenant=zen)
    assert shop.do(shop.products.get, made).product["status"] == "draft"


def test_status_that_does_not_exist_is_refused(shop, made):
    """One of three words."""
    with pytest.raises(Validation, match="draft, active or archived"):
        shop.do(shop.products.update, made, ProductChanges(status="sold"))


def test_equal_options_are_refused_where_they_are_tested(open_shop, shoes):
    """As built two variants may offer the same; serviced they may not. No options at all is no combination."""
    same = (NewVariant(options=("41", "red")), NewVariant(options=("41", "red")))
    shop = open_shop()
    assert len(shop.do(shop.products.create, shoes(variants=same)).variants) == 2
    shop = open_shop(catalogue={"variant_writes": "serviced"})
    with pytest.raises(InvalidOptionCombination):
        shop.do(shop.products.create, shoes(variants=same))
    shop.do(shop.products.create, shoes(variants=(NewVariant(), NewVariant())))


def test_only_three_options_are_kept(shop, shoes):
    """The columns there are; the option records themselves are not limited."""
    options = tuple(NewOption(name=f"o{n}") for n in range(4))
    view = shop.do(shop.products.create, shoes(options=options, variants=(NewVariant(options=tuple("abcd")),)))
    assert [view.variants[0][f"option{n}"] for n in (1, 2, 3)] == ["a", "b", "c"]
    assert [row["name"] for row in view.options] == ["o0", "o1", "o2", "o3"]


def test_in_stock_follows_quantity_or_the_word_continue():
    """D29: quantity > 0 or policy "continue"; a third policy, which adjusting takes for back-order, is not in stock."""
    shown = {
        (quantity, policy): in_stock({"inventory_quantity": quantity, "inventory_policy": policy})
        for quantity in (0, 1)
        for policy in ("deny", "continue", "preorder")
    }
    assert [key for key, value in shown.items() if value] == [
        (0, "continue"),
        (1, "deny"),
        (1, "continue"),
        (1, "preorder"),
    ]


def test_smallest_product_is_written(shop):
    """One translation and one bare variant."""
    new = NewProduct(translations=(NewTranslation(locale="en", title="A"),), variants=(NewVariant(),))
    view = shop.do(shop.products.create, new)
    assert (len(view.translations), len(view.variants), view.prices) == (1, 1, [])
