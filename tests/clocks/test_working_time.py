"""Deadlines in words: what a limit means in the calendar, weekday by weekday."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kittiwake.kernel.limits import roughly
from kittiwake.kernel.rulebook import load
from kittiwake.kernel.worktime import (
    LONDON,
    Calendar,
    Limit,
    ServiceHours,
    add,
    before,
    civil,
    elapsed,
    is_uncertain,
    on_the_wall,
)

BOOK = load()
ALWAYS = BOOK.calendar()
HUB = BOOK.calendar("mash")


def london(words: str) -> datetime:
    """ "Fri 23 Oct 26 18:00": a moment by the clock on the wall, its weekday checked."""
    moment = datetime.strptime(words[4:], "%d %b %y %H:%M").replace(tzinfo=LONDON)
    assert f"{moment:%a}" == words[:3], f"{words} is a {moment:%A}"
    return moment.astimezone(UTC)


def said(moment: datetime) -> str:
    """The same words for a moment."""
    assert moment.tzinfo is UTC
    return f"{civil(moment):%a %-d %b %y %H:%M}"


WORKING_DAYS = [
    ("the next day", "1 WD", "Mon 16 Nov 26 09:00", "Tue 17 Nov 26 23:59"),
    ("late at night is the same day 0", "1 WD", "Mon 16 Nov 26 23:59", "Tue 17 Nov 26 23:59"),
    ("Friday runs over the weekend", "1 WD", "Fri 20 Nov 26 16:00", "Mon 23 Nov 26 23:59"),
    ("Saturday is day 0 too", "1 WD", "Sat 21 Nov 26 10:00", "Mon 23 Nov 26 23:59"),
    ("Sunday is day 0 too", "1 WD", "Sun 22 Nov 26 23:59", "Mon 23 Nov 26 23:59"),
    ("a week of working days", "5 WD", "Wed 18 Nov 26 12:00", "Wed 25 Nov 26 23:59"),
    ("none is the end of this one", "0 WD", "Wed 18 Nov 26 12:00", "Wed 18 Nov 26 23:59"),
    ("none on a Sunday is Monday", "0 WD", "Sun 22 Nov 26 12:00", "Mon 23 Nov 26 23:59"),
    ("Christmas Eve, a substitute day", "1 WD", "Thu 24 Dec 26 15:00", "Tue 29 Dec 26 23:59"),
    ("Christmas Day itself", "1 WD", "Fri 25 Dec 26 15:00", "Tue 29 Dec 26 23:59"),
    ("over New Year as well", "5 WD", "Thu 24 Dec 26 15:00", "Tue 5 Jan 27 23:59"),
    ("over Easter 2027", "1 WD", "Thu 25 Mar 27 15:00", "Tue 30 Mar 27 23:59"),
    ("over Easter and the clock change", "3 WD", "Wed 24 Mar 27 15:00", "Wed 31 Mar 27 23:59"),
    ("a conference in 15 days", "15 WD", "Fri 11 Dec 26 11:00", "Wed 6 Jan 27 23:59"),
    ("an assessment in 45 days", "45 WD", "Mon 2 Nov 26 11:00", "Thu 7 Jan 27 23:59"),
]
SCHOOL_DAYS = [
    ("an evening in term", "Tue 17 Nov 26 21:00", "Wed 18 Nov 26 08:30"),
    ("before the first bell of a school day", "Wed 18 Nov 26 08:29", "Wed 18 Nov 26 08:30"),
    ("at the first bell it is the next day", "Wed 18 Nov 26 08:30", "Thu 19 Nov 26 08:30"),
    ("a Friday evening", "Fri 20 Nov 26 21:00", "Mon 23 Nov 26 08:30"),
    ("the last day before half term", "Fri 23 Oct 26 16:00", "Mon 2 Nov 26 08:30"),
    ("Christmas", "Fri 18 Dec 26 16:00", "Mon 4 Jan 27 08:30"),
    ("summer", "Wed 21 Jul 27 16:00", "Thu 2 Sep 27 08:30"),
    ("a bank holiday in term", "Sun 2 May 27 12:00", "Tue 4 May 27 08:30"),
    ("after the last term known, a weekday", "Fri 1 Sep 28 20:00", "Mon 4 Sep 28 08:30"),
]
CIVIL = [
    ("a month", "1 month", "Tue 17 Nov 26 14:05", "Thu 17 Dec 26 14:05"),
    ("February is short: all of it", "1 month", "Sun 31 Jan 27 09:00", "Sun 28 Feb 27 23:59"),
    ("the 28th has one", "1 month", "Thu 28 Jan 27 09:00", "Sun 28 Feb 27 09:00"),
    ("a leap year", "1 month", "Mon 31 Jan 28 09:00", "Tue 29 Feb 28 23:59"),
    ("three months to a short one", "3 months", "Mon 30 Nov 26 10:00", "Sun 28 Feb 27 23:59"),
    ("over two clock changes", "6 months", "Sat 17 Oct 26 10:00", "Sat 17 Apr 27 10:00"),
    ("a year from a leap day", "1 year", "Tue 29 Feb 28 10:00", "Wed 28 Feb 29 23:59"),
    ("28 days", "28 days", "Tue 17 Nov 26 14:05", "Tue 15 Dec 26 14:05"),
    ("twelve weeks", "12 weeks", "Tue 17 Nov 26 14:05", "Tue 9 Feb 27 14:05"),
    ("the same day", "same day", "Tue 17 Nov 26 00:01", "Tue 17 Nov 26 23:59"),
    ("the first day counts", "3 days inclusive", "Tue 17 Nov 26 14:05", "Thu 19 Nov 26 23:59"),
    ("eight, the first counts", "8 days inclusive", "Tue 17 Nov 26 14:05", "Tue 24 Nov 26 23:59"),
    ("at once", "at once", "Tue 17 Nov 26 14:05", "Tue 17 Nov 26 14:05"),
]
CLOCK_CHANGES = [
    ("back: 72 h end an hour earlier", "72 h", "Fri 23 Oct 26 18:00", "Mon 26 Oct 26 17:00"),
    ("back: 3 days end as they began", "3 days", "Fri 23 Oct 26 18:00", "Mon 26 Oct 26 18:00"),
    ("back: one hour across", "60 min", "Sun 25 Oct 26 00:30", "Sun 25 Oct 26 01:30"),
    ("back: two hours across", "2 h", "Sun 25 Oct 26 00:30", "Sun 25 Oct 26 01:30"),
    ("back: the day before has 25 hours", "24 h", "Sat 24 Oct 26 20:00", "Sun 25 Oct 26 19:00"),
    ("forward: 72 h end an hour later", "72 h", "Fri 26 Mar 27 18:00", "Mon 29 Mar 27 19:00"),
    ("forward: 3 days end as they began", "3 days", "Fri 26 Mar 27 18:00", "Mon 29 Mar 27 18:00"),
    ("forward: one hour across", "60 min", "Sun 28 Mar 27 00:30", "Sun 28 Mar 27 02:30"),
    ("forward: the hour that is skipped", "1 day", "Sat 27 Mar 27 01:30", "Sun 28 Mar 27 02:00"),
    ("forward: after the skipped hour", "1 day", "Sat 27 Mar 27 02:30", "Sun 28 Mar 27 02:30"),
]
SERVICE_HOURS = [
    ("within the day", "4 service h", "Tue 17 Nov 26 09:00", "Tue 17 Nov 26 13:00"),
    ("to the minute of closing", "4 service h", "Tue 17 Nov 26 14:00", "Tue 17 Nov 26 18:00"),
    ("over the night", "4 service h", "Tue 17 Nov 26 16:00", "Wed 18 Nov 26 10:00"),
    ("Friday six to Monday noon", "4 service h", "Fri 20 Nov 26 18:00", "Mon 23 Nov 26 12:00"),
    ("over Christmas", "4 service h", "Thu 24 Dec 26 17:00", "Tue 29 Dec 26 11:00"),
    ("over the clock change", "2 service h", "Fri 23 Oct 26 17:00", "Mon 26 Oct 26 09:00"),
]


@pytest.mark.parametrize(("words", "limit", "start", "due"), WORKING_DAYS)
def test_working_days_skip_weekends_and_bank_holidays(words, limit, start, due):
    assert said(add(Limit.parse(limit), london(start), ALWAYS)) == due, words


@pytest.mark.parametrize(("words", "start", "due"), SCHOOL_DAYS)
def test_a_school_hears_before_the_next_school_day(words, start, due):
    assert said(add(Limit.parse("next school day"), london(start), ALWAYS)) == due, words


@pytest.mark.parametrize(("words", "limit", "start", "due"), CIVIL + CLOCK_CHANGES)
def test_days_and_months_are_civil_and_hours_are_elapsed(words, limit, start, due):
    assert said(add(Limit.parse(limit), london(start), ALWAYS)) == due, words


@pytest.mark.parametrize(("words", "limit", "start", "due"), SERVICE_HOURS)
def test_service_hours_run_while_the_team_is_at_work(words, limit, start, due):
    assert said(add(Limit.parse(limit), london(start), HUB)) == due, words


def test_a_promise_ends_with_the_last_second_of_the_working_day():
    due = add(Limit.parse("1 WD"), london("Mon 16 Nov 26 09:00"), ALWAYS)
    assert due == datetime(2026, 11, 17, 23, 59, 59, tzinfo=UTC)


def test_the_hour_that_happens_twice_is_due_the_first_time():
    due = add(Limit.parse("1 day"), london("Sat 24 Oct 26 01:30"), ALWAYS)
    assert due == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_start_in_either_pass_of_the_hour_that_happens_twice_keeps_its_order():
    first_pass, second_pass = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert said(add(Limit.parse("1 day"), first_pass, ALWAYS)) == "Mon 26 Oct 26 01:00"
    assert said(add(Limit.parse("1 day"), second_pass, ALWAYS)) == "Mon 26 Oct 26 01:30"


@pytest.mark.parametrize(
    ("words", "kind", "start", "end", "passed"),
    [
        ("over the change back", "wall", "Sat 24 Oct 26 12:00", "Sun 25 Oct 26 12:00", "25 h"),
        ("over the change forward", "wall", "Sat 27 Mar 27 12:00", "Sun 28 Mar 27 12:00", "23 h"),
        ("a weekend", "working", "Fri 20 Nov 26 09:00", "Sun 22 Nov 26 09:00", "0 days"),
        ("Monday is the first", "working", "Fri 20 Nov 26 09:00", "Mon 23 Nov 26 09:00", "1 day"),
        ("Christmas has few", "working", "Thu 24 Dec 26 09:00", "Mon 4 Jan 27 09:00", "4 days"),
        ("half term", "school", "Fri 23 Oct 26 09:00", "Sun 1 Nov 26 09:00", "0 days"),
        ("the hub's weekend", "service", "Fri 20 Nov 26 17:00", "Mon 23 Nov 26 09:00", "2 h"),
        ("the hub at night", "service", "Tue 17 Nov 26 19:00", "Wed 18 Nov 26 07:00", "0 h"),
        ("backwards is nothing", "wall", "Wed 18 Nov 26 09:00", "Tue 17 Nov 26 09:00", "0 h"),
    ],
)
def test_elapsed_counts_only_the_calendars_own_time(words, kind, start, end, passed):
    assert elapsed(kind, london(start), london(end), HUB) == roughly(Limit.parse(passed)), words


def test_a_team_that_is_always_there_works_25_hours_when_the_clocks_go_back():
    midnight = london("Sun 25 Oct 26 00:00")
    assert elapsed("service", midnight, london("Mon 26 Oct 26 00:00"), ALWAYS) == timedelta(
        hours=25
    )


def test_a_limit_counted_back_ends_before_its_event():
    departs = london("Sun 28 Mar 27 12:00")
    assert said(before(Limit.parse("7 days"), departs)) == "Sun 21 Mar 27 12:00"
    assert said(before(Limit.parse("12 h"), departs)) == "Sat 27 Mar 27 23:00"
    with pytest.raises(ValueError, match="cannot be counted back"):
        before(Limit.parse("1 month"), departs)


def test_a_team_that_never_opens_has_no_service_hours():
    shut = Calendar(hours=ServiceHours((None,) * 7))
    with pytest.raises(ValueError, match="never opens"):
        add(Limit.parse("1 service h"), london("Tue 17 Nov 26 09:00"), shut)


@pytest.mark.parametrize(
    ("limit", "day", "uncertain"),
    [
        ("5 WD", date(2028, 12, 20), False),
        ("5 WD", date(2028, 12, 22), True),
        ("5 WD", date(2011, 6, 1), True),
        ("72 h", date(2031, 1, 1), False),
        ("next school day", date(2028, 7, 20), False),
        ("next school day", date(2028, 7, 22), True),
        ("4 service h", date(2031, 1, 1), True),
    ],
)
def test_beyond_what_is_published_plain_weekdays_count_and_it_says_so(limit, day, uncertain):
    due = add(Limit.parse(limit), on_the_wall(day, datetime.min.time()), HUB)
    assert is_uncertain(Limit.parse(limit), due, HUB) is uncertain


def test_a_team_that_is_always_there_needs_no_published_holidays():
    due = datetime(2031, 1, 1, tzinfo=UTC)
    assert not is_uncertain(Limit.parse("4 service h"), due, ALWAYS)


def test_a_moment_without_a_timezone_is_refused():
    with pytest.raises(ValueError, match="needs its timezone"):
        add(Limit.parse("1 h"), datetime(2026, 11, 17, 9, 0), ALWAYS)  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    ["15 min", "3 h", "1 day", "28 days", "12 weeks", "1 month", "6 months", "1 year", "5 WD",
     "4 service h", "3 days inclusive", "same day", "at once", "next school day"],
)  # fmt: skip
def test_a_limit_is_written_as_it_is_read(text):
    assert str(Limit.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "15", "15 minutes", "5WD", "-1 h", "2 months inclusive", "9999 years"]
)
def test_what_is_no_limit_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="is not a limit; write for example “15 min”"):
        Limit.parse(text)
