"""What the tests of risk are given: a policy that uses everything, and generated histories."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from kittiwake import risk

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday

HEAD = """
[policy]
id = "try"
title = "A policy for trying"
nation = "ENG"
in_force_from = 2026-01-01
author = "The tests"
"""

EVERYTHING = (
    HEAD
    + """
[[starting_grade]]
pathway = "missing"
grade = "high"
sentence = "Every missing child starts as high."
source = "[D]"

[[indicator]]
id = "missing_now"
sentence = "Missing now"
count = "open_cases"
opened_by = ["missing.reported"]
closed_by = ["missing.returned"]
window = "ever"
source = "[D]"

[[indicator]]
id = "missing_90_days"
sentence = "Episodes in 90 days"
count = "cases"
kinds = ["missing.reported", "history.missing_episode"]
window = "90 d"
source = "[D]"

[[indicator]]
id = "missing_12_months"
sentence = "Episodes in 12 months"
count = "cases"
kinds = ["missing.reported", "history.missing_episode"]
window = "12 months"
source = "[D]"

[[indicator]]
id = "reports_36_hours"
sentence = "Reports in 36 hours"
count = "entries"
kinds = ["missing.reported"]
window = "36 h"
source = "[D]"

[[indicator]]
id = "days_since_missing"
sentence = "Days since missing"
count = "days_since_last"
kinds = ["missing.reported"]
window = "ever"
source = "[D]"

[[indicator]]
id = "days_since_spoken_with"
sentence = "Days since spoken with"
count = "days_since_last"
kinds = ["missing.return_interview_held"]
where = "seen_alone <> false"
window = "ever"
shows = "response"
source = "[D]"

[[indicator]]
id = "interviews"
sentence = "Interviews"
count = "entries"
kinds = ["missing.return_interview_held"]
window = "90 d"
shows = "response"
source = "[D]"

[[indicator]]
id = "marker"
sentence = "A marker"
count = "standing"
opened_by = ["flag.raised"]
closed_by = ["flag.ended"]
matched_on = ["type", "flag"]
where = "type in ('cse', 'cce')"
window = "ever"
source = "[D]"

[[indicator]]
id = "self_harm"
sentence = "Concern about self-harm"
count = "entries"
kinds = ["missing.reported", "missing.risk_assessed"]
where = "self_harm"
window = "90 d"
source = "[D]"

[[indicator]]
id = "found_with_adult"
sentence = "Found with an adult"
count = "present"
kinds = ["missing.returned"]
where = "(found_with = 'adult' or how in ('brought_back')) and not place_kind = 'home'"
window = "12 months"
source = "[D]"

[[indicator]]
id = "with_many"
sentence = "Found with more than two people"
count = "entries"
kinds = ["missing.returned"]
where = "people > 2 and not people >= 100"
window = "ever"
source = "[D]"

[[indicator]]
id = "witness"
sentence = "Has witnessed violence"
count = "entries"
role = "witness"
kinds = ["missing.reported", "flag.raised"]
window = "ever"
source = "[D]"

[[floor]]
id = "missing_now"
when = "missing_now > 0"
level = "high"
sentence = "Missing now."
until = "The child is found."
source = "[D]"

[[floor]]
id = "young"
when = "age < 11 and missing_12_months > 0"
level = "high"
sentence = "Aged {age}, and missing {missing_12_months} times in 12 months."
until = "12 months pass."
source = "[D]"

[[floor]]
id = "young_or_not_known"
when = "coalesce(age, 0) <= 13 and not missing_90_days < 1"
level = "medium"
sentence = "Under 14 or of an age not known, and missing."
until = "90 days pass."
source = "[D]"

[[floor]]
id = "unspoken"
when = "missing_90_days > 0 and days_since_spoken_with - days_since_missing > 0"
level = "medium"
sentence = "Missing {days_since_missing} ago; not spoken with for {days_since_spoken_with}."
until = "Somebody speaks with the child."
source = "[D]"

[[floor]]
id = "both"
when = "missing_now + self_harm > 1 and (self_harm > 0 or found_with_adult)"
level = "very_high"
sentence = "Missing now, and concern about self-harm or found with an adult ({found_with_adult})."
until = "The child is found."
source = "[D]"

