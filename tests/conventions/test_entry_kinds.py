"""Conventions of entries: what every kind has to say about itself, now and for decades."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

import pytest
from house_files import TREE

from kittiwake.access.capabilities import CAPABILITIES
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.rulebook import load

KINDS = sorted(REGISTER.kinds.values(), key=lambda cls: cls.kind)
STORED = TREE / "tests" / "kinds"
SYSTEM = "system"  # what only Kittiwake itself records, in the sweeper

each = pytest.mark.parametrize("cls", KINDS, ids=lambda cls: cls.kind)


@each
def test_a_kind_says_what_it_is_for_who_may_and_how_it_reads(cls: type[Entry]) -> None:
    assert (cls.__doc__ or "").strip().endswith((".", ")", "."))
    assert cls.__doc__ is not Entry.__doc__
    assert cls.title[0].isupper()
    assert not cls.title.endswith(".")
    assert cls.may in CAPABILITIES or cls.may == SYSTEM
    named = {name for _, name, _, _ in string.Formatter().parse(cls.sentence) if name}
    assert named <= set(cls.model_fields), f"{cls.sentence!r} names no question of {cls.kind}"


@each
def test_no_protected_or_police_answer_stands_in_a_sentence(cls: type[Entry]) -> None:
    """Rule 9: a sentence is read by all on the case; a narrower answer reads “not known” there."""
    audiences = {asked.name: asked.audience for asked in cls.questions()}
    named = {name for _, name, _, _ in string.Formatter().parse(cls.sentence) if name}
    assert not [name for name in named if audiences.get(name) in ("protected", "named")]


@each
def test_only_lowering_closing_and_withholding_may_refuse(cls: type[Entry]) -> None:
    assert cls.nature.may_refuse or not cls.gates


@each
def test_the_clocks_of_a_kind_are_in_the_rulebook_and_live(cls: type[Entry]) -> None:
    rules = load().clocks
    waiting = [c for c in (*cls.starts, *cls.stops) if rules[c].status != "live"]
    assert not waiting


@each
def test_the_stages_of_a_kind_are_stages_of_its_pathway(cls: type[Entry]) -> None:
    pathway = REGISTER.pathway_of(cls.kind)
    stages = {stage.key for stage in pathway.stages} if pathway else set()
    assert {*cls.after, *([cls.to] if cls.to else [])} <= stages


@each
def test_every_question_is_put_in_words_of_its_own(cls: type[Entry]) -> None:
    texts = [asked.text for asked in cls.questions() if asked.text]
    assert len(texts) == len(set(texts)), "two questions of one form read the same"


def test_the_tasks_of_a_pathway_name_kinds_clocks_and_stages_there_are() -> None:
    rules = load().clocks
    for pathway in REGISTER.pathways.values():
        kinds = set(REGISTER.kinds)  # `obligations` lends one pathway what is done in another
        stages = {stage.key for stage in pathway.stages}
        for task in pathway.tasks:
            assert set(task.kinds) <= kinds
            assert task.clock is None or rules[task.clock].status == "live"
            assert task.from_stage is None or task.from_stage in stages


# ── Rule 11: what is stored loads for ever ──────────────────────────────────────────────


def stored() -> list[Path]:
    return sorted(STORED.glob("*.json"))


def in_order(answers: Any) -> Any:
    """Answers with their choices in one order: "any of" is a set."""
    if isinstance(answers, dict):
        return {name: in_order(answer) for name, answer in answers.items()}
    if isinstance(answers, list):
        return sorted(map(in_order, answers), key=str)
    return answers


@pytest.mark.parametrize("file", stored(), ids=lambda file: file.stem)
def test_rule_11_a_stored_example_loads_for_ever(file: Path) -> None:
    kind, _, version = file.stem.rpartition("@")
    assert kind in REGISTER.kinds, f"{kind} is stored somewhere: a kind is never renamed"
    cls = REGISTER.kinds[kind]
    answers = json.loads(file.read_text(encoding="utf-8"))
    entry = cls.load(answers, int(version))
    assert entry.told()
    if int(version) == cls.version:
        assert in_order(entry.model_dump(mode="json", exclude_none=True)) == in_order(answers)
    assert cls.load(entry.model_dump(mode="json", exclude_none=True), cls.version) == entry


@each
def test_rule_11_each_version_of_a_kind_has_a_stored_example(cls: type[Entry]) -> None:
    wanted = {f"{cls.kind}@{n}.json" for n in range(1, cls.version + 1)}
    missing = sorted(wanted - {file.name for file in stored()})
    assert not missing, f"write tests/kinds/{missing[0]}: invented, dignified, every question"
