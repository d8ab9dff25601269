"""The language guard: words that blame a child or make danger look ordinary, and better ones.

It suggests and never rewrites. A quotation stays a quotation, and a denied label ("is not
streetwise") is no warning. What may not stand as a reason or an instruction is looked for inside
quotations too, since a reason in quotation marks is still a reason.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Severity = Literal["inform", "reword", "supervisor"]
SEVERITIES = ("inform", "reword", "supervisor")

_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\N{NO-BREAK SPACE}": " "})
_QUOTED = re.compile(r"\"[^\"\n]+\"|(?<!\w)'(?:[^'\n]|(?<=\w)'(?=\w))+'(?!\w)")
NEAR = 80  # characters before a phrase in which a "not" may deny it
_CLAUSE = re.compile(r"[.,:;!?\n]|\b(?:and|but|so|because|then|since|who|which)\b", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:not|never|no|nor|isn't|wasn't|aren't|weren't|cannot|neither)\b(?: [\w-]+){0,3} ?$",
    re.IGNORECASE,
)


class LanguageError(ValueError):
    """The language list cannot be used; the message names file, row and field."""


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001  the word the field uses
    """A phrase found, from where to where, and what to write instead.

    `row` is the number in the list, or the name of the detector.
    """

    start: int
    end: int
    text: str
    row: str
    category: str
    better: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row of the list; with `no_reason` it may not stand as a reason for a level of risk."""

    n: int
    pattern: re.Pattern[str]
    category: str
    better: str
    severity: Severity
    source: str
    no_reason: bool


@dataclass(frozen=True, slots=True)
class Detector:
    """What looks like a reason or an instruction and is none, unless the sentence says more."""

    name: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    specific: re.Pattern[str] | None
    why: str
    better: str


@dataclass(frozen=True, slots=True)
class Language:
    """The whole list, with its version."""

    version: str
    phrases: tuple[Phrase, ...]
    detectors: tuple[Detector, ...]

    def detector(self, name: str) -> Detector:
        """The detector of this name; KeyError where there is none."""
        return {each.name: each for each in self.detectors}[name]


def warnings(text: str, language: Language | None = None) -> tuple[Warning, ...]:
    """What to write otherwise, in the order of the text; nothing inside quotation marks."""
    plain = text.translate(_STRAIGHT)
    quoted = [found.span() for found in _QUOTED.finditer(plain)]
    found = [
        _warning(text, match, phrase)
        for phrase in (language or shipped()).phrases
        for match in phrase.pattern.finditer(plain)
        if not _within(match, quoted) and not _denied(plain, match)
    ]
    return tuple(_longest(found))


def frequency_as_reason(text: str, language: Language | None = None) -> tuple[Warning, ...]:
    """Where the text uses how often a child goes missing to play the risk down (trap 5).

    Frequency that raises the risk is left alone.
    """
    return _detected(text, (language or shipped()).detector("frequency"))


def resource_as_reason(text: str, language: Language | None = None) -> tuple[Warning, ...]:
    """Where the text gives want of people as a reason (G11)."""
    return _detected(text, (language or shipped()).detector("resource"))


def generic_instruction(text: str, language: Language | None = None) -> tuple[Warning, ...]:
    """Where an instruction names no place, person or number, so that nobody can do it (G9)."""
    return _detected(text, (language or shipped()).detector("generic"))


def not_a_reason(text: str, language: Language | None = None) -> tuple[Warning, ...]:
    """Everything that may not stand in a rationale for a level of risk: phrases 1 to 7 of the list,
    frequency and resource; quoted or not.
    """
    language = language or shipped()
    plain = text.translate(_STRAIGHT)
    listed = [
        _warning(text, match, phrase)
        for phrase in language.phrases
        if phrase.no_reason
        for match in _unexcused(plain, phrase.pattern, language.detector("frequency"))
    ]
    detected = (*frequency_as_reason(text, language), *resource_as_reason(text, language))
    return tuple(_longest([*listed, *detected]))


