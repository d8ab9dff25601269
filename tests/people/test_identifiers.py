"""Identifiers are checked and normalised; one that fails is kept, and links nobody."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kittiwake.people.identifiers import checked

# Published test values: NHS sandbox and test ranges, Ministry of Justice test values for PNC.
GOOD = [
    ("nhs", "944 930 5552", "9449305552"),
    ("nhs", "9000000009", "9000000009"),
    ("pnc", "81/34U", "1981/0000034U"),
    ("pnc", "02/73319Z", "2002/0073319Z"),
    ("pnc", "0273319z", "2002/0073319Z"),
    ("pnc", "033Y", "2003/0000003Y"),
    ("pnc", "67/9893091D", "1967/9893091D"),
    ("pnc", "20020073319Z", "2002/0073319Z"),
    ("pnc", "1979/0163001B", "1979/0163001B"),
    ("case number", " 00 17 ", "00 17"),
]
BAD = [
    ("nhs", "0449310999"),
    ("nhs", "9999999999"),  # passes the sum, and stands for “none”
    ("nhs", "94493055"),
    ("nhs", "９４４９３０５５５２"),  # digits of another width are not what a register holds
    ("pnc", "1980/0163001B"),
    ("pnc", "2001/0171310S"),
    ("pnc", "1923/1Z34567A"),
    ("upn", "D051910639385"),
    ("upn", "UN1"),
    ("case number", "   "),
]


@pytest.mark.parametrize(("scheme", "given_as", "kept"), GOOD)
def test_a_good_identifier_is_kept_in_one_form(scheme, given_as, kept):
    assert checked(scheme, given_as) == (kept, True, "")


@pytest.mark.parametrize(("scheme", "given_as"), BAD)
def test_a_bad_identifier_says_why_without_repeating_it(scheme, given_as):
    value, is_valid, sentence = checked(scheme, given_as)
    assert not is_valid
    assert sentence.endswith(".")
    assert given_as.strip() == "" or given_as not in sentence
    assert re.sub(r"\s", "", value) == re.sub(r"\s", "", given_as)


def _upn(digits: str, last: str) -> str:
    """A UPN made by the published recipe, written another way than the code does."""
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
    value = int(last) if last.isdigit() else letters.index(last)
    total = sum(int(d) * (i + 2) for i, d in enumerate(digits)) + 13 * value
    return f"{letters[total % 23]}{digits}{last}"


@given(st.from_regex("[0-9]{11}", fullmatch=True), st.sampled_from("0123456789ABXZ"))
def test_every_upn_with_its_letter_passes_and_with_another_letter_fails(digits, last):
    good = _upn(digits, last)
    assert checked("upn", f" {good.lower()} ") == (good, True, "")
    other = "B" if good[0] == "A" else "A"
    assert not checked("upn", other + good[1:]).is_valid


@given(st.sampled_from(["nhs", "upn", "pnc", "own"]), st.text(max_size=80))
def test_any_text_is_read_and_what_passes_reads_the_same_again(scheme, text):
    value, is_valid, _ = checked(scheme, text)
    assert len(value) <= 60
    if is_valid:
        assert checked(scheme, value) == (value, True, "")
