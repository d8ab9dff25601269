"""Who is it? A false link is worse than a miss, and nothing anybody said is lost."""

from dataclasses import replace
from datetime import date

import pytest

from kittiwake.access.doors import as_practitioner
from kittiwake.people import arrivals
from kittiwake.people.arrivals import Description, Home, meet_many
from tests.worlds import NOW, World

NHS = "9994021265"
OTHER_NHS = "9990000018"
BORN = date(2012, 3, 4)
KIT = Description(
    "clinic",
    "A1",
    "Kit",
    "O’Neil",
    BORN,
    "F",
    "W1",
    (("nhs", NHS),),
    Home("1 Creek Lane", "ZZ99 3CZ"),
)


@pytest.fixture
def w(world, owner):
    return World(owner)


def meet(w, *descriptions, by="clerk"):
    with as_practitioner(w.who(by), durable=True, recording=True):
        return meet_many(descriptions, w.who(by), NOW)


def counts(w):
    tables = ("person", "pointer", "source_record", "identifier", "address", "possible_match")
    return [w.rows(f"SELECT count(*) FROM {t}")[0][0] for t in tables]


def test_a_child_is_met_once_with_everything_the_source_said(w):
    (first,) = meet(w, KIT)
    assert first.outcome == "new"
    assert w.rows("SELECT name, name_key, born_on FROM pointer") == [
        ("Kit O’Neil", "kit oneil", BORN)
    ]
    assert w.rows("SELECT scheme, value, is_valid FROM identifier") == [("nhs", NHS, True)]
    assert w.rows("SELECT line FROM address") == [("1 Creek Lane",)]
    before = counts(w)
    (again,) = meet(w, KIT)
    assert (again.outcome, again.person_id, again.is_changed) == ("linked", first.person_id, False)
    assert counts(w) == before


def test_a_newer_description_of_the_same_source_stands_and_the_earlier_stays(w):
    (first,) = meet(w, KIT)
    newer = replace(KIT, family="O’Neil-Abara", address=None, facts={"School": "Creek Lane"})
    newest = replace(newer, sex="U")
    (second,) = meet(w, newer)
    (third,) = meet(w, newest)
    assert {first.person_id, second.person_id, third.person_id} == {first.person_id}
    assert second.is_changed
    ((family, sex, facts),) = w.rows("SELECT family, sex, facts FROM source_record")
    assert (family, sex, facts["School"]) == ("O’Neil-Abara", "U", "Creek Lane")
    assert [said["family"] for said in facts["Said before"]] == ["O’Neil", "O’Neil-Abara"]
    assert counts(w)[3] == 1  # the identifier was there already
    (fourth,) = meet(w, newest)
    assert not fourth.is_changed


def test_a_valid_number_with_the_same_date_of_birth_links_across_sources(w):
    (here,) = meet(w, KIT)
    elsewhere = replace(KIT, feed="school", ref="77", family="Abara", address=None)
    (there,) = meet(w, elsewhere, by="lead")  # a school that may read nothing of the clinic's
    assert (there.outcome, there.person_id) == ("linked", here.person_id)
    assert there.source_record_id != here.source_record_id
    assert w.rows("SELECT count(*) FROM possible_match") == [(0,)]
    assert [r[0] for r in w.rows("SELECT family FROM source_record ORDER BY id")] == [
        "O’Neil",
        "Abara",
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"born_on": date(2012, 4, 3)},
            "The same NHS number, but another date of birth or first name",
        ),
        ({"born_on": None}, "The same NHS number, but another date of birth or first name"),
        # Twins: one register holds the number of the other.
        ({"given": "Robin"}, "The same NHS number, but another date of birth or first name"),
        # Cousins of one name, born on one day; or one child with a number typed wrongly.
        ({"identifiers": ()}, "The same name and date of birth"),
        ({"identifiers": (("nhs", OTHER_NHS),)}, "The same name and date of birth"),
        ({"identifiers": (("nhs", "9994021266"),)}, "The same name and date of birth"),
    ],
)
def test_what_only_looks_alike_waits_for_a_person_to_compare(w, changes, reason):
    (kit,) = meet(w, KIT)
    (other,) = meet(w, replace(KIT, feed="school", ref="1", **changes))
    assert other.outcome == "possible"
    assert other.person_id != kit.person_id
    assert "may be somebody on file" in other.sentence
    assert w.rows("SELECT person_id, other_id, reasons FROM possible_match") == [
        (other.person_id, kit.person_id, [reason])
    ]


