"""An auditor finds the child of an incident whom nobody recorded, and settles it; by keyboard."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from uuid import uuid4

from tests.browser.hands import PHONE, WIDE, Room
from tests.browser.test_settling import AXE, SERIOUS
from tests.product import TREE, Product

MAPPING = """standard = "incidents"
[columns]
number = "No"
opened = "At"
opened_as = "Code"
name = "Name"
born = "Born"
[codes.opened_as]
"MISPER" = "missing"
"""


def kittiwake(product: Product, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command against the product that is walked."""
    return subprocess.run(
        [str(TREE / "kittiwake"), *arguments],
        env=os.environ | {"KITTIWAKE_HOME": str(product.home)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_an_auditor_settles_an_incident_that_nobody_recorded(
    product: Product, room: Room, tmp_path: Path
) -> None:
    number = f"SC-{uuid4().hex[:8]}"
    mapping, log = tmp_path / "storm.toml", tmp_path / "log.csv"
    mapping.write_text(MAPPING)
    log.write_text(f"No,At,Code,Name,Born\n{number},01/11/2026 18:20,MISPER,Noor Ebb,05/09/2011\n")
    done = kittiwake(product, "import", "incidents", str(log), "--mapping", str(mapping))
    assert done.returncode == 0, done.stderr
    for size in (WIDE, PHONE):
        hands = room.sit("auditor", size)
        hands.open("/incidents")
        hands.sees(number)
        hands.page.evaluate(AXE)
        assert hands.page.evaluate(SERIOUS) == []
        room.leave()
    hands = room.sit("clerk")
    hands.open("/feeds")
    hands.sees("incident log of")
    hands.page.evaluate(AXE)
    assert hands.page.evaluate(SERIOUS) == []
