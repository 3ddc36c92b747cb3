"""RusToK assembled: one node's modules and adapters, its boot, and the way of a request through it.

Knows the modules, their adapters and the ports of ``core``; what lies outside a node is handed in as ``Outside``. It
knows no scenario file, no engine and no event log, and is the only place below the engine that decides an HTTP status.
"""

from rustok_sim.platform.answers import Answer
from rustok_sim.platform.index_truth import build_index, wrongs
from rustok_sim.platform.node import Node
from rustok_sim.platform.ports import Outside
from rustok_sim.platform.settings import Settings
from rustok_sim.platform.tables import tables_of

__all__ = ["Answer", "Node", "Outside", "Settings", "build_index", "tables_of", "wrongs"]
