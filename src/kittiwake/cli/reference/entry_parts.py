"""One kind of entry, in words: what it is for, who may, when, what it does, what it asks."""

from collections.abc import Iterable, Iterator, Mapping
from types import CodeType
from typing import Final

from kittiwake.access.capabilities import CAPABILITIES
from kittiwake.access.roles import ROLES, Role
from kittiwake.cli.reference.markdown import (
    anchor,
    bullets,
    link,
    people,
    sentence,
    summary,
    table,
    words_of,
)
from kittiwake.kernel import effects
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.pathway import REGISTER
from kittiwake.kernel.questions import (
    Asked,
    Audience,
    Block,
    BlockQuestion,
    ChoiceQuestion,
    ChoicesQuestion,
    Need,
    RowsQuestion,
    label,
)
from kittiwake.kernel.rulebook import load

FEW = 6

AUDIENCES: Final[Mapping[Audience, str]] = {
    "case": "all on the case",
    "agency": "the agency that wrote it",
    "police": "police",
    "named": "those named",
    "protected": "protected: police, social care, and the agency that wrote it",
}
NEEDS: Final[Mapping[Need, str]] = {
    "now": "now",
    "before closing": "before the case closes",
    "if known": "if known",
}
GENERATED: Final = {"system": "Kittiwake itself, as the system practitioner"}


def entry_part(cls: type[Entry], stages: Mapping[str, str], up: str) -> str:
    """The section of one kind of entry; `up` leads from the page to docs/reference/."""
    return "\n\n".join(
        part
        for part in (
            f"### {cls.title}",
            f"`{cls.kind}`, version {cls.version}, {_nature(cls)}.",
            sentence(summary(cls)),
            f"In the chronology: “{cls.sentence}”",
            bullets(_lines(cls, stages, up)),
            _list("May be refused, with the reason in words:", _gates(cls)),
            _list("Brings about:", _consequences(cls)),
            _questions(cls),
        )
        if part
    )


def _nature(cls: type[Entry]) -> str:
    said = f"a {cls.nature.value}"
    said += "; opens a case" if cls.opens else ""
    return said + ("; recorded once in a case" if cls.once else "")


def _lines(cls: type[Entry], stages: Mapping[str, str], up: str) -> Iterator[str]:
    yield f"Who may: {who_may(cls.may, up)}"
    if cls.opens:
        yield "At: the beginning."
    elif stages:
        yield f"At: {_at([key in cls.after for key in stages], list(stages.values()))}."
    if cls.to:
        yield f"Moves the case to: “{stages[cls.to]}”."
    yield from _clock_lines("Starts", cls.starts, up)
    yield from _clock_lines("Stops", cls.stops, up)
    if cls.day_only:
        yield "Known by the day, not the hour."


def _at(allowed: list[bool], names: list[str]) -> str:
    """The stages of a kind: a run of neighbours is said by its ends."""
    if not any(allowed):
        return "any stage"
    first = allowed.index(True)
    last = len(allowed) - 1 - allowed[::-1].index(True)
    if first < last and all(allowed[first : last + 1]):
        return f"from “{names[first]}” to “{names[last]}”"
    return ", ".join(f"“{n}”" for n, is_so in zip(names, allowed, strict=True) if is_so)


def _clock_lines(verb: str, ids: Iterable[str], up: str) -> Iterator[str]:
    told = [clock_link(clock, up) for clock in ids]
    if told:
        yield f"{verb}: {'; '.join(told)}."


def clock_link(clock: str, up: str) -> str:
    """A clock by id and name, linked to its place on the clocks page."""
    name = load().clocks[clock].name
    place = up + "clocks.md" + anchor(f"{clock} {name}")
    return f"{link(clock, place)} {name[0].lower()}{name[1:]}"


