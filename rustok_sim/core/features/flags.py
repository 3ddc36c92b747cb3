"""Which static flags anybody asks for."""

from typing import Final, Literal, TypeAlias

from rustok_sim.core.features.settings import FeatureSettings, StaticFlags

FlagName: TypeAlias = Literal[
    "registration_enabled", "email_verification", "multi_tenant", "search_indexing", "oauth_enabled"
]
_UNASKED: Final = StaticFlags()


def flag_is_on(settings: FeatureSettings, name: FlagName) -> bool:
    """Whether the platform acts as if the flag were set.

    As built it asks for ``email_verification`` alone: it goes on registering and indexing whatever the file says, and
    a login by OAuth does not come into being (D34).
    """
    asked = settings.consulted == "all" or name == "email_verification"
    value: bool = getattr(settings.flags if asked else _UNASKED, name)
    return value
