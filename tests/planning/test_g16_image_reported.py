"""G16, CLK-170: an image is reported without a file or a word of it, and rung back about."""

from __future__ import annotations

from datetime import timedelta

from kittiwake.journal.reading import SEALED
from kittiwake.kernel.questions import WordsQuestion
from kittiwake.pathways.online.entries import ImageReported, ImageTakenOn, NextStep, Where
from tests.pages.conftest import County
from tests.pages.conftest import county as county  # a fixture, used by name

REPORT = ImageReported(where=Where.PHONE, safe_to_ring=True, ring="07700 900321")


def test_g16_the_form_takes_no_file_and_no_description_and_says_what_not_to_do(
    county: County,
) -> None:
    _, uid = county.child()
    shown = county.browser("carer").get(f"/children/{uid}/record/online.image_reported")
    assert "Do not open it again, copy it, send it on" in shown.text
    assert 'type="file"' not in shown.body
    assert "multipart" not in shown.body
    assert not [a for a in ImageReported.questions() if isinstance(a.type, WordsQuestion)]


def test_clk_170_a_named_specialist_owes_a_call_within_the_hour(county: County) -> None:
    person, _ = county.child()
    county.w.say("carer", REPORT, person, county.now)
    due, owner = county.w.rows(
        "SELECT k.due_at - k.started_at, p.name FROM clock k JOIN practitioner p "
        "ON p.id = k.owner_id WHERE rule = 'CLK-170' AND stopped_at IS NULL"
    )[0]
    assert due == timedelta(hours=1)
    assert owner
    county.w.say("detective", ImageTakenOn(next_step=NextStep.OFFICERS), person, county.now, 9)
    assert county.w.rows("SELECT count(*) FROM clock WHERE rule = 'CLK-170' "
                         "AND stopped_at IS NULL") == [(0,)]  # fmt: skip


def test_g16_it_is_sealed_and_who_may_not_read_it_does_not_learn_what_it_is(
    county: County,
) -> None:
    person, uid = county.child()
    county.w.owner.execute(
        "INSERT INTO role_held (practitioner_id, role, from_at) "
        "VALUES (%s, 'internet_abuse_inspector', now() - interval '1 day')",
        [county.w.staff["detective"]],
    )
    county.w.say("carer", REPORT, person, county.now)
    assert "On a phone or tablet" in county.browser("detective").get(f"/children/{uid}").text
    assert "On a phone or tablet" in county.browser("carer").get(f"/children/{uid}").text
    for other in ("inspector", "social_worker", "hub"):
        page = county.browser(other).get(f"/children/{uid}")
        assert "A sealed entry" in page.text
        assert "image was reported" not in page.text
        assert f'value="{SEALED}"' in page.body
        assert 'value="online.image_reported"' not in page.body
    told = county.w.rows("SELECT DISTINCT sentence FROM message WHERE sentence LIKE %s", "%ring%")
    assert told == [("Somebody waits for a specialist to ring back about a child.",)]
