"""G11 and rulebook 4.25: putting off is recorded as such, and never changes the grade."""

import pytest

from kittiwake.kernel.deciding import Refused
from kittiwake.pathways.missing import entries as e
from tests.missing.conftest import Episode, after

PUT_OFF = e.EnquiryPutOff(
    enquiry="Visit 3 Marsh Row", reason="Both cars are at a collision.",
    instead="Ring the neighbour, Mrs Udo, and the bus depot.", until=after(minutes=45),
)  # fmt: skip


def test_high_only_a_superintendent_may_put_an_enquiry_off(missing: Episode) -> None:
    with pytest.raises(Refused, match="only a superintendent"):
        missing.say("inspector", PUT_OFF, 10)
    missing.say("superintendent", PUT_OFF, 11)
    assert missing.case("grade") == "high"


def test_without_a_time_and_something_else_it_is_refused(missing: Episode) -> None:
    bare = e.EnquiryPutOff(enquiry="Visit 3 Marsh Row", reason="Busy.")
    with pytest.raises(Refused, match="in the meantime"):
        missing.say("superintendent", bare, 10)


def test_demand_is_no_reason_for_a_lower_grade(missing: Episode) -> None:
    busy = e.LowerGradeProposed(
        grade="medium", why="High demand trumped the ability to progress this."
    )
    with pytest.raises(Refused, match="Being busy is not a reason"):
        missing.say("sergeant", busy, 10)


def test_a_known_address_is_left_only_by_an_inspector_with_the_threat_written_down(
    missing: Episode,
) -> None:
    late = e.AddressNotVisited(
        address="3 Marsh Row", threat="She may be with him.", reason="A warrant comes first.",
        until=after(minutes=60),
    )  # fmt: skip
    missing.say("inspector", late, 10)
    assert missing.w.rows("SELECT audience FROM detail WHERE answers ? 'address'") == [("police",)]


def test_the_hour_of_the_night_is_no_reason_to_leave_an_address_alone(missing: Episode) -> None:
    late = e.AddressNotVisited(
        address="The hotel", threat="She may be there.", until=after(hours=8),
        reason="It was late at night so the address was not checked.",
    )  # fmt: skip
    with pytest.raises(Refused, match="The hour is not a reason"):
        missing.say("inspector", late, 30)


@pytest.mark.parametrize(
    "reason",
    [
        "He is missing through choice.",
        "This is not unusual for her.",
        "She always returns.",
        "He is a regular missing person.",
        "This is within her usual parameters.",
    ],
)
def test_what_is_usual_never_lowers(missing: Episode, reason: str) -> None:
    lower = e.LowerGradeProposed(grade="medium", why=reason)
    with pytest.raises(Refused):
        missing.say("sergeant", lower, 10)
    assert missing.case("grade") == "high"
