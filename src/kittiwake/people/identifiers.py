"""Identifiers: read as people write them, checked, and never a reason to turn a child away.

An identifier that fails its check is kept as given and links nobody.
"""

import re
from typing import NamedTuple

from nhs_number.validate import is_valid as fits_check_digit

NHS, UPN, PNC = "nhs", "upn", "pnc"
LONGEST = 60

# Both alphabets leave out I, O and S, which are misread.
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
_PNC_LONG = re.compile(r"([0-9]{4})([0-9]{7})([A-Z])")
_PNC_SLASHED = re.compile(r"([0-9]{4}|[0-9]{2})/([0-9]{1,7})([A-Z])")
_PNC_SHORT = re.compile(r"([0-9]{2})([0-9]{1,7})([A-Z])")


class Checked(NamedTuple):
    """An identifier as kept, whether it passed its check, and if not, why."""

    value: str
    is_valid: bool
    sentence: str


def checked(scheme: str, value: str) -> Checked:
    """Normalise and check an identifier; an unknown scheme is a partner's own numbering."""
    return _CHECKS.get(scheme, _own)(" ".join(value.split())[:LONGEST])


def _own(value: str) -> Checked:
    return Checked(value, bool(value), "" if value else "It is blank.")


def _nhs(value: str) -> Checked:
    digits = re.sub(r"[\s-]", "", value)
    if not re.fullmatch(r"[0-9]{10}", digits):
        return Checked(value, False, "An NHS number has ten digits.")
    if len(set(digits)) == 1 or digits in ("1234567890", "9876543210"):
        return Checked(digits, False, "This NHS number is used where none is known.")
    if not fits_check_digit(digits):
        return Checked(digits, False, "The last digit of the NHS number does not fit the others.")
    return Checked(digits, True, "")


def _upn(value: str) -> Checked:
    """DfE, guide to unique pupil numbers: letter, 12 digits (a temporary one ends in a letter)."""
    plain = re.sub(r"\s", "", value).upper()
    if not re.fullmatch(rf"[{_UPN_LETTERS}][0-9]{{11}}[0-9{_UPN_LETTERS}]", plain):
        return Checked(value, False, "A UPN is a letter and twelve digits.")
    values = [_UPN_LETTERS.index(c) if c.isalpha() else int(c) for c in plain[1:]]
    total = sum(weight * each for weight, each in enumerate(values, start=2))
    if _UPN_LETTERS[total % 23] != plain[0]:
        return Checked(plain, False, "The first letter of the UPN does not fit its digits.")
    return Checked(plain, True, "")


def _pnc(value: str) -> Checked:
    """PNC id, YYYY/NNNNNNNX: short and slashless forms are written out, the letter is mod 23."""
    plain = re.sub(r"\s", "", value).upper()
    forms = (_PNC_LONG, _PNC_SLASHED, _PNC_SHORT)
    found = next((m for form in forms if (m := form.fullmatch(plain))), None)
    if found is None:
        return Checked(value, False, "A PNC number is a year, up to seven digits and a letter.")
    year, serial, letter = found[1], found[2].zfill(7), found[3]
    if len(year) == 2:
        # A short form has no century; the register began in 1974, with older serials.
        year = f"19{year}" if int(year) > 40 else f"20{year}"
    if _PNC_LETTERS[int(year[2:] + serial) % 23] != letter:
        return Checked(plain, False, "The letter of the PNC number does not fit its digits.")
    return Checked(f"{year}/{serial}{letter}", True, "")


_CHECKS = {NHS: _nhs, UPN: _upn, PNC: _pnc}
