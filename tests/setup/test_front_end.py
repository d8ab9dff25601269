"""What is copied from others is as it was locked, and wears nobody's uniform."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]
LOCK = json.loads((TREE / "vendor" / "frontend.json").read_text())
STATIC = TREE / "src" / "kittiwake" / "pages" / "static"


@pytest.mark.parametrize("name", LOCK["files"])
def test_each_copied_file_is_as_locked(name):
    assert sha256((TREE / name).read_bytes()).hexdigest() == LOCK["files"][name]


def test_nothing_is_copied_that_is_not_locked():
    folders = [STATIC / "vendor", TREE / "tests" / "vendor"]
    here = {str(p.relative_to(TREE)) for f in folders for p in f.rglob("*") if p.is_file()}
    assert here == set(LOCK["files"])


@pytest.mark.parametrize("path", [p for p in STATIC.rglob("*") if p.is_file()], ids=str)
def test_no_typeface_or_arms_of_government(path):
    branded = re.compile(r"GDS Transport|crown|crest|logotype", re.IGNORECASE)
    assert not branded.search(path.name)
    if path.suffix in {".css", ".js", ".svg"}:
        assert not branded.search(path.read_text())


def test_styles_name_only_images_that_are_there():
    for style in STATIC.rglob("*.css"):
        for image in re.findall(r"url\(\"?([^)\"]+)\"?\)", style.read_text()):
            assert image.startswith("data:") or (style.parent / image).is_file(), (style, image)


def test_no_file_points_to_a_source_map():
    for path in (STATIC / "vendor").rglob("*.min.*"):
        assert "sourceMappingURL" not in path.read_text()


def test_the_pip_that_sets_us_up_is_the_one_we_checked():
    pip = json.loads((TREE / "vendor" / "pip.json").read_text())
    wheel = TREE / "vendor" / pip["file"]
    assert sha256(wheel.read_bytes()).hexdigest() == pip["sha256"]
