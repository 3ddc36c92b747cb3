"""Studies kept on the disk, and sentences about what faults did."""

import polars as pl
import pytest

from rustok_sim.core.errors import RunError
from rustok_sim.report import findings, results
from rustok_sim.studies import Replications


def disturbed(values, *, recovered=1.0):
    """A study of two replications: for each variant its availability during the fault and its downtime after it."""
    rows = [
        (variant, replication, f"disturbance.{name}", value)
        for variant, numbers in values.items()
        for replication in (0, 1)
        for name, value in zip(("availability_during", "bad_after_s", "recovered"), (*numbers, recovered), strict=True)
    ]
    schema = {"variant": pl.String, "replication": pl.Int64, "metric": pl.String, "value": pl.Float64}
    return Replications(tuple(values), pl.DataFrame(rows, schema=schema, orient="row"), {})


def test_a_study_comes_back_as_it_was_kept(study, tmp_path):
    """Metrics, frames and the order of the variants."""
    frame = pl.DataFrame({"variant": ["plain"], "replication": [0], "x": [1.5]})
    results.save(Replications(study.variants, study.metrics, {"a frame": frame}), tmp_path / "kept")
    back = results.load(tmp_path / "kept")
    assert back.variants == study.variants
    assert back.metrics.equals(study.metrics)
    assert back.frames["a frame"].equals(frame)


def test_where_no_study_is_kept_the_folder_is_named(tmp_path):
    """A folder of something else is no empty study."""
    with pytest.raises(RunError, match=f"{tmp_path.name}: there is no study here"):
        results.load(tmp_path)


def test_a_sentence_names_who_did_better_and_who_did_not():
    """b answers more and is back sooner; c is as a in both."""
    told = findings.disturbance(disturbed({"a": (0.0, 70.0), "b": (1.0, 0.0), "c": (0.0, 70.0)}))
    assert told == (
        "While the fault lasted, a answered 0 % of the requests well. It stayed below 99 % for another 70 s after the "
        "fault had ended. B answered more: 100 %; and stayed below 99 % for less: 0 s. Of c no gain is to be seen."
    )


def test_a_run_that_ends_too_early_is_not_said_to_have_recovered():
    """How long it would have taken nobody knows."""
    told = findings.disturbance(disturbed({"a": (0.0, 40.0)}, recovered=0.0))
    assert "which was to the end in 2 of 2 runs" in told


def test_without_a_fault_there_is_nothing_to_tell(study):
    """No claim is made up."""
    assert findings.disturbance(study) == "No fault lasted long enough to be judged by."
