"""The metrics of a run."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from difflib import get_close_matches
from html import escape
from typing import Any

from rustok_sim.capture import Connection
from rustok_sim.core.errors import RustokSimError
from rustok_sim.verify import sections
from rustok_sim.verify.facts import Facts


class UnknownMetric(RustokSimError, LookupError):
    """There is no metric of this name; the message lists names that are near."""


class Metrics(Mapping[str, Any]):
    """The numbers of a run by section, then name; ready for JSON, and frozen: what it gives away is a copy.

    A number that does not exist, as the mean of nothing, is ``None``; there is no NaN.
    """

    __slots__ = ("_sections",)

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._sections: dict[str, Any] = json.loads(json.dumps(dict(content), allow_nan=False))

    def __getitem__(self, section: str) -> Any:
        return deepcopy(self._sections[section])

    def __iter__(self) -> Iterator[str]:
        return iter(self._sections)

    def __len__(self) -> int:
        return len(self._sections)

    def to_dict(self) -> dict[str, Any]:
        """The whole, as for ``run.json``."""
        return deepcopy(self._sections)

    def value(self, path: str) -> float | str | None:
        """The metric at a dotted path, as in ``requests.storefront.availability``. Raises :class:`UnknownMetric`."""
        found = self._leaves()
        if path not in found:
            near = get_close_matches(path, found, n=3, cutoff=0.5) or list(found)[:3]
            raise UnknownMetric(f"there is no metric {path}; near it: {', '.join(near) or 'nothing, there are none'}")
        return found[path]

    def paths(self) -> list[str]:
        """The paths of all metrics."""
        return list(self._leaves())

    def _leaves(self) -> dict[str, float | str | None]:
        return dict(_flat(self._sections, ""))

    def __repr__(self) -> str:
        parts = [f"{section} ({', '.join(_names(content))})" for section, content in self._sections.items()]
        return f"Metrics: {'; '.join(parts) or 'none'}"

    def _repr_html_(self) -> str:
        return "".join(_table(section, content) for section, content in self._sections.items()) or escape(repr(self))


def measure(connection: Connection, facts: Facts) -> Metrics:
    """The metrics of the run whose view ``events`` *connection* has. Sections that do not apply are absent."""
    measured = {
        "requests": sections.requests(connection, facts),
        "stations": sections.stations(connection, facts),
        "database": sections.database(connection, facts),
        "cache": sections.cache(connection, facts),
        "breaker": sections.breaker(connection, facts),
        "inventory": sections.inventory(connection, facts),
        "outbox": sections.outbox(connection, facts),
        "index": sections.index(connection, facts),
    }
    return Metrics({name: content for name, content in measured.items() if content is not None})


def _flat(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, float | str | None]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _named(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The rows of a section's table: by name, or the one row of a section without names."""
    return content if all(isinstance(value, dict) for value in content.values()) else {"": content}


def _names(content: dict[str, Any]) -> list[str]:
    return [name for name in _named(content) if name] or list(content)


def _table(section: str, content: dict[str, Any]) -> str:
    rows = {name: dict(_flat(_brief(row), "")) for name, row in _named(content).items()}
    columns = list(next(iter(rows.values()), {}))
    head = "".join(f"<th>{escape(column)}</th>" for column in [section, *columns])
    body = "".join(
        f"<tr><th>{escape(name)}</th>{''.join(f'<td>{_cell(row[column])}</td>' for column in columns)}</tr>"
        for name, row in rows.items()
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if not key.startswith("by_")}


def _cell(value: float | str | None) -> str:
    if value is None:
        return "null"
    return f"{value:.4g}" if isinstance(value, float) else escape(str(value))
