"""The isolation matrix: what becomes of each anomaly at each level, on one server or on several side by side."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from html import escape
from typing import Any, Final, TypeAlias

from rustok_sim.core.data import Isolation, Table
from rustok_sim.testing.anomalies import ANOMALIES
from rustok_sim.testing.interleaving import play
from rustok_sim.testing.locks import TABLES
from rustok_sim.testing.schedules import Played, Schedule
from rustok_sim.testing.stages import FilledServer

LEVELS: Final[tuple[Isolation, ...]] = ("read_committed", "repeatable_read", "serializable")
ServerFactory: TypeAlias = Callable[[Sequence[Table]], FilledServer]
"""Makes a server with these tables, empty."""


@dataclass(frozen=True, slots=True)
class IsolationMatrix:
    """The outcomes by server, level and schedule; whole traces are in ``played``."""

    played: Mapping[str, Sequence[Played]]
    """By the server's name."""

    def outcomes(self, server: str, isolation: Isolation) -> dict[str, str]:
        """The word for each schedule, by its name."""
        return {one.schedule.name: one.outcome for one in self.played[server] if one.isolation == isolation}

    def traces(self, server: str) -> str:
        """Every step of every schedule, and what it gave."""
        return "\n\n".join(map(str, self.played[server]))

    def beside(self, other: "IsolationMatrix") -> "IsolationMatrix":
        """Both in one table."""
        return IsolationMatrix({**self.played, **other.played})

    def __str__(self) -> str:
        rows = [["", *self._columns()], *self._rows()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
        )

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(column)}</th>" for column in ["", *self._columns()])
        body = "".join(
            f"<tr><th>{escape(first)}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in rest)}</tr>"
            for first, *rest in self._rows()
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _cells(self) -> list[tuple[Isolation, str]]:
        levels = dict.fromkeys(one.isolation for played in self.played.values() for one in played)
        return [(level, server) for level in levels for server in self.played]

    def _columns(self) -> list[str]:
        return [f"{level.replace('_', ' ')}, {server}" for level, server in self._cells()]

    def _rows(self) -> list[list[str]]:
        titles = {one.schedule.name: one.schedule.title for played in self.played.values() for one in played}
        outcomes = [self.outcomes(server, level) for level, server in self._cells()]
        return [
            [f"{name}: {title}", *(column.get(name, "\N{EN DASH}") for column in outcomes)]
            for name, title in titles.items()
        ]


def isolation_matrix(
    server_factory: ServerFactory,
    *,
    name: str = "memory",
    levels: Sequence[Isolation] = LEVELS,
    schedules: Sequence[Schedule] = ANOMALIES,
) -> IsolationMatrix:
    """Play every schedule at every level, one after the other on one server from *server_factory*."""
    with _closing(server_factory(TABLES)) as server:
        played = [play(server, schedule, isolation) for isolation in levels for schedule in schedules]
    return IsolationMatrix({name: played})


def _closing(server: Any) -> AbstractContextManager[FilledServer]:
    return closing(server) if hasattr(server, "close") else nullcontext(server)
