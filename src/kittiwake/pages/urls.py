"""Every page, by who writes it: one line for each."""

from django.urls import URLPattern, path

from kittiwake.pages import case, corrections, drafts, recording, signing_in

# Reports, cases, their forms and corrections, drafts.
RECORDING: list[URLPattern] = [
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
    path("children/<uuid:child>/starts/<int:correction>", corrections.settle, name="settle_start"),
    path("drafts", drafts.keep, name="drafts"),
    path("words", recording.words, name="words"),
]

# Sign-in, work, boards, the child's page, search, the access log.
READING: list[URLPattern] = [
    path("", signing_in.home, name="home"),
]

urlpatterns = [*RECORDING, *READING]
