"""The list of defects: every setting and every test it names is there."""

import json
import re
from dataclasses import fields, is_dataclass
from functools import reduce
from operator import attrgetter

from pydantic import BaseModel

from rustok_sim.scenario import Platform


def known(value, path="platform"):
    """The paths of all settings below *value*, tables included."""
    yield path
    if isinstance(value, BaseModel) or is_dataclass(value):
        names = list(type(value).model_fields) if isinstance(value, BaseModel) else [one.name for one in fields(value)]
        for name in names:
            yield from known(getattr(value, name), f"{path}.{name}")


def test_every_setting_in_the_list_of_defects_exists(root):
    """A renamed setting would send a reader nowhere."""
    text = (root / "docs" / "defects.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(platform(?:\.\w+)+)", text))
    assert len(named) > 30
    assert named - set(known(Platform())) == set()


def test_every_test_in_the_list_of_defects_exists(root):
    """What is claimed to be tested is."""
    text = (root / "docs" / "defects.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[\w/.]+)`", text))
    assert len(named) > 20
    assert [path for path in sorted(named) if not (root / path).exists()] == []


def test_every_repair_in_the_list_of_defects_can_be_set(root):
    """A value in quotes is one that the row's first setting takes, and not the one that has the defect."""
    text = (root / "docs" / "defects.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if "`platform." in line]
    repairs = [
        (found[1], found[2], value)
        for _, _, setting, repaired, *_ in rows
        if (found := re.match(r' `platform\.([\w.]+)(?: = "(\w+)")?', setting))
        for value in re.findall(r'`"(\w+)"`', repaired)
    ]
    assert len(repairs) > 40
    for path, defect, value in repairs:
        *tables, name = path.split(".")
        said = reduce(lambda inner, table: {table: inner}, reversed(tables), {name: value})
        assert attrgetter(path)(Platform.model_validate_json(json.dumps(said))) == value
        assert (defect or attrgetter(path)(Platform())) != value, path