[[floor]]
id = "adult"
when = "found_with_adult = true or with_many >= 1"
level = "high"
sentence = "Found with an adult, or with many."
until = "12 months pass."
source = "[D]"

[[floor]]
id = "marked"
when = "marker > 0 or (age < 16 and 0 < witness)"
level = "high"
sentence = "A marker stands."
until = "The marker is ended."
source = "[D]"

[[floor]]
id = "busy"
when = "reports_36_hours >= 2 and interviews = 0"
level = "low"
sentence = "Reported {reports_36_hours} times in 36 hours."
until = "36 hours pass."
source = "[D]"
in_force = { from = 2026-06-01, until = 2026-12-01 }

[[floor]]
id = "later"
when = "missing_now > 0"
level = "very_high"
sentence = "Not in force yet."
until = "Never."
source = "[D]"
in_force = { from = 2027-01-01 }

[[trigger]]
id = "three_in_90_days"
when = "missing_90_days >= 3"
effect = "strategy_meeting"
sentence = "Missing {missing_90_days} times in 90 days."
until = "Fewer than 3 in 90 days."
source = "CLK-21"

[[trigger]]
id = "plan"
when = "missing_12_months >= 10 or marker > 0 or (age < 12 and missing_12_months > 1)"
effect = "trigger_plan"
sentence = "A trigger plan is to be in force."
until = "No marker stands."
source = "CLK-22"
"""
)

KINDS = (
    "missing.reported",
    "missing.returned",
    "missing.risk_assessed",
    "missing.return_interview_held",
    "history.missing_episode",
    "flag.raised",
    "flag.ended",
    "missing.closed",
)

_answers = st.sampled_from([True, False, "not_known", None])
_found_with = st.lists(st.sampled_from(["adult", "alone", "child", "not_known"]), max_size=3)
_people = st.one_of(st.integers(0, 4), st.sampled_from([2.0, 100, "not_known", True, [3]]))


def codes_of(kind: str) -> st.SearchStrategy[dict[str, object]]:
    """Codes such as an entry of this kind has, some of them not asked, not known or odd."""
    if kind.startswith("flag."):
        types = st.sampled_from(["cse", "cawn", "not_known", 1, True])
        return st.fixed_dictionaries({}, optional={"type": types, "flag": st.integers(1, 2)})
    if kind == "missing.returned":
        how = st.sampled_from(["returned_self", "brought_back", "not_known"])
        where = st.sampled_from(["home", "hotel", "not_known"])
        found = st.one_of(_found_with, st.just("adult"))
        return st.fixed_dictionaries(
            {},
            optional={"how": how, "place_kind": where, "found_with": found, "people": _people},
        )
    return st.fixed_dictionaries({}, optional={"self_harm": _answers, "seen_alone": _answers})


# Times stand close together around the edges of every window, so that ties are common.
_edges = st.sampled_from(
    [timedelta(), timedelta(hours=36), timedelta(days=90), timedelta(days=365), timedelta(days=1)]
)
_steps = st.sampled_from([-3600_000_000, -1, 0, 1, 3600_000_000, 86_400_000_000])


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """A moment near the edge of a window, a few of them after now."""
    return NOW - draw(_edges) - timedelta(microseconds=draw(_steps))


@st.composite
def facts(draw: st.DrawFn, max_size: int = 14) -> list[risk.Fact]:
    """A history: late records, records about the future, entries with two roles, ties."""
    history: list[risk.Fact] = []
    for entry_id in range(1, draw(st.integers(0, max_size)) + 1):
        kind = draw(st.sampled_from(KINDS))
        case_id = draw(st.sampled_from([None, 1, 2, 3]))
        happened_at = draw(moments())
        recorded_at = happened_at + draw(st.sampled_from([timedelta(), timedelta(days=2)]))
        roles = draw(st.lists(st.sampled_from(["child", "child", "witness"]), max_size=2))
        history += [
            risk.Fact(entry_id, kind, happened_at, recorded_at, role, case_id, draw(codes_of(kind)))
            for role in roles or ["child"]
        ]
    return history


children = st.sampled_from([None, 0.0, 10.9, 11.0, 13.0, 15.9, 17.5]).map(risk.Child)
