"""Practitioners and rotas load from a spreadsheet; leavers end, gaps show, twice changes nothing.

G20: whoever is told at night is somebody who works here and is on duty.
"""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, connections
from openpyxl import Workbook
from psycopg.conninfo import conninfo_to_dict

from kittiwake.access.actors import NotAPractitioner, actor
from kittiwake.access.doors import NotPermitted
from kittiwake.agencies.cover import gaps, gaps_between
from kittiwake.agencies.rota import rota_at
from kittiwake.exchange import staff
from kittiwake.pathways.missing import entries as e
from tests.worlds import NOW, World

HEAD = ("Name", "Email", "Title", "Rank", "Agency", "Agency kind", "Team", "Phone", "Roles",
        "From", "Until")  # fmt: skip
IMI = ("Imi Hart", "imi.hart@saltmarsh.example", "Inspector", "inspector", "Saltmarsh Constabulary",
       "", "Response", "07700 900188", "Duty inspector", date(2026, 9, 1), None)  # fmt: skip
BEA = ("Bea Moss", "bea@teal.example", "", "", "Teal Cottage", "home", "", "", "Carer", None, None)
ROTA = ("Role", "Email", "From", "From time", "Until", "Until time")


@pytest.fixture
def w(world, owner, server):
    """A world, and a process that speaks as the database's owner, as these commands do."""
    made = World(owner)
    kept = dict(connection.settings_dict)
    parts = conninfo_to_dict(server.url())
    connections.close_all()
    connection.settings_dict.update(USER=parts["user"], PASSWORD=parts["password"])
    yield made
    connections.close_all()
    connection.settings_dict.update(USER=kept["USER"], PASSWORD=kept["PASSWORD"])


def book(*rows):
    made, out = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(out)
    return out.getvalue()


def load(w, what, body, at=NOW, **more):
    return staff.load(what, "sheet.xlsx", body, w.who("clerk"), at, **more)


def people(w, email):
    return w.rows(
        "SELECT p.name, p.rank, p.is_active, a.kind, t.name FROM practitioner p "
        "JOIN agency a ON a.id = p.agency_id LEFT JOIN team t ON t.id = p.team_id "
        "WHERE p.email = %s",
        email,
    )


def who(w, email):
    return w.rows("SELECT id FROM practitioner WHERE email = %s", email)[0][0]


def test_a_list_of_staff_lands_and_the_same_again_changes_nothing(w):
    done = load(w, "practitioners", book(HEAD, IMI, BEA))
    assert (done.taken.recorded, done.taken.quarantined) == (2, 0)
    assert people(w, IMI[1]) == [("Imi Hart", 3, True, "police", "Response")]
    assert people(w, BEA[1]) == [("Bea Moss", 0, True, "home", None)]
    assert actor(who(w, IMI[1])).roles == frozenset({"duty_inspector"})
    before = w.rows("SELECT md5(string_agg(p::text, '')) FROM practitioner p")
    held = w.rows("SELECT count(*) FROM role_held")
    again = load(w, "practitioners", book(HEAD, IMI, BEA))
    assert (again.taken.recorded, again.taken.known) == (0, 2)
    assert w.rows("SELECT md5(string_agg(p::text, '')) FROM practitioner p") == before
    assert w.rows("SELECT count(*) FROM role_held") == held


def test_csv_does_as_well(w):
    body = "Name;Email;Agency;Roles\r\nImi Hart;IMI.HART@saltmarsh.example;Saltmarsh Constabulary;"
    done = load(w, "practitioners", (body + "duty_inspector, response_sergeant").encode("cp1252"))
    assert done.taken.recorded == 1
    assert actor(who(w, IMI[1])).roles == {"duty_inspector", "response_sergeant"}


def test_who_left_is_ended_never_deleted_and_what_they_own_is_named(w):
    load(w, "practitioners", book(HEAD, IMI))
    imi = who(w, IMI[1])
    kid = w.child()
    w.say("handler", e.ReportedMissing(concern="Left."), kid)
    w.owner.execute("UPDATE case_file SET owner_id = %s", [imi])
    left = (*IMI[:-1], (NOW - timedelta(days=3)).replace(tzinfo=None))
    done = load(w, "practitioners", book(HEAD, left))
    ((_, (state, said)),) = done.rows
    assert state == "recorded"
    assert said == "Left. Still owns 1 open case: hand over."
    assert people(w, IMI[1])[0][2] is False
    with pytest.raises(NotAPractitioner):
        actor(imi)
    assert w.rows("SELECT until <= %s FROM role_held WHERE practitioner_id = %s", NOW, imi) == [
        (True,)
    ]


