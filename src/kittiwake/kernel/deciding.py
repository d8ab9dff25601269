"""Deciding: what follows from an entry, given what is known. Pure, and all of it data."""

from dataclasses import dataclass

from kittiwake.kernel.effects import AddAction, Effect, Move, Own, SetGrade, Start, Stop
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.known import Known
from kittiwake.kernel.pathway import Pathway, Register
from kittiwake.kernel.training import name_of


class Refused(Exception):
    """A decision that lowers, closes or withholds may not be recorded; says why in words."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Decision:
    """What `record()` must write besides the entry itself."""

    effects: tuple[Effect, ...]
    out_of_order: bool
    gaps: tuple[str, ...]


def why_not(entry: Entry, known: Known) -> list[str]:
    """Why this entry may not be recorded now: empty for every fact and every raising."""
    if not entry.nature.may_refuse:
        return []
    reasons = [f"Answer “{text}”" for text in entry.missing_answers("now", known=True)]
    if entry.training and entry.training in known.actor.lapsed:
        reasons.append(
            f"Your training in {name_of(entry.training)} is not on the register, or has lapsed. "
            "Ask somebody who is trained to decide; raising is open to you as ever."
        )
    if entry.after and (known.case is None or known.case.stage not in entry.after):
        stage = known.case.stage.replace("_", " ") if known.case else "not open"
        reasons.append(f"This cannot be decided while the case is {stage}.")
    return reasons + [reason for gate in entry.gates if (reason := gate(entry, known))]


def decide(entry: Entry, known: Known, register: Register) -> Decision:
    """Gates first, then everything the entry causes. Raises Refused for a gated decision."""
    if reasons := why_not(entry, known):
        raise Refused(*reasons)
    pathway = register.pathway_of(entry.kind)
    out_of_order = _out_of_order(entry, known)
    effects: list[Effect] = []
    if pathway:
        effects += _opening(entry, pathway) if opens_a_case(entry, known) else []
        if entry.to and not out_of_order and _is_forward(entry, known, pathway):
            effects.append(Move(entry.to))
    for consequence in entry.consequences:
        effects += consequence(entry, known)
    effects += [Start(clock) for clock in entry.starts]
    for obligation in register.obligations.get(entry.kind, ()):
        effects += obligation(entry, known)
    effects += [Stop(clock) for clock in entry.stops]
    if out_of_order:
        effects.append(_look_at(entry))
    return Decision(tuple(effects), out_of_order, tuple(entry.missing_answers("before closing")))


def opens_a_case(entry: Entry, known: Known) -> bool:
    """Whether a case opens with this entry; one that is active already is joined instead."""
    return entry.opens and not (known.case and known.case.active)


def _opening(entry: Entry, pathway: Pathway) -> list[Effect]:
    effects: list[Effect] = [Own(role=pathway.owner_role)]
    if pathway.starting_grade:
        effects.append(SetGrade(pathway.starting_grade))  # type: ignore[arg-type]
    return effects


def _out_of_order(entry: Entry, known: Known) -> bool:
    """Outside `after`, a fact is recorded, stops clocks, moves nothing, and is looked at."""
    if not entry.after or known.case is None:
        return False
    return known.case.stage not in entry.after


def _is_forward(entry: Entry, known: Known, pathway: Pathway) -> bool:
    if known.case is None or entry.to is None:
        return True
    return pathway.rank(entry.to) > pathway.rank(known.case.stage)


def _look_at(entry: Entry) -> Effect:
    return AddAction(
        title=f"Look at an entry that came out of order: {entry.title.lower()}",
        why="It was recorded after the case had moved on, so the stage did not change.",
        role="owner",
        key=f"out-of-order:{entry.kind}",
    )
