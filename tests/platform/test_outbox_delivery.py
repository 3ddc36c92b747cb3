"""From the outbox to the log, through three crashes of nodes, an outage of the log and errors of the database."""

import pytest

import rustok_sim as rs

CRASHES, BATCH_ROWS = 3, 100


@pytest.fixture
def outbox(root, tmp_path):
    """The outbox's metrics at the end of the scenario, with these settings of the outbox."""

    def run(*, preset=None, **settings):
        overlays = [] if preset is None else [root / "scenarios" / "presets" / f"{preset}.toml"]
        changes = {f"platform.outbox.{key}": value for key, value in settings.items()}
        file = root / "scenarios" / "outbox_delivery.toml"
        return rs.run(file, set=changes, overlays=overlays, data=tmp_path).metrics["outbox"]

    return run


def fates(metrics):
    """Where the events ended up."""
    return {name: metrics[name] for name in ("dispatched", "dead", "stranded", "pending") if metrics[name]}


def test_as_built_every_row_has_one_fate_and_some_are_stranded(outbox):
    """D-03 to D-05: what a crash or an error of the database leaves claimed, nobody takes again."""
    metrics = outbox()
    assert sum(fates(metrics).values()) == metrics["recorded"] > 1_000
    assert metrics["stranded"] > 0


def test_a_lease_takes_stranded_rows_up_again(outbox):
    """The repair by itself: after the faults are over, all is delivered; twice only what a crash or error left."""
    metrics = outbox(**{"relay.lease_s": 20.0, "relay.row_errors": "isolated"})
    assert fates(metrics) == {"dispatched": metrics["recorded"]}


def test_as_advised_nothing_is_lost(outbox):
    """All repairs together; the duplicates are no more than the rows of the batches that crashes cut off."""
    metrics = outbox(preset="advised", relays="every_node", target="log")
    assert fates(metrics) == {"dispatched": metrics["recorded"]}
    assert metrics["duplicated"] <= CRASHES * BATCH_ROWS


def test_a_private_bus_kills_every_event(outbox):
    """D-01: nobody can listen, so each event is dead after its last attempt, unless a crash strands it before."""
    metrics = outbox(target="private")
    assert metrics["dead"] > 0
    assert metrics["dead"] + metrics["stranded"] == metrics["recorded"]
    assert metrics["age_s"]["max"] is None


def test_without_a_relay_there_is_nothing_to_measure(root, tmp_path):
    """As with RusToK's plain server start: events are recorded, and that is all that happens to them."""
    run = rs.run(root / "scenarios" / "outbox_delivery.toml", set={"platform.outbox.relays": "none"}, data=tmp_path)
    assert "outbox" not in run.metrics
    kinds = dict(run.sql("select kind, count(*) from events group by kind").iter_rows())
    assert kinds["event.recorded"] > 1_000
    assert not [kind for kind in kinds if kind.startswith("outbox.")]
