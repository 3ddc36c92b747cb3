"""Content: nodes with their translations and bodies, which posts, pages, forum and menus are made of.

RusToK's NodeService step by step, with its defects D1, D15 and D31 and their repairs as settings. It implements the
protocol ``core.content.Nodes`` for the modules that need nodes, and knows none of them: only ``core``.

The tables follow RusToK's migrations, repaired where these contradict the services or leave the tenant out:

- ``node_translations`` and ``bodies`` carry ``tenant_id``, as all rows of a tenant do here;
- ``nodes`` has ``version``, which every write raises and only ``edits = "versioned"`` compares, and
  ``archive_reason``, which the typed machine has and the migration has not;
- authors and tenants are named without a reference: their tables are other modules';
- categories have their tables and no service, as in RusToK, where none writes them and no event tells of them; the
  tables of tags, metadata for search engines and media, which no service uses, are left out, and with them D4;
- ``locale`` has 5 characters, and 10 under ``rules = "checked"`` (D31); slugs are unique only if ``slugs`` says so.

A list counts first, so it costs three statements. A node is found by its slug in two statements where RusToK joins,
and reads it in two where RusToK reads the node once more: four in all, as there.
"""

from rustok_sim.modules.content.errors import DuplicateSlug, NodeNotFound, StaleEdit
from rustok_sim.modules.content.permissions import by_resource, resource_of
from rustok_sim.modules.content.seed import Seed, made_up_nodes, rows_of
from rustok_sim.modules.content.service import NodeService
from rustok_sim.modules.content.settings import ContentSettings
from rustok_sim.modules.content.slugs import slugify
from rustok_sim.modules.content.tables import BODIES, CATEGORIES, CATEGORY_TRANSLATIONS, NODES, TRANSLATIONS, tables

__all__ = [
    "BODIES",
    "CATEGORIES",
    "CATEGORY_TRANSLATIONS",
    "NODES",
    "TRANSLATIONS",
    "ContentSettings",
    "DuplicateSlug",
    "NodeNotFound",
    "NodeService",
    "Seed",
    "StaleEdit",
    "by_resource",
    "made_up_nodes",
    "resource_of",
    "rows_of",
    "slugify",
    "tables",
]
