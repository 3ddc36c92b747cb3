"""pyproject.toml, environment.yml and requirements.lock say the same."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import distributions, packages_distributions, requires
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PINNED = re.compile(
    r"^(?P<name>[\w.-]+)(?:\[(?P<extras>[\w.,-]+)\])?==(?P<version>\S+?)(?: ; (?P<marker>[^\\]+?))? \\$",
    re.MULTILINE,
)


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    """pyproject.toml, parsed."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lock(root: Path) -> str:
    """The text of requirements.lock."""
    return (root / "requirements.lock").read_text(encoding="utf-8")


def as_pairs(requirements: Iterable[str]) -> dict[str, str]:
    """Canonical name to specifier."""
    parsed = [Requirement(line) for line in requirements]
    return {canonicalize_name(one.name): str(one.specifier) for one in parsed}


def declared(project: dict[str, Any]) -> list[str]:
    """What the package itself needs, with all its extras."""
    extras = project["project"].get("optional-dependencies", {}).values()
    return [*project["project"]["dependencies"], *(line for lines in extras for line in lines)]


def everything(project: dict[str, Any]) -> list[str]:
    """All requirements that the lock must hold: runtime, extras, and the groups that are plain lists."""
    nested = [declared(project), *project["dependency-groups"].values()]
    return [line for lines in nested for line in lines if isinstance(line, str)]


def test_environment_yml_names_what_pyproject_names(root, project):
    """Both files list the same packages with the same specifiers, so conda and pip users run the same thing."""
    lines = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    [from_pip] = [line["pip"] for line in lines if isinstance(line, dict)]
    from_conda = as_pairs(line for line in lines if isinstance(line, str))
    assert from_conda.pop("python") == project["project"]["requires-python"]
    assert from_conda.pop("pip") == ""
    assert "-e ." in from_pip
    named = from_conda | as_pairs(line for line in from_pip if not line.startswith("-"))
    assert named == as_pairs(declared(project))


def test_lock_names_no_host(lock):
    """A lock without addresses installs from whatever registry a machine has."""
    assert "://" not in lock


def test_every_locked_package_has_a_hash(lock):
    """pip refuses the whole file when one requirement has none."""
    blocks = re.split(r"\n(?=\S)", lock.strip())
    assert len(blocks) == len(PINNED.findall(lock))
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_extras_that_packages_ask_for_are_pinned(lock):
    """Where ``pytest-cov`` asks for ``coverage[toml]``, a pin of ``coverage`` alone lets pip meet the newest release
    first, find it without a pin, and refuse the whole lock.
    """
    pins = {
        canonicalize_name(match["name"]): set((match["extras"] or "").split(",")) for match in PINNED.finditer(lock)
    }
    asked = [
        (name, requirement)
        for name in sorted(pins.keys() & {canonicalize_name(found.name) for found in distributions()})
        for requirement in map(Requirement, requires(name) or ())
        if requirement.extras and (requirement.marker is None or requirement.marker.evaluate({"extra": ""}))
    ]
    assert ("pytest-cov", "coverage") in {(name, requirement.name) for name, requirement in asked}
    assert [
        f"{name} asks for {requirement}"
        for name, requirement in asked
        if not requirement.extras <= pins[canonicalize_name(requirement.name)]
    ] == []


def test_lock_satisfies_pyproject(lock, project):
    """Whoever changes a dependency makes the lock anew: each requirement is pinned to a version it allows."""
    pinned = {canonicalize_name(match["name"]): Version(match["version"]) for match in PINNED.finditer(lock)}
    wrong = [
        line
        for line in everything(project)
        if (need := Requirement(line)) and pinned.get(canonicalize_name(need.name)) not in need.specifier
    ]
    assert wrong == []


def imported(tree: ast.Module) -> set[str]:
    """Top-level names of all absolute imports, lazy ones included."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def undeclared(files: Iterable[tuple[str, ast.Module]], declared: Iterable[str]) -> set[tuple[str, str]]:
    """File and import of everything foreign whose distribution is not declared."""
    owners = packages_distributions()
    known = set(as_pairs(declared))
    return {
        (where, name)
        for where, tree in files
        for name in imported(tree) - set(sys.stdlib_module_names) - {"rustok_sim", "bench"}
        if not known & {canonicalize_name(owner) for owner in owners.get(name, [name])}
    }


def test_package_imports_only_what_it_declares(sources, project):
    """A library that comes along with another one today may leave with it tomorrow."""
    files = [(source.name, source.tree) for source in sources]
    assert undeclared(files, declared(project)) == set()


def test_tests_and_benches_import_only_what_is_locked(root, project):
    """What only one machine happens to have is missing in a fresh environment."""
    paths = [path for folder in ("tests", "bench") for path in sorted((root / folder).rglob("*.py"))]
    files = [(str(path.relative_to(root)), ast.parse(path.read_text(encoding="utf-8"))) for path in paths]
    assert undeclared(files, everything(project)) == set()


def test_every_dependency_is_imported_somewhere(root, sources, project):
    """A dependency nobody imports is weight; the ten are there for their users, and the kernel is started by name."""
    owners = packages_distributions()
    ten = as_pairs(project["project"]["dependencies"][:10])
    notebooks = [path.read_text(encoding="utf-8") for path in (root / "notebooks").glob("*.ipynb")]
    used = {
        canonicalize_name(owner)
        for source in sources
        for name in imported(source.tree)
        for owner in owners.get(name, [])
    }
    idle = as_pairs(project["project"]["dependencies"]).keys() - ten.keys() - used - {"ipykernel"}
    assert [name for name in sorted(idle) if not any(f"from {name} import" in text for text in notebooks)] == []
