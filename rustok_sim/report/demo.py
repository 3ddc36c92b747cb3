"""The demo: a minute without Redis, seen by every design of the tenant cache."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from rustok_sim.report.places import project_folder

if TYPE_CHECKING:
    from rustok_sim.report.tables import Table

SCENARIO: Final = "redis_outage.toml"
DESIGNS: Final = {
    "v1_as_wired": "v1_as_wired",
    "naive": "naive",
    "no_cache": "none",
    "moka": "moka",
    "moka_breaker": "moka_breaker",
}
"""The variants, and the design that each is."""
REPLICATIONS: Final = 5
BUCKET_S: Final = 5.0


class Demo(NamedTuple):
    """What the demo found."""

    table: "Table"
    sentence: str
    html: Path
    held: bool
    """Whether both moka designs did better than ``v1_as_wired`` during the outage and after it, beyond chance."""

    def print(self) -> None:
        """Print the table, the sentence and where the report lies, for a terminal."""
        from rustok_sim.report.console import terminal

        console = terminal()
        console.print(self.table)
        console.print(self.sentence, highlight=False)
        console.print(f"report: {self.html}", highlight=False, soft_wrap=True)


def run_demo(out: Path, *, progress: bool = True) -> Demo:
    """Simulate, write the scenario report into *out*, and tell what was found. Takes under a minute on two cores.

    Raises ``RunError`` where the disk refuses or the report fails.
    """
    from rustok_sim.report import findings, series, tables
    from rustok_sim.report.measures import disturbance_measures
    from rustok_sim.report.notebook import SCENARIO_REPORT, run_report
    from rustok_sim.scenario import load_scenario
    from rustok_sim.studies import study, what_if

    file = project_folder("scenarios") / SCENARIO
    scenario = load_scenario(file)
    variants = {name: {"platform.tenant_cache.design": design} for name, design in DESIGNS.items()}
    asked = series.for_report(BUCKET_S, warmup_s=scenario.warmup_s)
    plan = what_if(f"{scenario.name}-report", file, variants, replications=REPLICATIONS, **asked)
    with TemporaryDirectory(prefix="rustok-sim-") as kept:
        found = study(plan, data=kept, progress=progress)
        # The report asks the same study of the same runs, and finds them all done.
        parameters = {
            "scenario": f"scenarios/{SCENARIO}",
            "replications": REPLICATIONS,
            "variants": variants,
            "bucket_s": BUCKET_S,
            "data": kept,
        }
        files = run_report(project_folder("notebooks") / SCENARIO_REPORT, parameters, out)
        during, after, _ = disturbance_measures()
        gained = findings.better(found, during, against="v1_as_wired")
        sooner = findings.better(found, after, against="v1_as_wired", less=True)
        held = {"moka", "moka_breaker"} <= {*gained} & {*sooner}
        return Demo(tables.verdicts(found, scenario)[0], findings.disturbance(found), files.html, held)
