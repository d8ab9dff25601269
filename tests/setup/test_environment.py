"""What is read from outside, and what is kept at home."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import ValidationError

from kittiwake.config.environment import Environment, kept_secret, settle
from kittiwake.config.installing import environment_for


def test_the_secret_key_is_made_once_and_only_we_can_read_it(tmp_path):
    environment = Environment(home=tmp_path / "home")
    assert environment.key() == environment.key()
    assert len(environment.key()) >= 50
    assert stat.S_IMODE((environment.home / "secret-key").stat().st_mode) == 0o600


def test_four_who_ask_at_once_get_the_same_secret(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        made = set(pool.map(lambda _: kept_secret(tmp_path / "secret"), range(64)))
    assert len(made) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_home_is_not_for_others_to_list(tmp_path):
    settle(tmp_path / "home")
    assert not stat.S_IMODE((tmp_path / "home").stat().st_mode) & 0o044


def test_a_home_is_the_same_place_wherever_a_process_stands(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KITTIWAKE_HOME", "here")
    assert Environment().home == tmp_path / "here"


def test_debugging_is_off_and_the_county_is_on_unless_said(monkeypatch):
    environment = Environment()
    assert (environment.debug, environment.demo, environment.role) == (False, True, "app")
    monkeypatch.setenv("KITTIWAKE_DEMO", "false")
    assert Environment().demo is False


def test_an_address_never_shows_its_password(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner:hunter2@db/kittiwake")
    assert "hunter2" not in repr(Environment())


def test_a_wrong_setting_is_named(monkeypatch):
    monkeypatch.setenv("KITTIWAKE_NATION", "atlantis")
    with pytest.raises(ValidationError, match="nation"):
        Environment()


def test_neither_web_nor_worker_is_given_the_owners_address(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner:secret@db/kittiwake")
    monkeypatch.setenv("KITTIWAKE_ROLE_URL", "postgresql://owner:secret@db/kittiwake")
    for role in ("app", "worker"):
        given = environment_for(role, tmp_path)
        assert given["KITTIWAKE_ROLE"] == role
        assert not [name for name, value in given.items() if "owner:secret" in value]
