"""E4: whatever is sent, the answer is one the document foresees, and never a 500.

Every operation, with data that fits the document, data that does not, and bodies that are
barely bodies at all; the same every time.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from kittiwake.api import tokens
from kittiwake.api.kinds import kinds
from kittiwake.config.wsgi import application

CALM = settings(
    database=None,
    deadline=None,
    max_examples=6,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CONFIG = SchemathesisConfig(
    projects=ProjectsConfig(default=ProjectConfig(generation=GenerationConfig(allow_x00=False)))
)
# Which answers may be corrected depends on the entry, which no schema of the operation can say.
FITS_ONLY_SOME = {"POST /api/v1/entries/journal.corrected": [positive_data_acceptance]}
NAMES = ("about", "person", "source", "ref", "entry", "concern", "not_known", "happened_at")

# Of what fits the schema, one thing is turned away for its time: what has not happened yet.
schemathesis.openapi.format(
    "date-time",
    st.integers(0, 1_760_000_000).map(lambda at: datetime.fromtimestamp(at, UTC).isoformat()),
)
schemathesis.openapi.format(
    "date", st.dates(date(1950, 1, 1), date(2026, 1, 1)).map(date.isoformat)
)


@pytest.fixture
def operations(program, client, monkeypatch):
    """Every operation of the document, answered in this process to an officer who may much."""
    monkeypatch.setattr(tokens, "PER_MINUTE", 10**9)
    document = client.get("/api/v1/openapi.json").json()
    # ‘More than blanks’ makes texts ten times as dear to invent; `is_blank` stands in for it.
    schema = schemathesis.openapi.from_dict(without(document, r"\S"), config=CONFIG)
    schema.app = application
    found = [operation.ok() for operation in schema.get_all_operations()]
    assert len(found) == len(kinds()) + 5
    return found, program.report(), program.headers("superintendent")


def without(value: Any, pattern: str) -> Any:
    """The document without one pattern."""
    if isinstance(value, list):
        return [without(one, pattern) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: without(one, pattern)
        for name, one in value.items()
        if not (name == "pattern" and one == pattern)
    }


def is_blank(value: Any) -> bool:
    """Whether any text in it is nothing but blanks."""
    if isinstance(value, dict):
        return any(is_blank(one) for one in value.values())
    if isinstance(value, list):
        return any(is_blank(one) for one in value)
    return isinstance(value, str) and not value.strip()


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_operation_answers_as_the_document_says(operations, mode):
    found, told, headers = operations

    def answer(operation):
        @seed(2026)
        @CALM
        @given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
        def send(case, is_known):
            if mode is GenerationMode.POSITIVE:
                assume(not is_blank(case.body))
                if is_known and operation.method == "post":
                    case.body["about"] = {"person": told["child"]}
                    case.body.pop("case", None)
            excluded = FITS_ONLY_SOME.get(operation.label)
            case.call_and_validate(headers=headers, excluded_checks=excluded)

        send()

    for operation in found:
        answer(operation)


def test_no_bytes_at_all_are_a_500(operations, program):
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES) | st.text(), inner),
    )

    @seed(2026)
    @settings(CALM, max_examples=150)
    @given(body=st.binary(max_size=200) | values.map(json.dumps).map(str.encode))
    def send(body):
        answer = program.post("handler", "missing.reported", body)
        assert answer.status_code in (400, 415, 422), answer.content
        assert answer.headers["Content-Type"] == "application/problem+json"

    send()
    states = {state for state, _, _, _ in program.kept()}
    assert states == {"recorded", "quarantined"}
