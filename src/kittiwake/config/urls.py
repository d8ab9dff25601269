"""Where everything is."""

from __future__ import annotations

from django.urls import include, path

from kittiwake.config import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("", include("kittiwake.api.urls")),
    path("", include("kittiwake.pages.urls")),
]

handler403 = "kittiwake.pages.furniture.forbidden"
handler404 = "kittiwake.pages.furniture.not_found"
handler500 = "kittiwake.pages.furniture.failed"
