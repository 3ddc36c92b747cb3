"""The tree is the architecture, and the contracts of pyproject.toml hold it."""

from importlinter.cli import lint_imports


def test_layers_hold(root, monkeypatch):
    """No package imports what stands above it, and only the named ones know SimPy, DuckDB and SQLAlchemy."""
    monkeypatch.chdir(root)
    assert lint_imports(config_filename="pyproject.toml", no_cache=True, no_logo=True) == 0
