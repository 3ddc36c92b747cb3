"""The tables that say which modules and features a tenant has."""

from typing import Final

from rustok_sim.core.data import Reference, Table, flag, moment, text, uuid

OF_TENANT: Final = Reference(("tenant_id",), "tenants")

TENANT_MODULES: Final = Table(
    "tenant_modules",
    (
        uuid("id"),
        uuid("tenant_id"),
        text("module_slug", 64),
        flag("enabled"),
        text("settings"),
        moment("created_at"),
        moment("updated_at"),
    ),
    unique=(("tenant_id", "module_slug"),),
    references=(OF_TENANT,),
)
"""No row means the same as ``enabled = false``."""

TENANT_FEATURES: Final = Table(
    "tenant_features",
    (
        uuid("id"),
        uuid("tenant_id"),
        text("feature", 64),
        flag("enabled"),
        moment("created_at"),
        moment("updated_at"),
    ),
    unique=(("tenant_id", "feature"),),
    references=(OF_TENANT,),
)
"""A tenant's own word on a feature, over its roll-out. RusToK has this table in its plans only."""
