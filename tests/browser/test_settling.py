"""The clerk reads a row that could not be taken in, and settles it; by keyboard alone."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from tests.browser.hands import PHONE, Room
from tests.product import TREE, Product

ROWS = """CHILD,DOB,MISSING,MIS_START,MIS_END
{one}7,04/03/2012,M,01/06/2026,03/06/2026
{one}8,05/06/2011,X,09/06/2026,
{one}9,06/07/2010,A,10/06/2026,
"""
AXE = (TREE / "tests" / "vendor" / "axe.min.js").read_text()
SERIOUS = """async () => (await axe.run()).violations
    .filter(v => ['serious', 'critical'].includes(v.impact)).map(v => v.id)"""


@pytest.fixture
def returned(product: Product, tmp_path: Path) -> str:
    """A return that came in on the command line, with one row that waits; the file's name."""
    one = uuid4().hex[:8]
    file = tmp_path / f"missing-{one}.csv"
    file.write_text(ROWS.format(one=one))
    done = subprocess.run(
        [str(TREE / "kittiwake"), "import", "ssda903", str(file)],
        env=os.environ | {"KITTIWAKE_HOME": str(product.home)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr  # something waits
    return file.name


def test_the_clerk_settles_a_row_that_could_not_be_taken_in(room: Room, returned: str) -> None:
    hands = room.sit("clerk")
    hands.open("/quarantine")
    hands.go(f"{returned}, row 3")
    hands.sees("MISSING should be M for missing")
    hands.page.evaluate(AXE)
    assert hands.page.evaluate(SERIOUS) == []
    hands.push("Settle it")
    hands.sees("Say what became of it")
    hands.fill("What became of it?", "The council rang back: it is an M.")
    hands.record()
    hands.sees("The council rang back: it is an M. (Pat Wren)")


def test_a_file_is_read_on_a_telephone(room: Room, returned: str) -> None:
    hands = room.sit("clerk", PHONE)
    hands.open("/quarantine")
    hands.page.evaluate(AXE)
    assert hands.page.evaluate(SERIOUS) == []
    hands.go(f"{returned}, row 3")
    hands.go(returned)
    hands.sees("No end: still missing on this file.")
    assert hands.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
