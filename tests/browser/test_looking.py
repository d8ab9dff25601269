"""A child is found and read in ten seconds; who looked is seen; silence of the worker is said."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.county import County
from tests.browser.hands import Room, soon
from tests.product import Product

RESTRICTED = "SELECT uid::text, name FROM pointer WHERE is_restricted ORDER BY uid LIMIT 1"


def test_a_child_is_found_by_parts_of_the_name_and_read(room: Room, county: County) -> None:
    child = county.missing(county.known_to("social.worker"), minutes=12)
    hands = room.sit("social.worker")
    hands.open("/find")
    hands.type(child.typed)
    hands.enter()
    hands.go(re.compile(f"^{child.name}"))
    hands.heading(child.name)
    head = hands.page.locator(".app-head")
    expect(head).to_contain_text(re.compile(r"Missing for\s*1[2-5] min", re.S))
    expect(head).to_contain_text(re.compile(r"Owner\s*Inspector .+07700 900", re.S))
    expect(head).to_contain_text(re.compile(r"Policy level\s*High", re.S))
    people = hands.page.get_by_role("region", name="Who works with them")
    expect(people).to_contain_text(", social worker")
    expect(people).to_contain_text(re.compile("Safeguarding lead", re.I))
    expect(people.get_by_role("link").first).to_have_attribute("href", re.compile("^tel:07700"))
    hands.sees("Not home from school, and the phone is off.")
    hands.sees("What each source says")


def test_a_child_who_is_not_on_file_a_restricted_one_and_a_shut_door_are_three_screens(
    room: Room, county: County
) -> None:
    ((uid, name),) = county.rows(RESTRICTED)
    hands = room.sit("sergeant")
    hands.open("/find")
    hands.type("Zzyzx Nobodysuch")
    hands.enter()
    hands.sees(re.compile("Nobody on file|No child", re.I))
    hands.open("/find")
    hands.type(str(name))
    hands.enter()
    hands.sees("Restricted record")
    assert str(name) not in hands.page.locator("main").inner_text()
    hands.open(f"/children/{uid}")
    hands.sees("This record is restricted")
    hands.sees(re.compile("07700 900"))
    assert str(name) not in hands.page.content()


def test_an_auditor_sees_who_opened_a_record_and_why(room: Room, county: County) -> None:
    child = county.missing()
    room.sit("adviser").open(child.case)
    hands = room.sit("auditor")
    hands.open("/access-log")
    row = hands.page.get_by_role("row").filter(has_text=child.name).first
    expect(row).to_contain_text("Cath Evans")
    expect(row).to_contain_text(re.compile("care of the child", re.I))
    other = room.sit("inspector")
    other.open("/access-log")
    other.sees("Your role does not include this")


@pytest.fixture
def silent_worker(product: Product, county: County) -> Iterator[None]:
    """The worker hangs, and has for more than two minutes."""
    workers = product.processes("worker")
    assert workers
    for one in workers:
        one.suspend()
    county.rows("UPDATE heartbeat SET at = at - interval '150 seconds'")
    yield
    for one in workers:
        one.resume()


def test_a_silent_worker_is_said_on_every_page_until_it_speaks_again(
    room: Room, county: County, product: Product, silent_worker: None
) -> None:
    child = county.missing()
    hands = room.sit("inspector")
    for path in ("/missing", "/my-work", child.case, f"/children/{child.uid}", "/report"):
        hands.open(path)
        banner = hands.page.get_by_role("alert").filter(has_text="Nobody is being told")
        expect(banner).to_contain_text(re.compile(r"last heard \d+ minutes ago"))
    for one in product.processes("worker"):
        one.resume()

    def heard() -> bool:
        hands.open("/missing")
        return "Nobody is being told" not in hands.page.content()

    assert soon(heard, 30)
