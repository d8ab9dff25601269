"""A mapping: which column of an agency's file is which field, and what its codes mean.

Pure. No supplier of police systems publishes what it exports, so each force says once how its
own file reads; the mapping is checked before it is used, and kept by version.
"""

import re
import tomllib
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any


class MappingError(ValueError):
    """A mapping that cannot be used; the message says in a sentence what to change."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field that files of a standard may hold; `guess` finds it among column names."""

    key: str
    words: str
    guess: str
    is_needed: bool = False
    codes: tuple[str, ...] = ()
    """What its codes have to be turned into, where it has codes."""


def _fields() -> dict[str, tuple[Field, ...]]:
    text = files("kittiwake.exchange").joinpath("fields.toml").read_text(encoding="utf-8")
    told = {name: [_field(row) for row in rows] for name, rows in tomllib.loads(text).items()}
    person = told.pop("person")
    # What is needed first, then the person, then the rest.
    return {
        name: (*(f for f in own if f.is_needed), *person, *(f for f in own if not f.is_needed))
        for name, own in told.items()
    }


def _field(row: dict[str, Any]) -> Field:
    return Field(**{**row, "codes": tuple(row.get("codes", ()))})


STANDARDS = _fields()
DAYS = ("day first", "month first")


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping that was checked: each field's column in capitals, each code's meaning."""

    name: str
    standard: str
    days: str
    columns: Table[str, str]
    codes: Table[str, Table[str, str]] = field(default_factory=dict)

    def missing_columns(self, there: Sequence[str]) -> list[str]:
        """The columns this mapping names and a file does not have."""
        return [column for column in self.columns.values() if column not in there]

    def value(self, key: str, cells: Table[str, str]) -> str:
        """A field of a row as written, or nothing where the file has no such column."""
        column = self.columns.get(key)
        return cells.get(column, "") if column else ""

    def code(self, key: str, cells: Table[str, str]) -> str:
        """A field's code as Kittiwake has it; nothing where the value is not one of them."""
        written = self.value(key, cells)
        return self.codes.get(key, {}).get(written.casefold(), "")


# What files most often write; a mapping adds its own.
USUAL: dict[str, dict[str, str]] = {
    "sex": {"m": "M", "male": "M", "1": "M", "f": "F", "female": "F", "2": "F", "u": "U",
            "unknown": "U", "not known": "U", "not specified": "U"},
    "grade": {"low": "low", "medium": "medium", "standard": "medium", "high": "high", "l": "low",
              "m": "medium", "h": "high"},
    "child": {"y": "yes", "yes": "yes", "true": "yes", "1": "yes", "n": "no", "no": "no",
              "false": "no", "0": "no"},
}  # fmt: skip


def read(name: str, text: str) -> Mapping:
    """A mapping from TOML, checked. Raises MappingError in a sentence."""
    try:
        told: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"The mapping is no TOML: {error}") from None
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,29}", name):
        raise MappingError("A mapping’s name is small letters, digits and hyphens.")
    standard, days = told.get("standard"), told.get("days", DAYS[0])
    if standard not in STANDARDS:
        raise MappingError(f"standard: say one of {', '.join(STANDARDS)}.")
    if days not in DAYS:
        raise MappingError(f"days: say one of {', '.join(DAYS)}.")
    if strangers := sorted(told.keys() - {"standard", "days", "columns", "codes"}):
        raise MappingError(f"{strangers[0]}: a mapping has standard, days, columns and codes.")
    fields = {each.key: each for each in STANDARDS[standard]}
    columns = _columns(told.get("columns"), fields)
    return Mapping(name, standard, days, columns, _codes(told.get("codes", {}), fields, columns))


def _columns(told: Any, fields: Table[str, Field]) -> dict[str, str]:
    if not isinstance(told, dict) or not all(isinstance(v, str) for v in told.values()):
        raise MappingError("columns: name a column of the file for each field, in quotation marks.")
    if strangers := [key for key in told if key not in fields]:
        raise MappingError(
            f"columns.{strangers[0]}: no field is called that. See ./kittiwake mapping fields."
        )
    columns = {key: " ".join(v.split()).upper() for key, v in told.items() if v.strip()}
    if lacking := [f for f in fields.values() if f.is_needed and f.key not in columns]:
        raise MappingError(f"columns.{lacking[0].key} is needed: {lacking[0].words}.")
    if not columns.keys() & {"name", "family", "person"} and "record" in fields:
        raise MappingError("columns: name who it is about: family, name or person.")
    doubled = [c for c in columns.values() if list(columns.values()).count(c) > 1]
    if doubled:
        raise MappingError(f"columns: {doubled[0]} stands for two fields.")
    return columns


def _codes(
    told: Any, fields: Table[str, Field], columns: Table[str, str]
) -> dict[str, dict[str, str]]:
    if not isinstance(told, dict):
        raise MappingError("codes: give a table for each field that has codes.")
    found = {key: dict(usual) for key, usual in USUAL.items() if key in fields}
    for key, table in told.items():
        allowed = fields[key].codes if key in fields else ()
        if not allowed or not isinstance(table, dict):
            raise MappingError(f"codes.{key}: there is no such field with codes.")
        for written, meant in table.items():
            if meant not in allowed:
                raise MappingError(f"codes.{key}: say one of {', '.join(allowed)}.")
            found.setdefault(key, {})[written.casefold()] = meant
    if "opened_as" in fields and "missing" not in found.get("opened_as", {}).values():
        raise MappingError("codes.opened_as: say which codes mean that somebody is missing.")
    return {key: table for key, table in found.items() if key in columns}


def suggest(standard: str, columns: Sequence[str]) -> str:
    """A mapping to begin with, as TOML: each column where its name says what it is.

    What nothing was found for, and columns nobody asked about, stand as remarks.
    """
    left, lines, lacking = list(columns), [], []
    for each in STANDARDS[standard]:
        found = next((c for c in left if re.fullmatch(each.guess, c.strip().upper())), None)
        if found:
            left.remove(found)
            lines.append(f"{each.key} = {_quoted(found)}  # {each.words}")
        else:
            need = "NEEDED: " if each.is_needed else ""
            lacking.append(f'# {each.key} = ""  # {need}{each.words}')
    out = [f'standard = "{standard}"', 'days = "day first"', "", "[columns]", *lines, *lacking]
    if left:
        out += [f"# not used: {', '.join(_plain(c) for c in left)}"]
    if standard == "incidents":
        out += ["", "[codes.opened_as]", "# which codes mean that somebody is missing",
                '"MISSING PERSON" = "missing"']  # fmt: skip
    return "\n".join(out) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _plain(text: str) -> str:
    return "".join(c for c in text if c.isprintable())
