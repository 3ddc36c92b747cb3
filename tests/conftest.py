"""What all tests share: repeatable examples, the tools a marker needs, and no silent skips in CI."""

import os
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
POSTGRESQL = "postgresql://postgres@127.0.0.1:5432/test"
NO_SKIPS = os.environ.get("RUSTOK_SIM_NO_SKIPS") == "1"

# Before anything imports it: the contract is a product, and its assertions explain themselves only if rewritten.
pytest.register_assert_rewrite("rustok_sim.testing.contract")

settings.register_profile("repeat", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=1_000)
settings.load_profile("repeat")


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def postgresql() -> str:
    """The address of a real PostgreSQL: RUSTOK_SIM_POSTGRESQL, or the default port of this machine."""
    import sqlalchemy as sa

    url = os.environ.get("RUSTOK_SIM_POSTGRESQL", POSTGRESQL)
    engine = sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg"), connect_args={"connect_timeout": 5}
    )
    try:
        engine.connect().close()
    except sa.exc.OperationalError as error:
        pytest.skip(f"no PostgreSQL at {url} (set RUSTOK_SIM_POSTGRESQL): {error.orig}")
    finally:
        engine.dispose()
    return url


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a browser test where there is no browser, and say so."""
    if item.get_closest_marker("browser"):
        missing = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
        if missing:
            pytest.skip(f"not installed: {', '.join(missing)}")


def refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure; an expected failure (xfail) is none."""
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Nothing may be skipped here (RUSTOK_SIM_NO_SKIPS=1). {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """See ``refuse_skip``."""
    report = yield
    refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """See ``refuse_skip``: a module can skip itself whole."""
    report = yield
    refuse_skip(report)
    return report


def pytest_report_header() -> list[str]:
    """Say how skips are taken, so that a log explains itself."""
    return [f"skips: {'are failures' if NO_SKIPS else 'allowed'}"]


def pytest_configure(config: Any) -> None:
    """Keep the tests of one Python process from writing where the user's runs live."""
    os.environ.setdefault("TQDM_DISABLE", "1")
    os.environ.setdefault("MPLBACKEND", "agg")
    del config
