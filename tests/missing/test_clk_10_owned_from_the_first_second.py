"""CLK-10: a named owner is written with the report itself; nothing is ever unowned (GUARANTEE)."""

from datetime import UTC, datetime, timedelta

from tests.missing.conftest import Episode
from tests.worlds import NOW


def test_the_duty_inspector_owns_it_and_the_clock_is_met_at_once(missing: Episode) -> None:
    assert missing.case("owner_id") == missing.w.staff["inspector"]
    assert missing.clocks("CLK-10") == [(NOW, None, NOW)]


def test_whoever_is_on_duty_comes_before_whoever_merely_holds_the_role(episode: Episode) -> None:
    staff = episode.w.staff
    episode.w.owner.execute(
        "INSERT INTO duty (role, practitioner_id, from_at, until) VALUES (%s, %s, %s, %s)",
        ["duty_inspector", staff["second_inspector"], NOW - timedelta(hours=1),
         NOW + timedelta(hours=7)],
    )  # fmt: skip
    assert episode.report().owner_id == staff["second_inspector"]


def test_a_deputy_answers_for_somebody_away(episode: Episode) -> None:
    staff = episode.w.staff
    episode.w.owner.execute(
        "INSERT INTO deputy (practitioner_id, deputy_id, from_at, until) VALUES (%s, %s, %s, %s)",
        [staff["inspector"], staff["detective"], NOW - timedelta(days=1), NOW + timedelta(days=1)],
    )
    assert episode.report().owner_id == staff["detective"]


def test_without_a_duty_inspector_the_force_duty_officer_owns_it(episode: Episode) -> None:
    episode.w.owner.execute(
        "UPDATE role_held SET until = %s WHERE role = 'duty_inspector'",
        [datetime(2021, 1, 1, tzinfo=UTC)],
    )
    assert episode.report().owner_id == episode.w.staff["superintendent"]


def test_without_any_rota_the_highest_in_rank_owns_it_and_the_report_is_never_refused(
    episode: Episode,
) -> None:
    episode.w.owner.execute("UPDATE role_held SET until = %s", [datetime(2021, 1, 1, tzinfo=UTC)])
    episode.w.owner.execute(
        "INSERT INTO role_held (practitioner_id, role, from_at) VALUES (%s, 'call_handler', %s)",
        [episode.w.staff["handler"], datetime(2020, 1, 1, tzinfo=UTC)],
    )
    assert episode.report().owner_id == episode.w.staff["superintendent"]
