"""How long a row waits after a failed publish."""

from typing import Final

from rustok_sim.modules.outbox.settings import RelaySettings

GREATEST_EXPONENT: Final = 16


def wait_s(settings: RelaySettings, failures: int, draw: float) -> float:
    """Seconds before the next attempt after so many *failures* (1 or more): min(longest, base * 2**(failures - 1)).

    With jitter, *draw* from [0, 1) takes up to half of it away ("equal jitter": M. Brooker, "Exponential Backoff And
    Jitter", AWS Architecture Blog, 2015).
    """
    whole_s = min(settings.backoff_max_s, settings.backoff_base_s * 2.0 ** min(failures - 1, GREATEST_EXPONENT))
    return whole_s * (1.0 - draw / 2.0) if settings.jitter else whole_s
