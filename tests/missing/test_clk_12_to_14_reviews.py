"""CLK-12, CLK-13, CLK-14: the inspector's review, detective oversight, and every review after."""

import pytest

from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing.questions import Enquiry
from tests.missing.conftest import Episode, after

TARGETED = (
    Enquiry(target="14 Quay Street, her friend Mina", why="She goes there", who="PC Ali",
            by=after(minutes=50)),
)  # fmt: skip


def test_clk_12_the_first_review_is_due_within_the_hour(missing: Episode) -> None:
    assert missing.due("CLK-12") == after(minutes=60)


def test_clk_14_a_review_stops_the_first_clock_and_starts_the_next(missing: Episode) -> None:
    missing.say("inspector", e.RiskReviewed(rationale="Cold, no coat.", enquiries=TARGETED), 30)
    assert not missing.runs("CLK-12")
    assert missing.due("CLK-14") == after(minutes=30 + 180)
    missing.say("inspector", e.RiskReviewed(rationale="Not at Mina’s.", enquiries=TARGETED), 100)
    assert missing.due("CLK-14") == after(minutes=100 + 180)


def test_g9_each_targeted_enquiry_becomes_an_owned_action(missing: Episode) -> None:
    missing.say("inspector", e.RiskReviewed(rationale="Cold.", enquiries=TARGETED), 30)
    assert any("14 Quay Street" in title for title in missing.actions())


@pytest.mark.parametrize("vague", ["check addresses", "usual enquiries", "keep trying phone"])
def test_g9_a_generic_instruction_is_kept_but_does_not_count_as_a_review(
    missing: Episode, vague: str
) -> None:
    rows = (Enquiry(target=vague),)
    missing.say("inspector", e.RiskReviewed(rationale="Cold.", enquiries=rows), 30)
    assert missing.runs("CLK-12")
    assert not missing.runs("CLK-14")
    assert any("specific" in title for title in missing.actions())


def test_a_review_may_raise_but_never_lowers_by_itself(missing: Episode) -> None:
    missing.say("inspector", e.RiskReviewed(grade="low", rationale="Seen.", enquiries=TARGETED), 9)
    assert missing.case("grade") == "high"
    assert any("A review thought the grade could be low" in t for t in missing.actions())


def test_clk_13_oversight_is_due_in_the_first_hour_and_again_each_shift(missing: Episode) -> None:
    assert missing.due("CLK-13") == after(minutes=60)
    missing.say("detective", e.DetectiveOversight(direction="Phone work now."), 40)
    assert missing.due("CLK-13") > after(minutes=40 + 60)


def test_handover_names_the_new_owner_who_reviews_at_once(missing: Episode) -> None:
    uid = missing.w.rows(
        "SELECT uid::text FROM practitioner WHERE id = %s", missing.w.staff["second_inspector"]
    )[0][0]
    missing.say("inspector", e.HandedOver(to_practitioner=uid, still_to_do="Her phone."), 60)
    assert missing.case("owner_id") == missing.w.staff["second_inspector"]
    assert "Review this episode on taking it over" in missing.actions()
