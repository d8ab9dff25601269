"""Chromium in front of the whole product, driven by keyboard.

Set WALK_HOME to the KITTIWAKE_HOME of a demo that runs already, to walk that one instead.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright

from kittiwake.config.database import Cluster
from tests.browser.county import County
from tests.browser.hands import Room
from tests.product import Product, running

HERE = Path(__file__).parent
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")


@contextmanager
def walked() -> Iterator[Product]:
    """The product to walk: one of our own, or the one WALK_HOME names."""
    home = os.environ.get("WALK_HOME")
    if not home:
        with running("--demo") as product:
            yield product
        return
    note = json.loads((Path(home) / "running.json").read_text())
    already = cast(Any, SimpleNamespace(pid=note["pid"]))
    yield Product(note["url"], Path(home), already)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    with walked() as product:
        yield product


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def signed_in(product: Product, browser: Browser) -> Room:
    """One room for all tests, so that everybody signs in once."""
    return Room(browser, product.url)


@pytest.fixture
def room(signed_in: Room) -> Iterator[Room]:
    """Who sits at the product; what their browsers complain of fails the test."""
    yield signed_in
    troubles = signed_in.leave()
    assert not troubles, "a browser complained"


@pytest.fixture(scope="session")
def county(product: Product) -> Iterator[County]:
    """The county behind the pages, as the database's owner reads it."""
    with psycopg.connect(Cluster(product.home).url(), autocommit=True) as link:
        yield County(product, link)
