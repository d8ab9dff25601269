"""Every page, by who writes it: one line for each."""

from django.urls import URLPattern, path

from kittiwake.pages import (
    case,
    child,
    contacts,
    corrections,
    drafts,
    feeds,
    find,
    looks,
    matches,
    missing_now,
    pack,
    public,
    quarantine,
    recording,
    report,
    report_steps,
    signing_in,
    work,
)

# Reports, cases, their forms and corrections, drafts.
RECORDING: list[URLPattern] = [
    path("report", report.report, name="report"),
    path("report/search", report.search, name="report_search"),
    path("report/number", report.number, name="report_number"),
    path("contacts/log", report.log_call, name="log_call"),
    path("report/done", report.done, name="report_done"),
    path("report/thanks", public.thanks, name="report_thanks"),
    path("report/<slug:key>", report_steps.step, name="report_step"),
    path("cases/<uuid:uid>", case.show, name="case"),
    path("cases/<uuid:uid>/version", case.version, name="case_version"),
    path("cases/<uuid:uid>/record/<str:kind>", recording.case_form, name="record"),
    path("children/<uuid:uid>/record/<str:kind>", recording.child_form, name="record_about"),
    path("children/<uuid:child>/entries/<uuid:entry>/correct", corrections.correct, name="correct"),
    path("children/<uuid:child>/entries/<uuid:entry>/wrong", corrections.wrong, name="wrong_child"),
    path(
        "children/<uuid:child>/entries/<uuid:entry>/agree",
        corrections.agree,
        name="agree_wrong_child",
    ),
    path("children/<uuid:child>/starts", corrections.settle, name="settle_start"),
    path("drafts", drafts.keep, name="drafts"),
    path("words", recording.words, name="words"),
]

# Sign-in, work, boards, the child's page, search, the access log.
READING: list[URLPattern] = [
    path("", signing_in.home, name="home"),
    path("my-work", work.show, name="my_work"),
    path("contacts", contacts.show, name="contacts"),
    path("contacts/version", contacts.version, name="contacts_version"),
    path("missing", missing_now.show, name="missing"),
    path("children/<uuid:uid>", child.show, name="child"),
    path("children/<uuid:uid>/pack", pack.show, name="pack"),
    path("find", find.show, name="find"),
    path("access-log", looks.show, name="access_log"),
    path("quarantine", quarantine.show, name="quarantine"),
    path("quarantine/waiting.csv", quarantine.as_spreadsheet, name="quarantine_csv"),
    path("feeds", feeds.show, name="feeds"),
    path("incidents", feeds.incidents, name="incidents"),
    path("incidents.csv", feeds.incidents_csv, name="incidents_csv"),
    path("quarantine/<uuid:uid>", quarantine.one, name="quarantine_one"),
    path("matches", matches.show, name="matches"),
    path("matches/<uuid:uid>", matches.one, name="match"),
    path("missing/version", missing_now.version, name="missing_version"),
]

urlpatterns = [*RECORDING, *READING]
