"""A study from its file, or its plan, to its answer."""

import json
from pathlib import Path
from typing import Final

from rustok_sim.capture.disk import disk_errors, hidden_directory
from rustok_sim.scenario.loader import AnyPath
from rustok_sim.studies.extras import need_extras
from rustok_sim.studies.format import Plan, load_study
from rustok_sim.studies.gather import Gatherer, gather
from rustok_sim.studies.optimisation import needs_optuna, optimise
from rustok_sim.studies.results import Explored, Measured, Study
from rustok_sim.studies.search import search
from rustok_sim.studies.sensitivity import sensitivity
from rustok_sim.studies.workers import Workers

STUDIES: Final = Path("data/studies")
"""Where studies are kept unless told otherwise, below the working directory."""

RESULT: Final = "study.json"


def study(
    file: AnyPath | Plan,
    *,
    data: str | Path = STUDIES,
    jobs: int = -1,
    quick: bool = False,
    dask: str | None = None,
    seed: int | None = None,
    progress: bool = True,
) -> Study:
    """Conduct the study of *file*, or the plan that :func:`what_if` makes, below *data*.

    What was done before, here or in a study cut short, is not done again.
    *jobs* are worker processes (-1: one a core), *dask* the address of a scheduler to use instead; neither changes the
    result. With *quick* a file is taken as its table ``[quick]`` says; *seed* takes the place of its seed. Raises
    ``ScenarioError`` for a file that is wrong, ``RunError`` for a query that is, where the disk refuses, workers keep
    dying, or an extra that the file needs is not installed.
    """
    if isinstance(file, Plan) and (quick or seed is not None):
        raise TypeError("quick and seed go with a study file, not with a Plan that is already made")
    plan = file if isinstance(file, Plan) else load_study(file, quick=quick, seed=seed)
    need_extras(plan.file, chosen=needs_optuna(plan))
    directory = Path(data) / plan.name
    with Workers(jobs, dask) as workers:
        gatherer = Gatherer(
            directory,
            workers,
            queries=plan.file.queries,
            frames=plan.file.frames,
            events=plan.file.keep == "events",
            progress=progress,
        )
        counts = gather(plan, gatherer)
        measured = [
            Measured(point, {name: gatherer.summaries(scenario, n) for name, scenario in point.scenarios.items()})
            for point, n in zip(plan.points, counts, strict=True)
        ]
        explored = Explored(search(plan, gatherer), sensitivity(plan, gatherer, counts), optimise(plan, gatherer))
    result = Study(plan, measured, explored, directory=directory, ran=gatherer.ran, reused=gatherer.reused)
    _keep(result)
    return result


def _keep(result: Study) -> None:
    """Write the answer beside the tasks: it appears whole, in place of the one before."""
    with hidden_directory(result.directory) as hidden, disk_errors(result.directory):
        text = json.dumps(result.to_json(), indent=1, allow_nan=False) + "\n"
        (hidden / RESULT).write_text(text, encoding="utf-8")
        (hidden / RESULT).replace(result.directory / RESULT)
