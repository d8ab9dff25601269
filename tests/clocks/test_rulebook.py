"""All 76 rows load, a bad row is named, and a force may tighten the law but never loosen it."""

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kittiwake.kernel.clocks import Rung, limit_for
from kittiwake.kernel.limits import roughly
from kittiwake.kernel.rulebook import FILES, RulebookError, load, read
from kittiwake.kernel.worktime import Limit, add

BOOK = load()
NEW_YEAR = date(2027, 1, 1)
IDS = """
01 02 03 04
10 11 12 13 14 15 16 17 18 19 20 21 22 30 31 32 33 34 35 36 40 41 42 43 44 45 46 50 51 52
53 54 55 60 61 62 63 70 71 72 73 74 80 81 82 83 90 91 92 100 101 102 103 104 105 106 107 110 111 112
113 114 120 121 122 123 130 140 141 150 151 152
"""
TEXTS = {
    name: files("kittiwake.rulebook").joinpath(name).read_text(encoding="utf-8") for name in FILES
}


OURS = "160 161 162 163 170"
"""Clocks of our own, after those of the master table; CLK-04 stands among its first."""


def test_all_rows_load_under_the_ids_of_the_master_table_and_those_of_ours():
    assert list(BOOK.clocks) == [f"CLK-{number}" for number in (IDS + OURS).split()]
    assert len(BOOK.clocks) - len(OURS.split()) == 76


def test_the_clocks_of_pathways_that_exist_are_live_and_the_others_wait():
    live = [rule.id for rule in BOOK.clocks.values() if rule.status == "live"]
    assert {f"CLK-{n}" for n in range(10, 23)} | {f"CLK-0{n}" for n in range(1, 5)} <= set(live)
    assert {f"CLK-{n}" for n in range(160, 164)} <= set(live)
    built = {BOOK.clock(clock).pathway for clock in live}
    assert built == {"contact", "missing", "return", "planning", "mash", "flags", "online"}


def test_the_forms_are_those_of_the_table():
    forms = {rule.id: rule.form for rule in BOOK.clocks.values() if rule.form != "deadline"}
    assert forms == {"CLK-01": "gate", "CLK-02": "prohibition", "CLK-10": "gate"}


@pytest.mark.parametrize("rule", BOOK.clocks.values(), ids=list(BOOK.clocks))
def test_every_row_says_who_owns_it_who_is_told_and_where_it_is_from(rule):
    assert rule.ladder
    assert rule.source
    assert rule.nations
    assert rule.name[0].isupper()
    assert not rule.name.endswith(".")
    assert rule.statute or not rule.statutory
    assert set(dict(rule.circumstances)) <= set(dict(rule.limits))


@pytest.mark.parametrize("rule", BOOK.clocks.values(), ids=list(BOOK.clocks))
def test_g20_a_clock_shorter_than_a_day_reaches_somebody_at_night(rule):
    shortest = min((roughly(limit) for _, limit in rule.limits), default=timedelta(0))
    if shortest < timedelta(hours=24):
        assert {rung.to for rung in rule.ladder} & BOOK.teams.round_the_clock


def broken(old: str, new: str, name: str = "clocks.toml") -> dict[str, str]:
    assert old in TEXTS[name]
    return TEXTS | {name: TEXTS[name].replace(old, new, 1)}


