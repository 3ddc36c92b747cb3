"""Transports outside the house: what carries events from one process to others.

``LogServer`` is the stream that RusToK's Iggy transport is designed to be; nobody has built that one, so it follows
the design's words and Kafka's semantics. Knows envelopes and entries, not what they tell.
"""

from rustok_sim.adapters.transports.consumer import Consumer, ConsumerSettings
from rustok_sim.adapters.transports.inlet import LogInlet
from rustok_sim.adapters.transports.log import Entry, LogServer, LogSettings, partition_of
from rustok_sim.adapters.transports.outlet import LogOutlet

__all__ = ["Consumer", "ConsumerSettings", "Entry", "LogInlet", "LogOutlet", "LogServer", "LogSettings", "partition_of"]
