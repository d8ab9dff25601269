"""Names: as given for people to read, and as a key for finding them again."""

import hashlib
import unicodedata

# Letters that no decomposition takes apart.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼ`´ʻ"))


def full_name(given: str, family: str) -> str:
    """The whole name as given, with single spaces: `Zoë O’Neil-Abara`."""
    return " ".join(f"{given} {family}".split())


def name_key(name: str) -> str:
    """A name as search and matching compare it: no case, accents, apostrophes or hyphens.

    `Zoë O’Neil-Abara` and `ZOE ONEIL ABARA` have the same key. Letters of other scripts stay.
    """
    plain = unicodedata.normalize("NFKD", name.translate(_APOSTROPHES)).casefold()
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(_PLAIN)
    return " ".join("".join(c if _is_letter(c) else " " for c in plain).split())


def _is_letter(c: str) -> bool:
    # Marks that are left stand for vowels in the scripts of South Asia.
    return c.isalnum() or unicodedata.category(c).startswith("M")


def parts(name: str) -> tuple[str, ...]:
    """The parts of a name, each as a key; a double-barrelled name has two."""
    return tuple(name_key(name).split())


def name_id(key: str) -> int:
    """The number a name key has everywhere, in the index and in the dictionary; 0 for no name.

    A hash and not a sequence, so that whoever writes many people needs to ask nothing.
    """
    if not key:
        return 0
    return int.from_bytes(
        hashlib.md5(key.encode(), usedforsecurity=False).digest()[:8], signed=True
    )
