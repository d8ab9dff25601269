"""./kittiwake rulebook: a value of the force's own, by two people, never looser than the law."""

from datetime import UTC, datetime

import psycopg
import pytest
from typer.testing import CliRunner

from kittiwake.cli.rulebook import app
from tests.worlds import World

WORDS = ["--from", "2027-01-01", "--reason", "Agreed by the board."]


@pytest.fixture
def w(world: None, owner: psycopg.Connection) -> World:
    w = World(owner)
    for who in ("inspector", "superintendent"):
        owner.execute(
            "INSERT INTO role_held (practitioner_id, role, from_at)"
            " VALUES (%s, 'rulebook_editor', %s)",
            [w.staff[who], datetime(2020, 1, 1, tzinfo=UTC)],
        )
    return w


def test_two_people_adopt_a_value_and_it_is_listed(w: World) -> None:
    people = ["--by", "Joan Obi", "--approved-by", "Bea Lund"]
    done = CliRunner().invoke(app, ["adopt", "CLK-11.high", "10 min", *WORDS, *people])
    assert done.exit_code == 0, done.output
    listed = CliRunner().invoke(app, ["list"])
    assert "CLK-11.high = 10 min from 01/01/2027 (Joan Obi, approved by Bea Lund)" in listed.output


@pytest.mark.parametrize(
    ("key", "value", "people", "said"),
    [
        ("CLK-11.high", "10 min", ("Joan Obi", "Joan Obi"), "Somebody else has to approve"),
        ("CLK-19.any", "96 h", ("Joan Obi", "Bea Lund"), "CLK-19"),
        ("CLK-11.high", "10 min", ("Joan Obi", "Ravi Patel"), "role does not include this"),
    ],
)
def test_one_person_a_looser_law_or_no_role_is_refused_and_nothing_is_written(
    w: World, key: str, value: str, people: tuple[str, str], said: str
) -> None:
    who = ["--by", people[0], "--approved-by", people[1]]
    done = CliRunner().invoke(app, ["adopt", key, value, *WORDS, *who])
    assert done.exit_code == 1
    assert said in done.output
    assert w.rows("SELECT count(*) FROM rulebook_row") == [(0,)]
