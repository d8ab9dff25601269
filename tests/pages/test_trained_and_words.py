"""Two pages for few: the training register, and the words that stand in records (G10)."""

from kittiwake.pathways.missing import entries as e


def keeper(county):
    w = county.w
    w.owner.execute(
        "INSERT INTO role_held (practitioner_id, role, from_at) "
        "VALUES (%s, 'training_keeper', '2020-01-01')",
        [w.staff["auditor"]],
    )
    return county.browser("auditor")


def test_the_register_is_kept_on_a_page_and_what_lapsed_says_so(county):
    page = keeper(county)
    assert "Nobody is on the register yet" in page.get("/training").text
    who = str(county.w.who("inspector").uid)
    wrong = page.post("/training", who=who, course="missing_risk", **{"from": "never"})
    assert wrong.status == 422
    assert "Enter where this is written" in wrong.text
    sent = {"who": who, "course": "missing_risk", "from": "1/2/2020", "evidence": "Course 14"}
    kept = page.post("/training", **sent)
    assert "Joan Obi" in kept.text
    assert "lapsed" in kept.text
    assert page.post("/training", **(sent | {"who": "nobody"})).status == 422
    assert county.browser("inspector").get("/training").status == 403


def test_words_are_counted_by_team_and_a_sample_is_judged_by_somebody_else(county):
    person, _ = county.child()
    case = county.missing(person)
    blaming = e.InformationAdded(what="She is streetwise. She said “I am streetwise”.")
    county.w.say("sergeant", blaming, person, county.now, case=case)
    county.w.owner.execute("UPDATE word_found SET is_sampled = true")
    assert county.w.rows("SELECT phrase FROM word_found") == [("streetwise",)]
    leader = county.browser("superintendent").get("/language")
    assert "Saltmarsh Constabulary" in leader.text
    assert "“streetwise” in add information or a sighting, Kit Example" in leader.text
    ((uid,),) = county.w.rows("SELECT uid FROM word_found")
    assert county.browser("sergeant").post(f"/language/{uid}", verdict="false").status == 403
    judged = leader.post(f"/language/{uid}", verdict="false")
    assert "1 of 1 reviewed" in judged.text
    assert "Nothing waits to be reviewed" in judged.text