def who_may(capability: str, up: str) -> str:
    """Who holds a capability: named where they are few, counted where they are many."""
    if capability in GENERATED:
        return f"{GENERATED[capability]}."
    held = [role.title for role in ROLES.values() if capability in role.capabilities]
    said = ", ".join(held).lower() if len(held) <= FEW else f"{len(held)} roles, named above"
    return f"{said} ({link(f'`{capability}`', f'{up}roles.md{anchor(capability)}')})."


def ask_table(capabilities: Iterable[str], roles: Mapping[str, Role]) -> str:
    """Each capability these kinds need, with its sentence and everybody who holds it."""
    return table(
        ("To", "Needs", "Held by"),
        (
            (
                CAPABILITIES.get(key, GENERATED.get(key, "")),
                f"`{key}`",
                ", ".join(r.title for r in roles.values() if key in r.capabilities)
                or GENERATED.get(key, "nobody"),
            )
            for key in capabilities
        ),
    )


def _list(heading: str, lines: list[str]) -> str:
    return f"{heading}\n\n{bullets(lines)}" if lines else ""


def _gates(cls: type[Entry]) -> list[str]:
    if not cls.nature.may_refuse:
        return []
    now = [asked.text for asked in cls.questions() if asked.need == "now"]
    own = [sentence(words_of(gate, _spoken)) for gate in cls.gates]
    own += [f"Asked now and left open: {'; '.join(now)}"] if now else []
    return [*own, "The case is at another stage."] if cls.after else own


def _spoken(code: CodeType) -> str:
    """What a gate without a docstring says when it refuses: the sentences in its code."""
    return " ".join(c for c in code.co_consts if isinstance(c, str) and " " in c)


def _consequences(cls: type[Entry]) -> list[str]:
    follows = [*cls.consequences, *REGISTER.obligations.get(cls.kind, ())]
    return [sentence(words_of(follow, _effects)) for follow in follows]


def _effects(code: CodeType) -> str:
    """What a consequence without a docstring brings about: the effects it names."""
    inner = [c for c in code.co_consts if isinstance(c, CodeType)]
    names = [n for each in (code, *inner) for n in each.co_names]
    return " ".join(summary(getattr(effects, n)) for n in names if n in vars(effects))


def _questions(cls: type[Entry]) -> str:
    rows = [row for asked in cls.questions() for row in _row(asked)]
    return table(("It asks", "Answer", "Needed", "Who may read it"), rows)


def _row(asked: Asked, prefix: str = "", audience: Audience | None = None) -> Iterator[list[str]]:
    text = f"{prefix}{asked.text}"
    text += f" *{asked.hint}*" if asked.hint else ""
    text += f" (only if {_only_if(asked.only_if)})" if asked.only_if else ""
    seen = audience or asked.audience
    yield [text, _answer(asked), NEEDS[asked.need], AUDIENCES[seen]]
    inner = _block(asked)
    for part in inner.questions() if inner else ():
        yield from _row(part, f"{prefix}– ", seen)


def _only_if(only_if: tuple[str, str]) -> str:
    return f"`{only_if[0]}` is {only_if[1].replace('_', ' ')}"


def _block(asked: Asked) -> type[Block] | None:
    if isinstance(asked.type, RowsQuestion):
        return asked.type.row
    return asked.type.block if isinstance(asked.type, BlockQuestion) else None


def _answer(asked: Asked) -> str:
    if isinstance(asked.type, ChoiceQuestion):
        some = "any of" if isinstance(asked.type, ChoicesQuestion) else "one of"
        return f"{some}: {'; '.join(label(option) for option in asked.type.options)}"
    return KINDS_OF_ANSWER.get(asked.type.template, people(asked.type.template))


KINDS_OF_ANSWER: Final[Mapping[str, str]] = {
    "text": "a line",
    "words": "words",
    "phone": "a phone number",
    "moment": "a day and a time",
    "day": "a day",
    "yes_no": "yes, no, or why it is not known",
    "number": "a number",
    "rows": "rows of these",
    "block": "these together",
}
