"""What commerce writes into the event log."""

from rustok_sim.core.ports import Call, Runtime


def stock_changed(
    runtime: Runtime, call: Call, variant_id: str, *, old: int, new: int, location_id: str | None = None
) -> None:
    """Say that a committed transaction changed a variant's stock, so that lost updates can be counted."""
    runtime.record(
        "stock.changed", call, site=variant_id, outcome=location_id, value=float(new), detail=f"{new - old:+d}"
    )


def stock_seeded(runtime: Runtime, call: Call, variant_id: str, units: int) -> None:
    """Say what a variant that has just been made begins with."""
    runtime.record("stock.seeded", call, site=variant_id, value=float(units))
