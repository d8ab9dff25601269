"""CLK-02, 03 and 04: no appointment for domestic abuse, the crime recorded, health taking over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kittiwake.kernel.deciding import Refused
from kittiwake.pathways.contact import entries as c
from kittiwake.pathways.contact.questions import StayingWith, Where
from tests.contact.conftest import Call
from tests.missing.conftest import after
from tests.worlds import NOW


def waits() -> c.AppointmentMade:
    return c.AppointmentMade(
        why="His bicycle was taken last week; he is at school and well.",
        meanwhile="His aunt walks home with him.",
        at=NOW + timedelta(days=2),
    )


def test_f70_clk_02_domestic_abuse_never_waits_for_an_appointment(call: Call) -> None:
    call.ring(domestic_abuse=True)
    call.thrive(1)
    with pytest.raises(Refused, match="may not wait for an appointment"):
        call.add(waits(), 2, "sergeant")
    assert call.w.rows("SELECT what FROM refusal") == [("contact.appointment_made",)]


def test_clk_02_it_turns_out_to_be_domestic_abuse_while_it_waits(call: Call) -> None:
    call.ring()
    call.thrive(1)
    call.add(waits(), 2, "sergeant")
    call.add(c.AbuseAsked(saw_or_heard=True), 60)
    assert ("CLK-02", "Tom Akhtar") in call.sweep(61)
    assert any(title.startswith("Send somebody now") for title in call.actions())


def test_f68_f75_domestic_abuse_is_asked_about_and_school_and_health_are_told(call: Call) -> None:
    call.ring(domestic_abuse=True)
    asked = "Ask the questions about domestic abuse"
    assert {
        asked,
        "Name the children of both households",
        "Tell the child’s school before the school day (Operation Encompass)",
        "Tell the health visitor, school nurse or GP",
        "Assess the risk to the victim (DASH), and whether the MARAC has to hear it",
    } <= set(call.actions())
    (due,) = call.w.rows("SELECT due_at FROM action WHERE key = 'encompass'")
    assert due[0] > after(), "the school’s clock gives the action its time"
    call.add(c.AbuseAsked(saw_or_heard=True), 4)
    assert asked in call.actions("done")
    assert len(call.w.rows("SELECT 1 FROM action WHERE key = 'encompass'")) == 1


def test_clk_03_a_crime_that_is_told_is_recorded_within_its_time(call: Call) -> None:
    call.ring(crime=True)
    assert call.due("CLK-03") == after(hours=24)
    call.add(c.CrimeRecorded(number="37/4412/26"), 90)
    assert not call.runs("CLK-03")


def test_clk_04_health_takes_over_from_the_officers_who_stay(call: Call) -> None:
    call.ring(crisis=True)
    call.add(c.CrisisWait(with_whom=StayingWith.CHILD, place_kind=Where.HOSPITAL), 10)
    assert call.due("CLK-04") == after(minutes=70)
    assert ("CLK-04", "Tom Akhtar") in call.sweep(71)
    call.add(c.CrisisHandedOver(to_whom="Nurse Adeyemi"), 80)
    assert not call.runs("CLK-04")
