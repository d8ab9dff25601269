"""Nobody signs up; second factors are sealed and work once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.db import connection


def test_the_second_factor_is_sealed_before_it_is_stored():
    sealed = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert get_adapter().decrypt(sealed) == "JBSWY3DPEHPK3PXP"


def test_e9_of_many_who_use_one_code_at_once_one_comes_in(world):
    def use(_):
        try:
            return cache.add("one-time-code-123456-of-7", True, timeout=90)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(use, range(40))) == 1


def test_nobody_signs_up(world, owner, client):
    form = {"email": "kit@example.org", "password1": "a long enough password"}
    client.post("/accounts/signup/", form)
    assert owner.execute("SELECT count(*) FROM auth_user").fetchone() == (0,)


@pytest.mark.parametrize("name", ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"])
def test_two_installations_on_one_machine_do_not_share_cookies(name):
    assert "kittiwake_" in getattr(settings, name)
    assert getattr(settings, name) not in ("kittiwake_", "sessionid", "csrftoken")
