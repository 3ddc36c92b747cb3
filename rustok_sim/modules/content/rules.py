"""The rules of content's input, which RusToK has and never invokes."""

import re
from collections.abc import Sequence
from typing import Final

from rustok_sim.core.content import Body, NewNode, NodeChanges, Translation
from rustok_sim.core.errors import Validation

KINDS: Final = frozenset(
    {
        *("post", "page", "article", "custom"),
        *("comment", "forum_category", "forum_topic", "forum_reply", "block", "menu", "menu_item"),
    }
)
"""The four kinds of RusToK's rule, and those that its own modules write, which the rule forgot."""
LOCALE: Final = re.compile(r"[A-Za-z]{2}(-([A-Za-z]{2}|[0-9]{3}))?")
TITLE_MAX: Final = 255
EXCERPT_MAX: Final = 1_000
BODY_MAX: Final = 1_000_000
POSITION_MAX: Final = 100_000
DEPTH_MAX: Final = 100


def check_new(new: NewNode) -> None:
    """Raises ``Validation`` for the first rule that *new* breaks."""
    if new.kind not in KINDS:
        raise Validation(f"{new.kind!r} is no kind of node")
    _check_place(new.position, new.depth)
    _check_texts(new.translations, new.bodies)


def check_changes(changes: NodeChanges) -> None:
    """Raises ``Validation`` for the first rule that *changes* break."""
    _check_place(changes.position or 0, changes.depth or 0)
    _check_texts(changes.translations or (), changes.bodies or ())


def _check_place(position: int, depth: int) -> None:
    if not 0 <= position <= POSITION_MAX:
        raise Validation(f"a position is from 0 to {POSITION_MAX}, not {position}")
    if not 0 <= depth <= DEPTH_MAX:
        raise Validation(f"a depth is from 0 to {DEPTH_MAX}, not {depth}")


def _check_texts(translations: Sequence[Translation], bodies: Sequence[Body]) -> None:
    for translation in translations:
        _check_locale(translation.locale)
        if translation.title is not None and not 1 <= len(translation.title) <= TITLE_MAX:
            raise Validation(f"a title has 1 to {TITLE_MAX} characters, not {len(translation.title)}")
        _check_length("an excerpt", translation.excerpt, EXCERPT_MAX)
    for body in bodies:
        _check_locale(body.locale)
        _check_length("a body", body.body, BODY_MAX)


def _check_locale(locale: str) -> None:
    if not LOCALE.fullmatch(locale):
        raise Validation(f"{locale!r} is no locale: aa, aa-BB or aa-999")


def _check_length(what: str, text: str | None, length_max: int) -> None:
    if text is not None and len(text) > length_max:
        raise Validation(f"{what} has at most {length_max} characters, not {len(text)}")
