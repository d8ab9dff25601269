"""Listed phrases that stand in an entry, kept with the reason their author gave (G10).

What is kept is the row of the list and the phrase, never what stands around it: a reviewer reads
that in the child's record, through the door.
"""

from typing import TYPE_CHECKING
from uuid import uuid4

from kittiwake.kernel.language import warnings
from kittiwake.kernel.questions import Option

if TYPE_CHECKING:
    from kittiwake.journal.applying import Pen

ONE_IN = 10
"""Of the phrases that want no supervisor, one in so many is reviewed (ours to set)."""


class Because(Option):
    """Why words were kept that better ones were offered for (rulebook 4.25)."""

    QUOTED = "quoted", "They are somebody else’s words, quoted"
    EXACT = "exact", "The exact words matter here, for evidence or for the court"
    FITS = "fits", "The words are fair here: the list is wrong about this sentence"


class Verdict(Option):
    """What a reviewer made of a phrase that was kept."""

    RIGHT = "right", "Better words were needed"
    FALSE = "false", "The words were fair: a false find"


def keep_words_found(pen: "Pen", entry_uid: str, because: str) -> None:
    """Keep the listed phrases of the entry just appended, in its transaction."""
    text = pen.entry.narrative()
    found = warnings(text) if text else ()
    for hit in found:
        pen.cursor.execute(
            "INSERT INTO word_found (uid, entry_id, entry_uid, person_id, by_id, at, kind, row,"
            " phrase, severity, because, is_sampled, verdict) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '')",
            [
                str(uuid4()), pen.entry_id, entry_uid, pen.known.person_id, pen.known.actor.id,
                pen.known.now, pen.entry.kind, hit.row, hit.text[:80], hit.severity,
                because if because in set(Because) else "",
                hit.severity == "supervisor" or pen.entry_id % ONE_IN == 0,
            ],
        )  # fmt: skip
