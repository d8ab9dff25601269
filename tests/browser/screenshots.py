"""`python -m tests.browser.screenshots [NAME …]`: take the pictures in docs/screenshots afresh.

Each at 1280 px, and at 320 px as NAME-320.png. Set WALK_HOME to picture a demo that runs already.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

import psycopg
from playwright.sync_api import expect

from kittiwake.config.database import Cluster
from tests.browser.hands import Hands, Room
from tests.product import TREE

HERE = TREE / "docs" / "screenshots"
SIZES = {"": (1280, 860), "-320": (320, 640)}

Find = Callable[[str], str]
Take = Callable[[Hands, Find], None]


def at(path: str) -> Take:
    """A page as it opens; `{}` stands for what a query of `FACTS` gives."""
    return lambda hands, find: hands.open(re.sub(r"\{(\w+)\}", lambda m: find(m[1]), path))


# What a picture is of, asked of the county by name.
FACTS = {
    "marked": "SELECT q.uid::text FROM flag f JOIN pointer q ON q.person_id = f.person_id "
    "WHERE f.ended_at IS NULL GROUP BY q.uid ORDER BY count(*) DESC, q.uid LIMIT 1",
    "home": "SELECT uid::text FROM agency WHERE kind = 'home' ORDER BY name LIMIT 1",
    "planned": "SELECT q.uid::text FROM case_file c JOIN pointer q USING (person_id) "
    "JOIN plan l USING (person_id) WHERE c.is_active AND NOT q.is_restricted GROUP BY 1 "
    "ORDER BY count(DISTINCT l.kind) DESC, 1 LIMIT 1",
    "ours": "SELECT q.uid::text FROM case_file c JOIN pointer q USING (person_id) "
    "JOIN known_to k USING (person_id) JOIN practitioner p ON p.agency_id = k.agency_id "
    "WHERE c.is_active AND p.name = 'Sol Grant' ORDER BY 1 LIMIT 1",
    "case": "SELECT c.uid::text FROM case_file c JOIN pointer q USING (person_id) "
    "WHERE c.is_active AND q.markers @> '[\"cawn\"]' ORDER BY c.opened_at LIMIT 1",
    "child": "SELECT q.uid::text FROM case_file c JOIN pointer q USING (person_id) "
    "WHERE c.is_active AND q.markers @> '[\"cawn\"]' ORDER BY c.opened_at LIMIT 1",
    "reported": "SELECT c.uid::text FROM case_file c JOIN pointer q USING (person_id) "
    "WHERE c.stage = 'reported' AND q.born_on IS NOT NULL ORDER BY c.opened_at LIMIT 1",
    "known": "SELECT q.uid::text FROM pointer q JOIN person p ON p.id = q.person_id "
    "WHERE NOT q.is_restricted AND q.markers @> '[\"cse\"]' AND NOT EXISTS "
    "(SELECT 1 FROM case_file c WHERE c.person_id = q.person_id AND c.closed_at IS NULL) "
    "ORDER BY (SELECT count(*) FROM entry e WHERE e.person_id = q.person_id) DESC, q.name LIMIT 1",
}


def better_words(hands: Hands, find: Find) -> None:
    """A review while it is written, with better words beside the field."""
    at("/cases/{case}/record/missing.reviewed?afresh=1")(hands, find)
    hands.fill("Why? What do you rely on?", "Regular misper. Officers to check usual addresses.")
    hands.press("Tab")
    expect(hands.page.locator(".app-better").first).to_be_visible()


def refused(hands: Hands, find: Find) -> None:
    """A lower grade that was proposed for how often the child is missing."""
    at("/cases/{case}/record/missing.lower_grade_proposed?afresh=1")(hands, find)
    hands.tick("Low: harm is possible but minimal")
    hands.fill("What makes serious harm less likely this time?", "Regular misper, always returns")
    hands.push("Propose a lower grade")
    hands.tick("The exact words matter here")
    hands.push("Record it as it stands")
    hands.sees("This was not recorded")


def check(hands: Hands, find: Find) -> None:
    """An address that is not visited now, its answers before they are recorded."""
    at("/cases/{case}/record/missing.address_not_visited?afresh=1")(hands, find)
    hands.fill("Which address?", "14 Ferry Lane, Northey: the flat of an aunt")
    hands.fill("What does the delay mean for the child?", "Little: two officers watch the door")
    hands.fill("Why not now?", "A warrant is on its way; to knock now would warn the man in it")
    hands.to(hands.page.get_by_role("group", name="When will it be done?").get_by_label("Time"))
    hands.type("+1h")
    hands.record_or_check()


def words(hands: Hands, find: Find) -> None:
    """Listed words by team, after somebody recorded some."""
    for said in ("A regular misper, and streetwise.", "Attention seeking again, says her aunt."):
        at("/cases/{case}/record/missing.information_added?afresh=1")(hands, find)
        hands.fill("What is new?", said)
        hands.record()
    at("/language")(hands, find)


PICTURES: dict[str, tuple[str, Take]] = {
    "sign-in": ("", at("/accounts/login/")),
    "report-public": ("", at("/report")),
    "missing-now": ("inspector", at("/missing")),
    "my-work": ("inspector", at("/my-work")),
    "case": ("inspector", at("/cases/{case}")),
    "child": ("inspector", at("/children/{child}")),
    "assess": ("inspector", at("/cases/{case}/record/missing.risk_assessed?afresh=1")),
    "review": ("inspector", at("/cases/{case}/record/missing.reviewed?afresh=1")),
    "better-words": ("inspector", better_words),
    "refused": ("sergeant", refused),
    "check": ("inspector", check),
    "calls": ("control.room", at("/contacts")),
    "log-call": ("control.room", at("/contacts/log?child={known}")),
    "pack": ("control.room", at("/children/{known}/pack")),
    "report": ("control.room", at("/report?child={known}")),
    "receipt": ("control.room", at("/report/done?case={reported}")),
    "find": ("control.room", at("/find?q=an")),
    "report-home": ("home", at("/report/who?afresh=1")),
    "my-work-home": ("home", at("/my-work")),
    "quarantine": ("clerk", at("/quarantine")),
    "feeds": ("clerk", at("/feeds")),
    "incidents": ("auditor", at("/incidents")),
    "markers": ("inspector", at("/children/{marked}#markers-head")),
    "differences": ("hub", at("/differences")),
    "words": ("superintendent", words),
    "training": ("clerk", at("/training")),
    "plans": ("inspector", at("/children/{planned}/plans")),
    "plan-lines": ("sergeant", at("/cases/{case}/record/planning.lines_settled")),
    "homes": ("social.worker", at("/homes")),
    "home": ("social.worker", at("/homes/{home}")),
    "handover": ("second.inspector", at("/handover")),
    "our-children": ("home", at("/our-children")),
    "our-child": ("home", at("/our-children/{ours}")),
    "back-now": ("home", at("/our-children/{ours}/back")),
    "profile": ("home", at("/our-children/{ours}/profile/4?afresh=1")),
    "report-image": ("home", at("/children/{ours}/record/online.image_reported?afresh=1")),
    "access-log": ("auditor", at("/access-log")),
}


def take(room: Room, find: Find, names: list[str]) -> None:
    """Take the pictures with these names."""
    HERE.mkdir(parents=True, exist_ok=True)
    for name in names:
        who, go = PICTURES[name]
        for suffix, size in SIZES.items():
            hands = room.sit(who, size) if who else room.seat(size)
            go(hands, find)
            hands.page.evaluate("scrollTo(0, 0)")
            hands.page.screenshot(path=HERE / f"{name}{suffix}.png")
            print(f"{name}{suffix}.png", flush=True)
            room.leave()


def main() -> None:
    from tests.browser.conftest import chromium, walked

    with (
        walked() as product,
        chromium() as browser,
        psycopg.connect(Cluster(product.home).url(), autocommit=True) as link,
    ):

        def find(what: str) -> str:
            row = link.execute(FACTS[what]).fetchone()
            assert row, f"the county has no {what}"
            return str(row[0])

        take(Room(browser, product.url), find, sys.argv[1:] or list(PICTURES))


if __name__ == "__main__":
    main()
