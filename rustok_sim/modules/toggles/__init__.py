"""Module enablement: which of RusToK's modules a tenant has switched on, and how an administrator switches them.

The steps of RusToK's service with its defects M1 to M4 and M6, or repaired. Knows ``core`` alone: of the modules it
switches it knows the names, and who needs whom. The guard that acts on the flags is ``core.features``'; who may switch
at all is asked before.
"""

from rustok_sim.modules.toggles.errors import HasDependents, HookFailed, MissingDependencies, UnknownModule
from rustok_sim.modules.toggles.hooks import Hook
from rustok_sim.modules.toggles.modules import DEFAULTS, needs_for
from rustok_sim.modules.toggles.service import ModuleToggles
from rustok_sim.modules.toggles.settings import ToggleSettings

__all__ = [
    "DEFAULTS",
    "HasDependents",
    "Hook",
    "HookFailed",
    "MissingDependencies",
    "ModuleToggles",
    "ToggleSettings",
    "UnknownModule",
    "needs_for",
]
