"""Which part of the code needs which, read from the code itself, and what a change to a part touches.

A part is what has a name of its own in the tree: each package or file of ``core``, each module (of commerce each of
its own parts), and above them each layer as a whole. A change to a part may touch whoever imports it, whoever imports
those, and so on.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

PACKAGE: Final = "rustok_sim"
LAYERS: Final = (
    "core",
    "modules",
    "adapters",
    "platform",
    "scenario",
    "engine",
    "capture",
    "verify",
    "studies",
    "search",
    "report",
    "trace",
    "telemetry",
    "dashboard",
    "testing",
)
"""From the ground up; the command line and the package's face stand above them and are left out."""
LAYER: Final = pl.Enum(LAYERS)
IMPORTS: Final = {"importer": pl.String, "imported": pl.String, "places": pl.Int64}


class _File(NamedTuple):
    name: str
    part: str | None
    tree: ast.Module
    lines: int


@cache
def _files() -> tuple[_File, ...]:
    root = Path(str(files(PACKAGE)))
    paths = {path.relative_to(root).with_suffix("").parts: path for path in sorted(root.rglob("*.py"))}
    nested = {inner[1] for inner in paths if inner[0] == "modules" and len(inner) == 4}
    found = []
    for inner, path in paths.items():
        names = inner[:-1] if inner[-1] == "__init__" else inner
        text = path.read_text(encoding="utf-8")
        name = ".".join((PACKAGE, *names))
        found.append(_File(name, _part(names, nested), ast.parse(text), text.count("\n")))
    return tuple(found)


def _part(names: tuple[str, ...], nested: set[str]) -> str | None:
    """The part of a file by its place; charters of what has parts of its own belong to none."""
    if not names or names[0] not in LAYERS:
        return None
    depth = {"core": 2, "modules": 3 if names[1:] and names[1] in nested else 2}.get(names[0], 1)
    return ".".join(names[:depth]) if len(names) >= depth else None


def _targets(tree: ast.Module, known: dict[str, str | None]) -> Iterator[str]:
    """The modules of this package that *tree* imports: a submodule where one is named, else where the name is from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module


def parts() -> pl.DataFrame:
    """Every part with its layer, files and lines; from the ground up, then by name."""
    rows = [(file.part, file.part.partition(".")[0], 1, file.lines) for file in _files() if file.part is not None]
    frame = pl.DataFrame(rows, schema=["part", "layer", "files", "lines"], orient="row")
    frame = frame.with_columns(pl.col("layer").cast(LAYER))
    return frame.group_by("part", "layer").agg(pl.col("files", "lines").sum()).sort("layer", "part")


def imports() -> pl.DataFrame:
    """Which part imports which other one, and in how many places. Imports for types alone count as well."""
    part_of = {file.name: file.part for file in _files()}
    found = Counter(
        (file.part, imported)
        for file in _files()
        for target in _targets(file.tree, part_of)
        if (imported := part_of[target]) is not None and file.part is not None and imported != file.part
    )
    return pl.DataFrame([(*pair, places) for pair, places in sorted(found.items())], schema=IMPORTS, orient="row")


RUSTOK: Final = {
    "core": ("telemetry",),
    "outbox": ("core",),
    "tenant": ("core",),
    "rbac": ("core",),
    "index": ("core",),
    "commerce": ("core", "outbox"),
    "content": ("core", "outbox"),
    "blog": ("content", "core", "outbox"),
    "forum": ("content", "core", "outbox"),
    "pages": ("content", "core", "outbox"),
    "server": ("core", "commerce", "content", "blog", "forum", "pages", "tenant", "rbac", "telemetry", "outbox"),
}
"""RusToK's crates and what each needs, from their ``Cargo.toml`` of February 2026; iggy, a transport, is left out."""
CRATES: Final = frozenset({"commerce", "content", "blog", "forum", "pages", "tenant", "rbac", "index"})
"""Those of RusToK's crates that are modules."""


def rustok() -> pl.DataFrame:
    """The same of RusToK's crates, as :func:`imports` has it; a crate counts once."""
    rows = [(importer, imported, 1) for importer, needed in RUSTOK.items() for imported in needed]
    return pl.DataFrame(rows, schema=IMPORTS, orient="row")


def touched(edges: pl.DataFrame) -> pl.DataFrame:
    """For each part: who is touched by a change to it, at first hand or by way of others.

    Columns ``changed``, ``touched`` and ``directly``; a part in a circle touches itself.
    """
    users: dict[str, set[str]] = {}
    for importer, imported in edges.select("importer", "imported").iter_rows():
        users.setdefault(imported, set()).add(importer)
    rows = [
        (changed, other, other in users[changed]) for changed in sorted(users) for other in sorted(_all(users, changed))
    ]
    return pl.DataFrame(rows, schema={"changed": pl.String, "touched": pl.String, "directly": pl.Boolean}, orient="row")


def modules_touched(edges: pl.DataFrame, changed: Sequence[str]) -> dict[str, list[str]]:
    """For each of the parts *changed*, the modules that it touches, without its own; most touched first."""
    found = {part: set[str]() for part in changed}
    for part, other in touched(edges).select("changed", "touched").iter_rows():
        module = module_of(other)
        if part in found and module is not None and module != module_of(part):
            found[part].add(module)
    return {part: sorted(found[part]) for part in sorted(changed, key=lambda part: (-len(found[part]), part))}


def _all(users: dict[str, set[str]], changed: str) -> set[str]:
    found: set[str] = set()
    waiting = [changed]
    while waiting:
        new = users.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def in_circles(edges: pl.DataFrame) -> list[str]:
    """The parts that need themselves by way of others: none of a circle can be changed or tested alone."""
    return touched(edges).filter(pl.col("changed") == pl.col("touched"))["changed"].to_list()


def upwards(edges: pl.DataFrame) -> pl.DataFrame:
    """Imports of a part by one that stands in a layer below it."""
    layer = parts().select("part", pl.col("layer").to_physical())
    below = edges.join(layer.rename({"part": "importer", "layer": "from"}), on="importer")
    both = below.join(layer.rename({"part": "imported", "layer": "to"}), on="imported")
    return both.filter(pl.col("from") < pl.col("to")).select("importer", "imported", "places")


def module_of(part: str) -> str | None:
    """The module a part belongs to, as a crate of RusToK does by its own name; ``None`` for what is none."""
    layer, _, rest = part.partition(".")
    if layer == "modules":
        return rest.partition(".")[0]
    return part if part in CRATES else None


def groups(edges: pl.DataFrame) -> dict[str, list[str]]:
    """An order to draw parts in: those of ``core`` that touch most first, then those of the modules by name."""
    reach = dict(touched(edges).group_by("changed").len().iter_rows())
    core, modules = (parts().filter(pl.col("layer") == layer)["part"].to_list() for layer in ("core", "modules"))
    return {"core": sorted(core, key=lambda part: -reach.get(part, 0)), "modules": modules}