def test_who_is_not_on_the_list_is_named_and_ended_only_where_that_is_asked(w):
    w.owner.execute(
        "UPDATE practitioner SET email = 'joan@saltmarsh.example' WHERE name = 'Joan Obi'"
    )
    done = load(w, "practitioners", book(HEAD, IMI))
    assert "Joan Obi (joan@saltmarsh.example)" in done.not_listed
    assert actor(w.staff["inspector"])
    done = load(w, "practitioners", book(HEAD, IMI, BEA), everybody=True)
    assert any(told.startswith("Joan Obi") and "Left." in told for told in done.not_listed)
    with pytest.raises(NotAPractitioner):
        actor(w.staff["inspector"])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"Name": ""}, "NAME is blank."),
        ({"Email": "nobody"}, "EMAIL is no address."),
        ({"Agency": "Nowhere"}, "No agency is called that here. Add AGENCY KIND"),
        ({"Rank": "major"}, "RANK should be one of constable"),
        ({"Roles": "king"}, "ROLES names a role that there is not."),
        ({"Roles": "system"}, "ROLES names a role that there is not."),
        ({"Until": "01/08/2026"}, "UNTIL is before FROM."),
        ({"From": "soon"}, "FROM is not a day."),
    ],
)
def test_a_row_that_cannot_be_taken_in_waits_with_a_sentence(w, change, sentence):
    row = [change.get(column, value) for column, value in zip(HEAD, IMI, strict=True)]
    done = load(w, "practitioners", book(HEAD, row, BEA))
    assert (done.taken.quarantined, done.taken.recorded) == (1, 1)
    assert done.rows[0][1][1].startswith(sentence)


def test_a_sheet_with_other_headings_waits_whole_and_names_them(w):
    done = load(w, "practitioners", book(("Who", "Where"), ("Imi", "here")))
    assert done.taken.state == "quarantined"
    assert done.taken.sentence.startswith("There is no column NAME, EMAIL, AGENCY, ROLES.")
    assert load(w, "rota", b"PK\x03\x04 no workbook").taken.state == "quarantined"


def test_only_who_may_import_loads_staff(w):
    with pytest.raises(NotPermitted):
        staff.load("practitioners", "x", book(HEAD, IMI), w.who("handler"), NOW)


# ── The rota ────────────────────────────────────────────────────────────────────────────


def shifts(*rows):
    return book(ROTA, *rows)


NIGHT = ("Duty inspector", IMI[1], "20/11/2026", "19:00", "21/11/2026", "07:00")


def test_a_rota_lands_and_a_later_one_takes_its_place(w):
    load(w, "practitioners", book(HEAD, IMI))
    imi = who(w, IMI[1])
    done = load(w, "rota", shifts(NIGHT))
    assert (done.taken.recorded, done.taken.quarantined) == (1, 0)
    assert rota_at(NOW).who("duty_inspector") == imi
    assert load(w, "rota", shifts(NIGHT)).taken.known == 1
    w.owner.execute(
        "UPDATE practitioner SET email = 'joan@saltmarsh.example' WHERE name = 'Joan Obi'"
    )
    other = (
        "duty_inspector",
        "joan@saltmarsh.example",
        "20/11/2026",
        "22:00",
        "21/11/2026",
        "07:00",
    )
    done = load(w, "rota", shifts(other))
    assert done.rows[0][1] == ("recorded", "Takes over from Imi Hart.")
    assert rota_at(NOW).who("duty_inspector") == w.staff["inspector"]
    assert rota_at(datetime(2026, 11, 20, 20, tzinfo=UTC)).who("duty_inspector") == imi


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("king", *NIGHT[1:]), "ROLES names a role that there is not."),
        (("Duty inspector", "who@saltmarsh.example", *NIGHT[2:]), "Nobody who works here has this"),
        (("Call handler", *NIGHT[1:]), "They do not hold the role call handler then."),
        ((*NIGHT[:4], "20/11/2026", "07:00"), "UNTIL is not after FROM."),
        ((*NIGHT[:4], "", ""), "FROM or UNTIL is blank."),
    ],
)
def test_a_shift_that_cannot_be_taken_in_waits_with_a_sentence(w, row, sentence):
    load(w, "practitioners", book(HEAD, IMI))
    done = load(w, "rota", shifts(row))
    assert done.taken.quarantined == 1
    assert done.rows[0][1][1].startswith(sentence)


def test_gaps_in_cover_are_shown_also_where_somebody_left(w):
    load(w, "practitioners", book(HEAD, IMI))
    load(w, "rota", shifts(NIGHT))
    end = NOW + timedelta(days=1)
    (gap,) = gaps(NOW, end)
    assert (gap.role, gap.start, gap.end) == (
        "duty_inspector", datetime(2026, 11, 21, 7, tzinfo=UTC), end,
    )  # fmt: skip
    load(w, "practitioners", book(HEAD, (*IMI[:-1], "01/11/2026")))
    (gap,) = gaps(NOW, end)
    assert gap.start == NOW


def test_what_no_span_covers():
    a, b, c, d = (NOW + timedelta(hours=n) for n in range(4))
    assert gaps_between(a, d, []) == [(a, d)]
    assert gaps_between(a, d, [(b, c)]) == [(a, b), (c, d)]
    assert gaps_between(a, d, [(a, c), (b, d)]) == []
    assert gaps_between(b, c, [(a, d)]) == []
