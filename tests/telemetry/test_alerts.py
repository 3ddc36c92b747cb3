"""Alerts are pending, fire and resolve as Prometheus has it, and tell of faults or do not."""

import json

import pytest

from rustok_sim.cli import app
from rustok_sim.core.errors import RuleError
from rustok_sim.telemetry import PROPOSED, RUSTOK, Rule, RuleGroup, alerts_over_time, evaluate, load_rules, watch

DOWN = "a == 0"


def group(expr, **more):
    """One rule, evaluated every minute."""
    return [RuleGroup(name="g", interval="1m", rules=(Rule(alert="InstanceDown", expr=expr, **more),))]


def moments(firings):
    """Pending, fired and resolved, in minutes."""
    return [(one.pending_s / 60, one.fired_s / 60, one.resolved_s and one.resolved_s / 60) for one in firings]


def test_an_alert_fires_after_its_wait_and_resolves_when_it_is_over(load):
    """Down from the third to the ninth minute, five minutes asked for: it fires at the eighth."""
    samples = load(1, [(("a", {"instance": "x"}), "1 1 1 0 0 0 0 0 0 0 1 1")])
    (firing,) = evaluate(samples, group(DOWN, **{"for": "5m"}, labels={"severity": "page"}))
    assert moments([firing]) == [(3, 8, 10)]
    assert (firing.severity, firing.labels["instance"]) == ("page", "x")


def test_a_condition_that_breaks_off_begins_to_wait_anew(load):
    """Four minutes, a moment of health, and four more: nothing fires at five."""
    samples = load(1, [(("a", {}), "1 0 0 0 0 1 0 0 0 0 1")])
    assert evaluate(samples, group(DOWN, **{"for": "5m"})) == []
    assert moments(evaluate(samples, group(DOWN, **{"for": "3m"}))) == [(1, 4, 5), (6, 9, 10)]


def test_an_alert_may_go_on_for_a_while_and_may_last_to_the_end(load):
    """keep_firing_for bridges a gap; an alert that is there at the end has no end."""
    samples = load(1, [(("a", {}), "1 0 0 1 0 0 0")])
    assert moments(evaluate(samples, group(DOWN))) == [(1, 1, 3), (4, 4, None)]
    assert moments(evaluate(samples, group(DOWN, keep_firing_for="3m"))) == [(1, 1, None)]


def test_each_series_has_an_alert_of_its_own(load):
    """One is down early, one late."""
    samples = load(1, [(("a", {"instance": "x"}), "1 0 0 1 1"), (("a", {"instance": "y"}), "1 1 1 0 0")])
    found = {one.labels["instance"]: one.fired_s for one in evaluate(samples, group(DOWN))}
    assert found == {"x": 60.0, "y": 180.0}


def test_rustok_s_own_rules_are_the_nineteen():
    """Names, waits and severities of the facts' sections 12 and 18."""
    rules = {rule.alert: (rule.for_s, rule.labels["severity"]) for one in load_rules(RUSTOK) for rule in one.rules}
    minutes = {
        "HighErrorRate": (2, "critical"),
        "SlowRequestLatency": (5, "warning"),
        "VerySlowRequestLatency": (2, "critical"),
        "HighEventQueueDepth": (5, "warning"),
        "CriticalEventQueueDepth": (2, "critical"),
        "HighEventProcessingErrors": (3, "warning"),
        "HighEventLag": (5, "warning"),
        "CircuitBreakerOpen": (1, "critical"),
        "CircuitBreakerHalfOpen": (0.5, "info"),
        "HighCircuitBreakerFailures": (2, "warning"),
        "LowCacheHitRate": (10, "warning"),
        "VeryLowCacheHitRate": (5, "critical"),
        "HighCacheEvictionRate": (5, "warning"),
        "SlowDatabaseQueries": (5, "warning"),
        "VerySlowDatabaseQueries": (2, "critical"),
        "HighDatabaseQueryErrors": (3, "critical"),
        "LowDatabaseConnections": (5, "warning"),
        "ModuleErrorRate": (5, "warning"),
        "CriticalModuleErrorRate": (2, "critical"),
    }
    assert rules == {name: (wait * 60, severity) for name, (wait, severity) in minutes.items()}
    assert all(one.interval_s == 30 for one in load_rules(RUSTOK, PROPOSED))


