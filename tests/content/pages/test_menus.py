"""Menus, whose language RusToK calls ``default`` (P2)."""

import pytest

from rustok_sim.modules.content import NODES, TRANSLATIONS, ContentSettings, NodeService
from rustok_sim.modules.pages import Menu, MenuItem, NewMenu, NewMenuItem, Pages, PagesSettings

ITEMS = [NewMenuItem(title="Shop", url="/shop", position=1), NewMenuItem(title="Home")]
MENU = NewMenu(name="Main", location="footer", items=ITEMS)


def test_no_menu_fits_its_column_as_built(house):
    """P2: seven characters where PostgreSQL takes five; the menu's own transaction is rolled back."""
    assert house.code(house.pages.menus.create, MENU) == "value_too_long"
    assert house.rows(NODES) == []
    assert house.events() == []


def test_where_rules_are_checked_the_language_is_refused_by_name(open_house):
    """Content's repair of D31 widens the column and asks the rule, under which ``default`` is no locale."""
    house = open_house(rules="checked")
    assert house.code(house.pages.menus.create, MENU) == "validation"


def test_where_the_column_is_wide_enough_each_line_is_a_transaction_of_its_own(open_house):
    """RusToK's way through: on a database that keeps no lengths, as SQLite keeps none, the menu is written."""
    house = open_house(rules="checked")
    as_built = Pages(NodeService(house.shared, ContentSettings()), PagesSettings())
    trips = house.trips(as_built.menus.create, MENU)
    assert (trips.count("begin"), trips.count("commit"), len(trips)) == (3, 3, 3 * (5 + 3) + 3 + 3)
    assert {row["locale"] for row in house.rows(TRANSLATIONS)} == {"default"}


@pytest.mark.parametrize("backend", ["memory", "sqlite"])
def test_a_repaired_menu_is_written_in_the_language_of_the_request(open_house, backend):
    """In one transaction, lines in order of their positions."""
    house = open_house(pages={"design": "repaired"}, backend=backend)
    menu = house.do(house.pages.menus.create, MENU, locale="ru")
    home, shop = menu.items
    assert menu == Menu(menu.id, "Main", "footer", (MenuItem(home.id, "Home", "/"), MenuItem(shop.id, "Shop", "/shop")))
    assert house.do(house.pages.menus.get, menu.id, locale="ru") == menu
    assert house.events() == ["node.created"] * 3


def test_a_repaired_menu_costs_one_transaction(open_house):
    """Begin, three times row, translation and event, commit; then a get and a list."""
    house = open_house(pages={"design": "repaired"})
    trips = house.trips(house.pages.menus.create, MENU)
    assert (trips.count("begin"), trips.count("commit"), len(trips)) == (1, 1, 2 + 3 * 3 + 3 + 3)


def test_what_is_no_menu_is_not_found_as_one(house):
    """RusToK asks for the kind."""
    assert house.code(house.pages.menus.get, house.write().id) == "menu_not_found"
