"""Working time: what a limit means in the calendar of those who keep it, as pure functions.

Every moment is timezone-aware, and comes out in UTC; days, months and opening hours are those
of Europe/London. Nothing here reads the clock.

- Minutes and hours are elapsed time, so a clock change neither adds nor takes one.
- A number of days, weeks, months or years ends at the same time by the clock on the wall. Where
  the month is too short the limit ends with its last day.
- Days inclusive count the day of the event as the first and end with the last ("same day" is one).
- Working days are Monday to Friday without the bank holidays of England and Wales. The day of the
  event is day 0, and the limit ends with the last second (23:59:59) of the last working day [D].
- Before the next school day means before its first bell, 08:30 [D].

Outside the bank holidays and terms that are known, plain weekdays count: the due time is then never
too late, and `is_uncertain` says so.
"""

import calendar as months_of_the_year
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from kittiwake.kernel.limits import Limit as Limit

LONDON = ZoneInfo("Europe/London")
FIRST_BELL = time(8, 30)
LAST_SECOND = time(23, 59, 59)
MINUTES_A_DAY = 24 * 60

CalendarKind = Literal["wall", "service", "working", "school"]


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """When a team is at work: for Monday to Sunday, from and to in minutes of the day, or None."""

    week: tuple[tuple[int, int] | None, ...] = ((0, MINUTES_A_DAY),) * 7
    on_bank_holidays: bool = True


@dataclass(frozen=True)
class Calendar:
    """The days and hours that count, for one team and one county.

    `known` spans the years whose bank holidays are on file; `schools_known` the first and the last
    day of term on file. Outside them plain weekdays count.
    """

    bank_holidays: frozenset[date] = frozenset()
    known: tuple[date, date] = (date.max, date.min)
    school_days: frozenset[date] = frozenset()
    schools_known: tuple[date, date] = (date.max, date.min)
    hours: ServiceHours = ServiceHours()

    def for_hours(self, hours: ServiceHours) -> "Calendar":
        """The same days for a team with other hours."""
        return replace(self, hours=hours)

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday and no bank holiday."""
        return day.weekday() < 5 and day not in self.bank_holidays

    def is_school_day(self, day: date) -> bool:
        """In term; outside the known terms every working day, so that nobody is told late."""
        if _between(day, self.schools_known):
            return day in self.school_days
        return self.is_working_day(day)

    def service_window(self, day: date) -> tuple[datetime, datetime] | None:
        """When the team opens and closes on a day, in UTC."""
        hours = self.hours.week[day.weekday()]
        if hours is None or (day in self.bank_holidays and not self.hours.on_bank_holidays):
            return None
        return _minute_of(day, hours[0]), _minute_of(day, hours[1])


def _between(day: date, span: tuple[date, date]) -> bool:
    return span[0] <= day <= span[1]


def civil(moment: datetime) -> datetime:
    """The clock on the wall in London; ValueError where the moment has no timezone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its timezone")
    return moment.astimezone(LONDON)


def on_the_wall(day: date, at: time) -> datetime:
    """The moment, in UTC, when London clocks show this time.

    In the hour that is skipped it is the moment the clocks go forward (01:00 UTC); in the hour that
    happens twice it is the first, so that nothing is due later than its promise.
    """
    moment = datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)
    if civil(moment).time() == at:
        return moment
    return datetime.combine(day, time(1), tzinfo=UTC)


