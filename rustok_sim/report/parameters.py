"""The parameters of a notebook: what its cell tagged ``parameters`` takes, and what it refuses."""

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from rustok_sim.core.errors import Problem, ScenarioError

TYPES: Final[dict[str, tuple[type, ...]]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "str": (str,),
    "list": (list, tuple),
    "tuple": (list, tuple),
    "dict": (dict,),
}
"""What an annotation accepts; others are not checked. A bool is no number here."""


def check_parameters(notebook: Path, parameters: Mapping[str, object]) -> None:
    """Raise ``ScenarioError`` that lists every parameter the notebook does not know or of which the type is wrong.

    Papermill itself only logs them.
    """
    known = _annotations(notebook)
    problems = [_unknown(notebook, name, known) for name in sorted(parameters.keys() - known.keys())]
    for name in sorted(parameters.keys() & known.keys()):
        if not _fits(parameters[name], known[name]):
            message = f"must be {known[name]}, not {parameters[name]!r}"
            problems.append(Problem(str(notebook), 0, 0, name, message))
    if problems:
        raise ScenarioError(problems)


def typed(given: str) -> tuple[str, Any]:
    """Name and value of one ``NAME=VALUE``. Raises ``ScenarioError`` for what is none."""
    name, equals, written = given.partition("=")
    if not equals or not name.isidentifier():
        raise ScenarioError([Problem("--parameter", 0, 0, "", f"{given!r} is not of the form NAME=VALUE")])
    try:
        values = tomllib.loads(f"value = {written}")
    except (tomllib.TOMLDecodeError, RecursionError):
        values = {}
    return name, values["value"] if len(values) == 1 else written


def _annotations(notebook: Path) -> dict[str, str]:
    """The parameters by name, with the type that each is annotated with."""
    import nbformat
    import papermill

    try:
        if not notebook.is_file():
            raise ScenarioError([Problem(str(notebook), 0, 0, "", "is no file")])
        nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]  # nbformat is untyped
        found = papermill.inspect_notebook(str(notebook))
    except (OSError, ValueError, nbformat.ValidationError) as error:
        if isinstance(error, ScenarioError):
            raise
        raise ScenarioError([Problem(str(notebook), 0, 0, "", f"is no notebook: {_first_line(error)}")]) from error
    return {name: parameter["inferred_type_name"] for name, parameter in found.items()}


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _unknown(notebook: Path, name: str, known: Mapping[str, str]) -> Problem:
    near = get_close_matches(name, known, n=1)
    mean = f"did you mean {near[0]!r}? " if near else ""
    takes = ", ".join(f"{one}: {kind}" for one, kind in known.items()) or "none"
    return Problem(str(notebook), 0, 0, name, f"is no parameter; {mean}it takes {takes}")


def _fits(value: object, annotation: str) -> bool:
    kind = re.split(r"\W", annotation.strip(), maxsplit=1)[0]
    accepted = TYPES.get(kind)
    if accepted is None:
        return True
    return isinstance(value, accepted) and (kind == "bool" or not isinstance(value, bool))
