"""Every page, by who writes it: one line for each."""

from django.urls import URLPattern

# Reports, cases, their forms and corrections, drafts.
RECORDING: list[URLPattern] = []

# Sign-in, work, boards, the child's page, search, the access log.
READING: list[URLPattern] = []

urlpatterns = [*RECORDING, *READING]
