"""Tenant scope lies in one place: only the store of ``core.data`` speaks with a database, and lays the scope on.

Where RusToK forgets the tenant, the model forgets it by name: through ``across_tenants`` or ``select_across_tenants``,
with the number of the defect, in a function that stands in ``ALLOWED`` below.
"""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

ALLOWED = {
    ("D1", "modules/content/reading.py", "NodeReader._rows"),
    ("D1", "modules/content/writing.py", "NodeWriter.reach"),
    ("D2", "modules/commerce/catalogue/names.py", "Names.check_handle"),
    ("D3", "modules/commerce/pricing/service.py", "PricingService._read"),
    ("D7", "modules/commerce/stock/keeper.py", "LookingKeeper.reserve"),
    ("D7", "modules/commerce/stock/service.py", "StockService.reserve"),
    ("search", "modules/commerce/catalogue/reading.py", "ProductReader._found"),
}
"""Who may leave the tenant's scope: defect, file, function. A defect without a number goes by its setting's name."""

HOLDERS = re.compile(r"(^|_)(database|db|session|connection)$")
"""Names under which a database or a session is held."""
DEFECT = re.compile(r"[A-Z]+\d+$")
STATEMENTS = {"Select", "Insert", "Update", "Delete"}
WIDE = {"across_tenants", "select_across_tenants"}
DOMAIN = ("core/", "modules/", "platform/")
STORE = ("core/data/",)
QUERYING = (*DOMAIN, "adapters/", "testing/")


class Wide(NamedTuple):
    """One place that leaves the tenant's scope."""

    defect: str
    file: str
    function: str


def named(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Every node with the qualified name of the function it stands in."""
    pending: list[tuple[str, ast.AST]] = [("", tree)]
    while pending:
        place, node = pending.pop()
        yield place, node
        inner = place
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = f"{place}.{node.name}".lstrip(".")
        pending.extend((inner, child) for child in ast.iter_child_nodes(node))


def last_name(node: ast.expr) -> str:
    """``c`` of ``a.b.c`` and of ``c``; nothing of other expressions."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def imports_from_data(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Names taken from ``core.data`` or its files."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rustok_sim.core.data"):
            yield from ((node.lineno, alias.name) for alias in node.names)


def bypasses(file: str, tree: ast.Module) -> list[str]:
    """What stands against the rule in one file of the package, but for the use of the two wide methods."""
    found = []
    if file.startswith(STORE):
        return found
    if file.startswith(DOMAIN):
        forbidden = {"Scope", "EVERYONE", "Session"}
        found += [
            f"{file}:{line}: {name}: ask the store" for line, name in imports_from_data(tree) if name in forbidden
        ]
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(value=held, attr="begin" | "run" | "commit" as verb)):
                    if HOLDERS.search(last_name(held)):
                        found.append(
                            f"{file}:{node.lineno}: {last_name(held)}.{verb}: ask the store, which knows the tenant"
                        )
    elif not file.startswith(QUERYING):
        names = imports_from_data(tree)
        found += [f"{file}:{line}: {name}: only modules query" for line, name in names if name in STATEMENTS]
    return found


def defect_of(call: ast.Call) -> str:
    """The literal given as *defect*, or the one by position that is a number of a defect."""
    by_name = [keyword.value for keyword in call.keywords if keyword.arg == "defect"]
    by_place = [value for value in call.args if isinstance(value, ast.Constant) and DEFECT.match(str(value.value))]
    literals = [value.value for value in (*by_name, *by_place) if isinstance(value, ast.Constant)]
    return str(literals[0]) if literals else ""


def wide_uses(file: str, tree: ast.Module) -> list[Wide]:
    """Where a wide method is called, or handed on with its defect; the defect is empty where it is no literal."""
    told: dict[ast.AST, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            told.update(dict.fromkeys((node.func, *node.args), defect_of(node)))
    return [
        Wide(told.get(node, ""), file, place)
        for place, node in named(tree)
        if isinstance(node, ast.Attribute) and node.attr in WIDE
    ]


@pytest.fixture(scope="module")
def package(sources):
    """Files of the package by their path within it."""
    return [(source.name.removeprefix("rustok_sim/"), source.tree) for source in sources]


def test_nobody_but_the_store_speaks_with_a_database(package):
    """A query that the store does not see has no tenant's scope."""
    assert [line for file, tree in package for line in bypasses(file, tree)] == []


def test_the_scope_is_left_only_by_name(package):
    """Each place stands in ``ALLOWED`` with its defect, and each line of ``ALLOWED`` is still a place.

    A new place: is it a defect RusToK has? Then add its line here. If not, use ``select`` or ``transaction``.
    """
    used = {
        tuple(wide)
        for file, tree in package
        if not file.startswith((*STORE, "testing/"))
        for wide in wide_uses(file, tree)
    }
    assert sorted(used - ALLOWED) == [], "these leave the tenant's scope and are not allowed to"
    assert sorted(ALLOWED - used) == [], "these are allowed and gone"


BAD = {
    "from rustok_sim.core.data.store import EVERYONE": "modules/x.py:1: EVERYONE: ask the store",
    "from rustok_sim.core.data import Scope": "modules/x.py:1: Scope: ask the store",
    "self._store._database.run(call, query)": "modules/x.py:1: _database.run: ask the store, which knows the tenant",
    "tx._session.run(query)": "modules/x.py:1: _session.run: ask the store, which knows the tenant",
    "session = yield from database.begin(call, 'serializable')": (
        "modules/x.py:1: database.begin: ask the store, which knows the tenant"
    ),
}


@pytest.mark.parametrize("source", BAD)
def test_a_query_past_the_store_is_found(source):
    """The rule can fail: each of these lines is refused in a module, and the line and the way out are told."""
    tree = ast.parse(source if "yield" not in source else f"def f(): {source}")
    assert bypasses("modules/x.py", tree) == [BAD[source]]
    assert bypasses("core/data/store.py", tree) == []


def test_a_query_outside_the_modules_is_found():
    """The rule can fail: reports and the engine look at the event log, not at tables."""
    tree = ast.parse("from rustok_sim.core.data import Row, Select")
    assert bypasses("report/x.py", tree) == ["report/x.py:1: Select: only modules query"]
    assert bypasses("modules/x.py", tree) == []


WIDE_SOURCE = """
class Reader:
    def one(self):
        return self._store.select_across_tenants(call, table, where, defect="D3")

    def two(self):
        return partial(store.select_across_tenants, call, defect="D7")

    def three(self, tx):
        return tx.across_tenants("D1").first(table, where)

    def four(self, call):
        return self._store.across_tenants(call, "D2")

    def five(self, tx, number):
        return tx.across_tenants(number)

    def six(self, tx):
        wide = tx.across_tenants
        return wide("D1")
"""


def test_every_way_to_leave_the_scope_is_seen():
    """The rule can fail: called, handed on or kept, with a literal or without; what has no literal is never allowed."""
    places = {wide.function: wide.defect for wide in wide_uses("modules/x.py", ast.parse(WIDE_SOURCE))}
    assert places == {
        "Reader.one": "D3",
        "Reader.two": "D7",
        "Reader.three": "D1",
        "Reader.four": "D2",
        "Reader.five": "",
        "Reader.six": "",
    }
