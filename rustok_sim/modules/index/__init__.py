"""The read model: denormalised rows for search and lists, rebuilt after events."""

from rustok_sim.modules.index.batches import BatchIndexer
from rustok_sim.modules.index.indexer import Indexer, Single
from rustok_sim.modules.index.ports import Locales, Reader, Source
from rustok_sim.modules.index.settings import IndexSettings
from rustok_sim.modules.index.tables import INDEX_CONTENT, INDEX_PRODUCTS, INDEX_TABLES

__all__ = [
    "INDEX_CONTENT",
    "INDEX_PRODUCTS",
    "INDEX_TABLES",
    "BatchIndexer",
    "IndexSettings",
    "Indexer",
    "Locales",
    "Reader",
    "Single",
    "Source",
]