CLK_11 = '[CLK-11]\nname = "A supervisor acknowledges the report"'
BROKEN = [
    ("a limit", 'high = "15 min"', 'high = "15 minutes"',
     "clocks.toml, CLK-11, limits.high: “15 minutes” is not a limit"),
    ("a word", 'form = "deadline"', 'form = "dead line"',
     "clocks.toml, CLK-03, form: Input should be 'deadline', 'gate' or 'prohibition'"),
    ("a field nobody knows", CLK_11, f'{CLK_11}\ncolour = "red"',
     "clocks.toml, CLK-11, colour: Unexpected keyword argument"),
    ("a field left out", CLK_11, "[CLK-11]", "clocks.toml, CLK-11, name: "),
    ("a role", 'owner = "response_sergeant"', 'owner = "response_sargeant"',
     "clocks.toml, CLK-11, ladder or owner: no role is called response_sargeant"),
    ("a step of the ladder", '{ after = "15 min", to = "duty_superintendent" }',
     '{ after = "15 min", from = "start", to = "duty_superintendent" }',
     "clocks.toml, CLK-11, ladder.1.from: Unexpected keyword argument"),
    ("steps out of order", '{ after = "at once", to = "duty_superintendent" },\n    { after = "30',
     '{ after = "4 h", to = "duty_superintendent" },\n    { after = "30',
     "clocks.toml, CLK-12, ladder: its steps are out of order"),
    ("steps in working days", '{ after = "24 h", to = "partnership_business_manager" }',
     '{ after = "1 WD", to = "partnership_business_manager" }',
     "clocks.toml, CLK-19, ladder: a step comes after minutes, hours or days"),
    ("nobody told", 'ladder = [\n    { after = "at once", to = "lado" },\n]', "ladder = []",
     "clocks.toml, CLK-120, ladder: it has no step"),
    ("nobody at night", 'to = "duty_inspector" },\n    { after = "15 min", to = "duty_sup',
     'to = "mash_sergeant" },\n    { after = "15 min", to = "crime_registrar" }, #',
     "clocks.toml, CLK-11, ladder: G20"),
    ("a warning too early", 'warn_before = "5 min"', 'warn_before = "15 min"',
     "clocks.toml, CLK-11, warn_before: it must be shorter than the shortest limit"),
    ("a circumstance nobody explained", "circumstances = { unidentified", "circumstances = { other",
     "clocks.toml, CLK-16, limits.unidentified: circumstances does not say what that is"),
    ("a gate with a limit", 'form = "gate"', 'form = "gate"\nlimits = { any = "1 h" }',
     "clocks.toml, CLK-01, limits: a deadline has one or more"),
    ("a sequence of strangers", 'sequence = ["request", "any"]', 'sequence = ["request", "come"]',
     "clocks.toml, CLK-113, sequence: every name must be one of the limits"),
    ("a statutory pause", 'statute = "Children Act 1989 s46(6)"',
     'statute = "Children Act 1989 s46(6)"\npausable = true',
     "clocks.toml, CLK-50, pausable: a statutory clock cannot be paused"),
    ("a checkpoint under a pause", 'statute = "Children Act 1989 s46(3)(f)"', "pausable = true",
     "clocks.toml, CLK-52, ladder: a rule that may be paused counts its steps from the due time"),
    ("months counted back", 'any = "7 days", reasonable', 'any = "1 month", reasonable',
     "clocks.toml, CLK-103, limits: only minutes, hours and days can be counted back"),
    ("a team", 'team = "mash"', 'team = "mosh"', "clocks.toml, CLK-17, team: no team is called"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "old", "new", "said"), BROKEN, ids=[row[0] for row in BROKEN])
def test_an_error_in_the_data_names_file_row_and_field(words, old, new, said):
    with pytest.raises(RulebookError) as error:
        read(broken(old, new))
    assert str(error.value).startswith(said)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("hours", "Mon-Fri 08:00-18:00", "Mon-Fri 8-6", "hours.toml, teams.mash: “Mon-Fri 8-6”"),
        ("hours", "08:00-18:00", "18:00-08:00", "hours.toml, teams.mash: “Mon-Fri 18:00-08:00”"),
        ("hours", 'open = "Mon-Sun', 'opens = "Mon-Sun', "hours.toml, teams.always: 'open'"),
        ("schools", "08:30", "08:45", "schools.toml, first_bell: schools start at 08:30"),
        ("schools", "[[terms]]", "[[terms]", "schools.toml: "),
        ("language", "n = 36", "", "language.toml, phrase None, n: it is missing"),
        ("language", '"reword"', '"shout"', "language.toml, phrase 1, severity: one of inform"),
        ("language", "money mules?", "money (mules?", "language.toml, phrase 27, patterns: "),
    ],
)
def test_an_error_in_the_other_files_is_named_too(name, old, new, said):
    with pytest.raises(RulebookError) as error:
        read(broken(old, new, f"{name}.toml"))
    assert str(error.value).startswith(said)


