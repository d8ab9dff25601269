"""Signing in: a password and a one-time code for everybody, and nothing that is not used.

allauth does the work; here is what it may not do: no sign-up, no e-mail addresses kept by users,
no password by e-mail, and no page at all for whoever has not set up an authenticator app.
"""

from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from kittiwake.access.roles import may
from kittiwake.pages import training
from kittiwake.pages.furniture import not_found
from kittiwake.pages.middleware import PractitionerRequest, practitioner_required

OPEN = (
    "account_login",
    "account_logout",
    "account_inactive",
    "account_change_password",
    "account_reauthenticate",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes",
)
"""The pages of allauth that exist here; everything else under /accounts/ does not."""
BEFORE_SET_UP = ("account_logout", "account_reauthenticate", "mfa_activate_totp")
"""What somebody signed in without an authenticator app may reach."""
ELSEWHERE = ("/static/", "/api/", "/healthz", "/readyz")


class SecondFactor:
    """Nobody goes further than setting up an app before they have one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ELSEWHERE):
            return self.get_response(request)
        if request.path.startswith("/accounts/") and request.path not in map(reverse, OPEN):
            return not_found(request)
        if not request.user.is_authenticated or _has_second_factor(request):
            return self.get_response(request)
        if request.path in map(reverse, BEFORE_SET_UP):
            return self.get_response(request)
        return redirect("mfa_activate_totp")


def _has_second_factor(request: HttpRequest) -> bool:
    """Signed in with a code, or an app was set up since; asks the database only for the latter."""
    records = get_authentication_records(request, request.user)
    if any(record.get("method") == "mfa" for record in records):
        return True
    return bool(
        Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).exists()
    )


@practitioner_required
def home(request: PractitionerRequest) -> HttpResponseRedirect:
    """The first page after signing in: one's own work, which everybody with a role has."""
    board = may(request.actor.roles, "board.mine")
    return redirect("my_work" if board or not request.actor.roles else "missing")


def training_code(user: AbstractBaseUser | AnonymousUser | None) -> str | None:
    """The code to type for an invented person: the first that has not been used; else None."""
    email = getattr(user, "email", "")
    for code in training.codes_for(email):
        if cache.get(f"allauth.mfa.totp.used?user={user.pk}&code={code}") is None:  # type: ignore[union-attr]
            return code
    return None
