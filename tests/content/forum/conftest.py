"""A forum with one category and one topic in it."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from rustok_sim.core.ids import named_id
from rustok_sim.modules.forum import made_up_forum


class Opened(NamedTuple):
    """A house, and the made-up category and topic of its forum."""

    house: Any
    category_id: str
    topic_id: str

    @property
    def forum(self) -> Any:
        """The forum's services."""
        return self.house.forum

    def topic(self) -> Any:
        """The topic as it is now."""
        return self.house.do(self.forum.topics.get, self.topic_id)


@pytest.fixture
def open_forum(open_house) -> Callable[..., Opened]:
    """Opens a forum of this design, with one category and one topic."""

    def opened(*, moderated: bool = False, backend: str = "memory", content: Any = None, **forum: Any) -> Opened:
        house = open_house(forum=forum, backend=backend, **(content or {}))
        house.seed(made_up_forum("acme", 1, 1, moderated=moderated))
        return Opened(house, named_id("forum_category", "acme", 0), named_id("forum_topic", "acme", 0))

    return opened
