"""The whole of a scenario file."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from annotated_types import Interval, Len
from pydantic import BaseModel, Field, model_validator

from rustok_sim.core.operations import is_about_stock
from rustok_sim.scenario import rules
from rustok_sim.scenario.findings import dotted
from rustok_sim.scenario.models.base import NotNegative, Positive, Table
from rustok_sim.scenario.models.capture import Capture
from rustok_sim.scenario.models.catalogue import Catalogue
from rustok_sim.scenario.models.datafile import DataFile
from rustok_sim.scenario.models.deployment import Deployment
from rustok_sim.scenario.models.expectations import Expectation
from rustok_sim.scenario.models.faults import Fault
from rustok_sim.scenario.models.load import LoadClass
from rustok_sim.scenario.models.names import PartName, ScenarioName
from rustok_sim.scenario.models.platform import Platform
from rustok_sim.scenario.models.stations import Station
from rustok_sim.scenario.models.verify import Verify
from rustok_sim.scenario.summary import summary_html
from rustok_sim.scenario.toml_text import toml_text


class Scenario(Table):
    """A what-if, complete and checked: the same scenario and seed give the same run everywhere."""

    schema_version: Literal[1] = 1
    """The version of the format; this is 1."""
    name: ScenarioName
    """Its name in results and directories."""
    title: str = ""
    """One line for people."""
    seed: Annotated[int, Interval(ge=0, lt=2**63)] = 0
    """The root of all draws."""
    horizon_s: Positive
    """How much time is simulated."""
    warmup_s: NotNegative = 0.0
    """Left out of metrics, kept in the event log; below horizon_s."""
    platform: Platform = Field(default_factory=Platform)
    """RusToK's own settings."""
    deployment: Deployment = Field(default_factory=Deployment)
    """Where it runs."""
    catalogue: Catalogue = Field(default_factory=Catalogue)
    """What every tenant has when the run begins."""
    load: Annotated[tuple[LoadClass, ...], Len(1)]
    """The classes of requests, at least one."""
    stations: dict[PartName, Station] = Field(default_factory=dict)
    """Neighbour systems, by name."""
    faults: tuple[Fault, ...] = ()
    """What goes wrong."""
    expect: tuple[Expectation, ...] = ()
    """What must hold of the metrics."""
    capture: Capture = Field(default_factory=Capture)
    """How much is written to the event log."""
    verify: Verify | None = None
    """What must hold of its history; absent: what any run keeps."""

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        """A scenario made in Python keeps the rules too."""
        found = [f"{dotted(one.path)} {one.message}" for one in rules.violations(self._plain())]
        if found:
            raise ValueError("; ".join(found))
        return self

    def _plain(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_none=True)

    @property
    def needs_platform(self) -> bool:
        """Whether any class asks something of RusToK; else there are only stations."""
        return any(load.shares for load in self.load)

    @property
    def families(self) -> frozenset[str]:
        """The first words of all operations that are asked for."""
        return frozenset(operation.partition(".")[0] for load in self.load for operation in load.shares)

    @property
    def touches_stock(self) -> bool:
        """Whether any class buys, or writes stock."""
        return any(is_about_stock(operation) for load in self.load for operation in load.shares)

    def data_files(self) -> tuple[DataFile, ...]:
        """The data files it names, each once, by name."""
        return tuple(sorted(set(_data_files(self)), key=lambda file: file.name))

    def canonical(self) -> dict[str, Any]:
        """All that decides a run, as JSON can hold it: every value, defaults included, and the digests of its data.

        Raises ``OSError`` when a data file has gone.
        """
        return self._plain() | {"data": {file.name: file.sha256() for file in self.data_files()}}

    @property
    def scenario_hash(self) -> str:
        """SHA-256 over :meth:`canonical`: the same on every machine."""
        text = json.dumps(self.canonical(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    def to_toml(self, *, folder: Path | None = None) -> str:
        """The scenario as a file of its own, with every value written out.

        Data files are named relative to *folder*, where the file is going to lie; without it, relative to the project.
        """
        return toml_text(self.model_dump(mode="json", exclude_none=True, context={"folder": folder}))

    def _repr_html_(self) -> str:
        return summary_html(self)


def _data_files(value: object) -> Iterator[DataFile]:
    match value:
        case DataFile():
            yield value
        case BaseModel():
            for _, entry in value:
                yield from _data_files(entry)
        case tuple():
            for entry in value:
                yield from _data_files(entry)
        case dict():
            for entry in value.values():
                yield from _data_files(entry)
