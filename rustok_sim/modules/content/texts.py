"""Writing translations and bodies, within a transaction that somebody else began."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from rustok_sim.core.content import Body, Translation
from rustok_sim.core.data import Operand, Transaction, col, same
from rustok_sim.core.ids import Ids
from rustok_sim.core.ports import Call, Steps
from rustok_sim.modules.content.rows import body_row, translation_row
from rustok_sim.modules.content.settings import ContentSettings
from rustok_sim.modules.content.slugs import slug_of, taken_slugs
from rustok_sim.modules.content.tables import BODIES, TRANSLATIONS

NODE_ID: Final = col("node_id")
LOCALE: Final = col("locale")


class Place(NamedTuple):
    """The node whose texts are written, and the transaction that reaches it."""

    tx: Transaction
    call: Call
    node_id: str
    tenant_id: str


class Texts:
    """Writes rows that get the tenant of their node."""

    __slots__ = ("_ids", "_unique_slugs", "_versioned")

    def __init__(self, ids: Ids, settings: ContentSettings) -> None:
        self._ids = ids
        self._unique_slugs = settings.slugs == "unique"
        self._versioned = settings.edits == "versioned"

    def add(
        self, place: Place, translations: Sequence[Translation], bodies: Sequence[Body], at_s: float
    ) -> Steps[None]:
        """Write one row for each translation, and look before each body (two statements).

        Raises ``Validation`` for a translation without slug and title, ``DuplicateSlug``.
        """
        for translation in translations:
            slug = slug_of(translation, place.node_id, unique=self._unique_slugs)
            row = translation_row(self._ids.new(place.call), place.node_id, translation, slug=slug, at_s=at_s)
            with taken_slugs():
                yield from place.tx.insert(TRANSLATIONS, {**row, "tenant_id": place.tenant_id})
        for body in bodies:
            yield from self._put_body(place, body, at_s)

    def replace(
        self, place: Place, translations: Sequence[Translation] | None, bodies: Sequence[Body] | None, at_s: float
    ) -> Steps[None]:
        """Write what is given in place of what there is: in all languages as built, in those named if versioned."""
        of_node = NODE_ID.equals(place.node_id)
        if translations is not None:
            locales = LOCALE.is_in([translation.locale for translation in translations])
            yield from place.tx.delete(TRANSLATIONS, (of_node, locales) if self._versioned else (of_node,))
            yield from self.add(place, translations, (), at_s)
        if bodies is not None:
            if not self._versioned:
                yield from place.tx.delete(BODIES, (of_node,))
            yield from self.add(place, (), bodies, at_s)

    def _put_body(self, place: Place, body: Body, at_s: float) -> Steps[None]:
        where = same(node_id=place.node_id, locale=body.locale)
        if (yield from place.tx.first(BODIES, where)):
            changes: dict[str, Operand] = {"format": body.format, "updated_at": at_s}
            if body.body is not None:
                changes["body"] = body.body
            yield from place.tx.update(BODIES, changes, where)
        else:
            row = body_row(self._ids.new(place.call), place.node_id, body, at_s=at_s)
            yield from place.tx.insert(BODIES, {**row, "tenant_id": place.tenant_id})
