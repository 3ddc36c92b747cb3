"""Hand-made logs and studies for whatever reads them."""

import polars as pl
import pytest

from rustok_sim.capture import open_run, query, recording
from rustok_sim.studies import Replications


@pytest.fixture
def ask(tmp_path):
    """Ask SQL of a log of the given records: each a kind, a moment and columns by name."""

    def rows(sql, *records):
        columns = [
            "node",
            "tenant",
            "correlation",
            "causation",
            "site",
            "outcome",
            "status",
            "begin_s",
            "wait_s",
            "value",
        ]
        with recording(tmp_path, "made", 0) as made:
            for kind, at_s, values in records:
                made.log.append((at_s, kind, *(values.get(c) for c in columns), values.get("detail")))
            made.seal()
            connection = open_run(made.directory)
            try:
                return query(connection, sql).to_dicts()
            finally:
                connection.close()

    return rows


@pytest.fixture
def study():
    """Two variants, three replications, two metrics; the differences are 1, 2 and 3."""
    values = {
        ("plain", "requests.web.availability"): [0.5, 0.6, 0.7],
        ("moka<b>", "requests.web.availability"): [0.9, 0.9, 0.9],
        ("plain", "load.mean"): [1.0, 2.0, 3.0],
        ("moka<b>", "load.mean"): [2.0, 4.0, 6.0],
    }
    rows = [(v, i, m, x) for (v, m), xs in values.items() for i, x in enumerate(xs)]
    schema = {"variant": pl.String, "replication": pl.Int64, "metric": pl.String, "value": pl.Float64}
    return Replications(("plain", "moka<b>"), pl.DataFrame(rows, schema=schema, orient="row"), {})
