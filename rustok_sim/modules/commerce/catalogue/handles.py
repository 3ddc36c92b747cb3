"""How a title becomes the part of an address that names its product."""

import unicodedata
from string import ascii_lowercase, digits
from typing import Final

LENGTH_MAX: Final = 255
RESERVED: Final = frozenset({"admin", "api", "null", "undefined", "new", "edit", "delete"})
NAMELESS: Final = "untitled"


class _Kept(dict[int, str | None]):
    """For ``str.translate``: what is not listed falls out."""

    def __missing__(self, key: int) -> None:
        return None


_KEPT: Final = _Kept({ord(kept): kept for kept in ascii_lowercase + digits + "-"} | {ord(" "): "-", ord("_"): "-"})


def handle_of(title: str) -> str:
    """RusToK's derivation: ASCII letters and digits in lower case, joined by hyphens.

    At most 255 characters, reserved words with "-1" behind them; what has no such letter or digit is "untitled".
    """
    kept = unicodedata.normalize("NFC", title).lower().translate(_KEPT)
    handle = "-".join(filter(None, kept.split("-")))[:LENGTH_MAX]
    if handle in RESERVED:
        return f"{handle}-1"
    return handle or NAMELESS


def transliterated_handle_of(title: str) -> str:
    """The same of a title first written in Latin letters, so that different titles in any script stay different."""
    return handle_of("".join(map(_latin, unicodedata.normalize("NFC", title).lower())))


def _latin(character: str) -> str:
    if character.isascii():
        return character
    if character in _LETTERS:
        return _LETTERS[character]
    if not character.isalnum():
        return " " if unicodedata.category(character)[0] in "ZP" else ""
    *script, sound = unicodedata.name(character, "UNNAMED").split()
    if script[:1] in _SOUNDS:
        return sound.lower()
    parts = unicodedata.normalize("NFKD", character)
    if parts != character:
        return "".join(map(_latin, parts))
    return f" {ord(character):x} "


def _letters(script: str, names: str) -> dict[str, str]:
    pairs = (entry.split(":") for entry in names.split("/"))
    return {unicodedata.lookup(f"{script} {name}"): latin for name, latin in pairs}


_SOUNDS: Final = (["HIRAGANA"], ["KATAKANA"], ["HANGUL"])
"""Scripts whose characters have the sound as the last word of their Unicode name."""
_LETTERS: Final = {
    **_letters(
        "CYRILLIC SMALL LETTER",
        "A:a/BE:b/VE:v/GHE:g/DE:d/IE:e/ZHE:zh/ZE:z/I:i/KA:k/EL:l/EM:m/EN:n/O:o/PE:p/ER:r/ES:s/TE:t/U:u/EF:f/HA:kh/"
        "TSE:ts/CHE:ch/SHA:sh/SHCHA:shch/HARD SIGN:ie/YERU:y/SOFT SIGN:/E:e/YU:iu/YA:ia/GHE WITH UPTURN:g/"
        "UKRAINIAN IE:ie/BYELORUSSIAN-UKRAINIAN I:i",
    ),
    **_letters(
        "GREEK SMALL LETTER",
        "ALPHA:a/BETA:v/GAMMA:g/DELTA:d/EPSILON:e/ZETA:z/ETA:i/THETA:th/IOTA:i/KAPPA:k/LAMDA:l/MU:m/NU:n/XI:x/"
        "OMICRON:o/PI:p/RHO:r/SIGMA:s/FINAL SIGMA:s/TAU:t/UPSILON:y/PHI:f/CHI:ch/PSI:ps/OMEGA:o",
    ),
    **_letters(
        "LATIN SMALL LETTER",
        "SHARP S:ss/AE:ae/O WITH STROKE:o/D WITH STROKE:d/L WITH STROKE:l/THORN:th/ETH:d/DOTLESS I:i",
    ),
    **_letters("LATIN SMALL LIGATURE", "OE:oe"),
}
"""Letters that are not an ASCII letter and a mark: Cyrillic after ICAO 9303, Greek by sound. They stand by their names,
as many of them look like other letters."""
