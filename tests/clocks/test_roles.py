"""Roles and capabilities: each has its sentence, few may lower, and whoever may know may tell."""

import pytest

from kittiwake.access.capabilities import TELLING
from kittiwake.access.roles import CAPABILITIES, RANKS, ROLES, may
from kittiwake.kernel.rulebook import load

DECIDING_LESS = ["missing.lower", "missing.close", "missing.defer", "missing.withhold_interview"]
PEOPLE = [role for role in ROLES.values() if role.key not in {"system", "partner_feed"}]


@pytest.mark.parametrize("role", ROLES.values(), ids=list(ROLES))
def test_a_role_says_what_it_is_in_one_sentence(role):
    assert role.sentence.endswith(".")
    assert role.sentence.count(". ") == 0
    assert role.capabilities <= set(CAPABILITIES)
    assert role.rank == 0 or role.rank in RANKS


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_a_capability_has_a_sentence_and_somebody_who_holds_it(capability):
    assert CAPABILITIES[capability].endswith(".")
    assert any(may([role], capability) for role in ROLES)


def test_the_ladders_climb_through_these_roles():
    teams = load().teams
    at_night = {role.key for role in ROLES.values() if role.round_the_clock}
    assert teams.round_the_clock == at_night
    assert teams.office_hours == {role.key for role in PEOPLE} - at_night


@pytest.mark.parametrize(
    "role",
    ["home_carer", "home_manager", "school_safeguarding_lead", "social_worker", "call_handler",
     "emergency_duty_team", "response_officer", "independent_interviewer", "partner_feed"],
)  # fmt: skip
def test_whoever_could_know_may_report_tell_raise_and_record_a_return(role):
    assert ROLES[role].capabilities >= TELLING


@pytest.mark.parametrize("capability", DECIDING_LESS[:3])
def test_lowering_closing_and_deferring_are_for_inspectors(capability):
    holders = {role.key for role in ROLES.values() if may([role.key], capability)}
    below = {key for key in holders if ROLES[key].rank < 3}
    assert below <= {"missing_persons_adviser"}
    assert capability == "missing.close" or not below


def test_only_the_councils_managers_withhold_an_interview():
    holders = [role for role in ROLES.values() if may([role.key], "missing.withhold_interview")]
    assert {role.agency_kind for role in holders} == {"social_care"}
    assert "social_worker" not in {role.key for role in holders}


def test_the_access_log_is_read_by_two_roles_and_the_machine_only_takes_down():
    holders = {role for role in ROLES if may([role], "access.read_log")}
    assert holders == {"auditor", "data_protection_officer"}
    assert ROLES["system"].capabilities == {"missing.report"}


def test_everybody_at_work_sees_their_own_work_and_answers_for_a_clock():
    without = {role.key for role in PEOPLE if not may([role.key], "clock.acknowledge")}
    assert without == {"competent_authority"}


def test_no_role_no_right_and_an_unknown_capability_is_an_error():
    assert not may([], "missing.report")
    assert not may(["governor"], "missing.report")
    assert may(["auditor", "home_carer"], "missing.report")
    with pytest.raises(KeyError, match=r"missing\.forget is not a capability"):
        may(["home_carer"], "missing.forget")
