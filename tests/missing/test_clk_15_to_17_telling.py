"""CLK-15, CLK-16, CLK-17: social care, the UK Missing Persons Unit and the school are told."""

from datetime import UTC, datetime, timedelta

from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing.questions import LastSeen
from tests.missing.conftest import Episode, after


def test_clk_15_social_care_is_told_at_once_when_the_grade_is_high(missing: Episode) -> None:
    assert missing.due("CLK-15") <= after(minutes=15)
    missing.say("sergeant", e.SocialCareTold(who="Emergency duty team, Dale Price"), 10)
    assert not missing.runs("CLK-15")


def test_clk_16_runs_from_when_the_child_was_last_seen(episode: Episode) -> None:
    seen = after(hours=-10)
    episode.report(last_seen=LastSeen(seen_at=seen))
    assert episode.due("CLK-16") == seen + timedelta(hours=72)


def test_clk_17_friday_night_report_is_told_before_monday_morning(missing: Episode) -> None:
    assert missing.due("CLK-17") == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def test_clk_17_the_school_is_told_again_when_the_child_is_back(missing: Episode) -> None:
    missing.say("hub", e.SchoolTold(who="Creek Lane, Eve Marsh"), 30)
    assert not missing.runs("CLK-17")
    missing.back(120)
    assert missing.runs("CLK-17")


def test_the_social_worker_of_this_child_is_told_and_never_just_any(episode: Episode) -> None:
    w = episode.w
    other = w.child("Another Child")
    for person, who in ((episode.kid, "social_worker"), (other, "manager")):
        w.owner.execute(
            "INSERT INTO known_to (person_id, agency_id, practitioner_id, role)"
            " VALUES (%s, %s, %s, 'Social worker')",
            [person, w.agencies["social_care"], w.staff[who]],
        )
    episode.report()
    told = w.rows(
        "SELECT p.name FROM message m JOIN practitioner p ON p.id = m.to_id "
        "WHERE m.sentence LIKE 'A child you work with%%'"
    )
    assert told == [("Meera Shah",)]
