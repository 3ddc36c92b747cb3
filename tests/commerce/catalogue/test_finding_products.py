"""Lists and search: RusToK's pages, its search over all tenants, and the repairs."""

import pytest

from rustok_sim.core.errors import DatabaseError, Internal
from rustok_sim.modules.commerce.catalogue import NewTranslation, NewVariant, ProductChanges, ProductFilter
from rustok_sim.modules.commerce.seed import product_id


def numbers(page, tenant) -> list[int]:
    """Which made-up products a page shows."""
    known = {product_id(tenant, number): number for number in range(1_000)}
    return sorted(known[row["id"]] for row in page.products)


@pytest.mark.parametrize("backend", ["memory", "sqlite"])
@pytest.mark.parametrize("search", ["as_built", "scoped"])
def test_search_finds_the_tenants_own_active_products(open_shop, acme, zen, backend, search):
    """Of 25 products called "Product n", those with "1" in it: 1, 10 to 19, 21; another tenant's stay its own."""
    shop = open_shop(backend=backend, catalogue={"search": search})
    shop.seed(products=25)
    shop.seed(tenant=zen, products=40)
    page = shop.do(shop.products.search, "DUCT 1")
    assert (page.total, page.pages, numbers(page, acme)) == (11, 1, [1, *range(10, 20)])
    assert page.titles[product_id(acme, 10)] == "Product 10"
    shop.do(shop.products.unpublish, product_id(acme, 10))
    assert shop.do(shop.products.search, "duct 1").total == 10
    assert shop.do(shop.products.search, "no such thing").products == []


def test_search_as_built_reads_the_translations_of_all_tenants(open_shop, zen):
    """What one tenant's search carries grows with another's catalogue, until the driver takes no more of it."""
    as_built = open_shop(catalogue={"bind_max": 100})
    scoped = open_shop(catalogue={"bind_max": 100, "search": "scoped"})
    for shop in (as_built, scoped):
        shop.seed(products=3)
        shop.seed(tenant=zen, products=97)
        assert shop.do(shop.products.search, "product").total == 3
        shop.server.seed(*extra(shop, zen))
    with pytest.raises(DatabaseError, match="101 values to bind"):
        as_built.do(as_built.products.search, "product")
    assert scoped.do(scoped.products.search, "product").total == 3


def extra(shop, tenant):
    """One more translation, into another language, of no product that is there yet."""
    from rustok_sim.modules.commerce.catalogue.tables import PRODUCTS, TRANSLATIONS
    from rustok_sim.modules.commerce.seed import catalogue_rows

    rows = catalogue_rows(tenant, products=98)
    shop.server.seed(PRODUCTS, rows[PRODUCTS][-1:])
    return TRANSLATIONS, rows[TRANSLATIONS][-1:]


def test_lists_cost_three_reads_and_a_search_one_more(open_shop):
    """Count, page, titles; before them the translations that match."""
    shop = open_shop()
    shop.seed(products=3)
    assert shop.cost(shop.products.list, ProductFilter())["reads"] == 3
    assert shop.cost(shop.products.search, "product")["reads"] == 4


def test_pages_show_the_newest_first(open_shop, shoes):
    """By the time of creation, downwards; page 2 goes on where page 1 ends; the filters are joined by "and"."""
    shop = open_shop()
    made = []
    for number in range(5):
        new = shoes(
            translations=(NewTranslation(locale="en", title=f"P {number}"),),
            variants=(NewVariant(),),
            vendor="odd" if number % 2 else "even",
        )
        made.append(shop.do(shop.products.create, new).product["id"])
        shop.runtime.advance(1.0)
    pages = [shop.do(shop.products.list, ProductFilter(page=page, per_page=2)) for page in (1, 2, 3, 4)]
    assert [row["id"] for page in pages for row in page.products] == made[::-1]
    assert {(page.total, page.pages) for page in pages} == {(5, 3)}
    shop.do(shop.products.update, made[1], ProductChanges(status="active"))
    odd = shop.do(shop.products.list, ProductFilter(vendor="odd", status="draft"))
    assert [row["id"] for row in odd.products] == [made[3]]


def test_pages_above_100_skip_products_as_built(open_shop, acme):
    """Size 150 shows 100, and page 2 begins at 150: 50 are on no page. Clamped, page 2 begins at 100."""
    as_built = open_shop()
    clamped = open_shop(catalogue={"paging": "clamped"})
    for shop, missing, pages in ((as_built, 50, 2), (clamped, 0, 3)):
        shop.seed(products=250)
        shown = [shop.do(shop.products.list, ProductFilter(page=page, per_page=150)) for page in (1, 2, 3)]
        seen = {number for page in shown for number in numbers(page, acme)}
        assert (250 - len(seen), shown[0].pages, len(shown[0].products)) == (missing, pages, 100)


def test_page_size_of_zero_breaks_as_built(open_shop):
    """The number of pages is a division by it. Clamped, it is a size of one."""
    shop = open_shop()
    shop.seed(products=2)
    with pytest.raises(Internal):
        shop.do(shop.products.list, ProductFilter(per_page=0))
    shop = open_shop(catalogue={"paging": "clamped"})
    shop.seed(products=2)
    page = shop.do(shop.products.list, ProductFilter(per_page=0))
    assert (len(page.products), page.pages) == (1, 2)


def test_regional_locale_finds_no_title_as_built(open_shop):
    """The first item of Accept-Language as it is, en-US, against rows stored as en."""
    for settings, found in (({}, 0), ({"locales": "language"}, 2)):
        shop = open_shop(catalogue=settings)
        shop.seed(products=2)
        assert len(shop.do(shop.products.list, ProductFilter(), locale="en-US").titles) == found
        assert len(shop.do(shop.products.list, ProductFilter(), locale="en").titles) == 2
