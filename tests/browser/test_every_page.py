"""Every page, as several people see it: WCAG 2.2 AA by axe, no sideways scrolling at 320 px."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from kittiwake.kernel.pathway import REGISTER
from tests.browser.county import AT_SAMPHIRE, County, Known
from tests.browser.hands import PHONE, WIDE, Hands, Room

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NOT_BY_PEOPLE = ("history.", "clock.breached", "journal.", "child.nearly_adult")
STAGES = """
SELECT DISTINCT ON (c.stage) c.uid::text FROM case_file c
JOIN pointer q ON q.person_id = c.person_id WHERE NOT q.is_restricted AND NOT c.is_history
AND c.stage IN ('offered', 'closed') ORDER BY c.stage, c.id
"""
CALL = "SELECT uid::text FROM case_file WHERE pathway = 'contact' ORDER BY id DESC LIMIT 1"
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


def forms() -> dict[str, set[str]]:
    """Every kind of entry that somebody records by hand, with the types of its questions."""
    return {
        kind: {type(asked.type).__name__ for asked in cls.questions()}
        for kind, cls in sorted(REGISTER.kinds.items())
        if not kind.startswith(NOT_BY_PEOPLE) and not cls.opens
    }


def forms_with_every_question() -> Iterator[str]:
    """A few forms in which every type of question stands at least once; the fullest first."""
    left, wanted = forms(), set().union(*forms().values())
    while wanted:
        kind = max(left, key=lambda kind: (len(left[kind] & wanted), kind))
        wanted -= left.pop(kind)
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
    short = county.missing()
    entry = county.rows(WORD, short.person)[0][0]
    action = county.rows("SELECT uid::text FROM action WHERE person_id = %s", short.person)[0][0]
    return [
        "/missing",
        "/contacts",
        f"/contacts/log?child={longest.uid}",
        *(f"/cases/{case}" for (case,) in county.rows(CALL)),
        f"/children/{longest.uid}/pack",
        "/my-work",
        "/report?afresh=1",
        f"/report?child={longest.uid}",
        "/report?q=an",
        f"/report/done?case={short.case[7:]}",
        "/find",
        "/find?q=an",
        "/find?q=Nobodysuch",
        longest.case,
        *(f"/cases/{case}" for (case,) in county.rows(STAGES)),
        f"{short.case}?saved=Review",
        f"{short.case}?recorded={entry}",
        f"{short.case}/record/action.settled?outcome=done&action_uid={action}",
        f"/children/{longest.uid}",
        f"/children/{short.uid}?as-at=2026-01-01T00:00",
        f"/children/{short.uid}/entries/{entry}/correct",
        f"/children/{short.uid}/entries/{entry}/wrong?q=an",
        "/accounts/2fa/",
        "/accounts/password/change/",
        "/access-log",
        "/handover",
        "/homes",
        county.rows("SELECT '/homes/' || uid FROM agency WHERE kind = 'home' ORDER BY name")[0][0],
        f"/children/{longest.uid}/plans",
        f"{longest.case}/record/planning.lines_settled",
        f"/children/{longest.uid}/record/online.image_reported",
    ]


def of_some_forms(county: County, longest: Known) -> list[str]:
    return [f"{longest.case}/record/{kind}" for kind in forms_with_every_question()]


def of_the_home(county: County, longest: Known) -> list[str]:
    steps = ["who", "seen", "worry", "you", "check"]
    _, own, _ = county.rows(AT_SAMPHIRE)[0]
    shut = f"/children/{county.missing().uid}"
    ours = f"/our-children/{own}"
    pages = ["/my-work", "/find?q=dy", f"/children/{own}", shut, "/our-children", ours]
    pages += [f"{ours}/back", *(f"{ours}/profile/{n}" for n in (1, 4, 7))]
    return [*pages, *(f"/report/{s}" for s in steps)]


def of_the_auditor(county: County, longest: Known) -> list[str]:
    kinds = "kind=opened&kind=refused&kind=looked&kind=recording"
    return [f"/access-log?child={longest.uid}&{kinds}", "/my-work", "/language"]


def of_the_hub(county: County, longest: Known) -> list[str]:
    return ["/differences"]


def of_the_clerk(county: County, longest: Known) -> list[str]:
    return ["/training"]


def of_social_care(county: County, longest: Known) -> list[str]:
    child = county.missing()
    return ["/my-work", child.case, f"/children/{child.uid}"]


WALKS = {
    "": of_anybody,
    "inspector": of_the_inspector,
    "superintendent": of_some_forms,
    "home": of_the_home,
    "auditor": of_the_auditor,
    "hub": of_the_hub,
    "clerk": of_the_clerk,
    "social.worker": of_social_care,
}


def looked_at(hands: Hands, path: str, contrast_twice: bool = False) -> list[str]:
    """What is wrong with the page that is open, wide and narrow: overflow, whatever axe finds.

    No colour changes with the width, so the dearest rule is asked again only where it is wished.
    """
    page, found = hands.page, []
    page.evaluate(AXE)
    for width, height in (WIDE, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        over = [page.evaluate(_OVERFLOW)]
        page.emulate_media(forced_colors="active")
        over.append(page.evaluate(_OVERFLOW))
        page.emulate_media(forced_colors="none")
        if max(over) > 0:
            found.append(f"{path}: {max(over)} px too wide at {width}")
        contrast = contrast_twice or width == WIDE[0]
        found += [f"{path} at {width}: {said}" for said in axe(page, contrast)]
    return found


def axe(page: Page, contrast: bool) -> list[str]:
    """Each violation in a line: rule, help, the first element it is about."""
    violations: list[dict[str, Any]] = page.evaluate(
        "([tags, contrast]) => axe.run(document, {runOnly: {type: 'tag', values: tags},"
        " rules: {'color-contrast': {enabled: contrast}}, resultTypes: ['violations']})"
        ".then(r => r.violations)",
        [TAGS, contrast],
    )
    return [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:160]}" for v in violations]


def walk(hands: Hands, paths: list[str], contrast_twice: bool = False) -> None:
    """Open each page and look at it, wide and narrow."""
    wrong = []
    for path in paths:
        hands.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        hands.open(path)
        wrong += looked_at(hands, path, contrast_twice)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", WALKS, ids=lambda who: who or "anybody")
def test_every_page_is_accessible_and_fits(
    room: Room, county: County, longest: Known, who: str
) -> None:
    walk(room.sit(who) if who else room.seat(), WALKS[who](county, longest))


@pytest.mark.long
def test_every_form_is_accessible_and_fits(room: Room, longest: Known) -> None:
    paths = [f"{longest.case}/record/{kind}" for kind in forms()]
    walk(room.sit("superintendent"), paths, contrast_twice=True)


@pytest.mark.long
@pytest.mark.parametrize("who", WALKS, ids=lambda who: who or "anybody")
def test_every_page_has_enough_contrast_at_both_widths(
    room: Room, county: County, longest: Known, who: str
) -> None:
    walk(room.sit(who) if who else room.seat(), WALKS[who](county, longest), contrast_twice=True)


def test_pages_that_say_what_is_wrong_are_accessible_and_fit(room: Room, county: County) -> None:
    wrong, case = [], county.missing().case
    hands, anybody = room.sit("inspector"), room.seat()
    for who, path, button in (
        (hands, "/report?afresh=1", "Report missing"),
        (hands, f"{case}/record/missing.reviewed", "Review this episode"),
        (hands, f"{case}/record/missing.grade_lowered", "Decide on a lower grade"),
        (anybody, "/accounts/login/", "Continue"),
        (anybody, "/report", "Tell us now"),
    ):
        who.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        who.open(path)
        who.push(button)
        who.sees(re.compile("There is something to put right|This did not work"))
        wrong += looked_at(who, path)
    assert not wrong, "\n".join(wrong)
