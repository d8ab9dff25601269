"""`policy check`: a policy that may not be used is refused, by line, with what to write instead."""

from pathlib import Path

import pytest
from risk_given import EVERYTHING, HEAD

from kittiwake import risk

GOOD = (
    HEAD
    + """
[[indicator]]
id = "missing_now"
sentence = "Missing now"
count = "open_cases"
opened_by = ["missing.reported"]
closed_by = ["missing.returned"]
window = "ever"
source = "[D]"

[[indicator]]
id = "reports"
sentence = "Reports"
count = "entries"
kinds = ["missing.reported"]
where = "self_harm"
window = "90 d"
source = "[D]"

[[indicator]]
id = "interviews"
sentence = "Interviews"
count = "entries"
kinds = ["missing.return_interview_held"]
window = "90 d"
shows = "response"
source = "[D]"

[[indicator]]
id = "seen"
sentence = "Seen"
count = "present"
kinds = ["missing.reported"]
window = "ever"
source = "[D]"

[[floor]]
id = "missing"
when = "missing_now > 0"
level = "high"
sentence = "Missing, {missing_now}."
until = "The child is found."
source = "[D]"

[[trigger]]
id = "three"
when = "reports >= 3"
effect = "strategy_meeting"
sentence = "Three."
until = "Fewer."
source = "[D]"

[[starting_grade]]
pathway = "missing"
grade = "high"
sentence = "High."
source = "[D]"
"""
)


def problems(old: str, new: str, **others) -> list[risk.Problem]:
    """What is wrong with the good policy once `old` reads `new`."""
    assert old in GOOD
    return risk.check(GOOD.replace(old, new, 1), **others)


def test_good_policies_have_no_problems():
    assert risk.check(GOOD) == []
    assert risk.check(EVERYTHING) == []
    for name in risk.shipped_ids():
        assert risk.shipped(name).id == name


def when(text: str) -> tuple[str, str]:
    return 'when = "missing_now > 0"', f'when = "{text}"'


def where(text: str) -> tuple[str, str]:
    return 'where = "self_harm"', f'where = "{text}"'


