"""The JSON Schema of study files, for editors."""

from typing import Any

from rustok_sim.scenario import scenario_schema
from rustok_sim.studies.format.models import StudyFile


def study_schema() -> dict[str, Any]:
    """Keys, bounds and descriptions of a study file; what a variant holds is a scenario's, described once."""
    schema = StudyFile.model_json_schema()
    scenario = scenario_schema()
    keys = {name: key for name, key in scenario["properties"].items() if name != "schema_version"}
    keys["set"] = {"description": "Single keys with their values, by paths.", "title": "Set", "type": "object"}
    variant = {
        "additionalProperties": False,
        "description": "Tables of a scenario to lay over the base.",
        "properties": keys,
        "title": "Variant",
        "type": "object",
    }
    schema["$defs"] = {**scenario["$defs"], **schema["$defs"], "Variant": variant}
    schema["properties"]["variants"]["additionalProperties"] = {"$ref": "#/$defs/Variant"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
