"""The training copy: invented people whose password and one-time codes anybody may know.

Nothing here works on an installation that holds no invented county: the note that names the
demo's people is written with them, and only their addresses get a code.
"""

import base64
import hashlib
import json
import time
from functools import lru_cache
from pathlib import Path

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings

DOMAIN = "saltmarsh.example"
PASSWORD = "samphire-and-tern"
NOTE = "demo.json"


def secret_for(email: str) -> str:
    """The one-time code secret of an invented person, as an authenticator app takes it."""
    digest = hashlib.sha256(f"kittiwake training only {email}".encode()).digest()
    return base64.b32encode(digest[:20]).decode()


def people() -> list[dict[str, str]]:
    """Whom the demo lets one sign in as: role, email, password. Empty without a demo."""
    note: Path = settings.ENVIRONMENT.home / NOTE
    try:
        return _read(note, note.stat().st_mtime_ns)
    except FileNotFoundError:
        return []


def codes_for(email: str, at: float | None = None) -> list[str]:
    """The codes that are good for an invented person, this half minute's first; else none."""
    if email not in {p["email"] for p in people()}:
        return []
    step = int(time.time() if at is None else at) // int(app_settings.TOTP_PERIOD)
    secret = secret_for(email)
    return [str(format_hotp_value(hotp_value(secret, step + by))) for by in (0, 1, -1)]


@lru_cache(maxsize=2)
def _read(note: Path, changed: int) -> list[dict[str, str]]:
    told: list[dict[str, str]] = json.loads(note.read_text())
    return [p for p in told if p["email"].endswith(f"@{DOMAIN}")]
