"""How all settings are read: nothing unknown, nothing converted, each field explained by the text below it."""

from typing import Any, Final

STRICT: Final[dict[str, Any]] = {
    "extra": "forbid",
    "strict": True,
    "use_attribute_docstrings": True,
    "allow_inf_nan": False,
}
