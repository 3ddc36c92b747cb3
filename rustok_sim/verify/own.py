"""Checks of the user's own: a file of queries, or of Python functions, that the scenario names."""

import importlib.util
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from rustok_sim.capture import Connection, fetch, query
from rustok_sim.core.errors import RunError
from rustok_sim.verify.invariants.registry import EXAMPLES_MAX, Verdict

NAME: Final = re.compile(r"^--\s*name:\s*(\w+)\s*$", re.MULTILINE)
PREFIX: Final = "check_"
OWN: Final = "own."
"""What stands before the names of such checks in results."""


def check_sql(connection: Connection, file: Path) -> list[Verdict]:
    """Each query of the file, over the view ``events``: it holds if it returns no row.

    A query begins after its line ``-- name: NAME``. Raises ``RunError`` for a file without any, and for what DuckDB
    refuses; queries reach no file, as ``capture.sealed`` says.
    """
    parts = NAME.split(file.read_text(encoding="utf-8"))
    if len(parts) < 3:
        raise RunError(f"{file}: has no query; each begins with a line -- name: NAME")
    verdicts = []
    for name, sql in zip(parts[1::2], parts[2::2], strict=True):
        if not sql.strip():
            raise RunError(f"{file}: {name}: has no query after its name")
        try:
            found = fetch(connection, sql, {})
        except RunError:
            raise
        except Exception as error:
            raise RunError(f"{file}: {name}: {error}") from error
        verdicts.append(_verdict(name, found))
    return verdicts


def check_python(connection: Connection, file: Path) -> list[Verdict]:
    """Each function ``check_NAME(events)`` of the file, in its order: it holds if what it returns is empty.

    *events* is a Polars frame of all records; what comes back is a frame, or a list of dictionaries. This runs the
    file: whoever calls it has been asked. Raises ``RunError`` for a file without such functions.
    """
    events = query(connection, "select * from events order by seq")
    checks = dict(_functions(file))
    if not checks:
        raise RunError(f"{file}: has no function {PREFIX}NAME(events)")
    return [_verdict(name, _rows(one(events))) for name, one in checks.items()]


def _functions(file: Path) -> Iterator[tuple[str, Callable[[pl.DataFrame], Any]]]:
    spec = importlib.util.spec_from_file_location(f"rustok_sim_checks_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise RunError(f"{file}: cannot be loaded as Python")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, value in vars(module).items():
        if name.startswith(PREFIX) and callable(value):
            yield name.removeprefix(PREFIX), value


def _rows(found: Any) -> list[dict[str, Any]]:
    return found.to_dicts() if isinstance(found, pl.DataFrame) else [dict(row) for row in found]


def _verdict(name: str, found: list[Mapping[str, Any]] | list[dict[str, Any]]) -> Verdict:
    return Verdict(f"{OWN}{name}", not found, len(found), tuple(dict(row) for row in found[:EXAMPLES_MAX]))
