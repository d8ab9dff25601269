"""What conditions mean: yes, no, or not known, by the engine that is used and the reference."""

from math import inf

import pytest

from kittiwake.risk.closure import _holds as compile_when
from kittiwake.risk.codes import compile_where, parse_where
from kittiwake.risk.expressions import parse_when
from kittiwake.risk.facts import Child
from kittiwake.risk.reference import holds, so
from kittiwake.risk.shipped import shipped
from kittiwake.risk.sql import _text as literal

FIVE = {"a": 5, "b": 0, "yes": 1, "no": 0}
NAMES = {"a": False, "b": False, "yes": True, "no": True}


@pytest.mark.parametrize(
    ("text", "age", "answer"),
    [
        ("a > 4", 10, True),
        ("4 < a and (a) + b - 1 >= (4)", 10, True),
        ("a > 5 or b <> 0", 10, False),
        ("not (a > 5 or b <> 0)", 10, True),
        ("not (a > 4 and b = 0)", 10, False),
        ("0 = b", 10, True),
        ("yes and not no", 10, True),
        ("yes = true and no = false and yes <> false", 10, True),
        ("true = no", 10, False),
        ("not yes = true", 10, False),
        ("a - -1 > 5", 10, True),
        ("age < 11", 10.99, True),
        ("age < 11", 11, False),
        ("age < 11", None, None),
        ("coalesce(age, 3) < 11", None, True),
        ("coalesce(age, 3) < 11", 12, False),
        ("age - a < 10", None, None),
        ("age - a < 10", 14, True),
        ("a > 4 or age < 11", None, True),
        ("a > 5 and age < 11", None, False),
        ("a > 4 and age < 11", None, None),
        ("not (age >= 11 or b > 0)", None, None),
    ],
)
def test_a_condition_over_indicators(text, age, answer):
    condition = parse_when(text, NAMES)
    assert holds(condition, FIVE, Child(age)) is answer
    used = compile_when(condition)
    if age is not None:
        assert used(FIVE, age, age) is answer
    else:
        seen = used(FIVE, inf, None), used(FIVE, -inf, None)
        assert seen == {True: (True, True), False: (False, False), None: (False, True)}[answer]


@pytest.mark.parametrize(
    ("text", "codes", "answer"),
    [
        ("x", {"x": True}, True),
        ("x", {"x": False}, False),
        ("not x", {"x": False}, True),
        ("x", {}, None),
        ("x", {"x": None}, None),
        ("x", {"x": []}, None),
        ("x", {"x": "not_known"}, None),
        ("not x", {"x": "not_known"}, None),
        ("x", {"x": 1}, False),
        ("x", {"x": "true"}, False),
        ("x", {"x": [True]}, True),
        ("x = 1", {"x": True}, False),
        ("x = 1", {"x": 1.0}, True),
        ("x = 'a'", {"x": "a"}, True),
        ("'a' = x", {"x": "b"}, False),
        ("x <> 'a'", {"x": "b"}, True),
        ("x <> 'a'", {"x": ["a", "b"]}, False),
        ("x = 'a'", {"x": ["b", "a"]}, True),
        ("x = 'a'", {"x": ["a", "not_known"]}, True),
        ("x = 'a'", {"x": ["b", "not_known"]}, None),
        ("x = 'a'", {"x": {"a": 1}}, False),
        ("x in ('a', 'b')", {"x": "b"}, True),
        ("not x in ('a', 'b')", {"x": "b"}, False),
        ("x not in ('a', 'b')", {"x": "c"}, True),
        ("x > 2", {"x": 3}, True),
        ("2 >= x", {"x": 3}, False),
        ("not x <= 2", {"x": 3}, True),
        ("x >= 3 and x <= 3 and not x < 3", {"x": 3}, True),
        ("x > 2", {"x": True}, None),
        ("x > 2", {"x": "3"}, None),
        ("x or y", {"x": "not_known", "y": True}, True),
        ("x and y", {"x": "not_known", "y": False}, False),
        ("x and y", {"x": "not_known", "y": True}, None),
        ("not (x or y)", {"x": False, "y": False}, True),
    ],
)
def test_a_condition_over_codes(text, codes, answer):
    where = parse_where(text)
    assert compile_where(where)(codes) is answer
    assert so(where, codes) is answer


def test_a_statement_takes_no_text_that_could_end_it():
    assert literal("missing.reported") == "'missing.reported'"
    for text in ("it's", "100%", "\\"):
        with pytest.raises(ValueError, match="cannot stand in a statement"):
            literal(text)


def test_an_indicator_is_found_by_its_id():
    policy = shipped("missing-2026")
    assert policy.indicator("missing_now").count == "open_cases"
    with pytest.raises(KeyError):
        policy.indicator("missing_then")
