"""The names that a scenario gives to its parts."""

from typing import Annotated, TypeAlias

from pydantic import Field

PartName: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
"""A load class or a station: it stands in metric paths, so it holds no dot."""

ScenarioName: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=100)]
"""A scenario: it stands in the names of directories."""
