"""The README's picture, made anew by ``python -m rustok_sim.report.picture``: a minute without Redis, by design."""

from pathlib import Path
from tempfile import TemporaryDirectory
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
    from rustok_sim.studies import study, what_if

    mpl.use("agg")
    variants = {name: {"platform.tenant_cache.design": DESIGNS[name]} for name in SHOWN}
    file, frames = project_folder("scenarios") / SCENARIO, series.over_time(5.0)
    plan = what_if("picture", file, variants, replications=replications, frames=frames)
    with TemporaryDirectory(prefix="rustok-sim-") as kept:
        title = "A minute without Redis: availability by tenant-cache design"
        figure = figures.availability(study(plan, data=kept), title=title)
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target, dpi=DPI)


if __name__ == "__main__":
    draw(project_folder("scenarios").parent / TARGET)
