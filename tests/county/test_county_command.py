"""`./kittiwake county`: the demo's size from the command line, and never among real people."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kittiwake.config.environment import passing_home

TREE = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.long


@pytest.fixture
def home() -> Iterator[Path]:
    home = passing_home("kittiwake-county-")
    yield home
    shutil.rmtree(home, ignore_errors=True)


def county(home: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KITTIWAKE_")}
    environment.pop("DATABASE_URL", None)
    return subprocess.run(
        [str(TREE / "kittiwake"), "county", *options],
        env=environment | {"KITTIWAKE_HOME": str(home)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_a_county_is_made_once(home: Path) -> None:
    made = county(home, "--scale", "0.02", "--seed", "3", "--json")
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    rows = told["rows"]
    assert (told["scale"], told["seed"]) == (0.02, 3)
    # 2,740 around the scenes, their parents, and those who have grown up.
    assert 4500 < rows["person"] < 6500
    assert 380 < rows["case_file"] < 560
    assert rows["entry"] == rows["about"]
    assert rows["pointer"] == rows["person"]
    again = county(home, "--scale", "0.02")
    assert again.returncode == 2
    assert "There are people in this database" in again.stderr