def test_an_outage_of_redis_is_told_if_anything_is_recorded(redis_outage):
    """Every request fails from 120 s on: the share passes 5 % within seconds, and is asked to last two minutes."""
    report = watch(redis_outage, load_rules(RUSTOK))
    (outage,) = report.detections
    fired = {one.alert: one.fired_s for one in outage.alerts}
    assert 120 + 120 <= fired["HighErrorRate"] <= 120 + 120 + 60
    assert "CircuitBreakerOpen" in fired
    assert not report.missed
    html = report._repr_html_()
    assert "HighErrorRate" in html
    picture = alerts_over_time({"as built": report}, title="Redis")
    assert picture.alt.startswith("Redis")


def test_as_built_the_same_outage_is_told_by_nobody(root, tmp_path):
    """D-41: the metrics are empty, so nothing fires, whatever happens."""
    import rustok_sim as rs

    run = rs.run(root / "scenarios" / "redis_outage.toml", data=tmp_path)
    report = watch(run, load_rules(RUSTOK, PROPOSED))
    assert report.firings == ()
    assert len(report.missed) == 1
    assert watch(run, load_rules(RUSTOK), as_recorded=False).firings


def test_stranded_rows_are_told_by_the_proposed_rules_alone(stranded):
    """Nothing of RusToK's watches the outbox: its rules fire for none of the crashes' losses."""
    assert stranded.metrics["outbox"]["stranded"] > 0
    own = watch(stranded, load_rules(RUSTOK))
    assert not {one.alert for one in own.firings if "Outbox" in one.alert or "Claim" in one.alert}
    proposed = own.under(load_rules(PROPOSED))
    assert {"StrandedClaims", "OldOutboxRow"} <= {one.alert for one in proposed.firings}


def test_other_rules_on_the_same_samples_tell_what_they_tell_of_the_run(redis_outage):
    """Asked again, with the control, nothing is scraped; what fires is what fires when all is asked anew."""
    report = watch(redis_outage, load_rules(PROPOSED), control=redis_outage).under(load_rules(RUSTOK))
    anew = watch(redis_outage, load_rules(RUSTOK), control=redis_outage)
    assert report.firings == anew.firings != ()
    assert report.background == anew.background
    assert report.detections == anew.detections


def test_what_fires_without_the_fault_is_not_because_of_it(redis_outage):
    """A run that is its own control: every alert is background, and the outage is told by none."""
    report = watch(redis_outage, load_rules(RUSTOK), control=redis_outage)
    assert report.firings
    assert report.background == {one.alert for one in report.firings}
    assert len(report.missed) == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("groups: [", "no YAML"),
        ("groups: [{name: g, rules: [{alert: A, expr: 'rate('}]}]", "no PromQL"),
        ("groups: [{name: g, rules: [{alert: A, expr: a, for: 5}]}]", "duration"),
        ("groups: [{name: g, rules: [{alert: A, expr: a, for: soon}]}]", "for"),
        ("groups: [{name: g, rules: [{alert: A, expr: a, until: 5m}]}]", "until"),
        ("rules: []", "groups"),
    ],
)
def test_a_file_that_is_wrong_is_told_where(tmp_path, text, problem):
    """With its name and the place in it."""
    file = tmp_path / "rules.yml"
    file.write_text(text)
    with pytest.raises(RuleError, match=problem) as caught:
        load_rules(file)
    assert str(file) in str(caught.value)


def test_the_command_prints_tables_or_json_and_writes_the_samples(redis_outage, tmp_path, capsys):
    """``rustok-sim alerts RUN``."""
    assert app(["alerts", str(redis_outage.directory), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["faults"][0]["alerts"]
    assert document["series"] > 0
    target = tmp_path / "metrics.txt"
    assert app(["alerts", str(redis_outage.directory), "--metrics", str(target)]) == 0
    assert "HighErrorRate" in capsys.readouterr().out
    assert target.read_text().endswith("# EOF\n")
    assert app(["alerts", str(redis_outage.directory), "--metrics", str(tmp_path / "m.parquet")]) == 0
    assert (tmp_path / "m.parquet").stat().st_size > 1000
    with pytest.raises(RuleError, match="No such file"):
        app(["alerts", str(redis_outage.directory), "--rules", str(tmp_path / "none.yml")])
