"""Libraries that only some studies need, and that come with an extra of the package."""

from importlib.util import find_spec

from rustok_sim.core.errors import RunError
from rustok_sim.studies.format import StudyFile


def need_extras(file: StudyFile, *, chosen: bool) -> None:
    """See that what *file* asks for is installed, before anything is run; *chosen*: whether Optuna is to choose.

    Raises ``RunError`` that names the extra.
    """
    sampled = file.sensitivity is not None and file.sensitivity.method != "one_at_a_time"
    for needed, module, extra in ((sampled, "SALib", "sensitivity"), (chosen, "optuna", "optimisation")):
        if needed and find_spec(module) is None:
            raise RunError(f"[{extra}] needs the extra {extra!r}: pip install 'rustok-sim[{extra}]'")
