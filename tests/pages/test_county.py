"""The invented county: a whole one, lived through record(), dignified, and safe to show."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import psycopg
import pytest
from django.conf import settings

from kittiwake.access.roles import ROLES
from kittiwake.cli.county.children import imagine
from kittiwake.cli.county.scenes import cast_of
from kittiwake.config.database import Cluster
from kittiwake.config.installing import environment_for
from kittiwake.kernel import language
from kittiwake.pages import training
from kittiwake.people.identifiers import checked

NOT_HERE = {"competent_authority", "partner_feed"}
"""Roles of other places: a national body, another agency's computer."""


@pytest.fixture(scope="module")
def county_made(server: Cluster, superuser: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """One county for all of these tests, made as the installer makes it."""
    tables = superuser.execute(
        "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' "
        "AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')"
    ).fetchall()
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(f"TRUNCATE {', '.join(t for (t,) in tables)} RESTART IDENTITY CASCADE")
    superuser.execute("SET session_replication_role = origin")
    home = settings.ENVIRONMENT.home
    subprocess.run(
        [sys.executable, "-m", "kittiwake.config.installing", "demo"],
        env=environment_for("owner", home, server.url()) | {"KITTIWAKE_DEMO_SCALE": "0.0025"},
        check=True,
    )
    with psycopg.connect(server.url(), autocommit=True) as link:
        yield link
    (home / training.NOTE).unlink()


def rows(link: psycopg.Connection, sql: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
    return link.execute(sql, list(values)).fetchall()


def test_the_county_is_whole(county_made: psycopg.Connection) -> None:
    ((children, missing, back, closed, restricted),) = rows(
        county_made,
        "SELECT (SELECT count(*) FROM pointer WHERE born_on > now() - interval '18 years'), "
        "count(*) FILTER (WHERE is_active), "
        "count(*) FILTER (WHERE NOT is_active AND closed_at IS NULL), "
        "count(*) FILTER (WHERE closed_at > now() - interval '24 hours'), "
        "(SELECT count(*) FROM pointer WHERE is_restricted) "
        "FROM case_file WHERE pathway = 'missing'",
    )
    assert (children, missing, back, closed, restricted) == (380, 13, 6, 2, 2)
    held = {role for (role,) in rows(county_made, "SELECT DISTINCT role FROM role_held")}
    assert held == set(ROLES) - NOT_HERE


def test_the_parts_can_be_given_on_any_day() -> None:
    for seed, days in ((1, 0), (1, 90), (1, 400), (2, 0), (3, 200), (4, 700)):
        random = Random(seed)
        now = datetime(2026, 11, 22, 10, tzinfo=UTC) + timedelta(days=days)
        children = imagine(300, random, now)
        cast = cast_of(children, random, now)
        assert len({child.number for child in cast.values()}) == len(cast) == 21
        assert cast["elder"].family == cast["younger"].family


def test_families_are_around_the_scenes_and_the_walls_stand_again(
    county_made: psycopg.Connection,
) -> None:
    ((parents, siblings, past),) = rows(
        county_made,
        "SELECT (SELECT count(*) FROM relationship WHERE kind = 'parent'), "
        "(SELECT count(*) FROM relationship WHERE kind = 'sibling'), "
        "(SELECT count(*) FROM case_file WHERE opened_at < now() - interval '1 year')",
    )
    assert parents > 80
    assert siblings > 40
    assert past > 2
    open_to_the_owner = rows(
        county_made,
        "SELECT relname FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity",
    )
    assert open_to_the_owner == []


def test_every_stage_of_being_missing_is_there(county_made: psycopg.Connection) -> None:
    stages = {s for (s,) in rows(county_made, "SELECT DISTINCT stage FROM case_file")}
    assert stages >= {"reported", "confirmed", "active", "located", "returned", "offered", "closed"}
    ((lowered, late, soon),) = rows(
        county_made,
        "SELECT (SELECT count(*) FROM case_file WHERE is_active AND grade = 'medium'), "
        "count(*) FILTER (WHERE due_at < now()), count(*) FILTER (WHERE due_at > now()) "
        "FROM clock WHERE stopped_at IS NULL",
    )
    assert lowered == 1
    assert 5 < late < 25
    assert soon > 20


def test_nothing_is_left_running_from_long_ago(county_made: psycopg.Connection) -> None:
    old = rows(
        county_made,
        "SELECT rule, due_at FROM clock WHERE stopped_at IS NULL "
        "AND due_at < now() - interval '2 days'",
    )
    assert old == []


def test_somebody_answers_at_any_hour_from_last_month_to_two_years_ahead(
    county_made: psycopg.Connection,
) -> None:
    now = datetime.now(UTC)
    for days in (-30, 0, 364, 728):
        for hour in (0, 3, 7, 12, 19, 23):
            at = (now + timedelta(days=days)).replace(hour=hour)
            on = rows(
                county_made, "SELECT role FROM duty WHERE from_at <= %s AND until > %s", at, at
            )
            assert len({role for (role,) in on}) == len(on) == 12, at


def test_whoever_signs_in_as_the_inspector_is_on_duty_now(county_made: psycopg.Connection) -> None:
    on = dict(
        rows(
            county_made,
            "SELECT d.role, u.email FROM duty d JOIN practitioner p ON p.id = d.practitioner_id "
            "LEFT JOIN auth_user u ON u.id = p.user_id "
            "WHERE d.from_at <= now() AND d.until > now()",
        )
    )
    assert on["duty_inspector"] == "inspector@saltmarsh.example"
    assert on["response_sergeant"] == "sergeant@saltmarsh.example"


def test_identifiers_are_valid_and_lie_in_reserved_ranges(county_made: psycopg.Connection) -> None:
    found = rows(county_made, "SELECT scheme, value FROM identifier")
    assert len(found) == len(set(found)) > 600
    for scheme, value in found:
        assert checked(scheme, value).is_valid, (scheme, value)
        assert value.startswith("999") or value[1:4] == "999"
    phones = rows(county_made, "SELECT phone FROM practitioner WHERE NOT is_system")
    assert all(phone.startswith("07700 900") for (phone,) in phones)
    postcodes = rows(county_made, "SELECT DISTINCT postcode FROM address")
    assert all(postcode.startswith("ZZ") for (postcode,) in postcodes)


def test_nothing_written_about_a_child_blames_them(county_made: psycopg.Connection) -> None:
    written = [
        answer
        for (answers,) in rows(county_made, "SELECT answers FROM detail")
        for answer in answers.values()
        if isinstance(answer, str)
    ]
    assert len(written) > 1000
    warned = {w.text: text for text in set(written) for w in language.warnings(text)}
    assert warned == {}


def test_every_invented_person_signs_in_with_password_and_code(
    county_made: psycopg.Connection,
) -> None:
    people = json.loads((settings.ENVIRONMENT.home / training.NOTE).read_text())
    assert len(people) >= 12
    emails = {e for (e,) in rows(county_made, "SELECT email FROM auth_user")}
    assert {p["email"] for p in people} == emails
    assert len(training.PASSWORD) >= 13
    assert all(len(code) == 6 for p in people for code in training.codes_for(p["email"]))
    assert training.codes_for("somebody@else.example") == []
