"""Stock: how many units of a variant there are, and for whom some are kept.

Each design of :class:`StockSettings` is one way to change a number while others change it too; operations, events and
records are the same under all of them. The number is the one on the variant, as RusToK really uses it, or a level at
each location, in the tables that its migrations make and no code touches. Decisions about these tables:

- an inventory item is one-to-one with its variant and has no fact of its own, so levels name the variant itself;
- a level's key is its variant and location, a reservation's the order and the variant: what makes repeats harmless;
- a reservation has a status in place of a soft deletion, and outlives the variant;
- levels have a version, for the optimistic design; thresholds of single levels, which nothing reads, are left out.

Knows the table of variants and the ports of commerce. Never decides what an order may do.
"""

from rustok_sim.modules.commerce.stock.keeper import open_keeper
from rustok_sim.modules.commerce.stock.levels import Level, location_of
from rustok_sim.modules.commerce.stock.service import StockService
from rustok_sim.modules.commerce.stock.settings import StockSettings
from rustok_sim.modules.commerce.stock.tables import tables

__all__ = ["Level", "StockService", "StockSettings", "location_of", "open_keeper", "tables"]
