"""Modules and features: what exists, who needs whom, what a tenant has switched on, and the guard that asks.

RusToK has modules that are switched per tenant and a block of static flags; roll-outs and a tenant's own features are
in its plans. Values and rules here are plain; what is read goes through the store and is remembered by each node for
a while. Knows no module by name and no request pipeline; whoever switches a module is a module itself.
"""

from rustok_sim.core.features.flags import FlagName, flag_is_on
from rustok_sim.core.features.guard import EnabledModules, Features, Guard
from rustok_sim.core.features.needs import Needs
from rustok_sim.core.features.remembered import Remembered
from rustok_sim.core.features.rollout import Feature, place
from rustok_sim.core.features.sets import FeatureSet
from rustok_sim.core.features.settings import FeatureSettings, StaticFlags
from rustok_sim.core.features.tables import TENANT_FEATURES, TENANT_MODULES

__all__ = [
    "TENANT_FEATURES",
    "TENANT_MODULES",
    "EnabledModules",
    "Feature",
    "FeatureSet",
    "FeatureSettings",
    "Features",
    "FlagName",
    "Guard",
    "Needs",
    "Remembered",
    "StaticFlags",
    "flag_is_on",
    "place",
]
