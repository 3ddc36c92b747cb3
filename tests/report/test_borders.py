"""The import graph read from the code, and what a change touches."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from importlinter.adapters.building import GraphBuilder

import rustok_sim as rs

NAMES = "abcdef"
EDGES = st.sets(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda edge: edge[0] != edge[1]))


def edges_of(pairs):
    """A frame of imports: each importer beside what it imports."""
    rows = [(importer, imported, 1) for importer, imported in sorted(pairs)]
    return pl.DataFrame(rows, schema=rs.borders.IMPORTS, orient="row")


def pairs_of(touched, *, directly=None):
    """Changed and touched part of each row."""
    rows = touched if directly is None else touched.filter(pl.col("directly") == directly)
    return set(rows.select("changed", "touched").iter_rows())


@pytest.fixture(scope="module")
def graph():
    """The same code read by import-linter's own reader."""
    return GraphBuilder().build(["rustok_sim"], cache_dir=None)


def part(name):
    """The part of a module, by its full name alone: told here in other words than in the code."""
    layer, *inner = name.removeprefix("rustok_sim.").split(".")
    if layer not in {"core", "modules"}:
        return layer
    if not inner:
        return None
    if layer == "modules" and inner[0] == "commerce":
        return ".".join([layer, *inner[:2]]) if len(inner) > 1 else None
    return f"{layer}.{inner[0]}"


def test_imports_are_those_that_another_reader_finds(graph):
    """Import-linter reads the same files; its modules, put together to parts, import the same parts."""
    expected = {
        (part(importer), part(imported))
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    }
    face = {"rustok_sim", "cli", "__main__", None}
    expected = {pair for pair in expected if not face & set(pair) and pair[0] != pair[1]}
    assert set(rs.borders.imports().select("importer", "imported").iter_rows()) == expected


def test_every_part_has_files_and_lines(root):
    """Together they are the package, but for its face, the command line and the charters above parts."""
    parts = rs.borders.parts()
    assert parts["part"].is_unique().all()
    assert (parts["lines"] > 0).all()
    commands = [f"cli/{path.name}" for path in (root / "rustok_sim" / "cli").glob("*.py")]
    above = ["__init__.py", "__main__.py", *commands, *(f"{name}/__init__.py" for name in ("core", "modules"))]
    left_out = [root / "rustok_sim" / name for name in [*above, "modules/commerce/__init__.py"]]
    files = [path for path in (root / "rustok_sim").rglob("*.py") if path not in left_out]
    assert parts["files"].sum() == len(files)
    assert parts["lines"].sum() == sum(path.read_text(encoding="utf-8").count("\n") for path in files)


@given(EDGES)
def test_what_is_touched_is_the_transitive_closure(pairs):
    """By powers of the adjacency matrix: touched is whoever reaches the changed part in one step or more."""
    step = np.array([[(importer, imported) in pairs for imported in NAMES] for importer in NAMES], dtype=int)
    reached, power = step.copy(), step.copy()
    for _ in NAMES:
        power = np.minimum(power @ step, 1)
        reached = np.maximum(reached, power)
    expected = {(NAMES[imported], NAMES[importer]) for importer, imported in np.argwhere(reached)}
    touched = rs.borders.touched(edges_of(pairs))
    assert pairs_of(touched) == expected
    assert pairs_of(touched, directly=True) == {(imported, importer) for importer, imported in pairs}
    assert set(rs.borders.in_circles(edges_of(pairs))) == {changed for changed, other in expected if changed == other}


def test_an_import_against_the_layers_is_shown():
    """One of core's parts that imports the engine would be; the engine may import core."""
    wrong = edges_of({("core.ids", "engine"), ("engine", "core.ids"), ("modules.blog", "core.ids")})
    assert rs.borders.upwards(wrong).rows() == [("core.ids", "engine", 1)]


def test_modules_touched_leave_out_the_own_module_and_what_is_none():
    """A change in commerce's stock reaches commerce's orders, the blog and the platform: one other module."""
    edges = edges_of(
        {
            ("modules.commerce.orders", "modules.commerce.stock"),
            ("modules.blog", "modules.commerce.orders"),
            ("platform", "modules.blog"),
        }
    )
    changed = ["modules.blog", "modules.commerce.stock"]
    assert rs.borders.modules_touched(edges, changed) == {"modules.commerce.stock": ["blog"], "modules.blog": []}


def test_rustoks_crates_touch_what_their_manifests_say():
    """By hand: blog, forum and pages need content; everything needs core, and core needs telemetry."""
    edges = rs.borders.rustok()
    touched = rs.borders.modules_touched(edges, ["content", "core", "telemetry", "blog"])
    assert touched["content"] == ["blog", "forum", "pages"]
    assert touched["core"] == touched["telemetry"] == sorted(rs.borders.CRATES)
    assert touched["blog"] == []
    assert rs.borders.in_circles(edges) == []


def test_groups_hold_every_part_of_core_and_modules_once():
    """Those of core that touch most come first."""
    edges = rs.borders.imports()
    groups = rs.borders.groups(edges)
    below = rs.borders.parts().filter(pl.col("layer").is_in(["core", "modules"]))
    assert sorted(groups["core"] + groups["modules"]) == sorted(below["part"])
    counts = dict(rs.borders.touched(edges).group_by("changed").len().iter_rows())
    reached = [counts.get(name, 0) for name in groups["core"]]
    assert reached == sorted(reached, reverse=True)


def test_the_matrix_marks_what_is_touched():
    """c needs b needs a: a touches b directly and c by way of it; the diagonal is the part itself."""
    touched = rs.borders.touched(edges_of({("core.b", "core.a"), ("modules.c", "core.b"), ("engine", "modules.c")}))
    picture = rs.figures.touched_matrix(touched, {"core": ["core.a", "core.b"], "modules": ["modules.c"]})
    [ax] = picture.axes
    assert ax.images[0].get_array().tolist() == [[3, 2, 1], [0, 3, 2], [0, 0, 3]]
    texts = [text.get_text() for text in ax.texts]
    assert texts == ["core", "modules", "2", "1", "0"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b", "c"]


def test_bars_are_as_long_as_their_modules_are_many():
    """A panel for each code base, on one scale, with the names beside the bars."""
    reached = {"today": {"core": ["blog", "forum"], "blog": []}, "split": {"core.a": ["blog"]}}
    first, second = rs.figures.reach(reached).axes
    assert [bar.get_width() for bar in first.patches] == [2, 0]
    assert [bar.get_width() for bar in second.patches] == [1]
    assert [text.get_text() for text in first.texts] == ["blog, forum", "none"]
    assert first.get_xlim() == second.get_xlim()
