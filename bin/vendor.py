#!/usr/bin/env python3
"""Copy the compiled front end into the tree, without GOV.UK's branding, and lock it by hash.

Run by a maintainer who raises a version below; needs npm. Nobody else ever needs npm: what is
copied is committed. `python3 bin/vendor.py --check` compares the tree with the lock and needs
nothing but Python.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

TREE = Path(__file__).resolve().parents[1]
LOCK = TREE / "vendor" / "frontend.json"
STATIC = "src/kittiwake/pages/static/vendor"

PACKAGES = {
    "govuk-frontend": ("6.6.0", "MIT"),
    "@ministryofjustice/frontend": ("11.1.0", "MIT"),
    "accessible-autocomplete": ("3.0.1", "MIT"),
    "htmx.org": ("2.0.11", "0BSD"),
    "axe-core": ("4.14.1", "MPL-2.0"),
}

COPIES = {
    "govuk-frontend": {
        "dist/govuk/govuk-frontend.min.css": f"{STATIC}/govuk-frontend/govuk-frontend.min.css",
        "dist/govuk/govuk-frontend.min.js": f"{STATIC}/govuk-frontend/govuk-frontend.min.js",
    },
    "@ministryofjustice/frontend": {
        "moj/moj-frontend.min.css": f"{STATIC}/moj-frontend/moj-frontend.min.css",
        "moj/moj-frontend.min.js": f"{STATIC}/moj-frontend/moj-frontend.min.js",
        # Also every image its styles name: see `_images`.
    },
    "accessible-autocomplete": {
        f"dist/accessible-autocomplete.min.{kind}": (
            f"{STATIC}/accessible-autocomplete/accessible-autocomplete.min.{kind}"
        )
        for kind in ("css", "js")
    },
    "htmx.org": {"dist/htmx.min.js": f"{STATIC}/htmx/htmx.min.js"},
    "axe-core": {"axe.min.js": "tests/vendor/axe.min.js"},
}
IMAGES = "moj/assets/images/"

# What only a government service may wear.
BRANDED = re.compile(r"crown|crest|logotype", re.IGNORECASE)


def plain_css(text: str) -> str:
    """Take out GOV.UK's typeface and arms, and make addresses of images relative."""
    text = re.sub(r"@font-face\{[^}]*\}", "", text)
    text = text.replace("GDS Transport,arial,sans-serif", "Helvetica,Arial,sans-serif")
    text = re.sub(r"([^{}]+)\{([^{}]*)\}", _unbranded, text)
    while (emptied := re.sub(r"@(?:media|supports)[^{}]*\{\}", "", text)) != text:
        text = emptied
    text = text.replace("url(/assets/", "url(")
    return re.sub(r"/\*# sourceMappingURL=[^*]*\*/", "", text).rstrip() + "\n"


def _unbranded(rule: re.Match[str]) -> str:
    selectors, body = rule[1], rule[2]
    if "url(" in body and BRANDED.search(body):
        return ""
    kept = [selector for selector in selectors.split(",") if not BRANDED.search(selector)]
    return f"{','.join(kept)}{{{body}}}" if kept else ""


def plain_js(text: str) -> str:
    """Take out the pointer to a source map that we do not ship."""
    return re.sub(r"//# sourceMappingURL=\S*", "", text).rstrip() + "\n"


def fetch(name: str, version: str, into: Path) -> bytes:
    """Ask npm for a package as it was published."""
    said = subprocess.run(
        ["npm", "pack", "--silent", f"{name}@{version}"],
        cwd=into,
        check=True,
        capture_output=True,
        text=True,
    )
    return (into / said.stdout.split()[-1]).read_bytes()


def unpack(name: str, archive: bytes) -> dict[str, bytes]:
    """Give the files we keep from one package, by their path in the tree."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        held = {
            member.name.removeprefix("package/"): file.read()
            for member in tar
            if member.isfile() and (file := tar.extractfile(member)) is not None
        }
    kept: dict[str, bytes] = {}
    for source, target in COPIES[name].items():
        content = held[source]
        if target.endswith(".css"):
            css = plain_css(content.decode())
            kept |= _images(css, held, Path(target).parent)
            content = css.encode()
        elif target.endswith(".js"):
            content = plain_js(content.decode()).encode()
        kept[target] = content
    return kept


def _images(css: str, held: dict[str, bytes], beside: Path) -> dict[str, bytes]:
    named = set(re.findall(r"url\(images/([^)]+)\)", css))
    return {str(beside / "images" / name): held[IMAGES + name] for name in named}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write() -> None:
    """Fetch everything, write it into the tree, and write the lock."""
    packages, files = {}, {}
    with tempfile.TemporaryDirectory() as directory:
        for name, (version, licence) in PACKAGES.items():
            archive = fetch(name, version, Path(directory))
            packages[name] = {"version": version, "licence": licence, "sha256": sha256(archive)}
            for target, content in unpack(name, archive).items():
                path = TREE / target
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                files[target] = sha256(content)
    LOCK.parent.mkdir(exist_ok=True)
    lock = {"packages": packages, "files": dict(sorted(files.items()))}
    LOCK.write_text(json.dumps(lock, indent=2) + "\n")


def differences() -> list[str]:
    """Name every file that is not as the lock says, or that the lock does not know."""
    locked: dict[str, str] = json.loads(LOCK.read_text())["files"]
    here = {
        str(path.relative_to(TREE))
        for folder in (STATIC, "tests/vendor")
        for path in (TREE / folder).rglob("*")
        if path.is_file()
    }
    return sorted(
        name
        for name in here | set(locked)
        if name not in here or sha256((TREE / name).read_bytes()) != locked.get(name)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare the tree with the lock")
    if not parser.parse_args().check:
        write()
    if wrong := differences():
        sys.exit("Not as locked: " + ", ".join(wrong))
    print(f"The front end is as {LOCK.relative_to(TREE)} says.")


if __name__ == "__main__":
    main()
