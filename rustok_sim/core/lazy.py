"""Names that a package imports when they are first asked for: what they need is heavy, and most commands do not."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


def lazy(package: str, names: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """The ``__getattr__`` of *package* (PEP 562); *names* are those that it shows, by the module that has them."""
    module_of = {name: module for module, shown in names.items() for name in shown}

    def get(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{module_of[name]}"), name)

    return get
