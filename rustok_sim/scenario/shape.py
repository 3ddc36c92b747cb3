"""Which keys the tables of a scenario know, read off the models."""

from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from rustok_sim.scenario.findings import KeyPath
from rustok_sim.scenario.models import Arrivals, Distribution, Fault, Scenario
from rustok_sim.scenario.models.base import TAGS


@cache
def keys_of(tag: str, value: str) -> frozenset[str] | None:
    """The keys of the shape that *tag* = *value* stands for; none where there is no such shape."""
    for union in (Distribution, Arrivals, Fault):
        for model in _members(union):
            if tag in model.model_fields and get_args(model.model_fields[tag].annotation)[0] == value:
                return frozenset(model.model_fields)
    return None


def keys_at(place: KeyPath, root: Any = Scenario) -> list[str]:
    """The keys of the table at *place* below *root*: a path as pydantic gives it, with tags of unions in between."""
    return sorted(_fields(_at(place, root)), key=lambda key: key not in TAGS)


def tags_at(place: KeyPath, root: Any = Scenario) -> list[str]:
    """What tells the shapes apart that the table at *place* below *root* may have."""
    return [str(value) for model in _members(_at(place, root)) for value in _tag_values(model)]


def _at(place: KeyPath, here: Any) -> Any:
    for part in place:
        here = _step(here, part)
    return here


def _step(here: Any, part: str | int) -> Any:
    origin = get_origin(here)
    if origin is dict:
        return get_args(here)[1]
    if origin is tuple:
        return _single(get_args(here)[0])
    if origin in {Union, UnionType}:
        return next(model for model in _members(here) if part in _tag_values(model))
    return _single(_fields(here)[str(part)])


def _fields(kind: Any) -> dict[str, Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {name: field.annotation for name, field in kind.model_fields.items()}
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return {field.name: hints[field.name] for field in fields(kind)}
    return {}


def _single(kind: Any) -> Any:
    """Without ``Annotated`` and without ``None``."""
    if get_origin(kind) is Annotated:
        return _single(get_args(kind)[0])
    if get_origin(kind) in {Union, UnionType}:
        some = [member for member in get_args(kind) if member is not NoneType]
        return _single(some[0]) if len(some) == 1 else kind
    return kind


def _members(union: Any) -> list[type[BaseModel]]:
    return [_single(member) for member in get_args(_single(union)) if member is not NoneType]


def _tag_values(model: type[BaseModel]) -> tuple[object, ...]:
    return tuple(
        value for tag in TAGS if tag in model.model_fields for value in get_args(model.model_fields[tag].annotation)
    )
