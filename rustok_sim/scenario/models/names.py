"""The names that a scenario gives to its parts."""

from typing import Annotated, TypeAlias

from pydantic import Field

PART = r"^[a-z][a-z0-9_]*$"
SCENARIO = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"

PartName: TypeAlias = Annotated[str, Field(pattern=PART, max_length=64)]
"""A load class or a station: it stands in metric paths, so it holds no dot."""

ScenarioName: TypeAlias = Annotated[str, Field(pattern=SCENARIO, max_length=100)]
"""A scenario: it stands in the names of directories."""

WORDS = {
    PART: "a lower-case letter, then lower-case letters, digits and underscores",
    SCENARIO: "a letter or digit, then letters, digits, dots, dashes and underscores",
}
"""What each pattern lets through."""
