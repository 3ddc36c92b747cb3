"""How a title becomes the part of an address that names its node."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rustok_sim.core.content import Translation
from rustok_sim.core.errors import UniqueViolation, Validation
from rustok_sim.modules.content.errors import DuplicateSlug
from rustok_sim.modules.content.tables import SLUG_RULE, TRANSLATIONS

_CYRILLIC: Final = (
    "A:a/BE:b/VE:v/GHE:g/DE:d/IE:e/ZHE:zh/ZE:z/I:i/KA:k/EL:l/EM:m/EN:n/O:o/PE:p/ER:r/ES:s/TE:t/U:u/EF:f/HA:kh/TSE:ts/"
    "CHE:ch/SHA:sh/SHCHA:shch/HARD SIGN:/YERU:y/SOFT SIGN:/E:e/YU:iu/YA:ia/UKRAINIAN IE:ie/BYELORUSSIAN-UKRAINIAN I:i"
)
_LATIN: Final = {
    ord(unicodedata.lookup(f"CYRILLIC SMALL LETTER {name}")): latin
    for name, latin in (entry.split(":") for entry in _CYRILLIC.split("/"))
}
_MARKS: Final = re.compile("[\u0300-\u036f]+")
_OTHER: Final = re.compile("[^a-z0-9]+")
_SLUGS: Final = ",".join(SLUG_RULE)


def slugify(title: str) -> str:
    """ASCII letters and digits in lower case, joined by hyphens; Cyrillic is written in Latin letters, marks fall off.

    RusToK's library knows all scripts; here what is neither Latin nor Cyrillic is left out, down to an empty slug.
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", title.lower()))
    return _OTHER.sub("-", plain.translate(_LATIN)).strip("-")


def slug_of(translation: Translation, node_id: str, *, unique: bool) -> str:
    """The slug as given, else the title's; where slugs are *unique*, that one ends in a piece of the node's id.

    Raises ``Validation`` when there is neither slug nor title.
    """
    if translation.slug is not None:
        return translation.slug
    if translation.title is None:
        raise Validation("a translation needs a slug or a title")
    slug = slugify(translation.title)
    return f"{slug}-{node_id[-6:]}".lstrip("-") if unique else slug


@contextmanager
def taken_slugs() -> Iterator[None]:
    """Say in the words of content that the unique index refused a row."""
    try:
        yield
    except UniqueViolation as error:
        if (error.table, error.rule) != (TRANSLATIONS.name, _SLUGS):
            raise
        raise DuplicateSlug("another node has this slug in this language") from error
