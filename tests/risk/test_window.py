"""A window ends at the instant and begins, without it, so many hours or months before."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kittiwake.risk.policy import InForce, Window

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("window", "now", "since"),
    [
        ("36 h", datetime(2026, 11, 22, 12, tzinfo=UTC), datetime(2026, 11, 21, 0, tzinfo=UTC)),
        ("90 d", datetime(2026, 11, 22, 12, tzinfo=UTC), datetime(2026, 8, 24, 12, tzinfo=UTC)),
        ("1 month", datetime(2026, 3, 31, 9, tzinfo=UTC), datetime(2026, 2, 28, 9, tzinfo=UTC)),
        ("12 months", datetime(2024, 2, 29, 9, tzinfo=UTC), datetime(2023, 2, 28, 9, tzinfo=UTC)),
        ("12 months", datetime(2026, 1, 1, 0, tzinfo=UTC), datetime(2025, 1, 1, 0, tzinfo=UTC)),
        # Months are counted in UTC: half past midnight on 1 June in London is still May.
        (
            "3 months",
            datetime(2026, 6, 1, 0, 30, tzinfo=LONDON),
            datetime(2026, 2, 28, 23, 30, tzinfo=UTC),
        ),
        # Days are 24 hours, also over the Sunday on which the clocks go back.
        (
            "1 d",
            datetime(2026, 10, 25, 12, tzinfo=LONDON),
            datetime(2026, 10, 24, 13, tzinfo=LONDON),
        ),
    ],
)
def test_a_window_begins(window, now, since):
    assert Window.of(window).since(now.astimezone(UTC)) == since


def test_ever_has_no_beginning():
    assert Window.of("ever").since(datetime(2026, 11, 22, tzinfo=UTC)) is None


@pytest.mark.parametrize("text", ["", "90", "0 d", "-1 d", "1.5 d", "3 weeks", "1201 months", "d"])
def test_what_is_no_window(text):
    with pytest.raises(ValueError, match="no window"):
        Window.of(text)


def test_a_row_is_in_force_from_its_first_instant_until_before_its_last():
    start, end = datetime(2026, 6, 1, tzinfo=LONDON), datetime(2026, 12, 1, tzinfo=LONDON)
    row = InForce(start, end)
    moment = timedelta(microseconds=1)
    assert [row.at(t) for t in (start - moment, start, end - moment, end)] == [
        False,
        True,
        True,
        False,
    ]
    assert InForce().at(start)