def _detected(text: str, detector: Detector) -> tuple[Warning, ...]:
    plain = text.translate(_STRAIGHT)
    return tuple(
        Warning(match.start(), match.end(), text[match.start() : match.end()], detector.name,
                detector.why, detector.better, "reword")
        for match in _unexcused(plain, detector.pattern, detector)
        if not _denied(plain, match)
    )  # fmt: skip


def _unexcused(plain: str, pattern: re.Pattern[str], detector: Detector) -> Iterator[re.Match[str]]:
    """Matches whose sentence does not say what makes them a proper reason or instruction."""
    excused: dict[str, bool] = {}
    for match in pattern.finditer(plain):
        sentence = _sentence_around(plain, match)
        if sentence not in excused:
            excused[sentence] = _says_more(sentence, detector)
        if not excused[sentence]:
            yield match


def _says_more(sentence: str, detector: Detector) -> bool:
    if detector.specific and detector.specific.search(sentence):
        return True
    if detector.unless is None:
        return False
    return any(not _denied(sentence, each) for each in detector.unless.finditer(sentence))


def _sentence_around(plain: str, match: re.Match[str]) -> str:
    starts = max(plain.rfind(stop, 0, match.start()) for stop in ".!?;\n") + 1
    ends = [at for stop in ".!?;\n" if (at := plain.find(stop, match.start())) >= 0]
    return plain[starts : min(ends, default=len(plain))]


def _denied(plain: str, match: re.Match[str]) -> bool:
    """Whether a "not" stands just before, in the same clause."""
    clause = _CLAUSE.split(plain[max(0, match.start() - NEAR) : match.start()])[-1]
    return _DENIED.search(clause) is not None


def _within(match: re.Match[str], spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= match.start() and match.end() <= end for start, end in spans)


def _warning(text: str, match: re.Match[str], phrase: Phrase) -> Warning:
    start, end = match.span()
    return Warning(start, end, text[start:end], str(phrase.n), phrase.category, phrase.better,
                   phrase.severity)  # fmt: skip


def _longest(found: list[Warning]) -> Iterator[Warning]:
    """One warning for one place: where two overlap, the earlier and then the longer."""
    reached = 0
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if each.start >= reached:
            reached = each.end
            yield each


@cache
def shipped() -> Language:
    """The list as shipped, read once."""
    return read(files("kittiwake.rulebook").joinpath("language.toml").read_text(encoding="utf-8"))


def read(text: str) -> Language:
    """The list from the text of its file; LanguageError names row and field."""
    table = tomllib.loads(text)
    phrases = tuple(_phrase(row) for row in table["phrases"])
    patterns = {row["n"]: row["patterns"] for row in table["phrases"]}
    detectors = tuple(
        _detector(name, row, [p for n in row["phrases"] for p in patterns[n]])
        for name, row in table["reasons"].items()
    )
    return Language(table["version"], phrases, detectors)


def _phrase(row: dict[str, Any]) -> Phrase:
    place = f"language.toml, phrase {row.get('n')}"
    missing = {"n", "patterns", "class", "better", "severity", "source"} - set(row)
    if missing:
        raise LanguageError(f"{place}, {min(missing)}: it is missing")
    if row["severity"] not in SEVERITIES:
        raise LanguageError(f"{place}, severity: one of {', '.join(SEVERITIES)}")
    return Phrase(
        n=row["n"],
        pattern=_compiled(place, row["patterns"]),
        category=row["class"],
        better=row["better"],
        severity=row["severity"],
        source=row["source"],
        no_reason=row.get("no_reason", False),
    )


def _detector(name: str, row: dict[str, Any], listed: list[str]) -> Detector:
    place = f"language.toml, reasons.{name}"
    specific = "|".join(row.get("specific", []))
    return Detector(
        name=name,
        pattern=_compiled(place, [*listed, *row["patterns"]]),
        unless=_compiled(place, row["unless"]) if row["unless"] else None,
        specific=re.compile(specific, re.IGNORECASE) if specific else None,
        why=row["why"],
        better=row["better"],
    )


def _compiled(place: str, patterns: list[str]) -> re.Pattern[str]:
    """One expression for whole words."""
    try:
        return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)
    except re.error as error:
        raise LanguageError(f"{place}, patterns: {error}") from error
