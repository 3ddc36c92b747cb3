"""Money as prices have it: whole numbers of minor units, and what they may be."""

import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from rustok_sim.core.errors import Validation
from rustok_sim.modules.commerce.errors import InvalidPrice

AMOUNT_MAX: Final = 2**63 - 1
CURRENCY: Final = re.compile(r"[A-Z]{3}")
ONE: Final = Decimal(1)


def check_amounts(amount: int, compare_at: int | None) -> None:
    """Raises ``InvalidPrice`` for an amount below zero or above 64 bits, and for a *compare_at* below the amount."""
    if not 0 <= amount <= AMOUNT_MAX:
        raise InvalidPrice(f"an amount is from 0 to {AMOUNT_MAX}, not {amount}")
    if compare_at is not None and not amount <= compare_at <= AMOUNT_MAX:
        raise InvalidPrice(f"the price to compare with, {compare_at}, is not from {amount} to {AMOUNT_MAX}")


def check_currency(currency: str) -> None:
    """Raises ``Validation`` for what is not three capitals."""
    if not CURRENCY.fullmatch(currency):
        raise Validation(f"a currency is three capitals, not {currency!r}")


def discounted(base: int, percent: Decimal) -> int:
    """*base* less so many per cent, rounded half to even to a whole minor unit."""
    return int((base * (100 - percent) / 100).quantize(ONE, ROUND_HALF_EVEN))
