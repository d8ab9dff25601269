"""The Jinja environment every page is written in: filters, furniture, GOV.UK macros."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader

from kittiwake.journal.reading import ClockLine
from kittiwake.kernel.clocks import ClockState
from kittiwake.kernel.markers import Marker
from kittiwake.kernel.questions import LONDON, label, show_day, show_moment


def environment(**options: Any) -> Environment:
    """The environment Django's Jinja backend asks for."""
    from kittiwake.pages import furniture, signing_in, training

    macros = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    options["loader"] = ChoiceLoader([options["loader"], macros])
    env = Environment(**options, trim_blocks=True, lstrip_blocks=True)
    env.globals |= {
        "static": static,
        "url": _url,
        "furniture": furniture.furniture,
        "debug": settings.DEBUG,
        "training_people": training.people,
        "training_password": training.PASSWORD,
        "training_code": signing_in.training_code,
    }
    env.filters |= {
        "moment": _or_blank(show_moment),
        "day": _or_blank(show_day),
        "clock": _or_blank(show_clock),
        "iso": _or_blank(lambda at: at.isoformat()),
        "near": near,
        "span": span,
        "age": age,
        "upper_first": upper_first,
        "marker": marker,
        "clock_state": clock_state,
        "question_label": label,
    }
    return env


@lru_cache(maxsize=8192)
def local(at: datetime) -> datetime:
    """An instant by the clocks here; kept, since a page says the same one over and over."""
    return at.astimezone(LONDON)


def show_clock(at: datetime) -> str:
    """The time of day on the 24-hour clock, in local time: 23:03."""
    here = local(at)
    return f"{here.hour:02}:{here.minute:02}"


def near(at: datetime | None, now: datetime) -> str:
    """An instant for dense lines: ‘today at 23:03’, ‘yesterday at 23:03’, else the whole day."""
    if at is None:
        return ""
    days = (local(now).date() - local(at).date()).days
    word = {0: "today", 1: "yesterday", -1: "tomorrow"}.get(days)
    return f"{word} at {show_clock(at)}" if word else show_moment(at)


def span(length: timedelta | None) -> str:
    """How long, in words: ‘4 min’, ‘2 h 10 min’, ‘3 days 4 h’."""
    if length is None:
        return ""
    minutes = max(int(length.total_seconds() // 60), 0)
    hours, days = minutes // 60, minutes // 1440
    if minutes < 1:
        return "less than a minute"
    if minutes < 60:
        return f"{minutes} min"
    if hours < 48:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    return f"{days} days {hours % 24} h" if hours % 24 and days < 14 else f"{days} days"


def age(born_on: date | None, now: datetime) -> int | None:
    """The age in whole years on the day of `now`; None where no date of birth is known."""
    if born_on is None:
        return None
    on = local(now).date()
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def upper_first(text: str) -> str:
    """The text with its first letter in upper case and the rest left alone."""
    return text[:1].upper() + text[1:]


def marker(key: str) -> str:
    """A marker's words, such as ‘Child sexual exploitation’."""
    try:
        return label(Marker(key))
    except ValueError:
        return upper_first(key.replace("_", " "))


_STATES = {
    ClockState.OVERDUE: "overdue",
    ClockState.DUE_SOON: "soon",
    ClockState.PAUSED: "paused",
    ClockState.STOPPED: "done",
}


def clock_state(clock: ClockLine) -> str:
    """The style of a clock's state: overdue, soon, paused, done or running."""
    return _STATES.get(clock.state, "running")


def _or_blank(show: Any) -> Any:
    return lambda value: "" if value is None else show(value)


@lru_cache(maxsize=4096)
def _url(name: str, *args: Any) -> str:
    return reverse(name, args=args)
