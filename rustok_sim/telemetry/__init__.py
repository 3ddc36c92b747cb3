"""A run as its monitoring would have seen it: metrics under Prometheus' names, scraped, queried, and watched by alerts.

Lives here: the families of metrics as queries over the event log, scraping on simulated time, an evaluator of PromQL
whose functions count as Prometheus' own do, rule files and what fires by them, and the text that a scrape would be
answered with. It reads finished runs and decides nothing about them; who wants to know what really happened asks
``verify``. It never runs while a simulation does.
"""

from rustok_sim.telemetry.alerts import Firing, evaluate
from rustok_sim.telemetry.exposition import open_metrics, parquet_of
from rustok_sim.telemetry.families import FAMILIES, Family
from rustok_sim.telemetry.figure import alerts_over_time
from rustok_sim.telemetry.promql import Element, instant
from rustok_sim.telemetry.reports import AlertReport, first_alerts, watch
from rustok_sim.telemetry.rules import PROPOSED, RUSTOK, Rule, RuleGroup, load_rules
from rustok_sim.telemetry.scrape import SCRAPE_INTERVAL_S, Samples, Series, scrape

__all__ = [
    "FAMILIES",
    "PROPOSED",
    "RUSTOK",
    "SCRAPE_INTERVAL_S",
    "AlertReport",
    "Element",
    "Family",
    "Firing",
    "Rule",
    "RuleGroup",
    "Samples",
    "Series",
    "alerts_over_time",
    "evaluate",
    "first_alerts",
    "instant",
    "load_rules",
    "open_metrics",
    "parquet_of",
    "scrape",
    "watch",
]
