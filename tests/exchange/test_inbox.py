"""Everything that arrives is kept as it came; what becomes of it is said in a sentence."""

from uuid import UUID

import pytest

from kittiwake.access.doors import as_practitioner
from kittiwake.exchange import inbox
from tests.worlds import NOW, World

BODY = b"\xef\xbb\xbfname\r\nGr\xe2ce \xff\x00\r\n"


def test_a_report_is_kept_byte_for_byte_and_found_again_by_its_content(world, owner):
    w = World(owner)
    clerk = w.who("clerk")
    kept = inbox.keep("letters", clerk.agency_id, clerk, "a.csv", BODY, NOW)
    again = inbox.keep("letters", clerk.agency_id, clerk, "b.csv", BODY, NOW)
    assert kept.before is None
    assert again.before == kept.id
    assert inbox.find("letters", BODY, clerk).id == kept.id
    assert inbox.find("other feed", BODY, clerk) is None
    assert bytes(w.rows("SELECT body FROM report WHERE id = %s", kept.id)[0][0]) == BODY


def test_what_became_of_a_report_is_said_once_and_seen_by_those_who_may(world, owner):
    w = World(owner)
    carer, clerk = w.who("carer"), w.who("clerk")
    kept = inbox.keep("api", carer.agency_id, carer, "", b"{}", NOW)
    inbox.settle(kept.id, "quarantined", "No child was named.", by=carer)
    with as_practitioner(clerk):  # a clerk looks at every agency's quarantine
        waiting = inbox.quarantine()
    assert [(r.uid, r.sentence) for r in waiting] == [(kept.uid, "No child was named.")]
    with pytest.raises(LookupError):  # a school sees nothing of it
        inbox.settle(kept.id, "settled", by=w.who("lead"))
    with as_practitioner(w.who("lead")):
        assert inbox.quarantine() == []


def test_rows_are_kept_with_their_file_and_say_what_became_of_each(world, owner):
    w = World(owner)
    clerk = w.who("clerk")
    kept = inbox.keep("letters", clerk.agency_id, clerk, "a.csv", BODY, NOW)
    rows = [
        inbox.Row(2, b"1,2\r\n", "recorded"),
        inbox.Row(3, b"\xff", "quarantined", "The day cannot be read."),
    ]
    with as_practitioner(clerk):
        inbox.keep_rows(kept.id, rows)
        assert inbox.rows_kept(kept.id) == {2: ("recorded", None), 3: ("quarantined", None)}
        (waiting,) = inbox.quarantine()
    assert (waiting.row, waiting.name, waiting.part_of) == (3, "a.csv", kept.uid)
    with as_practitioner(clerk):
        assert bytes(inbox.report(UUID(waiting.uid)).body) == b"\xff"
