"""The engines that are used give the reference's answer, on every generated history."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb
from risk_given import EVERYTHING, NOW, children, facts

from kittiwake import risk

POLICIES = {"everything": risk.read(EVERYTHING), "missing-2026": risk.shipped("missing-2026")}
COMPILED = {name: risk.compile(policy) for name, policy in POLICIES.items()}
policies = st.sampled_from(sorted(POLICIES))


@settings(max_examples=400, deadline=None)
@given(policies, facts(), children)
def test_the_pass_over_facts_agrees_with_the_reference(name, history, child):
    slow = risk.judge_slowly(POLICIES[name], history, child, NOW)
    assert risk.judge(COMPILED[name], history, child, NOW) == slow


@settings(max_examples=150, deadline=None)
@given(policies, st.data(), facts(), children)
def test_the_order_of_the_facts_does_not_matter(name, data, history, child):
    shuffled = data.draw(st.permutations(history))
    assert COMPILED[name].judge(shuffled, child, NOW) == COMPILED[name].judge(history, child, NOW)


@settings(max_examples=150, deadline=None)
@given(policies, facts(), children)
def test_what_was_known_then_is_what_a_judge_of_that_time_saw(name, history, child):
    then = NOW - timedelta(days=1)
    seen_then = [f for f in history if f.recorded_at <= then]
    compiled = COMPILED[name]
    assert compiled.judge(history, child, then) == compiled.judge(seen_then, child, then)


@pytest.fixture
def journal(owner: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """A connection whose `journal_known` reads a table of our own."""
    owner.execute("DROP SCHEMA IF EXISTS risk_try CASCADE")
    owner.execute("CREATE SCHEMA risk_try")
    owner.execute("SET search_path = risk_try, public")
    owner.execute(
        """CREATE TABLE fact (entry_id bigint, person_id bigint, kind text,
           happened_at timestamptz, recorded_at timestamptz, role text, case_id bigint,
           codes jsonb)"""
    )
    owner.execute(
        """CREATE FUNCTION journal_known(people bigint[]) RETURNS SETOF fact
           LANGUAGE sql STABLE AS 'SELECT * FROM fact WHERE person_id = ANY (people)'"""
    )
    yield owner
    owner.execute("DROP SCHEMA risk_try CASCADE")


def write(journal: psycopg.Connection, person: int, history: list[risk.Fact]) -> None:
    """The facts of one person, as the journal's function will give them."""
    with journal.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO fact VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    f.entry_id,
                    person,
                    f.kind,
                    f.happened_at,
                    f.recorded_at,
                    f.role,
                    f.case_id,
                    Jsonb(dict(f.codes)),
                )
                for f in history
            ],
        )


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(policies, facts(), facts(max_size=4), children)
def test_the_query_agrees_with_the_reference(journal, name, history, of_a_sibling, child):
    with journal.transaction(force_rollback=True):
        write(journal, 1, history)
        write(journal, 2, of_a_sibling)
        row = journal.execute(COMPILED[name].sql, {"person": 1, "now": NOW}).fetchone()
    slow = risk.judge_slowly(POLICIES[name], history, child, NOW)
    assert COMPILED[name].judge_row(row, child, NOW) == slow


def test_the_query_does_not_hang_on_the_time_zone_of_the_session(journal):
    reported = NOW - timedelta(days=90) + timedelta(minutes=30)  # the clocks went back between
    history = [risk.Fact(1, "missing.reported", reported, reported, "child", 1, {})]
    write(journal, 1, history)
    compiled = COMPILED["everything"]
    answers = []
    for zone in ("UTC", "Europe/London", "Pacific/Auckland"):
        journal.execute(f"SET timezone = '{zone}'")
        row = journal.execute(compiled.sql, {"person": 1, "now": NOW}).fetchone()
        answers.append(compiled.judge_row(row, risk.Child(15), NOW))
    assert answers == [compiled.judge(history, risk.Child(15), NOW)] * 3
    assert answers[0].indicators["missing_90_days"] == 1


def test_no_more_than_25_entries_are_cited_and_the_count_is_true(journal):
    history = [
        risk.Fact(n, "missing.reported", NOW - timedelta(days=n), NOW, "child", n, {})
        for n in range(1, 61)
    ]
    write(journal, 1, history)
    compiled = COMPILED["missing-2026"]
    row = journal.execute(compiled.sql, {"person": 1, "now": NOW}).fetchone()
    assessment = compiled.judge_row(row, risk.Child(15), NOW)
    before = next(r for r in assessment.reasons if r.rule_id == "missing_before")
    assert assessment.indicators["missing_ever"] == 60
    assert before.entries == tuple(range(1, 26))
    assert assessment == compiled.judge(history, risk.Child(15), NOW)
