"""Content as modules other than its own see it: nodes, what may be asked of them, and the port to whoever keeps them.

Posts, pages, topics, replies and menus are all nodes of a kind. Pure values and protocols: no table, no statement.
"""

from rustok_sim.core.content.ports import Nodes, NodeWork, Policy
from rustok_sim.core.content.records import (
    KEEP,
    Body,
    Keep,
    ListedNode,
    Metadata,
    NewNode,
    Node,
    NodeChanges,
    NodeFilter,
    NodeHead,
    NodePage,
    Status,
    Translation,
)

__all__ = [
    "KEEP",
    "Body",
    "Keep",
    "ListedNode",
    "Metadata",
    "NewNode",
    "Node",
    "NodeChanges",
    "NodeFilter",
    "NodeHead",
    "NodePage",
    "NodeWork",
    "Nodes",
    "Policy",
    "Status",
    "Translation",
]
