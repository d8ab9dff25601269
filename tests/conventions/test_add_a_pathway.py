"""The page on adding a pathway is true: its files, as written there, are a pathway that records."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import AppConfig
from house_files import TREE

import kittiwake.pathways
from kittiwake.access.capabilities import CAPABILITIES
from kittiwake.access.doors import as_practitioner, open_door
from kittiwake.access.roles import ROLES
from kittiwake.cli.reference.pathway_pages import pathway as page_of
from kittiwake.journal.reading import chronology
from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.pathway import REGISTER
from tests.worlds import NOW, World

PAGE = TREE / "docs/how-to/add-a-pathway.md"
PACKAGE = "kittiwake.pathways.early_help"
FENCED = re.compile(r"^`(\w+\.\w+)`[^\n]*\n\n```\w+\n(.*?)^```", re.DOTALL | re.MULTILINE)


@pytest.fixture
def early_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pathway of the page, written down, installed as Django would, and taken away again."""
    folder = tmp_path / "early_help"
    folder.mkdir()
    (folder / "__init__.py").touch()
    files = dict(FENCED.findall(PAGE.read_text(encoding="utf-8")))
    assert set(files) == {"README.md", "entries.py", "rules.py", "pathway.py", "apps.py"}
    for name, body in files.items():
        (folder / name).write_text(body, encoding="utf-8")
    monkeypatch.setattr(
        kittiwake.pathways, "__path__", [*kittiwake.pathways.__path__, str(tmp_path)]
    )
    capability = "early_help.record"
    monkeypatch.setitem(CAPABILITIES, capability, "Record what happens in early help.")
    for role in ("social_worker", "social_care_manager"):
        may = ROLES[role].capabilities | {capability}
        monkeypatch.setitem(ROLES, role, replace(ROLES[role], capabilities=may))
    kinds, pathways = dict(REGISTER.kinds), dict(REGISTER.pathways)
    AppConfig.create(PACKAGE).ready()
    yield
    REGISTER.kinds, REGISTER.pathways = kinds, pathways
    for module in [m for m in sys.modules if m.startswith(PACKAGE)]:
        del sys.modules[module]


@pytest.mark.usefixtures("early_help")
def test_the_pathway_of_the_page_records_and_closes(world: None, owner: object) -> None:
    from kittiwake.pathways.early_help import entries as e  # type: ignore[import-not-found]

    w = World(owner)  # type: ignore[arg-type]
    kid = w.child("Robin Example")
    told = w.say("social_worker", e.HelpOffered(wanted="A quiet place for homework."), kid)
    assert told.case_ref
    assert told.case_ref.startswith("E-")
    assert told.owner_id == w.staff["manager"]
    ended = e.HelpEnded(how=e.Ending.ENOUGH, changed="She does her homework at the library.")
    with pytest.raises(Refused, match="what became of each action"):
        w.say("social_worker", ended, kid, minutes=10)
    w.say("social_worker", e.HelpAgreed(with_whom="Her mother"), kid, minutes=20)
    assert w.rows("SELECT stage FROM case_file") == [("going_on",)]
    open_door(w.who("social_worker"), [kid], "care of the child")
    with as_practitioner(w.who("social_worker")):
        lines = chronology(kid, NOW + timedelta(hours=1))
    assert [line.told for line in lines] == [
        "Early help agreed with Her mother",
        "Early help offered: A quiet place for homework.",
    ]


@pytest.mark.usefixtures("early_help")
def test_the_pathway_of_the_page_has_a_reference_page() -> None:
    page = page_of(REGISTER.pathways["early_help"])
    assert "### End early help" in page
    assert "child_is_out --> ended : End early help" in page
    assert "Help does not end while something is still to be done." in page
    assert "A family that has a hard time is offered help" in page


def test_the_lines_outside_its_folder_are_where_the_page_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for file, about in (
        ("src/kittiwake/config/settings.py", '"kittiwake.pathways.missing",'),
        ("src/kittiwake/access/capabilities.py", '"missing.report": "'),
        ("pyproject.toml", '"kittiwake.pathways.missing.rules",'),
    ):
        assert f"`{file}`" in page
        assert about in (TREE / file).read_text(encoding="utf-8")
