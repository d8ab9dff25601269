"""Tokens are made, listed and revoked by whoever administers the installation."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection, connections
from django.db.utils import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from typer.testing import CliRunner

from kittiwake.cli import token


@pytest.fixture
def as_owner(server):
    """This process speaks as the database's owner, as `./kittiwake token` does."""
    kept = dict(connection.settings_dict)
    parts = conninfo_to_dict(server.url())
    connections.close_all()
    connection.settings_dict.update(USER=parts["user"], PASSWORD=parts["password"])
    yield
    connections.close_all()
    connection.settings_dict.update(USER=kept["USER"], PASSWORD=kept["PASSWORD"])


def run(*arguments):
    return CliRunner().invoke(token.app, list(arguments))


def made(*arguments):
    answer = run("create", *arguments, "--json")
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def test_a_token_is_made_works_and_is_revoked_at_once(program, as_owner):
    one = made("Ama Boateng", "--role", "call_handler", "--name", "Command and control")
    assert one["token"].startswith("kw_")
    program.tokens["new"] = one["token"]
    assert program.get("new", "/kinds").status_code == 200
    listed = json.loads(run("list", "--json").stdout)
    assert [(t["id"], t["state"], t["name"]) for t in listed] == [
        (one["id"], "in force", "Command and control")
    ]
    assert one["token"] not in json.dumps(listed) + run("list").stdout
    assert run("revoke", str(one["id"])).exit_code == 0
    assert program.get("new", "/kinds").status_code == 401
    assert run("revoke", str(one["id"])).exit_code == 1
    assert json.loads(run("list", "--json").stdout)[0]["state"] == "revoked"


def test_a_token_expires(program, as_owner):
    one = made("Ama Boateng", "--role", "call_handler", "--days", "1")
    left = datetime.fromisoformat(one["expires_at"]) - datetime.now(UTC)
    assert 0 < left.total_seconds() <= 86400


def test_the_token_alone_is_on_stdout(program, as_owner):
    answer = run("create", "Rhys Morgan", "--role", "response_sergeant")
    assert answer.stdout.strip().startswith("kw_")
    assert len(answer.stdout.split()) == 1
    assert "not shown again" in answer.stderr


@pytest.mark.parametrize(
    ("who", "role", "said"),
    [
        ("Ama Boateng", "duty_inspector", "does not hold"),
        ("Ama Boateng", "queen", "There is no role queen"),
        ("Nobody Here", "call_handler", "Nobody is meant"),
    ],
)
def test_a_token_is_for_a_role_somebody_holds(program, as_owner, who, role, said):
    answer = run("create", who, "--role", role)
    assert answer.exit_code == 1
    assert said in answer.stderr
    assert program.world.rows("SELECT id FROM api_token") == []


def test_the_web_may_not_make_a_token(program):
    now = datetime.now(UTC)
    with pytest.raises(ProgrammingError, match="permission denied"):
        token.make("Ama Boateng", "call_handler", "", now, now)
