"""The README's picture, made anew by ``python -m rustok_sim.report.picture``: a minute without Redis, by design."""

from pathlib import Path
from typing import Final

from rustok_sim.report.demo import DESIGNS, SCENARIO
from rustok_sim.report.places import project_folder

TARGET: Final = Path("docs/redis_outage.png")
SHOWN: Final = ("v1_as_wired", "no_cache", "moka")
REPLICATIONS: Final = 10
DPI: Final = 110


def draw(target: Path, *, replications: int = REPLICATIONS) -> None:
    """Simulate ``redis_outage`` with each design and save the availability over time to *target*."""
    import matplotlib as mpl

    from rustok_sim.report import figures, series
    from rustok_sim.studies import replicate

    mpl.use("agg")
    variants = {name: {"platform.tenant_cache.design": DESIGNS[name]} for name in SHOWN}
    queries = series.over_time(5.0)
    study = replicate(project_folder("scenarios") / SCENARIO, variants, replications=replications, queries=queries)
    figure = figures.availability(study, title="A minute without Redis: availability by tenant-cache design")
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target, dpi=DPI)


if __name__ == "__main__":
    draw(project_folder("scenarios").parent / TARGET)