@pytest.mark.parametrize(
    ("change", "row", "message", "instead"),
    [
        # Expressions
        (when("mising_now > 0"), "floor missing", "no indicator", "missing_now"),
        (when("missing_now > 1.5"), "floor missing", "whole number", "such as 3"),
        (when("missing_now > 'many'"), "floor missing", "whole number", "such as 3"),
        (when("missing_now * 2 > 0"), "floor missing", "not a number", "+ and -"),
        (when("sqrt(missing_now) > 0"), "floor missing", "not a number", "coalesce"),
        (when("missing_now > (select 1)"), "floor missing", "not a number", "whole numbers"),
        (when("select 1"), "floor missing", "not a condition", "comparisons"),
        (when("missing_now > 0; drop table entry"), "floor missing", "cannot be read", "one"),
        (when("missing_now >"), "floor missing", "cannot be read", "missing_now > 0"),
        (when("missing_now between 1 and 2"), "floor missing", "not a condition", "and, or, not"),
        (when("missing_now"), "floor missing", "not yes or no", "missing_now > 0"),
        (when("age"), "floor missing", "not yes or no", "age > 0"),
        (when("missing_now = true"), "floor missing", "not yes or no", "missing_now > 0"),
        (when("seen > 0"), "floor missing", "yes or no", "seen = true"),
        (when("seen > true"), "floor missing", "orders yes and no", "= true"),
        (when("missing_now = 2"), "floor missing", "more or less", ">="),
        (when("missing_now > missing.now"), "floor missing", "not a name", "plain name"),
        (when("Missing_Now > 0"), "floor missing", "not a name", "small letters"),
        (when("coalesce(missing_now, 1) > 0"), "floor missing", "only age", "coalesce(age, 0)"),
        (when("coalesce(age, 1, 2) < 3"), "floor missing", "only age", "coalesce(age, 0)"),
        (when("true"), "floor missing", "not a condition", "missing_now > 0"),
        # Codes
        (where("self_harm = 'not_known'"), "indicator reports", "always said apart", "answer"),
        (where("self_harm = 'it''s'"), "indicator reports", "not a code", "letters"),
        (where("upper(how) = 'x'"), "indicator reports", "not a name", "plain name"),
        (where("how like 'x'"), "indicator reports", "not a condition over codes", "in ("),
        (where("how = 1.5"), "indicator reports", "whole number", "such as 3"),
        (where("people > few"), "indicator reports", "whole number", "such as 3"),
        # Rows
        (('kinds = ["missing.reported"]\nwhere', "where"), "indicator reports", "kinds", "kinds"),
        (('"90 d"', '"3 weeks"'), "indicator reports", "no window", "12 months"),
        (('"90 d"', '"1300 months"'), "indicator reports", "no window", "12 months"),
        (('"90 d"', "90"), "indicator reports", "window is not", "12 months"),
        (("[D]", ""), "indicator missing_now", "source is not", "strength"),
        (('count = "entries"', 'count = "entrys"'), "indicator reports", "no count", "entries"),
        (('id = "reports"', 'id = "Reports!"'), "indicator Reports!", "no name", "letters"),
        (('id = "reports"', 'id = "age"'), "indicator age", "no name", "taken"),
        (('id = "reports"', 'id = "missing_now"'), "indicator missing_now", "twice", "own id"),
        (('id = "three"', 'id = "missing"'), "trigger missing", "twice", "own id"),
        (('where = "self', 'role = "kid"\nwhere = "self'), "indicator reports", "no role", "child"),
        (('where = "self', 'hue = 1\nwhere = "self'), "indicator reports", "no key", "where"),
        (('"missing.returned"', '"missing.reported"'), "indicator missing_now", "both", "one of"),
        (('"missing.returned"', '"returned"'), "indicator missing_now", "no kind", "pathway."),
        (('closed_by = ["missing.returned"]\n', ""), "indicator missing_now", "closed_by", "needs"),
        (("closed_by", "kinds"), "indicator missing_now", "does not go with", "opened_by"),
        (('"open_cases"', '"standing"'), "indicator missing_now", "matched_on", "needs"),
        (('"response"', '"answer"'), "indicator interviews", "no shows", "concern"),
        (('pathway = "missing"\n', ""), "starting_grade 1", "pathway is not", "small letters"),
        (
            ('closed_by = ["missing.returned"]', 'closed_by = ["a.b"]\nmatched_on = ["a b"]'),
            "indicator missing_now",
            "no code",
            "name of a code",
        ),
        (('level = "high"', 'level = "not_enough_known"'), "floor missing", "no level", "low"),
        (('level = "high"', 'level = "high"\nholds = "all"'), "floor missing", "no holds", "grade"),
        (('effect = "strategy_meeting"', 'effect = "strategy"'), "trigger three", "no effect", "s"),
        (("{missing_now}", "{missing}"), "floor missing", "no indicator", "missing_now"),
        (("{missing_now}", "{missing_now:>9}"), "floor missing", "no indicator", "missing_now"),
        (("{missing_now}", "{"), "floor missing", "brace", "{indicator}"),
        (("until = ", "in_force = { from = 1 }\nuntil = "), "floor missing", "in_force", "from"),
        (
            ("until = ", "in_force = { from = 2026-02-01, until = 2026-01-01 }\nuntil = "),
            "floor missing",
            "in_force",
            "in order",
        ),
        (('grade = "high"', 'grade = "very_high"'), "starting_grade missing", "no grade", "high"),
        (('nation = "ENG"', 'nation = "SCO"'), "policy try", "no nation", "ENG"),
        (("in_force_from = 2026-01-01", ""), "policy try", "in_force_from", "date"),
        (('author = "The tests"', 'author = " "'), "policy try", "author", "answers"),
        (("[[trigger]]", "[[triger]]"), "file", "no table", "trigger"),
        (("[[trigger]]", "[trigger]"), "file", "not headed", "[[trigger]]"),
        (("[policy]", "[[policy]]"), "file", "not headed", "head it [policy]"),
        (("[policy]", "[policies]"), "file", "no [policy]", "[policy]"),
    ],
)
def test_what_is_wrong_is_refused_with_what_to_write_instead(change, row, message, instead):
    found = problems(*change)
    assert any(p.row == row and message in p.message and instead in p.instead for p in found), found


