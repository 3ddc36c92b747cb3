"""What of a change reaches the reader, by wiring: the table of the facts' section 10.5, and what was meant instead."""

import pytest

PRODUCTS, TENANTS = 50, 3
EVERYTHING = PRODUCTS * TENANTS
"""Rows that the read model has to have: of two tenants that are asked for, and of the default one."""
RELAYED = {"outbox.relays": "every_node"}
LOST = {"events.no_receiver": "lost"}


def sent(run, moment):
    """How many events went to the transport or bus at this moment, by outcome."""
    counted = "select outcome, count(*) from events where kind = 'event.sent' and site = $moment group by all"
    return dict(run.sql(counted, {"moment": moment}).iter_rows())


def answered(run):
    """Of the merchants' changes: asked for, and done. Prices answer 400 for whatever goes wrong in them, as built."""
    merchants = run.metrics["requests"]["merchants"]
    return merchants["count"], merchants["by_status"]["200"]


def transactional(run):
    """How many changes of products and prices were asked for: those that publish within their transaction."""
    return answered(run)[0] - sum(sent(run, "after_commit").values())


def test_memory_transport_stops_every_transactional_write(wired):
    """D-02: nobody listens, which is an error, so the write is rolled back; a variant is written and its event lost."""
    run = wired({"events.transport": "memory"})
    assert set(sent(run, "before_commit")) == {"refused"}
    assert answered(run)[1] == sum(sent(run, "after_commit").values()) > 0
    assert run.metrics["index"]["wrong_at_end"] == EVERYTHING


def test_memory_transport_lost_events_in_silence_before(wired):
    """Before 2026-02-14 the same writes went well, and their events were as lost."""
    run = wired({"events.transport": "memory", **LOST})
    count, ok = answered(run)
    assert ok >= 0.99 * count
    assert run.metrics["index"]["wrong_at_end"] == EVERYTHING


def test_without_a_relay_every_event_stays_in_the_outbox(wired):
    """As shipped: written with the change, and never read again."""
    run = wired({})
    written = run.sql("select count(*) from events where kind = 'event.recorded'").item()
    assert written == answered(run)[1]
    assert "outbox" not in run.metrics


def test_the_relay_kills_every_event(wired):
    """D-01: five attempts towards a bus of its own. The forwarder has brought the variants' events there, too."""
    outbox = wired(RELAYED).metrics["outbox"]
    assert outbox["dead"] == outbox["recorded"] > 0


def test_before_the_relay_said_that_all_was_sent(wired):
    """The same bus, the same loss, and every row marked as dispatched."""
    run = wired({**RELAYED, **LOST})
    outbox = run.metrics["outbox"]
    assert outbox["dispatched"] == outbox["recorded"] > 0
    assert run.metrics["index"] == {
        "applied": 0,
        "stale_ignored": 0,
        "lag_s": dict.fromkeys(("p50", "p95", "p99", "max")),
        "wrong_at_end": EVERYTHING,
    }


def test_the_iggy_connector_says_that_all_is_well(wired):
    """Every event is taken, and none goes anywhere."""
    run = wired({"events.transport": "iggy_stub"})
    assert set(sent(run, "before_commit")) == {"ok"}
    assert transactional(run) > 0
    assert run.metrics["index"]["wrong_at_end"] == EVERYTHING


@pytest.mark.parametrize("way", ["bus", "log"])
def test_as_designed_every_event_is_applied_and_the_read_model_is_right(wired, way):
    """The missing wires drawn, as shipped otherwise: each recorded event has its rows, within seconds."""
    run = wired({**RELAYED, "outbox.target": way, "index.wiring": way})
    assert run.metrics["index"]["applied"] == run.metrics["outbox"]["recorded"] > 0
    assert run.metrics["index"]["wrong_at_end"] == 0
    assert run.metrics["index"]["lag_s"]["max"] < 5.0


@pytest.mark.parametrize(
    "settings",
    [{"events.transport": "memory", "index.wiring": "bus"}, {"events.transport": "log", "index.wiring": "log"}],
    ids=["memory", "log"],
)
def test_an_event_that_is_sent_before_the_commit_is_read_too_early(wired, settings):
    """D-18: every event is applied, yet the indexer has read what was there before the change."""
    run = wired(settings)
    assert run.metrics["index"]["applied"] == sum(sent(run, "before_commit").values()) + answered_variants(run)
    assert run.metrics["index"]["wrong_at_end"] > 0


def answered_variants(run):
    """Events of variants, which are sent after the commit."""
    return sum(sent(run, "after_commit").values())


def test_a_write_that_is_rolled_back_leaves_a_phantom(wired):
    """D-18: half of the changes fail in the database after their event is out; with the outbox none is sent."""
    faulty = [{"kind": "errors", "target": "database", "at_s": 5.0, "duration_s": 50.0, "ratio": 0.2}]
    phantoms = """
        select count(*) from events sent where sent.kind = 'event.sent' and sent.site = 'before_commit'
            and sent.outcome = 'ok' and not exists (
                from events ended where ended.kind = 'db.transaction' and ended.correlation = sent.correlation
                    and ended.outcome = 'committed')"""
    over_log = wired({"events.transport": "log", "index.wiring": "log"}, faults=faulty)
    assert over_log.sql(phantoms).item() > 0
    by_outbox = wired({**RELAYED, "outbox.target": "log", "index.wiring": "log"}, faults=faulty)
    published = """
        select count(*) from events taken where taken.kind = 'outbox.taken' and not exists (
            select 1 from events recorded join events ended
                on ended.kind = 'db.transaction' and ended.correlation = recorded.correlation
                    and ended.outcome in ('committed', 'unknown')
            where recorded.kind = 'event.recorded' and recorded.site = taken.detail)
            and taken.detail in (
                select site from events where kind = 'event.recorded' and detail != 'variant.updated')"""
    assert by_outbox.sql(published).item() == 0


@pytest.mark.parametrize(("forwarder", "at_the_end"), [("as_built", 0), ("go_on", 5), ("none", 0)])
def test_a_burst_of_variants_laps_the_forwarder(wired, forwarder, at_the_end):
    """D-16: the ring holds 128 of a thousand changes at once. As built nothing is ever forwarded again."""

    def burst(name, at_s, count):
        arrivals = {"process": "burst", "at_s": at_s, "count": count}
        return {"name": name, "operation": "variant.update", "arrivals": arrivals, "tenants": {"count": 2}}

    load = [burst("merchants", 5.0, 1_000), burst("latecomers", 100.0, 5)]
    run = wired({"events.forwarder": forwarder}, load=load, **{"deployment.nodes": 1})
    assert answered(run)[1] == 1_000
    written = dict(
        run.sql(
            "select at_s > 100 as late, count(*) from events where kind = 'event.recorded' group by all"
        ).iter_rows()
    )
    assert written.get(False, 0) < 1_000
    assert written.get(True, 0) == at_the_end
