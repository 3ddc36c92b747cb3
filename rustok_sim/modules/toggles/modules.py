"""RusToK's five modules, and who needs whom."""

from typing import Final

from rustok_sim.core.features import Needs
from rustok_sim.modules.toggles.settings import ToggleSettings

DEFAULTS: Final = ("content", "commerce", "pages")
"""The default set of RusToK's ``modules.toml``."""
_AS_BUILT: Final = Needs(dict.fromkeys(("blog", "commerce", "content", "forum", "pages"), ()))
_DECLARED: Final = Needs(
    {"blog": ("content",), "commerce": (), "content": (), "forum": ("content",), "pages": ("content",)}
)


def needs_for(settings: ToggleSettings) -> Needs:
    """The registry, sorted by slug. As built every module declares that it needs none, and three of them do."""
    return _AS_BUILT if settings.dependencies == "as_built" else _DECLARED
