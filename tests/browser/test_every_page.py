"""Every page, as several people see it: WCAG 2.2 AA by axe, no sideways scrolling at 320 px."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from kittiwake.kernel.pathway import REGISTER
from tests.browser.county import County, Known
from tests.browser.hands import PHONE, WIDE, Hands, Room

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NOT_BY_PEOPLE = ("history.", "clock.breached", "journal.")
STAGES = """
SELECT DISTINCT ON (c.stage) c.uid::text, q.uid::text FROM case_file c
JOIN pointer q ON q.person_id = c.person_id WHERE NOT q.is_restricted AND NOT c.is_history
ORDER BY c.stage, c.id
"""
OLDEST = """
SELECT c.uid::text, q.name, q.uid::text, q.person_id FROM case_file c
JOIN pointer q ON q.person_id = c.person_id
WHERE c.is_active AND NOT q.is_restricted AND q.lives_at <> '' ORDER BY c.opened_at LIMIT 1
"""
WORD = "SELECT uid::text FROM entry WHERE person_id = %s AND kind = 'missing.reported' LIMIT 1"


@pytest.fixture(scope="module")
def longest(county: County) -> Known:
    """The child who has been missing for longest, with the fullest record."""
    ((case, name, uid, person),) = county.rows(OLDEST)
    return Known(name, uid, person, f"/cases/{case}")


def forms() -> Iterator[str]:
    """Every kind of entry that somebody records by hand."""
    for kind, cls in sorted(REGISTER.kinds.items()):
        if not kind.startswith(NOT_BY_PEOPLE) and not cls.opens:
            yield kind


def of_anybody(county: County, longest: Known) -> list[str]:
    return [
        "/accounts/login/",
        "/accounts/login/?as=inspector@saltmarsh.example",
        "/report",
        "/report/thanks",
        "/nothing-here",
    ]


def of_the_inspector(county: County, longest: Known) -> list[str]:
    entry = county.rows(WORD, longest.person)[0][0]
    stages = [f"/cases/{case}" for case, _ in county.rows(STAGES)]
    actions = f"{longest.case}/record/action.settled?outcome=done&action_uid="
    (action,) = county.rows("SELECT uid::text FROM action WHERE settled_at IS NULL LIMIT 1")[0]
    return [
        "/missing",
        "/my-work",
        "/report?afresh=1",
        f"/report?child={longest.uid}",
        "/report?q=an",
        f"/report/done?case={longest.case[7:]}",
        "/find",
        "/find?q=an",
        "/find?q=Nobodysuch",
        *stages,
        f"{longest.case}?saved=Review",
        f"{longest.case}?recorded={entry}",
        f"{actions}{action}",
        f"/children/{longest.uid}",
        f"/children/{longest.uid}?as-at=2026-01-01T00:00",
        f"/children/{longest.uid}/entries/{entry}/correct",
        f"/children/{longest.uid}/entries/{entry}/wrong?q=an",
        "/accounts/2fa/",
        "/accounts/password/change/",
        "/access-log",
    ]


def of_every_form(county: County, longest: Known) -> list[str]:
    return [f"{longest.case}/record/{kind}" for kind in forms()]


def of_the_home(county: County, longest: Known) -> list[str]:
    steps = ["who", "seen", "worry", "you", "check"]
    (own,) = county.rows("SELECT uid::text FROM pointer WHERE name = 'Dylan Haines'")[0]
    shut = f"/children/{county.missing().uid}"
    return ["/my-work", "/find?q=dy", f"/children/{own}", shut, *(f"/report/{s}" for s in steps)]


def of_the_auditor(county: County, longest: Known) -> list[str]:
    kinds = "kind=opened&kind=refused&kind=looked&kind=recording"
    return ["/access-log", f"/access-log?child={longest.uid}&{kinds}", "/my-work"]


def of_social_care(county: County, longest: Known) -> list[str]:
    return ["/missing", longest.case, f"/children/{longest.uid}"]


WALKS = {
    "": of_anybody,
    "inspector": of_the_inspector,
    "superintendent": of_every_form,
    "home": of_the_home,
    "auditor": of_the_auditor,
    "social.worker": of_social_care,
}


def looked_at(hands: Hands, path: str) -> list[str]:
    """What is wrong with the page that is open: overflow, and whatever axe finds."""
    page, found = hands.page, []
    over = page.evaluate(_OVERFLOW)
    page.emulate_media(forced_colors="active")
    over_forced = page.evaluate(_OVERFLOW)
    page.emulate_media(forced_colors="none")
    if over > 0 or over_forced > 0:
        found.append(f"{path}: {max(over, over_forced)} px too wide")
    return found + [f"{path}: {said}" for said in axe(page)]


def axe(page: Page) -> list[str]:
    """Each violation in a line: rule, help, the first element it is about."""
    page.evaluate(AXE)
    violations: list[dict[str, Any]] = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags},"
        " resultTypes: ['violations']}).then(r => r.violations)",
        TAGS,
    )
    return [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:160]}" for v in violations]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1280", "320"])
@pytest.mark.parametrize("who", WALKS, ids=lambda who: who or "anybody")
def test_every_page_is_accessible_and_fits(
    room: Room, county: County, longest: Known, who: str, size: tuple[int, int]
) -> None:
    hands = room.sit(who, size) if who else room.seat(size)
    wrong = []
    for path in WALKS[who](county, longest):
        hands.open(path)
        wrong += looked_at(hands, path)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1280", "320"])
def test_pages_that_say_what_is_wrong_are_accessible_and_fit(
    room: Room, county: County, longest: Known, size: tuple[int, int]
) -> None:
    wrong = []
    hands = room.sit("inspector", size)
    for path, button in (
        ("/report?afresh=1", "Report missing"),
        (f"{longest.case}/record/missing.reviewed", "Review this episode"),
        (f"{longest.case}/record/missing.closed", "Close this episode"),
        (f"{longest.case}/record/missing.grade_lowered", "Decide on a lower grade"),
    ):
        hands.open(path)
        hands.push(button)
        hands.sees("There is something to put right")
        wrong += looked_at(hands, path)
    anybody = room.seat(size)
    for path, button in (("/accounts/login/", "Continue"), ("/report", "Tell us now")):
        anybody.open(path)
        anybody.push(button)
        wrong += looked_at(anybody, path)
    assert not wrong, "\n".join(wrong)
