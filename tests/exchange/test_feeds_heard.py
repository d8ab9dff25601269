"""A feed that is late is shown and raised to a named person, so that it is no quiet child."""

from datetime import timedelta

import pytest
from police_given import BACK, OUT, bring

from kittiwake.access.doors import NotPermitted, as_practitioner
from kittiwake.exchange import feeds
from kittiwake.kernel.rulebook import RulebookError, load
from tests.worlds import NOW, World, as_worker


@pytest.fixture
def w(world, owner):
    return World(owner)


def heard(w, at):
    with as_practitioner(w.who("clerk")):
        return feeds.all_heard(at)


def test_a_feed_has_an_owner_and_a_rhythm_and_is_late_when_nothing_new_comes(w):
    bring(w, BACK)
    (feed,) = heard(w, NOW + timedelta(hours=25))
    assert (feed.owner, feed.expected, feed.is_late) == ("Pat Wren", "26 h", False)
    (feed,) = heard(w, NOW + timedelta(hours=27))
    assert feed.is_late
    assert feed.sentence.startswith("Nothing new from the missing persons file of Saltmarsh")
    assert [late.key for late in feeds.late(NOW + timedelta(hours=27))] == [feed.key]


def test_the_same_file_again_is_no_news(w):
    bring(w, BACK)
    bring(w, BACK, at=NOW + timedelta(hours=26))
    (feed,) = heard(w, NOW + timedelta(hours=27))
    assert (feed.is_late, feed.again_at) == (True, NOW + timedelta(hours=26))
    bring(w, OUT, name="new.csv", at=NOW + timedelta(hours=27))
    (feed,) = heard(w, NOW + timedelta(hours=28))
    assert (feed.is_late, feed.again_at) == (False, None)


def test_whoever_is_on_the_ladder_is_told_once_and_an_answer_ends_the_climb(w):
    bring(w, BACK)
    with as_worker():
        assert feeds.sweep(NOW + timedelta(hours=25)) == 0
        assert feeds.sweep(NOW + timedelta(hours=27)) == 1
        assert feeds.sweep(NOW + timedelta(hours=28)) == 0
    ((to, sentence, link),) = w.rows("SELECT to_id, sentence, link FROM message")
    assert (to, link) == (w.staff["clerk"], "/feeds")
    assert sentence.startswith("FEED-02 Nothing new from the missing persons file")
    key = heard(w, NOW)[0].key
    feeds.answer(key, "The export runs again tonight.", w.who("clerk"), NOW + timedelta(hours=28))
    with as_worker():
        assert feeds.sweep(NOW + timedelta(hours=40)) == 0
    (feed,) = heard(w, NOW + timedelta(hours=40))
    assert (feed.is_late, feed.is_answered, feed.answered_by) == (True, True, "Pat Wren")


def test_a_feed_nobody_answers_for_reaches_the_duty_inspector(w):
    bring(w, BACK)
    with as_worker():
        assert feeds.sweep(NOW + timedelta(hours=31)) == 2
    told = {to for (to,) in w.rows("SELECT to_id FROM message")}
    assert w.staff["clerk"] in told
    assert told & {w.staff["inspector"], w.staff["second_inspector"]}


def test_a_feed_is_ended_by_a_person_with_a_reason_and_begins_again_with_a_file(w):
    bring(w, BACK)
    key = heard(w, NOW)[0].key
    with pytest.raises(NotPermitted):
        feeds.end(key, "No.", w.who("carer"), NOW)
    with pytest.raises(LookupError):
        feeds.end("police:9:none", "No.", w.who("clerk"), NOW)
    feeds.end(key, "The system was switched off.", w.who("clerk"), NOW)
    assert heard(w, NOW + timedelta(days=9)) == []
    bring(w, OUT, name="new.csv", at=NOW + timedelta(days=9))
    assert len(heard(w, NOW + timedelta(days=9))) == 1


def test_a_force_sets_its_own_rhythm_in_the_rulebook():
    own = load().with_rows([("FEED-02.any", "2 h", NOW.date())]).at(NOW.date())
    assert dict(own.feed("police").limits)["any"].amount == 2
    assert "FEED-02" not in own.clocks
    with pytest.raises(RulebookError):
        own.feed("pigeons")
