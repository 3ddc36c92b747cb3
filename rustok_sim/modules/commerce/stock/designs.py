"""Which design of stock a scenario's settings mean."""

from rustok_sim.core.ports import Runtime
from rustok_sim.modules.commerce.stock.conditional import ConditionalUpdate
from rustok_sim.modules.commerce.stock.ledgers import Ledger
from rustok_sim.modules.commerce.stock.optimistic import Optimistic
from rustok_sim.modules.commerce.stock.ports import StockDesign
from rustok_sim.modules.commerce.stock.read_then_write import ReadModifyWrite, RowLock
from rustok_sim.modules.commerce.stock.settings import StockSettings


def open_design(runtime: Runtime, ledger: Ledger, settings: StockSettings) -> StockDesign:
    """The design that the settings ask for; as built it is read-modify-write, which only its events refuse."""
    match settings.design:
        case "frozen_as_built" | "read_modify_write":
            return ReadModifyWrite(runtime, ledger)
        case "row_lock":
            return RowLock(runtime, ledger)
        case "optimistic":
            return Optimistic(runtime, ledger, retries=settings.retries)
        case "conditional_update":
            return ConditionalUpdate(runtime, ledger, retries=settings.retries)
