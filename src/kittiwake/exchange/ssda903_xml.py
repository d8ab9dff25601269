"""The SSDA903 return as XML: one element for each child, its tables inside; read as tables.

Lenient on purpose: elements in any order, unknown ones left alone, names in any case and of any
namespace. What no parser can read is one sentence.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from kittiwake.exchange.reading import Line, Table, Unreadable, cleaned
from kittiwake.exchange.ssda903_tables import TableOf, tables

CALLED = {"CHILDID": "CHILD", "PL": "PLACE", "ETHNICITY": "ETHNIC"}
"""Columns that the XML calls otherwise."""


def read_xml(body: bytes) -> dict[str, Table]:
    """The tables of a return, by key; rows are numbered through the file. Raises Unreadable."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Unreadable("The file is no XML that can be read. Export it again.") from None
    children = [each for each in root.iter() if any(_name(n) == "CHILDID" for n in each)]
    if not children:
        raise Unreadable("No child of the SSDA903 return is in this XML.")
    found: dict[str, list[Line]] = {}
    # A HEADER inside a CHILD may hold the number: the rows of either are read once.
    for number, (spec, element, cells) in enumerate(_rows(_outermost(children)), start=1):
        raw = tostring(element)[:100_000]
        found.setdefault(spec.key, []).append(_line(number, raw, cells, spec))
    return {key: Table(tables()[key].columns, tuple(lines)) for key, lines in found.items()}


def _outermost(children: list[Element]) -> list[Element]:
    inside = {id(n) for each in children for n in each.iter() if n is not each}
    return [each for each in children if id(each) not in inside]


def _rows(children: list[Element]) -> Iterator[tuple[TableOf, Element, dict[str, str]]]:
    by_tag = {tag: spec for spec in tables().values() for tag in spec.xml}
    for child in children:
        about = dict(_leaves(child, by_tag))
        yield tables()["header"], _bare(child, by_tag), about
        for spec in tables().values():
            # Tables of one row for each child stand among what is said of the child.
            if not spec.xml and spec.key != "header" and about.keys() & spec.sign:
                yield spec, _bare(child, by_tag), about
        for element in child.iter():
            if element is not child and _name(element) in by_tag:
                yield by_tag[_name(element)], element, about | dict(_leaves(element, by_tag))


def _leaves(element: Element, by_tag: dict[str, TableOf]) -> Iterator[tuple[str, str]]:
    """What an element says itself, its tables left out; the first of two answers stands."""
    said: set[str] = set()
    for part in element:
        name = _name(part)
        if name in by_tag:
            continue
        inner = _leaves(part, by_tag) if len(part) else iter([(name, part.text or "")])
        for column, value in inner:
            column = CALLED.get(column, column)
            if column not in said:
                said.add(column)
                yield column, value


def _bare(child: Element, by_tag: dict[str, TableOf]) -> Element:
    """A child without the tables inside, to be kept as its row."""
    bare = Element(child.tag)
    bare.extend([part for part in child.iter() if part is not child and not len(part)
                 and _name(part) not in by_tag])  # fmt: skip
    return bare


def _name(element: Element) -> str:
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.rpartition("}")[2].upper()


def _line(number: int, raw: bytes, cells: dict[str, str], spec: TableOf) -> Line:
    try:
        return Line(number, raw, tuple(cleaned(cells.get(c, "")) for c in spec.columns))
    except Unreadable as wrong:
        return Line(number, raw, problem=str(wrong))