def test_linked_children_are_refused_clearly():
    """Raising through links goes one hop and is confirmed by a person: never by a policy."""
    (found,) = problems('where = "self', 'relationship = "siblings"\nwhere = "self')
    assert "only the child's own entries" in found.message
    assert 'write "self"' in found.instead


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('id = "reports"', 'id = "reports_by_ethnicity"', "ethnicity"),
        (*where("religion = 'any'"), "religion"),
        (*where("sex = 'female'"), "sex"),
        (*where("seen_as = 'male'"), "sex"),
        (*where("nationality <> 'GB'"), "nationality"),
        (*where("demeanour = 'calm'"), "demeanour"),
        (*when("missing_now > 0 and maturity < 3"), "maturity"),
        ('"missing.return_interview_held"', '"person.gender_recorded"', "sex"),
    ],
)
def test_what_a_child_is_or_how_they_seem_is_never_weighed(old, new, what):
    assert any(f"{what} is never weighed" in p.message for p in problems(old, new))


@pytest.mark.parametrize("code", ["faith_linked_abuse", "exploitation_sexual"])
def test_names_of_harm_are_not_mistaken_for_what_a_child_is(code):
    assert problems(*where(code)) == []


@pytest.mark.parametrize(
    "condition",
    [
        "missing_now > 0 and reports < 5",
        "missing_now > 0 and not reports >= 5",
        "missing_now - reports > 0",
        "missing_now > reports",
        "missing_now > 0 and reports = 0",
        "missing_now > 0 and not seen",
        "missing_now > 0 and seen = false",
    ],
)
def test_frequency_never_lowers(condition):
    """Trap 5: no condition may end because there is more to be concerned about."""
    (found,) = problems(*when(condition))
    assert "frequency never lowers" in found.message
    assert 'shows = "response"' in found.instead


@pytest.mark.parametrize("condition", ["age > 15", "age >= 16", "not age < 16", "17 < age"])
def test_age_never_lowers(condition):
    (found,) = problems(*when(f"missing_now > 0 and {condition}"))
    assert "being older may not raise" in found.message


def test_a_response_raises_only_by_its_absence():
    assert problems(*when("missing_now > 0 and interviews = 0")) == []
    (found,) = problems(*when("missing_now > 0 and interviews > 2"))
    assert "having it may not raise" in found.message


@pytest.mark.parametrize(
    "condition", ["interviews = 0", "age < 11", "missing_now >= 0", "missing_now > 0 or age < 5"]
)
def test_nothing_rests_on_nothing(condition):
    (found,) = problems(*when(condition))
    assert "nothing at all is recorded" in found.message


def test_problems_name_file_line_and_row(tmp_path: Path):
    file = tmp_path / "ours.toml"
    text = GOOD.replace("reports >= 3", "reprots >= 3")
    file.write_text(text, encoding="utf-8")
    (found,) = risk.check(file)
    assert found.file == str(file)
    assert found.line == 1 + text.splitlines().index('when = "reprots >= 3"')
    assert str(found) == (
        f"{file}:{found.line}: trigger three: reprots is no indicator of this policy; write reports"
    )


def test_a_key_that_is_not_there_is_found_at_the_heading_of_its_row():
    (found,) = problems('window = "90 d"\nsource = "[D]"\n\n[[indicator]]', "[[indicator]]")[:1]
    line = GOOD.splitlines()[(found.line or 0) - 1]
    assert line == "[[indicator]]"
    assert GOOD.splitlines()[found.line or 0] == 'id = "reports"'


def test_what_is_not_toml_is_found_by_line():
    (found, *_) = problems('window = "ever"', "window = ever")
    assert found.line
    assert "not TOML" in found.message


def test_kinds_that_do_not_exist_are_refused_where_all_kinds_are_given():
    kinds = {"missing.reported", "missing.returned", "missing.return_interview_held"}
    assert problems("[D]", "[D]", kinds=kinds) == []
    found = problems('["missing.returned"]', '["missing.retuned"]', kinds=kinds)
    assert ["write missing.returned" in p.instead for p in found] == [True]


def test_a_policy_with_problems_cannot_be_read():
    with pytest.raises(risk.PolicyError) as refused:
        risk.read(GOOD.replace("missing_now > 0", "missing_now >"))
    assert [p.row for p in refused.value.problems] == ["floor missing"]
