"""G16: no picture enters, by any way: nothing takes a file, and no page has a place for one."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import FileField
from django.test import Client

import kittiwake


def test_nothing_handles_an_upload(client: Client, world: None) -> None:
    assert settings.FILE_UPLOAD_HANDLERS == []
    picture = SimpleUploadedFile("picture.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64, "image/png")
    answer = client.post("/report", {"picture": picture})
    assert answer.status_code in (200, 302, 400, 403, 413, 415, 422)
    assert not answer.wsgi_request.FILES


def test_no_model_keeps_a_file_and_no_page_asks_for_one() -> None:
    assert not [
        field.name
        for model in apps.get_models()
        if model.__module__.startswith("kittiwake.")
        for field in model._meta.get_fields()
        if isinstance(field, FileField)
    ]
    pages = Path(kittiwake.__file__).parent / "pages"
    asking = [
        page.name
        for page in pages.rglob("*.html")
        if re.search(r"type=[\"']file|multipart/form-data", page.read_text(encoding="utf-8"))
    ]
    assert not asking
