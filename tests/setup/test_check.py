"""`./test` itself: it runs everything, on two PostgreSQLs where there are two."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]


@pytest.fixture
def check():
    place = importlib.util.spec_from_file_location("check", TREE / "bin" / "check.py")
    module = importlib.util.module_from_spec(place)
    sys.modules["check"] = module
    place.loader.exec_module(module)
    yield module
    del sys.modules["check"]


def names(checks):
    return [check.name for check in checks]


def test_everything_is_run_unless_less_is_asked_for(check):
    whole, fast = names(check.checks(False, False)), names(check.checks(True, False))
    static = ["format", "lint", "types", "imports", "migrations"]
    assert whole[:6] == [*static, "tests"]
    assert set(whole) - set(fast) == {"browser"}
    assert names(check.checks(False, True)) == [*whole, "long"]


def test_another_postgresql_is_another_major_version(check, monkeypatch):
    from kittiwake.config.postgres import choose

    assert check.another_postgres() != str(choose().major)
    monkeypatch.setenv("KITTIWAKE_POSTGRES", "embedded")
    assert check.another_postgres() != "18"


def test_without_a_browser_it_says_what_to_install(check, monkeypatch):
    monkeypatch.setattr(check, "chromium", lambda: None)
    monkeypatch.setattr(check.os, "geteuid", lambda: 1000)
    assert "apt-get install -y --no-install-recommends chromium" in check.chromium_or_why_not()


@pytest.mark.parametrize(("code", "good"), [(0, True), (3, False)])
def test_a_check_shows_its_output_and_gives_its_last_line(check, capfd, code, good):
    command = [
        sys.executable,
        "-c",
        f"print('one'); print('two'); print(); raise SystemExit({code})",
    ]
    assert check.run(check.Check("made up", command)) == (good, "two")
    assert "one\ntwo" in capfd.readouterr().out


def test_one_failure_fails_the_whole_and_is_named_last(check, monkeypatch, capsys):
    good = check.Check("good", [sys.executable, "-c", "pass"])
    bad = check.Check("bad", [sys.executable, "-c", "raise SystemExit(1)"])
    monkeypatch.setattr(check, "checks", lambda fast, long: [bad, good])
    monkeypatch.setattr(sys, "argv", ["./test", "--fast"])
    with pytest.raises(SystemExit, match=r"^\./test: FAILED in \d+ s: bad\.$"):
        check.main()
    assert "── good" in capsys.readouterr().out, "the rest is still run"


def test_help_needs_nothing_set_up():
    said = subprocess.run(
        [sys.executable, TREE / "bin" / "check.py", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--fast" in said.stdout
    assert "--long" in said.stdout
