"""Forms made from entries: read, checked, recorded once, and nothing typed is ever lost."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.http import QueryDict

from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.questions import MomentQuestion, Wrong
from kittiwake.pages import typed
from kittiwake.pages.forms import Form
from kittiwake.pathways.missing.entries import LowerGradeProposed, ReportedMissing, RiskReviewed
from tests.pages.conftest import County

NOW = datetime(2026, 11, 20, 23, 3, tzinfo=UTC)
KINDS = sorted(k for k in REGISTER.kinds if not k.startswith(("history.", "clock.breached")))


# ── What a form is made of ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_form_that_asks_each_of_its_questions(kind: str) -> None:
    cls = REGISTER.kinds[kind]
    form = Form(cls, {})
    asked = [f.asked.name for group in form.groups for f in group.fields]
    assert asked == [a.name for a in cls.questions()]
    assert form.when.asked.text == cls.when


def test_a_heading_is_shared_by_the_questions_that_follow_it() -> None:
    form = Form(REGISTER.kinds["missing.risk_assessed"], {})
    headings = {group.heading: [f.name for f in group.fields] for group in form.groups}
    assert {"self_harm", "pregnant"} <= set(headings["Health"])
    assert "protection_plan" in headings["Life"]


def test_ids_that_join_entries_are_hidden() -> None:
    form = Form(REGISTER.kinds["action.settled"], {"action": ["Ring the carer"]},
                hidden=frozenset({"action"}))  # fmt: skip
    hidden = {f.name for g in form.groups for f in g.fields if f.is_hidden}
    assert hidden == {"action_uid", "action"}


def test_rows_grow_when_asked_and_keep_what_was_typed() -> None:
    raw = {"enquiries-3-target": ["14 Ferry Lane"], "enquiries-rows": ["7"]}
    field = next(f for g in Form(RiskReviewed, raw).groups for f in g.fields if f.rows)
    assert len(field.rows) == 7
    assert field.rows[3][0].one() == "14 Ferry Lane"


# ── What was typed ──────────────────────────────────────────────────────────────────────


def test_an_answer_that_cannot_be_read_is_named_where_it_stands() -> None:
    raw = {"last_seen-seen_at-time": ["half past"], "concern": ["Cold night."]}
    entry, problems = typed.read(ReportedMissing, raw, NOW)
    assert entry is None
    assert problems == {"last_seen-seen_at": "Enter a time on the 24-hour clock, like 23:03, "
                        "or now, or -20m"}  # fmt: skip


def test_a_row_that_cannot_be_read_is_named_by_its_number() -> None:
    raw = {"enquiries-1-target": ["14 Ferry Lane"], "enquiries-1-by-time": ["soon"]}
    _, problems = typed.read(RiskReviewed, raw, NOW)
    assert list(problems) == ["enquiries-1-by"]


def test_messages_say_what_to_do_and_never_repeat_what_was_typed() -> None:
    secret = "ocean" * 200
    raw = {"reporter_name": [secret], "reporter": ["nobody-listed"], "concern": ["x" * 20_001]}
    entry, problems = typed.read(ReportedMissing, raw, NOW)
    assert entry is None
    assert problems["reporter_name"] == "Shorten this to 500 characters"
    assert problems["concern"] == "Shorten this to 20,000 characters"
    assert problems["reporter"] == "Choose one of the answers offered"
    assert "ocean" not in " ".join(problems.values())


def test_every_question_may_be_answered_by_why_it_is_not_known() -> None:
    entry, problems = typed.read(ReportedMissing, {"concern-not-known": ["asked_not_told"]}, NOW)
    assert entry is not None
    assert not problems
    assert str(getattr(entry, "concern", "")) == "Not known: asked, not told"
    assert not typed.unanswered(ReportedMissing, entry)


def test_what_is_wanted_now_is_asked_for_by_its_own_words() -> None:
    entry, _ = typed.read(ReportedMissing, {}, NOW)
    assert entry is not None
    assert typed.unanswered(ReportedMissing, entry) == {
        "concern": "Answer “What is the worry this time?”, or choose why it is not known"
    }


@pytest.mark.parametrize(
    ("time", "day", "means"),
    [
        ("now", "", datetime(2026, 11, 20, 23, 3, tzinfo=UTC)),
        ("-20m", "", datetime(2026, 11, 20, 22, 43, tzinfo=UTC)),
        ("-2h", "", datetime(2026, 11, 20, 21, 3, tzinfo=UTC)),
        ("0340", "", datetime(2026, 11, 20, 3, 40, tzinfo=UTC)),
        ("23:03", "19/11/2026", datetime(2026, 11, 19, 23, 3, tzinfo=UTC)),
    ],
)
def test_times_are_typed_the_short_way(time: str, day: str, means: datetime) -> None:
    raw = {"happened_at-time": [time], "happened_at-day": [day], "concern": ["Cold night."]}
    entry, problems = typed.read(ReportedMissing, raw, NOW)
    assert not problems
    assert entry is not None
    assert entry.happened_at == means


@pytest.mark.parametrize(
    ("time", "day", "means"),
    [
        ("0200", "", datetime(2026, 11, 21, 2, 0, tzinfo=UTC)),
        ("23:30", "", datetime(2026, 11, 20, 23, 30, tzinfo=UTC)),
        ("+2h", "", datetime(2026, 11, 21, 1, 3, tzinfo=UTC)),
        ("+45m", "", datetime(2026, 11, 20, 23, 48, tzinfo=UTC)),
        ("02:00", "20/11/2026", datetime(2026, 11, 20, 2, 0, tzinfo=UTC)),
    ],
)
def test_what_is_still_to_be_done_is_due_at_the_next_such_time(time, day, means) -> None:
    raw = {"by-time": [time], "by-day": [day]}
    due = MomentQuestion(ahead=True).read(raw, "by", NOW)
    assert datetime.fromisoformat(due) == means


def test_what_has_happened_is_never_read_as_still_to_come() -> None:
    with pytest.raises(Wrong):
        MomentQuestion().read({"at-time": ["+2h"]}, "at", NOW)


def test_a_due_time_keeps_its_hour_when_the_clocks_change() -> None:
    evening = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    due = MomentQuestion(ahead=True).read({"by-time": ["0700"]}, "by", evening)
    assert datetime.fromisoformat(due) == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)


def test_a_relative_time_on_another_day_is_asked_again() -> None:
    raw = {"happened_at-time": ["now"], "happened_at-day": ["19/11/2026"]}
    _, problems = typed.read(ReportedMissing, raw, NOW)
    assert problems["happened_at"] == "Enter the time on that day, like 23:03"


def test_a_draft_keeps_the_moment_a_relative_time_was_typed_at() -> None:
    fixed = typed.fixed_times({"last_seen-seen_at-time": ["-20m"], "concern": ["now"]}, NOW)
    assert fixed["last_seen-seen_at-time"] == ["22:43"]
    assert fixed["last_seen-seen_at-day"] == ["20/11/2026"]
    assert fixed["concern"] == ["now"]
    assert MomentQuestion().read(fixed, "last_seen-seen_at", NOW) == "2026-11-20T22:43:00+00:00"


def test_the_plumbing_of_a_form_is_no_answer() -> None:
    posted = QueryDict("csrfmiddlewaretoken=x&more=enquiries&concern=Cold")
    assert typed.raw_of(posted) == {"concern": ["Cold"]}


# ── Recorded ────────────────────────────────────────────────────────────────────────────


def test_a_second_click_answers_with_the_first_result(county: County, submission: str) -> None:
    person, _ = county.child()
    at = f"/cases/{county.missing(person)}/record/missing.information_added"
    browser = county.browser("sergeant")
    answers = {"submission": submission, "what": "Seen at Creek Lane at nine."}
    first = browser.post(at, **answers).query
    assert browser.post(at, **answers).query == first
    assert county.entries("missing.information_added") == 1
    assert "Recorded today" in browser.text


def test_a_fact_is_asked_for_its_gaps_once_and_then_recorded_with_them(county: County) -> None:
    person, _ = county.child()
    at = f"/cases/{county.missing(person)}/record/missing.information_added"
    browser = county.browser("sergeant")
    shown = browser.post(at, source_name="A neighbour")
    assert shown.status == 422
    assert "Error:" in shown.body.split("</title>")[0]
    assert 'href="#what"' in shown.body
    assert shown.value("source_name") == "A neighbour"
    assert "Record it with the gaps" in shown.text
    browser.post(at, source_name="A neighbour", anyway="1")
    assert county.entries("missing.information_added") == 1


def test_a_time_that_has_not_come_is_put_to_its_question(county: County) -> None:
    person, _ = county.child()
    at = f"/cases/{county.missing(person)}/record/missing.information_added"
    shown = county.browser("sergeant").post(
        at, what="Seen.", happened_at__time="09:00", happened_at__day="1/1/2099"
    )
    assert "This time has not come yet. If it was yesterday, enter the day too" in shown.text
    assert county.entries("missing.information_added") == 0


def test_more_rows_without_scripts_record_nothing_and_lose_nothing(county: County) -> None:
    person, _ = county.child()
    at = f"/cases/{county.missing(person)}/record/missing.reviewed"
    answers = {"enquiries__0__target": "14 Ferry Lane", "enquiries__rows": "3"}
    shown = county.browser("inspector").post(at, more="enquiries", **answers)
    assert shown.value("enquiries-0-target") == "14 Ferry Lane"
    assert 'name="enquiries-5-target"' in shown.body
    assert county.entries("missing.reviewed") == 0


def test_better_words_come_once_before_a_lowering_and_never_before_a_fact(county: County) -> None:
    person, _ = county.child()
    case = county.missing(person)
    browser = county.browser("sergeant")
    blaming = "She is streetwise."
    at = f"/cases/{case}/record/missing.lower_grade_proposed"
    shown = browser.post(at, grade="medium", why=blaming)
    assert "Look at these words before you decide" in shown.text
    assert shown.value("why") == blaming
    assert county.entries("missing.lower_grade_proposed") == 0
    seen = shown.value("words_seen")
    # Seen is not enough: words that stay want a reason, which is kept.
    asked = browser.post(at, grade="medium", why=blaming, words_seen=seen)
    assert "If these words stay: why?" in asked.text
    browser.post(at, grade="medium", why=blaming, words_seen=seen, words_because="exact")
    assert county.entries("missing.lower_grade_proposed") == 1
    assert county.w.rows("SELECT phrase, because FROM word_found") == [("streetwise", "exact")]
    browser.post(f"/cases/{case}/record/missing.information_added", what=blaming)
    assert county.entries("missing.information_added") == 1


def test_words_are_offered_while_typing_and_a_vague_instruction_too(county: County) -> None:
    browser = county.browser("inspector")
    assert "Better:" in browser.post("/words", text="She is streetwise.").text
    assert "usual enquiries" in browser.post("/words", text="Do the usual enquiries.").text
    assert browser.post("/words", text="PC Rai goes to 14 Ferry Lane by 23:30.").text == ""


def test_a_refusal_says_why_and_keeps_what_was_typed(county: County) -> None:
    person, _ = county.child()
    at = f"/cases/{county.missing(person)}/record/missing.grade_lowered"
    shown = county.browser("inspector").post(
        at, grade="medium", rationale="Seen by video.", relied_on="Aunt.", rejected="Pressure.",
        review_by__time="23:00",
    )  # fmt: skip
    assert "This was not recorded" in shown.text
    assert "Somebody else has to propose the lower grade first" in shown.text
    assert shown.value("rationale") == "Seen by video."
    assert county.entries("missing.grade_lowered") == 0


def test_what_lowers_is_checked_before_it_is_recorded(county: County) -> None:
    person, _ = county.child()
    case = county.missing(person)
    county.w.say("inspector", LowerGradeProposed(grade="medium", why="Seen."), person,
                 county.now)  # fmt: skip
    at, browser = f"/cases/{case}/record/missing.grade_lowered", county.browser("second_inspector")
    told = {
        "grade": "medium", "rationale": "Seen by video with her aunt.", "relied_on": "The aunt.",
        "rejected": "Pressure.", "review_by__time": "+2h", "submission": str(uuid4()),
    }  # fmt: skip
    shown = browser.post(at, **told)
    assert shown.status == 200
    assert "Nothing is recorded yet" in shown.text
    assert "Seen by video with her aunt." in shown.text
    assert county.entries("missing.grade_lowered") == 0
    assert browser.post(at, **told, change="1").value("rationale") == told["rationale"]
    browser.post(at, **told, checked="1")
    assert "recorded=" in browser.query
    assert county.entries("missing.grade_lowered") == 1


def test_a_form_beyond_ones_role_is_a_page_of_its_own(county: County) -> None:
    person, _ = county.child()
    case = county.missing(person)
    shown = county.browser("carer").get(f"/cases/{case}/record/missing.grade_lowered")
    assert shown.status == 403
    assert "Your role does not include this" in shown.text


@pytest.mark.parametrize("kind", ["clock.breached", "missing.nothing", "history.looked_after"])
def test_what_nobody_records_by_hand_has_no_page(county: County, kind: str) -> None:
    person, _ = county.child()
    case = county.missing(person)
    assert county.browser("inspector").get(f"/cases/{case}/record/{kind}").status in (403, 404)


# ── Drafts ──────────────────────────────────────────────────────────────────────────────


def test_a_draft_comes_back_to_its_author_alone_and_goes_when_recorded(county: County) -> None:
    person, _ = county.child()
    case = county.missing(person)
    at = f"/cases/{case}/record/missing.information_added"
    browser = county.browser("sergeant")
    half = {"what": "Half a sentence about Creek Lane", "happened_at__time": "now"}
    kept = browser.post("/drafts", draft_kind="missing.information_added", draft_case=case, **half)
    assert '"saved"' in kept.body
    again = county.browser("sergeant").get(at)
    assert again.value("what") == "Half a sentence about Creek Lane"
    assert again.value("happened_at-time") != "now"
    assert "This is your draft, saved" in again.text
    assert county.browser("inspector").get(at).value("what") == ""
    browser.post(at, what="Seen at Creek Lane.")
    assert county.browser("sergeant").get(at).value("what") == ""


def test_a_draft_can_be_left_without_scripts_and_thrown_away(county: County) -> None:
    person, _ = county.child()
    case = county.missing(person)
    at = f"/cases/{case}/record/missing.reviewed"
    browser = county.browser("inspector")
    left = browser.post(at, rationale="Not finished", save="1")
    assert left.path == f"/cases/{case}"
    assert "Your draft of “Review this episode” is kept" in left.text
    assert browser.get(at).value("rationale") == "Not finished"
    assert browser.get(at + "?afresh=1").value("rationale") == ""
    assert county.entries("missing.reviewed") == 0


def test_a_draft_of_nothing_we_know_or_too_large_is_not_kept(county: County) -> None:
    browser = county.browser("sergeant")
    assert browser.post("/drafts", draft_kind="nothing.known", what="x").status == 400
    large = browser.post("/drafts", draft_kind="missing.reported", concern="x" * 250_000)
    assert large.status == 400
    assert county.w.rows("SELECT count(*) FROM draft") == [(0,)]


# ── What every page has in common ───────────────────────────────────────────────────────


def test_no_page_is_kept_by_a_browser_and_each_says_who_is_signed_in(county: County) -> None:
    person, _ = county.child()
    shown = county.browser("inspector").get(f"/cases/{county.missing(person)}")
    assert shown.headers["Cache-Control"] == "no-store, private"
    assert "Joan Obi" in shown.text
    assert "Nobody is being told about clocks that run out" in shown.text


def test_a_worker_heard_of_late_is_not_announced(county: County) -> None:
    county.w.owner.execute("INSERT INTO heartbeat (process, at) VALUES ('worker', now())")
    shown = county.browser("inspector").get("/report")
    assert "Nobody is being told" not in shown.text
    county.w.owner.execute("UPDATE heartbeat SET at = now() - interval '121 seconds'")
    assert "It was last heard 2 minutes ago" in county.browser("inspector").get("/report").text


def test_a_page_that_is_not_there_says_nothing_about_a_child(county: County) -> None:
    shown = county.browser("inspector").get("/cases/00000000-0000-4000-8000-000000000000")
    assert shown.status == 404
    assert "says nothing about any child" in shown.text


def test_a_shut_door_says_why_and_whom_to_ring(county: County) -> None:
    person, _ = county.child(known="home")
    case = county.missing(person)
    county.w.owner.execute(
        "INSERT INTO conflict (practitioner_id, person_id, declared_at, reason) "
        "VALUES (%s, %s, now(), 'family')",
        [county.w.staff["sergeant"], person],
    )
    shown = county.browser("sergeant").get(f"/cases/{case}")
    assert shown.status == 403
    assert "conflict of interest" in shown.text
    assert "Joan Obi" in shown.text
    assert "Kit Example" not in shown.text
