"""Signing in: a password and a code for everybody, in words, and nothing that is not used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from kittiwake.pages import signing_in, training
from tests.pages.conftest import Browser, County

PASSWORD = "three words together"


@pytest.fixture
def user(county: County) -> User:
    """The sergeant, with a password and an authenticator app."""
    cache.clear()
    county.browser("sergeant")
    one = county.users["sergeant"]
    one.set_password(PASSWORD)
    one.save()
    Authenticator.objects.filter(user=one).delete()
    TOTP.activate(one, generate_totp_secret())
    EmailAddress.objects.create(user=one, email=one.email, verified=True, primary=True)
    return one


@pytest.fixture
def demo(county: County) -> Iterator[None]:
    """An installation whose invented people are known to the sign-in pages."""
    note = settings.ENVIRONMENT.keep(training.NOTE)
    people = [{"role": "Sergeant", "email": "sergeant@saltmarsh.example", "password": "x"}]
    note.write_text(json.dumps(people))
    yield
    note.unlink()


def code(user: User) -> str:
    """What the user's app shows now."""
    factor = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    _, now, _ = yield_hotp_counters_from_time()
    return str(format_hotp_value(hotp_value(decrypt(factor.data["secret"]), now)))


def sign_in(browser: Browser, user: User, password: str = PASSWORD) -> Browser:
    return browser.post(reverse("account_login"), login=user.email, password=password)


def test_a_password_and_a_code_lead_to_my_work(user: User, county: County) -> None:
    browser = Browser(Client())
    assert "Enter the code from your app" in sign_in(browser, user).text
    assert browser.get("/missing").path == reverse("mfa_authenticate")  # a password opens nothing
    sign_in(browser, user)
    browser.post(reverse("mfa_authenticate"), code=code(user))
    assert browser.path == "/my-work"
    assert "Rhys Morgan" in browser.text


def test_a_wrong_password_and_a_wrong_code_say_what_to_do(user: User) -> None:
    browser = Browser(Client())
    assert "do not fit together" in sign_in(browser, user, "something else").text
    sign_in(browser, user)
    browser.post(reverse("mfa_authenticate"), code="000000")
    assert "Enter the one your app shows next" in browser.text
    assert PASSWORD not in browser.body


def test_an_empty_form_asks_for_what_is_missing(user: User) -> None:
    browser = Browser(Client()).post(reverse("account_login"), login="", password="")
    assert "Enter work e-mail address" in browser.text
    assert "This field is required" not in browser.text


def test_a_code_is_good_once(user: User) -> None:
    first, second = Browser(Client()), Browser(Client())
    used = code(user)
    for browser in (first, second):
        sign_in(browser, user)
        browser.post(reverse("mfa_authenticate"), code=used)
    assert first.path == "/my-work"
    assert "does not fit" in second.text


def test_guessing_is_throttled(user: User) -> None:
    browser = Browser(Client())
    for _ in range(5):
        sign_in(browser, user, "a guess")
    assert "Too many tries" in sign_in(browser, user).text


def test_whoever_has_no_app_sets_one_up_before_anything_else(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()
    browser = sign_in(Browser(Client()), user)
    assert "Show that it is still you" in browser.text  # setting up asks for the password again
    for path in ("/", "/missing", "/find", "/my-work"):
        assert browser.get(path).path == reverse("account_reauthenticate")
    browser.post(
        reverse("account_reauthenticate"), password=PASSWORD, next="/accounts/2fa/totp/activate/"
    )
    assert "Set up your authenticator app" in browser.text
    secret = browser.client.session["mfa.totp.secret"]
    _, now, _ = yield_hotp_counters_from_time()
    browser.post(reverse("mfa_activate_totp"), code=format_hotp_value(hotp_value(secret, now)))
    assert browser.get("/").path == "/my-work"


def test_signed_in_without_the_second_step_reaches_nothing(county: County) -> None:
    county.browser("sergeant")
    user = county.users["sergeant"]
    Authenticator.objects.filter(user=user).delete()
    client = Client()
    client.force_login(user)
    assert client.get("/missing").headers["Location"] == reverse("mfa_activate_totp")


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "password/reset/", "password/set/", "3rdparty/", "confirm-email/"]
)
def test_what_is_not_used_does_not_exist(county: County, path: str) -> None:
    browser = county.browser("sergeant").get(f"/accounts/{path}")
    assert browser.status == 404
    assert "There is no page at this address" in browser.text


@pytest.mark.parametrize("name", signing_in.OPEN)
def test_every_page_of_signing_in_is_ours(county: County, name: str) -> None:
    browser = county.browser(None if name in ("account_login", "account_inactive") else "sergeant")
    browser.get(reverse(name))
    if name != "mfa_view_recovery_codes":  # none were made
        assert browser.status == 200
    assert "app-header" in browser.body
    assert "placeholder" not in browser.body


def test_nobody_is_told_codes_outside_an_invented_county(user: User, county: County) -> None:
    assert signing_in.training_code(user) is None
    assert "Training copy. You have no" not in sign_in(Browser(Client()), user).text


def test_the_training_copy_shows_a_code_that_works(user: User, demo: None) -> None:
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, training.secret_for(user.email))
    browser = sign_in(Browser(Client()), user)
    shown = signing_in.training_code(user)
    assert shown
    assert shown in browser.text
    browser.post(reverse("mfa_authenticate"), code=shown)
    assert browser.path == "/my-work"
    assert signing_in.training_code(user) != shown  # the one just used is not offered again


def test_the_training_copy_offers_its_people(demo: None) -> None:
    browser = Browser(Client()).get("/accounts/login/?as=sergeant@saltmarsh.example")
    assert browser.value("login") == "sergeant@saltmarsh.example"
    assert training.PASSWORD in browser.body


@pytest.mark.parametrize(
    ("path", "keeps"), [("/", True), ("/missing", True), ("/missing/version", False)]
)
def test_a_session_lasts_a_shift_from_the_last_page_and_no_poll_keeps_it(county, path, keeps):
    browser = county.browser("sergeant")
    county.w.owner.execute("UPDATE django_session SET expire_date = now() + interval '1 hour'")
    browser.get(path)
    assert browser.status == 200
    [(left,)] = county.w.rows("SELECT expire_date - now() FROM django_session")
    shift = timedelta(hours=12)
    assert shift - timedelta(minutes=1) < left <= shift if keeps else left <= timedelta(hours=1)
