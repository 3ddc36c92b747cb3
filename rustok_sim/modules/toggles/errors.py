"""Why a module is not switched."""

from collections.abc import Sequence

from rustok_sim.core.errors import BusinessRule, Internal, NotFound


class UnknownModule(NotFound):
    """No module of this name is compiled in: 404."""

    code = "unknown_module"

    def __init__(self, slug: str) -> None:
        super().__init__(f"there is no module {slug}")


class MissingDependencies(BusinessRule):
    """Other modules must be switched on first: 400."""

    code = "missing_dependencies"

    def __init__(self, slug: str, missing: Sequence[str]) -> None:
        super().__init__(f"{slug} needs {', '.join(missing)}")
        self.missing = tuple(missing)


class HasDependents(BusinessRule):
    """Other modules must be switched off first: 400."""

    code = "has_dependents"

    def __init__(self, slug: str, dependents: Sequence[str]) -> None:
        super().__init__(f"{slug} is needed by {', '.join(dependents)}")
        self.dependents = tuple(dependents)


class HookFailed(Internal):
    """What the module does when it is switched did not work, so it is not switched: 500."""

    code = "hook_failed"