def test_the_version_changes_with_the_data_and_with_the_forces_rows():
    other = read(broken('high = "15 min"', 'high = "14 min"'))
    own = BOOK.with_rows([("CLK-11.high", "10 min", NEW_YEAR)])
    assert len({BOOK.version, other.version, own.version}) == 3
    assert read(TEXTS).version == BOOK.version
    assert own.at(NEW_YEAR).version == own.version


def test_a_row_of_the_forces_own_counts_from_its_day():
    own = BOOK.with_rows(
        [("CLK-11.high", "10 min", NEW_YEAR), ("CLK-11.high", "12 min", date(2027, 6, 1))]
    )
    eve = NEW_YEAR - timedelta(days=1)
    values = [
        limit_for(own.at(day).clock("CLK-11"), "high") for day in (eve, NEW_YEAR, date(2027, 6, 1))
    ]
    assert [str(value) for value in values] == ["15 min", "10 min", "12 min"]
    assert BOOK.rows == ()


def test_owner_ladder_warning_repetition_and_hours_can_be_the_forces_own():
    steps = "at once force_duty_officer, 24 h from start chief_officer_on_call"
    own = BOOK.with_rows(
        [
            ("CLK-13.ladder", steps, NEW_YEAR),
            ("CLK-13.repeat", "8 h", NEW_YEAR),
            ("CLK-13.owner", "detective_chief_inspector", NEW_YEAR),
            ("CLK-13.warn_before", "20 min", NEW_YEAR),
            ("CLK-13.medium", "4 h", NEW_YEAR),
            ("hours.mash", "Mon-Fri 07:00-22:00, Sat 09:00-13:00", NEW_YEAR),
        ]
    ).at(NEW_YEAR)
    rule = own.clock("CLK-13")
    assert rule.ladder == (
        Rung(Limit.parse("at once"), "force_duty_officer"),
        Rung(Limit.parse("24 h"), "chief_officer_on_call", "start"),
    )
    assert limit_for(rule, "high", lap=1) == Limit.parse("8 h")
    assert limit_for(rule, "medium") == Limit.parse("4 h")
    assert (rule.owner, rule.warn_before) == ("detective_chief_inspector", Limit.parse("20 min"))
    assert own.hours["mash"].week[5] == (540, 780)
    assert not own.calendar("mash").is_working_day(date(2027, 1, 2))


def test_the_same_rows_are_checked_once():
    rows = [("CLK-19.any", "48 h", NEW_YEAR)]
    assert BOOK.with_rows(rows) is BOOK.with_rows(list(rows))
    assert BOOK.with_rows(rows).at(NEW_YEAR) is BOOK.with_rows(rows).at(NEW_YEAR)


REFUSED = [
    ("CLK-19.any", "80 h", "CLK-19 is set by Children who run away or go missing"),
    ("CLK-19.any", "3 WD", "its limit may be tightened, never loosened; it is 72 h"),
    ("CLK-50.any", "73 h", "CLK-50 is set by Children Act 1989 s46(6)"),
    ("CLK-46.repeat", "7 months", "it is 6 months and cannot become 7 months"),
    ("CLK-103.any", "6 days", "it is 7 days and cannot become 6 days"),
    ("CLK-60.any", "1 WD", "it is next school day and cannot become 1 WD"),
    ("CLK-44.high", "16 WD", "it is 15 WD and cannot become 16 WD"),
    ("CLK-11.hihg", "10 min", "CLK-11 has no value “hihg”; it has high, medium, low, owner"),
    ("CLK-11.high", "soon", "“soon” is not a limit"),
    ("CLK-11.owner", "nobody", "no role is called nobody"),
    ("CLK-11.ladder", "at once mash_sergeant", "G20"),
    ("CLK-11.ladder", "duty_inspector", "“” is not a limit"),
    ("CLK-14.warn_before", "4 h", "it must be shorter than the shortest limit"),
    ("CLK-99.any", "1 h", "no clock and no team is called that"),
    ("CLK-11", "1 h", "no clock and no team is called that"),
    ("hours.mosh", "Mon 08:00-09:00", "no clock and no team is called that"),
    ("hours.mash", "all day", "is not a line of hours"),
]


