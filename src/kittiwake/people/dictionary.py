"""The dictionary of names on file: what somebody typed, as the names that may have been meant.

It takes up the slips of fingers and ears, so that people are looked up by exact ids. Sorted
arrays, held by each process; see docs/decisions/0020-a-dictionary-of-names.md.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from kittiwake.people.comparing import OTHER, most_slips, name_level, nicknames, sound

PREFIX = 7
"""Slips are looked for among the first letters; later ones are found by the verifying distance."""
MOST_BEGUN = 400

Row = tuple[int, str, int, int]
"""A name on file: its id, its key, how many have it as a given and as a family name."""
Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Variant:
    """A name on file that may have been meant, how it agrees, and how many are called so."""

    id: int
    key: str
    level: int
    given: int
    family: int


class Dictionary:
    """Names on file. `people` is how many rows of the index there are."""

    def __init__(self, rows: Iterable[Row]) -> None:
        kept = sorted((key, id_, given, family) for id_, key, given, family in rows)
        self.keys = [row[0] for row in kept]
        self.ids = [row[1] for row in kept]
        self.given = [row[2] for row in kept]
        self.family = [row[3] for row in kept]
        self._by_id = dict(zip(self.ids, self.keys, strict=True))
        self._slips = _Postings(_deletes(key) for key in self.keys)
        self._sounds = _Postings(_sounds(key) for key in self.keys)
        self._parts = _Postings(_parts(key) for key in self.keys)

    def __len__(self) -> int:
        return len(self.keys)

    def key_of(self, id_: int) -> str | None:
        """The name of an id; None where it is not in this dictionary."""
        return self._by_id.get(id_)

    def variants(self, asked: str) -> list[Variant]:
        """The names on file that `asked` may stand for; the exact one too. Unordered."""
        if not asked:
            return []
        at = self._slips.of(_deletes(asked)) | self._sounds.of(_sounds(asked))
        at |= self._parts.of(asked.split())
        at |= self._exactly(nicknames().get(asked, ())) | self._exactly([asked, *asked.split()])
        at |= self._begun(asked)
        return [
            Variant(self.ids[n], self.keys[n], level, self.given[n], self.family[n])
            for n in at
            if (level := name_level(asked, self.keys[n])) != OTHER
        ]

    def _exactly(self, keys: Iterable[str]) -> set[int]:
        at = ((bisect_left(self.keys, key), key) for key in keys)
        return {n for n, key in at if n < len(self.keys) and self.keys[n] == key}

    def _begun(self, asked: str) -> set[int]:
        first = bisect_left(self.keys, asked)
        until = bisect_left(self.keys, asked + "\uffff")
        if until - first > MOST_BEGUN:
            often = sorted(range(first, until), key=lambda n: -self.given[n] - self.family[n])
            return set(often[:MOST_BEGUN])
        return set(range(first, until))


class _Postings:
    """Which names have a key in common: two sorted arrays, keys and names."""

    def __init__(self, keys_of: Iterable[Iterable[str]]) -> None:
        hashes: list[int] = []
        owners: list[int] = []
        for n, keys in enumerate(keys_of):
            for key in keys:
                hashes.append(hash(key))
                owners.append(n)
        found = np.array(hashes, dtype=np.int64)
        order = np.argsort(found, kind="stable")
        self.hashes: Longs = found[order]
        self.owners = np.array(owners, dtype=np.int32)[order]

    def of(self, keys: Iterable[str]) -> set[int]:
        """The names that have any of these keys."""
        wanted = np.array([hash(key) for key in keys], dtype=np.int64)
        first = np.searchsorted(self.hashes, wanted, "left")
        until = np.searchsorted(self.hashes, wanted, "right")
        found: set[int] = set()
        for a, b in zip(first.tolist(), until.tolist(), strict=True):
            if b > a:
                found.update(self.owners[a:b].tolist())
        return found


def _deletes(key: str) -> set[str]:
    """The first letters with up to two of them left out, as many as its length allows."""
    begin = key[:PREFIX]
    found = {begin}
    for many in range(1, most_slips(key) + 1):
        for left_out in combinations(range(len(begin)), many):
            found.add("".join(c for n, c in enumerate(begin) if n not in left_out))
    return found


def _sounds(key: str) -> Sequence[str]:
    heard = sound(key)
    return (heard,) if heard else ()


def _parts(key: str) -> Sequence[str]:
    parts = key.split()
    return parts if len(parts) > 1 else ()
