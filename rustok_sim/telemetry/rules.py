"""Rules for alerts, in the files that Prometheus reads (documentation, "Alerting rules")."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final

import promql_parser
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from rustok_sim.core.errors import RuleError
from rustok_sim.telemetry.promql import parse

_FILES: Final = Path(str(files("rustok_sim.telemetry"))) / "files"
RUSTOK: Final = _FILES / "rustok.yml"
"""RusToK's own nineteen rules."""
PROPOSED: Final = _FILES / "proposed.yml"
"""Rules for what nobody watches today."""


def _seconds(value: Any) -> Any:
    """A duration as Prometheus writes it, in seconds."""
    if not isinstance(value, str):
        raise ValueError('must be a duration such as "5m" or "30s"')  # noqa: TRY004  # pydantic takes it as a finding
    return promql_parser.parse_duration(value).total_seconds()


Duration = Annotated[float, BeforeValidator(_seconds)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Rule(_Model):
    """One alert: it is pending while ``expr`` has elements, and fires once it has been so for ``for_s``."""

    alert: str
    expr: str
    for_s: Duration = Field(default=0.0, alias="for", validate_default=False)
    keep_firing_for_s: Duration = Field(default=0.0, alias="keep_firing_for", validate_default=False)
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}


class RuleGroup(_Model):
    """Rules that are evaluated together."""

    name: str
    interval_s: Duration = Field(default=30.0, alias="interval", validate_default=False)
    rules: tuple[Rule, ...]


class _RuleFile(_Model):
    groups: tuple[RuleGroup, ...]


def load_rules(*paths: str | Path) -> Sequence[RuleGroup]:
    """The groups of all these files. Raises ``RuleError`` for a file, a rule or an expression that cannot be read."""
    return [group for path in paths for group in _load(Path(path))]


def _load(path: Path) -> Sequence[RuleGroup]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        groups = _RuleFile.model_validate(content).groups
    except OSError as error:
        raise RuleError(f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: is no YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        raise RuleError("\n".join(_told(path, one) for one in error.errors())) from None
    for group in groups:
        for rule in group.rules:
            try:
                parse(rule.expr)
            except RuleError as error:
                raise RuleError(f"{path}: {group.name}: {rule.alert}: {error}") from None
    return groups


def _told(path: Path, error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    message = error["msg"].removeprefix("Value error, ")
    return f"{path}: {place}: {message[:1].lower()}{message[1:]}"