@pytest.mark.parametrize(("key", "value", "said"), REFUSED)
def test_a_row_that_cannot_be_adopted_is_refused_in_a_sentence(key, value, said):
    with pytest.raises(RulebookError) as error:
        BOOK.with_rows([(key, value, NEW_YEAR)])
    assert str(error.value).startswith(f"own rows, {key} from 2027-01-01: ")
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("CLK-19.any", "48 h"),
        ("CLK-19.any", "2 days"),
        ("CLK-44.any", "10 WD"),
        ("CLK-103.any", "8 days"),
    ],
)
def test_the_law_may_be_tightened(key, value):
    clock, _, field = key.partition(".")
    own = BOOK.with_rows([(key, value, NEW_YEAR)]).at(NEW_YEAR)
    assert limit_for(own.clock(clock), field) == Limit.parse(value)


def test_a_tightened_law_may_be_relaxed_again_as_far_as_the_law():
    spring = date(2027, 3, 1)
    rows = [("CLK-19.any", "48 h", NEW_YEAR), ("CLK-19.any", "72 h", spring)]
    relaxed = BOOK.with_rows(rows).at(spring)
    assert limit_for(relaxed.clock("CLK-19"), "any") == Limit.parse("72 h")


def test_rows_of_one_day_may_come_in_any_order():
    limit, warning = ("CLK-19.any", "12 h", NEW_YEAR), ("CLK-19.warn_before", "2 h", NEW_YEAR)
    night = ("CLK-19.ladder", "at once la_service_manager, 1 h emergency_duty_team", NEW_YEAR)
    with pytest.raises(RulebookError, match="warn_before: it must be shorter"):
        BOOK.with_rows([limit, night])
    with pytest.raises(RulebookError, match="G20"):
        BOOK.with_rows([limit, warning])
    one, other = BOOK.with_rows([limit, warning, night]), BOOK.with_rows([night, warning, limit])
    assert one.at(NEW_YEAR).clock("CLK-19") == other.at(NEW_YEAR).clock("CLK-19")
    assert one.version == other.version


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 200), st.sampled_from(["min", "h", "WD", "days"]))
def test_only_a_tighter_limit_passes_for_a_statutory_clock(amount, unit):
    limit, law = Limit(amount, Limit.parse(f"1 {unit}").unit), Limit.parse("72 h")
    rows = [
        ("CLK-19.any", str(limit), NEW_YEAR),
        ("CLK-19.warn_before", "0 min", NEW_YEAR),
        ("CLK-19.ladder", "at once emergency_duty_team", NEW_YEAR),
    ]
    calendar = BOOK.calendar()
    starts = [datetime(2026, 1, 1, 3, tzinfo=UTC) + timedelta(hours=n * 5) for n in range(1700)]
    tighter = all(add(limit, at, calendar) <= add(law, at, calendar) for at in starts)
    try:
        BOOK.with_rows(rows)
    except RulebookError as error:
        assert "never loosened" in str(error)  # noqa: PT017
        assert not tighter
    else:
        assert tighter


def test_a_rule_not_in_force_is_not_in_the_rulebook_of_that_day():
    book = BOOK.at(date(2013, 12, 31))
    assert "CLK-19" not in book.clocks
    assert "CLK-19" in BOOK.at(date(2014, 1, 1)).clocks
    assert "CLK-152" not in BOOK.at(NEW_YEAR).clocks
    with pytest.raises(RulebookError, match="has no clock CLK-19 in force"):
        book.clock("CLK-19")
