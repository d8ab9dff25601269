"""Attention is scarce: one e-mail for all that waits, and a pause before the next; nothing lost."""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from django.core import mail
from django.core.mail.backends import locmem

from kittiwake.journal.posting import post
from kittiwake.kernel import rulebook
from tests.worlds import NOW, World, as_worker

PAUSE = rulebook.load().teams.pause
SIGN_IN = "Sign in to Kittiwake to read it: "


@pytest.fixture
def w(world: None, owner: psycopg.Connection) -> World:
    w = World(owner)
    owner.execute("UPDATE practitioner SET email = 'inspector@saltmarsh.example' WHERE id = %s",
                  [w.staff["inspector"]])  # fmt: skip
    mail.outbox = []
    return w


def waits(w: World, sentence: str, link: str, to: str = "inspector") -> None:
    w.owner.execute(
        "INSERT INTO message (to_id, sentence, link, written_at) VALUES (%s, %s, %s, %s)",
        [w.staff[to], sentence, link, NOW],
    )


def posted(minutes: float) -> int:
    with as_worker():
        return post(NOW + timedelta(minutes=minutes), PAUSE)


def test_what_waits_for_somebody_is_one_email_bundled_by_child(w: World) -> None:
    waits(w, "A child has been reported missing.", "/cases/one")
    waits(w, "CLK-11 is overdue.", "/cases/two")
    waits(w, "CLK-12 is overdue.", "/cases/one")
    waits(w, "Something waits.", "/my-work", to="sergeant")
    assert posted(0) == 4
    (told,) = mail.outbox
    assert told.to == ["inspector@saltmarsh.example"]
    assert told.body == (
        f"A child has been reported missing.\nCLK-12 is overdue.\n{SIGN_IN}/cases/one\n\n"
        f"CLK-11 is overdue.\n{SIGN_IN}/cases/two\n"
    )


def test_what_comes_right_after_waits_for_the_next_and_is_not_lost(w: World) -> None:
    waits(w, "First.", "/my-work")
    assert posted(0) == 1
    waits(w, "Second.", "/my-work")
    waits(w, "Third.", "/my-work")
    assert [posted(1), posted(4.9)] == [0, 0]
    assert posted(5) == 2
    assert [m.body.splitlines()[:-1] for m in mail.outbox] == [["First."], ["Second.", "Third."]]


def test_an_hour_has_no_more_than_twelve(w: World) -> None:
    for minute in range(60):
        waits(w, f"Number {minute}.", "/my-work")
        posted(minute)
    assert len(mail.outbox) == 12
    posted(60)
    assert w.rows("SELECT count(*) FROM message WHERE sent_at IS NULL") == [(0,)]


def test_a_message_that_fails_waits_for_the_next_round(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: object, messages: object) -> int:
        raise OSError

    waits(w, "First.", "/my-work")
    with monkeypatch.context() as broken:
        broken.setattr(locmem.EmailBackend, "send_messages", away)
        assert posted(0) == 0
    assert posted(0.1) == 1
