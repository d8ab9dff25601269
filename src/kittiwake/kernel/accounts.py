"""Two accounts of one episode count once: a council's return, a police file, and our own record.

Pure. The accounts stay side by side in the chronology, each with its sender; only what counts
them sees one. An account joins at most one of each other sender's, and only where their times
overlap, so that nothing is counted less often than any one sender counted it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import attrgetter

from kittiwake.kernel.facts import Fact
from kittiwake.kernel.questions import LONDON

REPORTED, RETURNED = "missing.reported", "missing.returned"
ON_FILE = "history.missing_episode"
OWN = "own"
A_DAY = timedelta(days=1)
OF_FILES = -(2**62)
"""Where the numbers of episodes that are on files alone begin: no case has one of them."""


def once_each(facts: Sequence[Fact]) -> list[Fact]:
    """The same facts in the same order; accounts of one episode share its case number."""
    accounts = [f for f in facts if f.kind == REPORTED or (f.kind == ON_FILE and _source(f))]
    if sum(f.kind == ON_FILE for f in accounts) == 0 or len(accounts) < 2:
        return list(facts)
    numbers = _numbers(accounts, _backs(facts))
    return [replace(f, case_id=numbers[f.entry_id]) if f.entry_id in numbers else f for f in facts]


def _numbers(accounts: Iterable[Fact], backs: dict[int, datetime]) -> dict[int, int]:
    """The case number each account on a file is given, where it is not the first of its episode."""
    episodes: list[dict[str, Fact]] = []
    # Our own record first, so that what a file says of it is told by its case.
    for account in sorted(accounts, key=lambda f: (f.kind != REPORTED, f.happened_at, f.entry_id)):
        source = _source(account)
        fits = next(
            (
                e for e in episodes
                if source not in e and any(_overlap(account, other, backs) for other in e.values())
            ),
            None,
        )  # fmt: skip
        if fits is None:
            episodes.append({source: account})
        else:
            fits[source] = account
    numbers = {}
    for episode in (e for e in episodes if len(e) > 1):
        first = min(f.entry_id for f in episode.values())
        case = episode[OWN].case_id if OWN in episode else OF_FILES + first
        for account in episode.values():
            if account.kind == ON_FILE and case is not None:
                numbers[account.entry_id] = case
    return numbers


def _source(fact: Fact) -> str:
    return OWN if fact.kind == REPORTED else str(fact.codes.get("account") or "")


def _backs(facts: Iterable[Fact]) -> dict[int, datetime]:
    """When the child was back, by case."""
    closed = sorted((f for f in facts if f.kind == RETURNED), key=attrgetter("order"))
    return {f.case_id: f.happened_at for f in closed if f.case_id is not None}


def _overlap(one: Fact, other: Fact, backs: dict[int, datetime]) -> bool:
    """Whether two accounts are of one time, in days, since a return knows no times.

    Two that only touch, one ending on the day the other begins, are two.
    """
    (a, b), (c, d) = _span(one, backs), _span(other, backs)
    shared = min(b, d) - max(a, c)
    return shared >= timedelta() and (shared >= A_DAY or abs(a - c) <= A_DAY)


def _span(fact: Fact, backs: dict[int, datetime]) -> tuple[date, date]:
    """From which day until which; an account without an end is of its first day.

    An open one that reached to today would swallow every later episode.
    """
    start = fact.happened_at
    end = start
    if fact.kind == REPORTED:
        end = backs.get(fact.case_id, start) if fact.case_id is not None else start
    elif isinstance(told := fact.codes.get("back_at"), str) and told != "not_known":
        end = datetime.fromisoformat(told)
    return start.astimezone(LONDON).date(), max(end, start).astimezone(LONDON).date()
