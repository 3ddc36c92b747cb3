"""The tables of tenants."""

from typing import Final

from rustok_sim.core.data import Reference, Table, flag, integer, moment, text, uuid
from rustok_sim.core.features.tables import TENANT_FEATURES, TENANT_MODULES
from rustok_sim.modules.tenants.settings import TenantAdminSettings

TENANTS: Final = Table(
    "tenants",
    (
        uuid("id"),
        text("name", 255),
        text("slug", 64),
        text("domain", 255, optional=True),
        text("settings"),
        text("default_locale", 5),
        text("metadata"),
        flag("is_active"),
        integer("version"),
        moment("created_at"),
        moment("updated_at"),
    ),
    unique=(("slug",), ("domain",)),
    owner=None,
)
"""Everybody's. ``version`` is not RusToK's: it counts the writes of a row, from 1, so that a stale copy can be told."""


def locales(settings: TenantAdminSettings) -> Table:
    """The languages of a tenant, in codes of five characters as built, or of ten as the events allow (D31)."""
    characters = settings.locale_characters
    return Table(
        "tenant_locales",
        (
            uuid("id"),
            uuid("tenant_id"),
            text("locale", characters),
            text("name", 50),
            text("native_name", 50),
            flag("is_default"),
            flag("is_enabled"),
            text("fallback_locale", characters, optional=True),
            moment("created_at"),
        ),
        unique=(("tenant_id", "locale"),),
        references=(Reference(("tenant_id",), "tenants"),),
    )


def tables(settings: TenantAdminSettings) -> tuple[Table, ...]:
    """All tables of tenants, what they refer to before what refers to it."""
    return (TENANTS, locales(settings), TENANT_MODULES, TENANT_FEATURES)
