"""Who calls: one role of one practitioner, for as long as the token is in force."""

from datetime import UTC, datetime

from kittiwake.api import tokens
from tests.api.programs import missing, problem


def test_without_a_token_in_force_nothing_is_read_or_kept(program):
    program.report()
    before = len(program.kept())
    owner, staff = program.owner, program.world.staff
    gone = "2020-01-01T00:00:00Z"
    bad = {
        "nobody’s": "kw_nobody",
        "expired": program.token("handler", expires_at=gone),
        "revoked": program.token("handler", revoked_at=gone),
        "of a role not held": program.token("handler", role="duty_inspector"),
        "of another agency": program.token("handler", agency_id=program.world.agencies["school"]),
        "of somebody who left": program.token("hub"),
    }
    owner.execute("UPDATE practitioner SET is_active = false WHERE id = %s", [staff["hub"]])
    for token in bad.values():
        program.tokens["bad"] = token
        answer = program.post("bad", "missing.reported", missing())
        problem(answer, 401, "no-token")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        problem(program.get("bad", "/missing"), 401, "no-token")
    problem(program.post("", "missing.reported", missing()), 401, "no-token")
    assert len(program.kept()) == before


def test_a_revocation_takes_effect_at_once(program):
    assert program.get("handler", "/kinds").status_code == 200
    program.owner.execute("UPDATE api_token SET revoked_at = now()")
    problem(program.get("handler", "/kinds"), 401, "no-token")


def test_a_token_acts_in_one_role_though_its_practitioner_holds_more(program):
    told = program.report()
    program.tokens["inspector on duty"] = program.token("second_inspector", "duty_inspector")
    program.tokens["in the control room"] = program.token("second_inspector")
    for by, role in (
        ("inspector on duty", "duty_inspector"),
        ("in the control room", "control_room_inspector"),
    ):
        caller = tokens.caller(program.tokens[by], datetime.now(UTC))
        assert caller.actor.roles == {role}
    program.owner.execute(
        "INSERT INTO role_held (practitioner_id, role, from_at) VALUES (%s, 'call_handler', now())",
        [program.world.staff["inspector"]],
    )
    program.tokens["as a call handler"] = program.token("inspector", "call_handler")
    body = {"about": {"person": told["child"]}, "entry": {"rationale": "Young, and cold."}}
    answer = program.post("as a call handler", "missing.reviewed", body)
    problem(answer, 403, "not-permitted")
    assert program.post("inspector", "missing.reviewed", body).status_code == 201


def test_only_the_hash_of_a_token_is_kept(program):
    token = program.token("handler")
    rows = program.world.rows("SELECT t::text FROM api_token t")
    assert all(token not in row and token.removeprefix("kw_") not in row for (row,) in rows)


def test_too_many_requests_are_told_when_to_go_on(program, monkeypatch):
    monkeypatch.setattr(tokens, "PER_MINUTE", 2)
    answers = [program.get("handler", "/kinds") for _ in range(5)]
    limited = [a for a in answers if a.status_code == 429]
    # Two may fall into the minute before, and two into the one after.
    assert limited
    problem(limited[0], 429, "too-many")
    assert 0 < int(limited[0].headers["Retry-After"]) <= 60
    assert program.get("sergeant", "/kinds").status_code == 200
