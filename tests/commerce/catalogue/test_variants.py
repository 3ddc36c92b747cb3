"""Single variants: RusToK's handlers, whose events come after the commit, and the service that repairs them."""

import pytest

from rustok_sim.core.data import Delete, same
from rustok_sim.core.drive import drive
from rustok_sim.core.errors import Validation
from rustok_sim.core.ports import Call
from rustok_sim.modules.commerce.catalogue import NewVariant, VariantChanges
from rustok_sim.modules.commerce.catalogue.tables import VARIANTS
from rustok_sim.modules.commerce.errors import (
    DuplicateSku,
    InvalidOptionCombination,
    NoVariants,
    ProductNotFound,
    VariantNotFound,
)
from rustok_sim.modules.commerce.seed import product_id

SERVICED = {"variant_writes": "serviced"}


@pytest.fixture(params=["as_built", "serviced"])
def shop(request, open_shop):
    """A shop with one product and two variants, under each design."""
    shop = open_shop(catalogue={"variant_writes": request.param})
    shop.seed(variants_per_product=2)
    return shop


@pytest.fixture
def product(acme) -> str:
    """The product there is."""
    return product_id(acme, 0)


def test_variants_are_added_changed_and_removed(shop, product):
    """What was given stands in the row, and the answer is that row."""
    row = shop.do(shop.variants.add, product, NewVariant(sku="new", options=("a", "b"), inventory_quantity=3))
    stored = shop.variant(row["id"])
    assert stored == row | {"tenant_id": stored["tenant_id"]}
    shop.runtime.advance(2.0)
    changes = VariantChanges(barcode="1", inventory_policy="continue", options=("c",))
    row = shop.do(shop.variants.change, row["id"], changes)
    stored = shop.variant(row["id"])
    assert [stored[name] for name in ("barcode", "inventory_policy", "option1", "option2", "updated_at", "sku")] == [
        "1",
        "continue",
        "c",
        None,
        2.0,
        "new",
    ]
    assert stored.items() >= row.items()
    shop.do(shop.variants.remove, row["id"])
    assert row["id"] not in {row["id"] for row in shop.rows(VARIANTS)}


def test_variants_of_another_tenant_are_not_there(shop, acme, zen, product):
    """Every look-up is within the tenant."""
    variant_id = shop.rows(VARIANTS)[0]["id"]
    with pytest.raises(ProductNotFound):
        shop.do(shop.variants.add, product, NewVariant(), tenant=zen)
    with pytest.raises(VariantNotFound):
        shop.do(shop.variants.change, variant_id, VariantChanges(sku="x"), tenant=zen)
    with pytest.raises(VariantNotFound):
        shop.do(shop.variants.remove, variant_id, tenant=zen)
    assert len(shop.rows(VARIANTS)) == 2


def test_d16_events_come_after_the_commit_as_built(open_shop, product):
    """Nobody listens to the bus, which refuses: the row is there, the event is lost, the caller hears nothing of it."""
    shop = open_shop()
    shop.seed()
    row = shop.do(shop.variants.add, product, NewVariant())
    shop.do(shop.variants.change, row["id"], VariantChanges(sku="x"))
    shop.do(shop.variants.remove, row["id"])
    sent = [(record.site, record.outcome) for record in shop.of("event.sent")]
    assert sent == [("after_commit", "refused")] * 3
    assert shop.events() == []
    assert "begin" not in shop.wire.trips


def test_d16_ends_with_the_event_in_the_transaction(open_shop, product):
    """The outbox holds what was committed, and only that: the change that fails leaves no event."""
    shop = open_shop(catalogue=SERVICED)
    shop.seed()
    row = shop.do(shop.variants.add, product, NewVariant(sku="y"))
    shop.do(shop.variants.change, row["id"], VariantChanges(sku="x"))
    with pytest.raises(DuplicateSku):
        shop.do(shop.variants.change, row["id"], VariantChanges(sku="SKU-0"))
    shop.do(shop.variants.remove, row["id"])
    assert shop.events() == ["variant.created", "variant.deleted", "variant.updated"]
    assert shop.of("event.sent") == []


