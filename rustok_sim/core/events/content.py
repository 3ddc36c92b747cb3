"""What happens to content: nodes, their translations and bodies, categories, tags and media."""

import re
from typing import Annotated, ClassVar, Final

from rustok_sim.core.events.event import Event
from rustok_sim.core.events.rules import (
    ASCII_NAME,
    I64_MAX,
    Between,
    Id,
    Kind,
    Locale,
    Matching,
    Name,
    OptionalId,
    Text,
)
from rustok_sim.core.values import value


@value(frozen=True, slots=True)
class NodeCreated(Event):
    """A node was written for the first time, in whatever status it was given."""

    type: ClassVar[str] = "node.created"
    affects_index: ClassVar[bool] = True
    node_id: Id
    kind: Annotated[str, Text(64), ASCII_NAME]
    author_id: OptionalId = None


@value(frozen=True, slots=True)
class NodeUpdated(Event):
    """Something about a node changed; comes along with its publication and the end of it, too."""

    type: ClassVar[str] = "node.updated"
    affects_index: ClassVar[bool] = True
    node_id: Id
    kind: Kind


@value(frozen=True, slots=True)
class NodeTranslationUpdated(Event):
    """A node's text in one language changed. Nothing in RusToK says so."""

    type: ClassVar[str] = "node.translation.updated"
    affects_index: ClassVar[bool] = True
    node_id: Id
    locale: Locale


@value(frozen=True, slots=True)
class NodePublished(Event):
    """A node became readable by the public."""

    type: ClassVar[str] = "node.published"
    affects_index: ClassVar[bool] = True
    node_id: Id
    kind: Kind


@value(frozen=True, slots=True)
class NodeUnpublished(Event):
    """A node went back to being a draft."""

    type: ClassVar[str] = "node.unpublished"
    affects_index: ClassVar[bool] = True
    node_id: Id
    kind: Kind


@value(frozen=True, slots=True)
class NodeDeleted(Event):
    """A node is gone, and its children with it."""

    type: ClassVar[str] = "node.deleted"
    affects_index: ClassVar[bool] = True
    node_id: Id
    kind: Kind


@value(frozen=True, slots=True)
class BodyUpdated(Event):
    """A node's body in one language changed. Nothing in RusToK says so."""

    type: ClassVar[str] = "body.updated"
    affects_index: ClassVar[bool] = True
    node_id: Id
    locale: Locale


@value(frozen=True, slots=True)
class CategoryCreated(Event):
    """A category was written for the first time."""

    type: ClassVar[str] = "category.created"
    category_id: Id


@value(frozen=True, slots=True)
class CategoryUpdated(Event):
    """A category changed; what is filed under it does not show it until it is indexed anew."""

    type: ClassVar[str] = "category.updated"
    category_id: Id


@value(frozen=True, slots=True)
class CategoryDeleted(Event):
    """A category is gone."""

    type: ClassVar[str] = "category.deleted"
    category_id: Id


@value(frozen=True, slots=True)
class TagCreated(Event):
    """A tag was written for the first time."""

    type: ClassVar[str] = "tag.created"
    tag_id: Id


@value(frozen=True, slots=True)
class TagAttached(Event):
    """Something got a tag."""

    type: ClassVar[str] = "tag.attached"
    affects_index: ClassVar[bool] = True
    tag_id: Id
    target_type: Name
    target_id: Id


@value(frozen=True, slots=True)
class TagDetached(Event):
    """Something lost a tag."""

    type: ClassVar[str] = "tag.detached"
    affects_index: ClassVar[bool] = True
    tag_id: Id
    target_type: Name
    target_id: Id


HAS_SLASH: Final = Matching(re.compile(r".*/.*", re.DOTALL), "have a slash")


@value(frozen=True, slots=True)
class MediaUploaded(Event):
    """A file arrived; *size* counts bytes."""

    type: ClassVar[str] = "media.uploaded"
    media_id: Id
    mime_type: Annotated[str, Text(255), HAS_SLASH]
    size: Annotated[int, Between(0, I64_MAX)]


@value(frozen=True, slots=True)
class MediaDeleted(Event):
    """A file is gone."""

    type: ClassVar[str] = "media.deleted"
    media_id: Id
