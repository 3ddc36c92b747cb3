"""The schema that editors complete from."""

from rustok_sim.core.operations import OPERATIONS
from rustok_sim.scenario import scenario_schema


def test_keys_are_described_by_their_docstrings():
    """One text for the reader of the code and the writer of a file."""
    schema = scenario_schema()
    assert schema["properties"]["warmup_s"]["description"].startswith("Left out of metrics")
    assert "description" in schema["$defs"]["TenantCacheSettings"]["properties"]["design"]


def test_a_preset_misses_nothing():
    """No key is required of a table that may be completed by another file; entries of arrays are whole."""
    schema = scenario_schema()
    assert "required" not in schema
    assert "required" not in schema["$defs"]["Station"]
    assert schema["$defs"]["LoadClass"]["required"] == ["name"]


def test_extends_is_known_and_other_keys_are_not():
    """The loader reads ``extends`` before the models see the file."""
    schema = scenario_schema()
    assert schema["properties"]["extends"]["type"] == "string"
    assert schema["additionalProperties"] is False


def test_operations_are_offered_by_name():
    """Those that the platform has."""
    [names, _] = scenario_schema()["$defs"]["LoadClass"]["properties"]["operation"]["anyOf"]
    assert set(names["enum"]) == set(OPERATIONS)