def test_two_numbers_that_name_two_people_link_to_neither(w):
    upn = "H999402126001"
    kit, ash = meet(
        w, KIT, Description("clinic", "B2", "Kit", "Ash", BORN, identifiers=(("upn", upn),))
    )
    (torn,) = meet(w, Description("s", "9", born_on=BORN, identifiers=(("nhs", NHS), ("upn", upn))))
    assert torn.outcome == "possible"
    assert {o for (o,) in w.rows("SELECT other_id FROM possible_match")} == {
        kit.person_id,
        ash.person_id,
    }


@pytest.mark.parametrize(
    "number", [("upn", "UN3"), ("nhs", "9999999999"), ("own", "17"), ("upn", "D051910639385")]
)
def test_a_number_that_is_no_number_links_nobody(w, number):
    one, two = (Description(feed, "1", born_on=BORN, identifiers=(number,)) for feed in ("a", "b"))
    assert [a.outcome for a in meet(w, one, two)] == ["new", "new"]


def test_rows_of_one_list_are_compared_with_each_other(w):
    twin = replace(KIT, ref="A2", given="Robin", identifiers=(("nhs", OTHER_NHS),))
    cousin = replace(KIT, ref="A3", identifiers=())
    same = replace(KIT, feed="school", ref="S1")
    corrected = replace(KIT, sex="U")
    met = meet(w, KIT, twin, cousin, same, corrected, corrected)
    assert [a.outcome for a in met] == ["new", "new", "possible", "linked", "linked", "linked"]
    assert met[0].person_id == met[3].person_id == met[4].person_id == met[5].person_id
    assert [a.is_changed for a in met] == [True, True, True, True, True, False]
    assert len({a.person_id for a in met}) == 3
    assert w.rows("SELECT sex FROM source_record WHERE ref = 'A1'") == [("U",)]


def test_a_file_without_names_is_filled_in_by_one_with(w):
    bare = Description("return", "566910", born_on=BORN, identifiers=(("nhs", NHS),))
    sibling = Description("return", "566911", born_on=BORN)
    first, second = meet(w, bare, sibling)
    assert second.outcome == "new"  # no name is not the same name
    assert w.rows("SELECT name, name_key FROM pointer ORDER BY person_id") == [
        ("Name not given (566910)", ""),
        ("Name not given (566911)", ""),
    ]
    (named,) = meet(w, KIT)
    assert (named.outcome, named.person_id) == ("linked", first.person_id)
    assert w.rows("SELECT name FROM pointer WHERE person_id = %s", first.person_id) == [
        ("Kit O’Neil",)
    ]


def test_looking_for_somebody_is_logged_and_gives_ids_alone(w):
    (kit,) = meet(w, KIT)
    with as_practitioner(w.who("lead")):
        assert arrivals.by_identifier("nhs", "999 402 1265") == [kit.person_id]
        assert arrivals.by_identifier("nhs", "9999999999") == []
        wrong = date(2001, 1, 1)
        on_file = arrivals.by_ref("clinic", [("A1", BORN), ("A1", wrong), ("A9", None)])
    assert set(on_file) == {("A1", BORN), ("A1", wrong)}
    assert on_file["A1", BORN].agrees
    assert not on_file["A1", wrong].agrees
    looks = w.rows("SELECT practitioner_id, people FROM look ORDER BY id")
    assert looks.count((w.staff["lead"], [kit.person_id])) == 2


def test_an_account_somebody_else_brings_stays_the_account_of_its_agency(w):
    council = w.agencies["social_care"]
    (met,) = meet(w, replace(KIT, agency_id=council), by="handler")
    assert w.rows("SELECT agency_id FROM source_record") == [(council,)]
    known = w.rows("SELECT agency_id FROM known_to WHERE person_id = %s ORDER BY 1", met.person_id)
    assert known == sorted([(council,), (w.agencies["police"],)])
