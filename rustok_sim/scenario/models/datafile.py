"""A file of numbers that a scenario names: a trace of arrivals, a sample of durations."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import PlainSerializer, PlainValidator, SerializationInfo, ValidationInfo, WithJsonSchema


@dataclass(frozen=True, slots=True)
class DataFile:
    """A CSV or Parquet file: its name within the project, and where it lies on this machine."""

    name: str
    """Relative to the project root, with forward slashes; the same on every machine."""
    path: Path
    """Absolute when a file was loaded; as given when the scenario was made in Python."""

    def sha256(self) -> str:
        """The digest of its content, so that a scenario's hash changes with its data."""
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


def _data_file(value: object, info: ValidationInfo) -> DataFile:
    if isinstance(value, DataFile):
        return value
    if not isinstance(value, str):
        raise ValueError("must be a string: the name of a CSV or Parquet file")  # noqa: TRY004 - pydantic listens for ValueError
    root: Path = (info.context or {}).get("root", Path())
    return DataFile(value, root / value)


def _written(file: DataFile, info: SerializationInfo) -> str:
    folder: Path | None = (info.context or {}).get("folder")
    return file.name if folder is None else Path(os.path.relpath(file.path, folder)).as_posix()


DataFileField: TypeAlias = Annotated[
    DataFile,
    PlainValidator(_data_file),
    PlainSerializer(_written, return_type=str),
    WithJsonSchema({"type": "string", "minLength": 1}),
]
"""A data file as a scenario writes it: a path relative to the file that names it, inside the project."""
