"""Properties that hold for every start, limit and pause."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kittiwake.kernel.rulebook import load
from kittiwake.kernel.worktime import Limit, Pause, add, elapsed, pushed_out

HUB = load().calendar("mash")
LIMITS = [
    "at once", "15 min", "3 h", "72 h", "same day", "3 days inclusive", "1 day", "28 days",
    "12 weeks", "1 month", "3 months", "1 year", "0 WD", "1 WD", "5 WD", "15 WD", "4 service h",
    "30 service h", "next school day",
]  # fmt: skip
limits = st.sampled_from([Limit.parse(text) for text in LIMITS])
# Dense around both clock changes, Christmas, Easter and the ends of months.
edges = st.sampled_from(
    [
        datetime(2026, 10, 24, 22, tzinfo=UTC),
        datetime(2027, 3, 27, 22, tzinfo=UTC),
        datetime(2026, 12, 24, 12, tzinfo=UTC),
        datetime(2027, 1, 29, 12, tzinfo=UTC),
        datetime(2028, 2, 28, 12, tzinfo=UTC),
    ]
)
near_an_edge = st.builds(
    lambda edge, minutes: edge + timedelta(minutes=minutes), edges, st.integers(-3000, 3000)
)
anywhere = st.builds(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes),
    st.integers(0, 4 * 365 * 24 * 60),
)
moments = st.one_of(near_an_edge, anywhere)
hours = st.timedeltas(timedelta(0), timedelta(hours=30))
days = st.timedeltas(timedelta(0), timedelta(days=9))


@settings(max_examples=600)
@given(limits, moments, st.one_of(hours, days))
def test_a_later_start_is_never_due_earlier(limit, start, later):
    assert add(limit, start, HUB) <= add(limit, start + later, HUB)


@settings(max_examples=400)
@given(limits, moments)
def test_nothing_is_due_before_it_starts(limit, start):
    assert add(limit, start, HUB) >= start


@settings(max_examples=400)
@given(st.integers(1, 60), moments)
def test_so_many_working_days_have_passed_when_they_are_due(days, start):
    due = add(Limit(days, "working_days"), start, HUB)
    assert elapsed("working", start, due, HUB) == timedelta(days=days)


@settings(max_examples=400)
@given(st.integers(1, 60), moments)
def test_so_many_service_hours_have_passed_when_they_are_due(hours, start):
    due = add(Limit(hours, "service_hours"), start, HUB)
    assert elapsed("service", start, due, HUB) == timedelta(hours=hours)


spans = st.tuples(days, days)


@settings(max_examples=600)
@given(limits, moments, st.lists(spans, max_size=3))
def test_a_pause_never_brings_a_due_time_forward(limit, start, paused):
    pauses = [
        Pause(start + after, start + after + length, "inspector 1", "in hospital")
        for after, length in paused
    ]
    assert pushed_out(limit, start, pauses, HUB) >= add(limit, start, HUB)


@settings(max_examples=400)
@given(limits, moments, spans, days)
def test_a_longer_pause_is_never_due_earlier(limit, start, paused, more):
    after, length = paused
    shorter, longer = (
        pushed_out(limit, start, [Pause(start + after, start + after + span, "", "")], HUB)
        for span in (length, length + more)
    )
    assert shorter <= longer