def test_handlers_as_built_test_nothing(open_shop, product):
    """A taken SKU, a changed quantity without a stock event, equal options, and no variant left at all."""
    shop = open_shop()
    (first,) = shop.seed()
    second = shop.do(shop.variants.add, product, NewVariant(sku="SKU-0"))["id"]
    shop.do(shop.variants.change, first, VariantChanges(inventory_quantity=-3))
    assert [(row["sku"], row["inventory_quantity"]) for row in map(shop.variant, (first, second))] == [
        ("SKU-0", -3),
        ("SKU-0", 0),
    ]
    (record,) = shop.of("stock.changed")
    assert (record.site, record.value, record.detail) == (first, -3.0, "-1003")
    for variant_id in (first, second):
        shop.do(shop.variants.remove, variant_id)
    assert shop.rows(VARIANTS) == []


def test_service_tests_what_handlers_do_not(open_shop, product):
    """The same four, refused."""
    shop = open_shop(catalogue=SERVICED)
    (first,) = shop.seed()
    with pytest.raises(DuplicateSku):
        shop.do(shop.variants.add, product, NewVariant(sku="SKU-0"))
    with pytest.raises(Validation, match="stock service"):
        shop.do(shop.variants.change, first, VariantChanges(inventory_quantity=1))
    with pytest.raises(NoVariants):
        shop.do(shop.variants.remove, first)
    second = shop.do(shop.variants.add, product, NewVariant(options=("a", "b")))["id"]
    with pytest.raises(InvalidOptionCombination):
        shop.do(shop.variants.add, product, NewVariant(options=("a", "b")))
    with pytest.raises(InvalidOptionCombination):
        shop.do(shop.variants.change, first, VariantChanges(options=("a", "b")))
    shop.do(shop.variants.change, second, VariantChanges(options=("a", "b")))
    assert len(shop.rows(VARIANTS)) == 2


def test_sku_kept_as_it_is_is_not_looked_for(open_shop):
    """A change that names the SKU a variant has already is no duplicate of itself."""
    shop = open_shop(catalogue=SERVICED)
    (first,) = shop.seed()
    shop.do(shop.variants.change, first, VariantChanges(sku="SKU-0"))
    assert "product_variants.by_sku" not in shop.wire.trips


def test_unique_index_names_a_taken_sku(open_shop, product):
    """With an index in place of the look-up, the refusal is the same."""
    shop = open_shop(catalogue=SERVICED | {"skus": "per_tenant"})
    (first,) = shop.seed()
    with pytest.raises(DuplicateSku):
        shop.do(shop.variants.add, product, NewVariant(sku="SKU-0"))
    second = shop.do(shop.variants.add, product, NewVariant(sku="other"))["id"]
    with pytest.raises(DuplicateSku):
        shop.do(shop.variants.change, second, VariantChanges(sku="SKU-0"))
    assert shop.variant(first)["sku"] == "SKU-0"


def test_last_two_variants_are_not_both_removed(open_shop):
    """The product is held while its variants are counted: the second remover waits, and finds one left."""
    shop = open_shop(latency_s=0.01, catalogue=SERVICED)
    variants = shop.seed(variants_per_product=2)
    tasks = [shop.start(shop.variants.remove, variant_id) for variant_id in variants]
    assert shop.outcomes(tasks) == [None, "no_variants"]
    assert [row["id"] for row in shop.rows(VARIANTS)] == [variants[1]]


def test_variant_removed_meanwhile_is_not_found(open_shop):
    """Two removers of one variant of three: the second one's delete finds no row; nor does a change after a removal."""
    shop = open_shop(latency_s=0.01, catalogue=SERVICED)
    first, *_ = shop.seed(variants_per_product=3)
    tasks = [shop.start(shop.variants.remove, first) for _ in range(2)]
    assert shop.outcomes(tasks) == [None, "variant_not_found"]
    task = shop.start(shop.variants.change, (second := shop.rows(VARIANTS)[0]["id"]), VariantChanges(barcode="1"))
    shop.runtime.advance(0.025)
    drive(shop.wire.database.run(Call(0, "other", 0), Delete(VARIANTS, where=same(id=second))))
    assert shop.outcomes([task]) == ["variant_not_found"]
