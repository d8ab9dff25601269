"""Words about children, identifiers of people, and names of places that are none of ours."""

from __future__ import annotations

import re
from codecs import decode
from collections.abc import Iterator

from house_files import line_of, name, ours, text

from kittiwake.kernel.language import shipped

# Files that must quote what is not to be said, each with why. Read again whenever one is added.
QUOTING = {
    "src/kittiwake/rulebook/language.toml": "it is the list",
    "src/kittiwake/kernel/language.py": "an example of a word that is denied",
    "src/kittiwake/exchange/fields.toml": "what police systems call the number of a person",
    "src/kittiwake/risk/check.py": "what a policy may never count",
    "src/kittiwake/pathways/missing/gates.py": "what the gate looks for is named",
    "src/kittiwake/pathways/missing/rules.py": "an example of an instruction nobody can follow",
    "src/kittiwake/cli/reference/language_page.py": "an example of a word that is denied",
    "README.md": "an instruction nobody can follow comes back",
    "tests/scenarios/test_play.py": "remarks the inspection quotes are refused",
    "tests/browser/screenshots.py": "remarks that are refused, for the pictures of it",
    "tests/browser/test_inspecting.py": "remarks that are refused, typed as people type them",
    "tests/pages/test_calls.py": "remarks in a first hour are recorded as they are typed",
    "tests/pages/test_forms.py": "the better words beside a field are tested",
    "tests/scenarios/test_f85_a_hundred_episodes.py": "remarks the inspection quotes are refused",
    "tests/scenarios/test_f108_found_in_a_hotel.py": "remarks the inspection quotes are refused",
    "docs/reference/language.md": "it shows the list",
    "tests/clocks/test_language.py": "the list is tested",
    "tests/clocks/test_rulebook.py": "the name of a kind of account, from the list",
    "tests/risk/test_missing_2026.py": "a remark the inspection quotes",
    "tests/engine/test_lowering.py": "a remark the inspection quotes",
    "tests/missing/test_g11_resource_is_not_risk.py": "a remark the inspection quotes",
    "tests/pages/test_trained_and_words.py": "a phrase of the list, to be counted",
    "tests/flags/test_clk_160_161_markers.py": "remarks that are refused as reasons",
    "tests/missing/test_clk_12_to_14_reviews.py": "an instruction nobody can follow is refused",
}
# Phones: 07700 900, kept free for drama. NHS numbers: 999, kept free for tests.
PHONE = re.compile(r"(?<![\w.\-/+])(?:\+44 ?|0)(?:\d[ -]?){10}(?![\w-])")
NHS = re.compile(r"(?<![\w.-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w-])")
POSTCODE = re.compile(r"(?<![\w-])[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}(?![\w-])")
EMAIL = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}")
# Numbers that specifications print as examples, and a return published with invented children.
EXAMPLES = {"0123456789", "9876543210", "9449305552", "9000000009"}
PUBLISHED = ("tests/exchange/samples/",)
# Turned by thirteen places, so that this file does not mention them either.
ELSEWHERE = re.compile(
    decode(
        r"/jbex/(?:znva|funerq|\.)|\ofunerq/(?:qngn|ersrerapr|qrfvta|rknzcyrf)|clcv\.bet|clguba[u]bfgrq|acz[w]f\.(?:pbz|bet)|ertvfgel\.|"
        r"\opyn[h]qr\o|\onaguebcvp\o|\obcra[n]v\o|\oyyz\of?|\otcg\o|\opbcvybg\o|pung[o]bg|"
        r"nffvfgnag'f|nv nffvfgnag|yna[t]hntr zbqry|\of[v]ggvatf\o|/ubzr/|/ebbg/|/Hfref/",
        "rot13",
    ),
    re.IGNORECASE,
)


def found(pattern: re.Pattern[str], *places: str) -> Iterator[tuple[str, int, str]]:
    """Where a pattern stands in our files: path, line, and what stands there."""
    for file in ours():
        if not places or name(file).startswith(places):
            body = text(file)
            for match in pattern.finditer(body):
                yield name(file), line_of(body, match.start()), match[0]


def test_words_about_children_follow_the_list_in_code_fixtures_and_documents() -> None:
    wrong = []
    for file in ours():
        if name(file) in QUOTING or file.name.startswith("requirements"):
            continue
        body = text(file).replace("_", " ")
        wrong += [
            f"{name(file)}:{line_of(body, match.start())}: “{match[0]}”; {phrase.better}"
            for phrase in shipped().phrases
            for match in phrase.pattern.finditer(body)
        ]
    assert not wrong, "\n".join(wrong)


def test_files_that_quote_the_list_are_still_there_and_still_do() -> None:
    there = {name(file): text(file).replace("_", " ") for file in ours()}
    needless = [
        path
        for path in QUOTING
        if not any(phrase.pattern.search(there.get(path, "")) for phrase in shipped().phrases)
    ]
    assert not needless


PLACES = ("src/", "tests/", "docs/", "README.md")


def test_phone_numbers_are_of_the_range_kept_for_drama() -> None:
    numbers = ((*at, re.sub(r"\D", "", seen)) for *at, seen in found(PHONE, *PLACES))
    real = [
        f"{path}:{line}: {digits}"
        for path, line, digits in numbers
        if not re.fullmatch(r"(?:44|0)7700900\d{3}", digits)
    ]
    assert not real, "\n".join(real)


def test_nhs_numbers_are_of_the_range_kept_for_tests() -> None:
    real = [
        f"{path}:{line}: {seen}"
        for path, line, seen in found(NHS, *PLACES)
        if is_nhs(digits := re.sub(r"\D", "", seen))
        and not digits.startswith("999")
        and digits not in EXAMPLES
    ]
    assert not real, "\n".join(real)


def is_nhs(digits: str) -> bool:
    """Whether ten digits end in the check digit an NHS number would have."""
    rest = 11 - sum(int(d) * (10 - n) for n, d in enumerate(digits[:9])) % 11
    return digits[-1] == str(rest % 11) and rest != 10


def test_postcodes_are_of_an_area_that_does_not_exist() -> None:
    real = [f"{p}:{n}: {seen}" for p, n, seen in found(POSTCODE, *PLACES)
            if seen[:2] != "ZZ" and not p.startswith(PUBLISHED)]  # fmt: skip
    assert not real, "\n".join(real)


def test_e_mail_addresses_lead_nowhere() -> None:
    real = [f"{p}:{n}: {seen}" for p, n, seen in found(EMAIL, *PLACES)
            if not seen.endswith((".example", "@example.org", ".json", ".invalid"))]  # fmt: skip
    assert not real, "\n".join(real)


def test_nothing_mentions_a_machine_an_index_or_whoever_typed_it() -> None:
    seen = [f"{path}:{line}: {words}" for path, line, words in found(ELSEWHERE)]
    assert not seen, "\n".join(seen)
