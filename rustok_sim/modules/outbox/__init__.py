"""The outbox: how events that were written with what they tell of are sent on.

A relay claims rows, publishes them one by one and marks them; what it publishes to is a port. RusToK's algorithm and
each of its repairs are settings of the same relay. Knows no other module, and of the events only their envelopes.
"""

from rustok_sim.modules.outbox.news import CommitNews
from rustok_sim.modules.outbox.relay import Relay
from rustok_sim.modules.outbox.settings import OutboxSettings, RelaySettings
from rustok_sim.modules.outbox.target import Target

__all__ = ["CommitNews", "OutboxSettings", "Relay", "RelaySettings", "Target"]
