"""Somebody at a keyboard: no mouse, every press counted."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

DOMAIN, PASSWORD = "saltmarsh.example", "samphire-and-tern"
WIDE, PHONE = (1280, 900), (320, 640)
TYPING, MOVING = 0.2, 0.35
"""Seconds a practised typist takes for a letter, and for a Tab, Enter, Space or arrow."""
MOST_TABS = 260

_FOCUSED = "e => e === document.activeElement"
# About how many presses of Tab lie before it: only so that a long page is not asked at each one.
_AHEAD = """e => {
  const stops = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')
  ].filter(s => s.checkVisibility() && !s.disabled && s.tabIndex >= 0);
  const here = stops.indexOf(document.activeElement), there = stops.indexOf(e);
  const names = new Set();
  return stops.slice(here + 1, Math.max(there, here + 1)).filter(s => s.type !== 'radio'
    || (!names.has(s.name) && names.add(s.name))).length;
}"""


@dataclass
class Hands:
    """One person with one browser window; `moves` and `letters` count what they pressed."""

    page: Page
    url: str
    moves: int = 0
    letters: int = 0
    troubles: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """How long the presses so far take a practised pair of hands."""
        return self.moves * MOVING + self.letters * TYPING

    def count_afresh(self) -> None:
        """Forget what was pressed so far."""
        self.moves = self.letters = 0

    def open(self, path: str) -> None:
        """Type an address; a journey does this once, at its beginning."""
        self.page.goto(self.url + path)
        first = self.page.locator("[autofocus]")
        if first.count():
            expect(first.first).to_be_focused()

    def press(self, key: str, times: int = 1) -> None:
        """Press a key that is no letter."""
        for _ in range(times):
            self.page.keyboard.press(key)
            self.moves += 1

    def type(self, words: str) -> None:
        """Type words where the focus is."""
        self.page.keyboard.type(words)
        self.letters += len(words)

    def to(self, place: Locator, key: str = "Tab") -> Locator:
        """Press Tab until the focus is there. Fails where Tab never leads."""
        place.wait_for(state="attached")
        if key == "Tab":
            self.press(key, max(place.evaluate(_AHEAD) - 2, 0))
        for _ in range(MOST_TABS):
            if place.evaluate(_FOCUSED):
                return place
            self.press(key)
        raise AssertionError(f"Tab does not lead to {place}")

    def fill(self, label: str | re.Pattern[str], words: str, exact: bool = False) -> None:
        """Go to the field with this label and type; what stood there is typed over."""
        field = self.page.get_by_label(label, exact=exact).first
        self.to(field)
        if field.input_value():
            self.press("Control+a")
        self.page.keyboard.insert_text(words)
        self.letters += len(words)

    def tick(self, label: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Tick a box, or choose one of several with the arrows as a radio wants it."""
        box = (within or self.page).get_by_label(label).first
        if box.get_attribute("type") != "radio":
            self.to(box)
            self.press("Space")
            return
        group = self._group_of(box)
        self._into(group)
        for _ in range(group.count()):
            if box.evaluate(_FOCUSED):
                break
            self.press("ArrowDown")
        if not box.is_checked():
            self.press("Space")
        expect(box).to_be_checked()

    def answer(self, asks: str, said: str) -> None:
        """Answer a yes-or-no question that stands beside its two buttons."""
        self.tick(said, self.page.get_by_role("radiogroup", name=asks).first)

    def pick(self, label: str | re.Pattern[str], option: str) -> None:
        """Choose from a drop-down list by typing the beginning of the option."""
        self.to(self.page.get_by_label(label).first)
        self.type(option)

    def go(self, name: str | re.Pattern[str], role: Any = "link", nth: int = 0) -> None:
        """Go to a link or button and press Enter, and wait for the page it leads to."""
        self.to(self.page.get_by_role(role, name=name).nth(nth))
        self.enter()

    def form(self, title: str) -> None:
        """On a case page go to the form with this title, opening the longer list if it is there."""
        link = self.page.get_by_role("link", name=title, exact=True)
        if not link.count():
            self.to(self.page.locator("summary", has_text="Record something else"))
            self.press("Enter")
        self.to(link.first)
        self.enter()

    def push(self, name: str | re.Pattern[str], nth: int = 0) -> None:
        """Go to a button and press it."""
        self.go(name, "button", nth)

    def record_or_check(self) -> None:
        """From any question of a form press its button: Ctrl and Enter."""
        with self.page.expect_navigation():
            self.press("Control+Enter")

    def record(self) -> None:
        """Press a form's button, and where the answers are shown once more, that one's too."""
        self.record_or_check()
        if self.page.get_by_role("heading", name="Check your answers").count():
            self.page.locator(".app-send button").first.focus()
            self.enter()

    def enter(self) -> None:
        """Press Enter and wait for the page that comes."""
        with self.page.expect_navigation():
            self.press("Enter")

    def sees(self, words: str | re.Pattern[str]) -> None:
        """These words stand on the page."""
        expect(self.page.locator("body")).to_contain_text(words)

    def heading(self, words: str | re.Pattern[str]) -> None:
        """This is the page's own heading."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)

    def sign_in(self, name: str) -> None:
        """Sign in with password and one-time code, all by keyboard."""
        email = f"{name}@{DOMAIN}"
        self.open("/accounts/login/")
        self.fill("Work e-mail address", email)
        self.press("Tab")
        self.type(PASSWORD)
        self.enter()
        code = self.page.locator(".app-code").inner_text()
        self.fill("Six-digit code", code)
        self.enter()
        assert "/accounts/" not in self.page.url, f"{email} could not sign in"

    def _group_of(self, box: Locator) -> Locator:
        name = box.get_attribute("name")
        return self.page.locator(f'input[type=radio][name="{name}"]')

    def _into(self, group: Locator) -> None:
        """Tab into a group of radios: the one chosen, else the first or last."""
        inside = "g => g.includes(document.activeElement)"
        for _ in range(MOST_TABS):
            if group.evaluate_all(inside):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not lead into {group}")


@dataclass
class Room:
    """Everybody who works at this product during the tests: who is signed in stays signed in."""

    browser: Browser
    url: str
    states: dict[str, Any] = field(default_factory=dict)
    seated: list[Hands] = field(default_factory=list)

    def seat(self, size: tuple[int, int] = WIDE, **options: Any) -> Hands:
        """A new browser window in which nobody is signed in."""
        width, height = size
        context = self.browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(20_000)
        hands = Hands(context.new_page(), self.url)
        hands.page.on("pageerror", lambda error: hands.troubles.append(str(error)))
        hands.page.on("console", lambda said: _note(hands, said.type, said.text))
        self.seated.append(hands)
        return hands

    def sit(self, name: str, size: tuple[int, int] = WIDE, **options: Any) -> Hands:
        """A new browser window of somebody signed in; they sign in once for all tests."""
        if name not in self.states:
            first = self.seat()
            first.sign_in(name)
            self.states[name] = first.page.context.storage_state()
        return self.seat(size, storage_state=self.states[name], **options)

    def leave(self) -> list[str]:
        """Close every window; give what their consoles complained of."""
        left, self.seated = self.seated, []
        for hands in left:
            hands.page.context.close()
        return [trouble for hands in left for trouble in hands.troubles]


def _note(hands: Hands, kind: str, text: str) -> None:
    # A form sent back with something to put right is an answer, not a trouble.
    if kind == "error" and "the server responded with a status of 4" not in text:
        hands.troubles.append(text)


def soon(check: Any, seconds: float = 20) -> Any:
    """What a check gives as soon as it gives something; else fails."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if found := check():
            return found
        time.sleep(0.3)
    raise AssertionError("it did not come about")
