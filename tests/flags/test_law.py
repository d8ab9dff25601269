"""Rulebook 9: the law of England and of Wales as dated rows; what has not begun binds nobody."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from kittiwake.cli.main import app
from kittiwake.kernel.law import laws, pack
from kittiwake.kernel.rulebook import load

TODAY = date(2026, 11, 22)


def test_each_row_says_what_it_changes_and_where_it_is_from():
    assert all(law.changes.endswith(".") and law.source and law.nations for law in laws())
    assert len({law.key for law in laws()}) == len(laws()) >= 14


def test_england_and_wales_work_under_different_packs():
    england, wales = ({law.key for law, _ in pack(n, TODAY)} for n in ("ENG", "WLS"))
    assert "working_together_2023" in england - wales
    assert "wales_2014" in wales - england
    assert "operation_encompass" in england & wales


@pytest.mark.parametrize(
    ("day", "state"), [(date(2025, 11, 6), "not yet"), (date(2025, 11, 7), "in force")]
)
def test_a_row_begins_on_its_day(day, state):
    (law,) = [law for law in laws() if law.key == "operation_encompass"]
    assert law.state(day) == state


def test_what_is_not_known_to_be_in_force_starts_no_clock():
    book = load()
    for law in laws():
        for clock in law.clocks:
            binds = law.state(TODAY) == "in force"
            assert book.clocks[clock].in_force_on(TODAY) == binds
            assert book.clocks[clock].nations <= law.nations


def test_the_command_lists_a_nations_law(server):
    run = CliRunner().invoke(app, ["rulebook", "law", "--nation", "WLS", "--json"])
    assert run.exit_code == 0, run.output
    assert {"wales_2014"} <= {row["key"] for row in json.loads(run.stdout)}
    assert CliRunner().invoke(app, ["rulebook", "law", "--nation", "SCO"]).exit_code == 2
