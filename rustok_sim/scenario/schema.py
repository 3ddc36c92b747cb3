"""The JSON Schema of scenario files, for editors."""

from typing import Any

from rustok_sim.scenario.models import Scenario

_MERGED = ("Scenario", "Station")


def scenario_schema() -> dict[str, Any]:
    """Keys, bounds and descriptions of a scenario file and of a preset.

    What a file does not hold may come from the one it extends, so no key of a table that merges is required here;
    the loader sees the whole and knows what is missing.
    """
    schema = Scenario.model_json_schema()
    schema["properties"]["extends"] = {
        "description": "The file whose values this one changes, relative to this file: tables merge, arrays replace.",
        "minLength": 1,
        "title": "Extends",
        "type": "string",
    }
    for table in (schema, *schema["$defs"].values()):
        if table["title"] in _MERGED:
            table.pop("required", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