def _minute_of(day: date, minute: int) -> datetime:
    if minute == MINUTES_A_DAY:
        return on_the_wall(day + timedelta(days=1), time(0))
    return on_the_wall(day, time(minute // 60, minute % 60))


def _wall_start(moment: datetime) -> tuple[date, time]:
    """Day and time of a start; the first pass of the hour that happens twice counts as its outset.

    Without this a later start could fall due earlier.
    """
    local = civil(moment)
    second_pass = local.replace(fold=1)
    if local.fold == 0 and local.utcoffset() != second_pass.utcoffset():
        return local.date(), time(local.hour)
    return local.date(), local.time()


def add(limit: Limit, start: datetime, calendar: Calendar) -> datetime:
    """When a limit that began at `start` ends, in UTC; a later start never ends earlier."""
    began = civil(start).astimezone(UTC)
    match limit.unit:
        case "at_once" | "minutes" | "hours":
            return began + _elapsing(limit)
        case "days" | "weeks" | "months" | "years":
            return _civil_later(limit, began)
        case "days_inclusive":
            last = civil(began).date() + timedelta(days=limit.amount - 1)
            return max(began, on_the_wall(last, LAST_SECOND))
        case "working_days":
            return max(began, _working_days_later(limit.amount, began, calendar))
        case "service_hours":
            return _service_later(timedelta(hours=limit.amount), began, calendar)
        case "next_school_day":
            return _next_first_bell(began, calendar)


def _elapsing(limit: Limit) -> timedelta:
    minutes = {"at_once": 0, "minutes": 1, "hours": 60}[limit.unit]
    return timedelta(minutes=limit.amount * minutes)


def _civil_later(limit: Limit, start: datetime) -> datetime:
    day, at = _wall_start(start)
    if limit.unit in {"days", "weeks"}:
        days = limit.amount * (7 if limit.unit == "weeks" else 1)
        return on_the_wall(day + timedelta(days=days), at)
    months = day.month - 1 + limit.amount * (12 if limit.unit == "years" else 1)
    year, month = day.year + months // 12, months % 12 + 1
    last = months_of_the_year.monthrange(year, month)[1]
    if day.day > last:
        return on_the_wall(date(year, month, last), LAST_SECOND)
    return on_the_wall(date(year, month, day.day), at)


def _working_days_later(amount: int, start: datetime, calendar: Calendar) -> datetime:
    """End of the last of so many working days; none means the end of this one, or of the next."""
    day = civil(start).date()
    left = amount
    while left or not calendar.is_working_day(day):
        day += timedelta(days=1)
        if left and calendar.is_working_day(day):
            left -= 1
    return on_the_wall(day, LAST_SECOND)


def _service_later(left: timedelta, start: datetime, calendar: Calendar) -> datetime:
    if not any(calendar.hours.week):
        raise ValueError("a team that never opens cannot have a limit in service hours")
    day, now = civil(start).date(), start
    while True:
        window = calendar.service_window(day)
        if window is not None and window[1] > now:
            opens = max(window[0], now)
            if window[1] - opens >= left:
                return opens + left
            left -= window[1] - opens
        day += timedelta(days=1)


def _next_first_bell(start: datetime, calendar: Calendar) -> datetime:
    day = civil(start).date()
    while not calendar.is_school_day(day) or on_the_wall(day, FIRST_BELL) <= start:
        day += timedelta(days=1)
    return on_the_wall(day, FIRST_BELL)


def before(limit: Limit, event: datetime) -> datetime:
    """The last moment that is so long before an event, in UTC; for hours and days only."""
    moment = civil(event).astimezone(UTC)
    if limit.unit == "days":
        day, at = _wall_start(moment)
        return on_the_wall(day - timedelta(days=limit.amount), at)
    if limit.unit not in {"minutes", "hours"}:
        raise ValueError(f"a limit of {limit} cannot be counted back")
    return moment - _elapsing(limit)


def elapsed(kind: CalendarKind, start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much of a calendar's time lies between two moments; never negative.

    Wall and service give time; working and school give whole days, the day of `start` not counted.
    """
    if end <= start:
        return timedelta(0)
    if kind == "wall":
        return end.astimezone(UTC) - start.astimezone(UTC)
    first, last = civil(start).date(), civil(end).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if kind == "service":
        windows = [window for day in days if (window := calendar.service_window(day))]
        open_for = (min(closes, end) - max(opens, start) for opens, closes in windows)
        return sum((spell for spell in open_for if spell > timedelta(0)), timedelta(0))
    counts = calendar.is_working_day if kind == "working" else calendar.is_school_day
    return timedelta(days=sum(counts(day) for day in days[1:]))


def is_uncertain(limit: Limit, due: datetime, calendar: Calendar) -> bool:
    """Whether a due time rests on days nobody has published yet."""
    day = civil(due).date()
    match limit.unit:
        case "next_school_day":
            return not _between(day, calendar.schools_known)
        case "working_days":
            return not _between(day, calendar.known)
        case "service_hours":
            return not (calendar.hours.on_bank_holidays or _between(day, calendar.known))
        case _:
            return False


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which a clock does not run, by whose authority and why; still running if open."""

    from_at: datetime
    until_at: datetime | None
    authority: str
    reason: str


def pushed_out(
    limit: Limit,
    started_at: datetime,
    pauses: Iterable[Pause],
    calendar: Calendar,
    now: datetime | None = None,
) -> datetime:
    """When a limit ends once its pauses are taken out; a pause never brings it forward.

    A pause that is still running counts up to `now`, or not at all where `now` is not given.
    """
    due = add(limit, started_at, calendar)
    resumed_at = started_at
    for pause in sorted(pauses, key=lambda each: each.from_at):
        until = pause.until_at or now
        begins = max(pause.from_at, resumed_at)
        if until is None or until <= begins or begins >= due:
            continue
        due = max(due, _resumed(limit, due, begins, until, calendar))
        resumed_at = until
    return due


def _resumed(
    limit: Limit, due: datetime, begins: datetime, until: datetime, calendar: Calendar
) -> datetime:
    """The due time when what was left at `begins` starts to run again at `until`."""
    match limit.unit:
        case "working_days":
            left = elapsed("working", begins, due, calendar).days
            return _working_days_later(left, until.astimezone(UTC), calendar)
        case "service_hours":
            left_open = elapsed("service", begins, due, calendar)
            return _service_later(left_open, until.astimezone(UTC), calendar)
        case "next_school_day":
            return add(limit, until, calendar)
        case _:
            return due + (until - begins)
