"""The language page: the words to avoid about a child, and what to write instead."""

from itertools import groupby
from typing import Final

from kittiwake.cli.reference.markdown import page, sentence, table
from kittiwake.kernel.language import Detector, Phrase, shipped

SEVERITIES: Final = {
    "inform": "shown beside the field",
    "reword": "changed, or kept with a reason",
    "supervisor": "a second person looks",
}
READ_ME = """\
The list in `src/kittiwake/rulebook/language.toml`, by what is wrong with a phrase. The product
shows the better words beside the field and rewrites nothing. A quotation stays a quotation, and
“is not streetwise” is no warning. What stands under *no reason* may not be the reason for a
level of risk: the decision is refused until it says what harm is likely or unlikely.

The patterns are regular expressions over whole words, in any case."""


def language() -> str:
    """The reference page of the language list."""
    words = shipped()
    ordered = sorted(words.phrases, key=lambda p: (p.category, p.n))
    groups = [
        f"## {name.capitalize()}\n\n{_phrases(list(rows))}"
        for name, rows in groupby(ordered, lambda p: p.category)
    ]
    return page(
        "Words about children",
        f"List of {words.version}, with {len(words.phrases)} phrases.",
        READ_ME,
        *groups,
        "## What is no reason, and no instruction\n\n"
        "Three detectors read a whole sentence, and leave it alone where it says more.",
        table(("Detector", "Why", "Better"), (_detector(d) for d in words.detectors)),
    )


def _phrases(rows: list[Phrase]) -> str:
    return table(
        ("No.", "Pattern", "Better", "How it is met", "Source"),
        ((str(p.n), _pattern(p), p.better, _met(p), p.source) for p in rows),
    )


def _pattern(phrase: Phrase) -> str:
    inner = phrase.pattern.pattern.removeprefix(r"(?<!\w)(?:").removesuffix(r")(?!\w)")
    return f"`{inner}`"


def _met(phrase: Phrase) -> str:
    return SEVERITIES[phrase.severity] + ("; no reason" if phrase.no_reason else "")


def _detector(one: Detector) -> tuple[str, str, str]:
    return one.name, sentence(one.why), sentence(one.better)
