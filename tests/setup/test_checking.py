"""`./run --check` prints one line of JSON, whatever the walk found, and leaves nothing."""

import json
import sys
import types
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from kittiwake.config import checking
from kittiwake.config.environment import Environment


@pytest.fixture
def started(monkeypatch):
    """Everything started, but for the starting: which homes were served, and what walks."""
    seen = SimpleNamespace(homes=[], demo=[], walk=lambda url: {"case": "M-26-00001"})

    @contextmanager
    def serving(environment, port=None):
        seen.homes.append(environment.home)
        seen.demo.append(environment.demo)
        yield SimpleNamespace(
            url="http://127.0.0.1:1", database="postgresql:///kittiwake", cluster=None
        )

    monkeypatch.setattr(checking, "serving", serving)
    monkeypatch.setattr(checking, "environment_for", lambda role, home: {})
    module = types.ModuleType("kittiwake.cli.check")
    module.walk = lambda url: seen.walk(url)
    monkeypatch.setitem(sys.modules, "kittiwake.cli.check", module)
    return seen


def test_it_prints_one_line_and_throws_its_home_away(started, monkeypatch, capsys):
    monkeypatch.delenv("KITTIWAKE_HOME")
    assert checking.check(Environment()) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert set(found) == {"url", "database", "seconds", "children", "entries", "case"}
    assert not started.homes[0].exists()


def test_the_walk_needs_invented_people_so_a_home_of_its_own_always_has_them(
    started, monkeypatch, capsys
):
    monkeypatch.delenv("KITTIWAKE_HOME")
    monkeypatch.setattr(checking, "counted", lambda owner: {"children": 0, "entries": 0})
    checking.check(Environment(demo=False))
    checking.check(Environment(demo=False, DATABASE_URL="postgresql:///theirs"))
    assert started.demo == [True, False], "a database somebody gave is never filled unasked"


def test_children_and_entries_are_counted_where_the_database_is_ours(server):
    assert set(checking.counted(server.url())) == {"children", "entries"}
    assert all(isinstance(n, int) for n in checking.counted(server.url()).values())


def test_a_home_it_was_given_is_used_and_kept(started, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("KITTIWAKE_HOME", str(tmp_path))
    assert checking.check(Environment()) == 0
    assert started.homes == [tmp_path]
    assert tmp_path.exists()


def test_a_walk_that_fails_fails_the_check_and_says_where_the_logs_are(
    started, monkeypatch, tmp_path, capsys
):
    def lost(url):
        raise AssertionError("the escalation never came")

    monkeypatch.setenv("KITTIWAKE_HOME", str(tmp_path))
    started.walk = lost
    with pytest.raises(AssertionError, match="never came"):
        checking.check(Environment())
    said = capsys.readouterr()
    assert said.out == ""
    assert str(tmp_path / "logs") in said.err
