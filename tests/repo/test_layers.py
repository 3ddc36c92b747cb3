"""The tree is the architecture, and the contracts of pyproject.toml hold it."""

from importlinter.application.use_cases import create_report, read_user_options
from importlinter.configuration import configure


def test_layers_hold(root, monkeypatch):
    """No package imports what stands above it, and only the named ones know SimPy, DuckDB and SQLAlchemy."""
    monkeypatch.chdir(root)
    configure()
    options = read_user_options(config_filename="pyproject.toml")
    report = create_report(options, cache_dir=None)
    broken = {contract.name: check.metadata for contract, check in report.get_contracts_and_checks() if not check.kept}
    assert broken == {}
