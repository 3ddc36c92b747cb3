"""Prices: one for each variant and currency, with what it is compared with, and discounts.

Each design of :class:`PricingSettings` is RusToK's way or its repair; the table follows from the settings. Where its
entity and its migration disagree, amounts are the migration's whole numbers. They are minor units of their currency, so
the conversion at the event's door, which takes every currency for one of hundredths, has nothing to convert. Price
lists, regions and quantities from which a price holds are left out: tables that no code touches.

Knows the table of variants. Never reads a price for an order: orders carry the amounts they were placed with.
"""

from rustok_sim.modules.commerce.pricing.service import Price, PriceInput, PricingService
from rustok_sim.modules.commerce.pricing.settings import PricingSettings
from rustok_sim.modules.commerce.pricing.tables import tables

__all__ = ["Price", "PriceInput", "PricingService", "PricingSettings", "tables"]
