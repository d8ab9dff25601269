"""What `./run --check` walks: a call handler reports a child, and a clock climbs to an inspector.

As a browser would, over HTTP and through the pages' own forms, with nothing but the standard
library; every step that fails ends the walk with a sentence naming the page.
"""

import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener
from uuid import uuid4

from django.utils import timezone

from kittiwake.pages import training
from kittiwake.pages.subjects import current_rulebook

CONTROL_ROOM, INSPECTOR = "control.room", "inspector"
LAPSED = "CLK-11"
"""The clock made to run out: a supervisor acknowledges a report within 15 minutes."""
NOTICED = "-2h"
WITHIN, EVERY, PATIENCE = 60.0, 1.0, 30.0
"""Seconds the worker has to raise it, between two looks, and for one page to answer."""

Field = tuple[str, str]


@dataclass
class Form:
    """A form as the page sent it: where it goes, what it sends, and its buttons."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    def button(self, words: str) -> list[Field]:
        """What the button with these words on it adds to what is sent."""
        for name, value, said in self.buttons:
            if said.strip().startswith(words):
                return [(name, value)] if name else []
        raise LookupError(f"there is no button “{words}”")

    def filled(self, answers: dict[str, str]) -> list[Field]:
        """What is sent with these answers typed in place of what stood there."""
        names = {name for name, _ in self.fields}
        if missing := sorted(set(answers) - names):
            raise LookupError(f"it does not ask for {', '.join(missing)}")
        kept = [(name, value) for name, value in self.fields if name not in answers]
        return [*kept, *answers.items()]


class Page(HTMLParser):
    """A page read as far as the walk needs: its forms, links, list items and words."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.items: list[str] = []
        self.words = ""
        self._open_items: list[int] = []
        self._open_button = self._textarea = self._select = False
        self.feed(html)
        self.close()

    @property
    def path(self) -> str:
        """Its address within the product."""
        return urlsplit(self.address).path

    def form_with(self, name: str) -> Form:
        """The form that asks for this. Raises LookupError."""
        for form in self.forms:
            if any(name == asked for asked, _ in form.fields):
                return form
        raise LookupError(f"there is no form that asks for {name}")

    def item(self, *words: str) -> str | None:
        """The first item of a list in which all of these words stand."""
        return next((i for i in self.items if all(word in i for word in words)), None)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(said.get("action") or self.path, said.get("method", "get")))
        elif tag == "a":
            self.links.append(said.get("href", ""))
        elif tag == "li":
            self._open_items.append(len(self.items))
            self.items.append("")
        elif self.forms:
            self._control(tag, said)

    def _control(self, tag: str, said: dict[str, str]) -> None:
        fields, name = self.forms[-1].fields, said.get("name", "")
        if tag == "input" and name:
            ticked = said.get("type") not in ("radio", "checkbox") or "checked" in said
            if ticked:
                fields.append((name, said.get("value", "")))
        elif tag in ("textarea", "select") and name:
            fields.append((name, ""))
            self._textarea, self._select = tag == "textarea", tag == "select"
        elif tag == "option" and "selected" in said and self._select:
            fields[-1] = (fields[-1][0], said.get("value", ""))
        elif tag == "button":
            self._open_button = True
            self.forms[-1].buttons.append((name, said.get("value", ""), ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "li" and self._open_items:
            self._open_items.pop()
        elif tag in ("textarea", "select"):
            self._textarea = self._select = False
        elif tag == "button":
            self._open_button = False

    def handle_data(self, data: str) -> None:
        self.words += data
        for number in self._open_items:
            self.items[number] += data
        if self._textarea:
            name, value = self.forms[-1].fields[-1]
            self.forms[-1].fields[-1] = (name, value + data)
        if self._open_button:
            name, value, words = self.forms[-1].buttons[-1]
            self.forms[-1].buttons[-1] = (name, value, words + data)


class Visitor:
    """Somebody with a browser of their own: cookies, pages, forms."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._browser: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Page:
        """The page at an address; ends the walk if there is none."""
        return self._fetch(Request(urljoin(self.url, path)))

    def send(self, page: Page, form: Form, answers: dict[str, str], button: str = "") -> Page:
        """The page after a form was filled in and a button pressed."""
        try:
            sent = form.filled(answers) + (form.button(button) if button else [])
        except LookupError as reason:
            raise _stopped(page.path, str(reason)) from None
        request = Request(urljoin(page.address, form.action), data=urlencode(sent).encode())
        request.add_header("Referer", page.address)
        return self._fetch(request)

    def sign_in(self, name: str) -> Page:
        """The first page after signing in as an invented person, with password and code."""
        email = f"{name}@{training.DOMAIN}"
        page = self.get("/accounts/login/")
        answers = {"login": email, "password": training.PASSWORD}
        page = self.send(page, _form(page, "password"), answers)
        for code in training.codes_for(email):
            # One code is good once: somebody may have used this half minute's already.
            page = self.send(page, _form(page, "code"), {"code": code})
            if not page.path.startswith("/accounts/"):
                return page
        raise _stopped("/accounts/login/", f"{email} could not sign in")

    def _fetch(self, request: Request) -> Page:
        path = urlsplit(request.full_url).path
        try:
            with self._browser.open(request, timeout=PATIENCE) as answer:
                return Page(answer.url, answer.read().decode())
        except HTTPError as error:
            with error:
                if error.code != 422:
                    raise _stopped(path, f"it answered {error.code}") from None
                return Page(error.url or request.full_url, error.read().decode())
        except (OSError, HTTPException) as error:
            raise _stopped(path, f"it did not answer ({type(error).__name__})") from None


def walk(url: str) -> dict[str, Any]:
    """Report an invented child and wait until a clock that ran out was raised to an inspector.

    Gives `case` (the reference) and `escalated_after_seconds`, counted from the report. Raises
    SystemExit with a sentence naming the page where a step did not lead on.
    """
    if not training.people():
        raise SystemExit(
            "The check signs in as invented people, and there are none in this database."
            " Run it without --no-demo, or without --database."
        )
    caller = Visitor(url)
    caller.sign_in(CONTROL_ROOM)
    case, ref = _report(caller)
    began = time.monotonic()
    inspector = Visitor(url)
    inspector.sign_in(INSPECTOR)
    _wait_until_raised(inspector, case)
    return {"case": ref, "escalated_after_seconds": round(time.monotonic() - began, 1)}


def _report(caller: Visitor) -> tuple[str, str]:
    """Report a child who is not on file through the page; give the case's address and reference."""
    name = f"Wren Checkley {uuid4().hex[:6].translate(_LETTERS)}"
    page = caller.get("/report")
    page = caller.send(page, _form(page, "submission"), {"q": name}, "Search")
    page = caller.send(page, _form(page, "submission"), {}, "Describe")
    answers = {
        "new-0-name": name,
        "happened_at-time": NOTICED,
        "concern": "Invented by ./run --check: not back from the library, no coat, and it is dark.",
        "tried": "Rang the library and a friend’s mother.",
    }
    page = caller.send(page, _form(page, "new-0-name"), answers, "Report missing")
    case = next((link for link in page.links if link.startswith("/cases/")), "")
    ref = next((word for word in page.words.split() if word.startswith("M-")), "")
    if page.path != "/report/done" or not case:
        raise _stopped(page.path, "the report was not recorded")
    return case, ref


_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def _wait_until_raised(inspector: Visitor, case: str) -> None:
    """Look at the case until the clock that ran out stands there as raised."""
    clock = current_rulebook(timezone.now()).clock(LAPSED).name
    give_up = time.monotonic() + WITHIN
    while time.monotonic() < give_up:
        page = inspector.get(case)
        if page.item(clock, "raised to"):
            return
        time.sleep(EVERY)
    raise _stopped(case, f"after {WITHIN:.0f} seconds nobody was told that “{clock}” ran out")


def _form(page: Page, name: str) -> Form:
    try:
        return page.form_with(name)
    except LookupError as reason:
        raise _stopped(page.path, str(reason)) from None


def _stopped(path: str, why: str) -> SystemExit:
    return SystemExit(f"The check stopped at the page {path}: {why}.")
