"""Two accounts of one episode count once, and never less often than any one sender counted."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kittiwake.journal import knowing
from kittiwake.kernel.accounts import once_each
from kittiwake.kernel.facts import Fact
from kittiwake.risk.facts import Child

DAY = datetime(2026, 6, 1, tzinfo=UTC)
NOW = DAY + timedelta(days=60)
COUNTED = ("missing.reported", "history.missing_episode")


def on_file(n, account, start, days, hours=0):
    codes = {"account": account}
    if days is not None:
        codes["back_at"] = (DAY + timedelta(days=start + days)).isoformat()
    happened = DAY + timedelta(days=start, hours=hours)
    return Fact(n, "history.missing_episode", happened, NOW, codes=codes)


def own(n, case, start, days):
    return (
        Fact(n, "missing.reported", DAY + timedelta(days=start, hours=22), NOW, case_id=case),
        Fact(n + 1, "missing.returned", DAY + timedelta(days=start + days), NOW, case_id=case),
    )


def episodes(facts):
    told = once_each(facts)
    assert [f.entry_id for f in told] == [f.entry_id for f in facts]
    return len({-f.entry_id if f.case_id is None else f.case_id for f in told if f.kind in COUNTED})


def test_a_return_and_a_police_file_of_one_night_are_one():
    assert episodes([on_file(1, "social_care", 0, 2), on_file(2, "police", 0, 1, hours=21)]) == 1


def test_our_own_record_and_two_files_are_one_and_the_policy_counts_it_once():
    facts = [*own(1, 7, 0, 2), on_file(3, "police", 0, 2), on_file(4, "social_care", 0, 3)]
    assert episodes(facts) == 1
    judged = knowing.policy().judge(once_each(facts), Child(14), NOW)
    assert judged.indicators["missing_90_days"] == 1
    assert knowing.policy().judge(facts, Child(14), NOW).indicators["missing_90_days"] == 3


def test_a_long_account_hides_no_shorter_ones():
    short = [on_file(n, "police", start, 1) for n, start in ((2, 1), (3, 4), (4, 8))]
    assert episodes([on_file(1, "social_care", 0, 10), *short]) == 3


def test_two_of_one_sender_and_two_that_only_touch_are_two():
    assert episodes([on_file(1, "police", 0, 3), on_file(2, "police", 1, 3)]) == 2
    assert episodes([on_file(1, "social_care", 0, 3), on_file(2, "police", 3, 3)]) == 2


def test_an_account_without_an_end_swallows_nothing_later():
    assert episodes([on_file(1, "social_care", 0, None), on_file(2, "police", 20, 1)]) == 2


def test_what_names_no_account_counts_as_it_did():
    old = [Fact(n, "history.missing_episode", DAY, NOW) for n in (1, 2)]
    assert episodes(old) == 2


SPELLS = st.lists(
    st.tuples(st.sampled_from(["police", "social_care"]), st.integers(0, 20), st.integers(0, 6)),
    max_size=9,
)


@given(spells=SPELLS)
def test_nothing_is_counted_less_often_than_a_sender_counted_it(spells):
    facts = [on_file(n, *spell) for n, spell in enumerate(spells, start=1)]
    by_sender = [sum(s == sender for s, _, _ in spells) for sender in ("police", "social_care")]
    assert max(by_sender) <= episodes(facts) <= sum(by_sender)


@given(spells=SPELLS, seed=st.randoms())
def test_the_order_of_arrival_changes_no_count(spells, seed):
    facts = [on_file(n, *spell) for n, spell in enumerate(spells, start=1)]
    mixed = list(facts)
    seed.shuffle(mixed)
    assert episodes(facts) == episodes(mixed)


@given(spells=SPELLS, more=st.tuples(st.sampled_from(["police", "social_care"]),
                                     st.integers(0, 20), st.integers(0, 6)))  # fmt: skip
def test_one_more_account_never_lowers_the_count(spells, more):
    facts = [on_file(n, *spell) for n, spell in enumerate(spells, start=1)]
    assert episodes([*facts, on_file(99, *more)]) >= episodes(facts)
