"""What the blog is told to write."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from rustok_sim.core.content import Metadata

KIND: Final = "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPost:
    """A post in one language; its tags become a list in the node's metadata, where no query finds them."""

    title: str
    body: str
    locale: str = "en"
    slug: str | None = None
    excerpt: str | None = None
    tags: Sequence[str] = ()
    publish: bool = False
    metadata: Metadata = field(default_factory=dict)
