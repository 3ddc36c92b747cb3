"""The states of content as types: nodes, and the forum's topics, which are nodes of a kind.

Pure values, for the modules that keep them in rows: no store, no permission, no event.
"""

from rustok_sim.core.content_states import nodes, topics

__all__ = ["nodes", "topics"]
