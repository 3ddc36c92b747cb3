"""A real PostgreSQL where there is one."""

import os

import pytest
import sqlalchemy as sa

DEFAULT = "postgresql://postgres@127.0.0.1:5432/test"


@pytest.fixture(scope="session")
def postgresql() -> str:
    """The address of a PostgreSQL: RUSTOK_SIM_POSTGRESQL, or the default port of this machine."""
    url = os.environ.get("RUSTOK_SIM_POSTGRESQL", DEFAULT)
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
