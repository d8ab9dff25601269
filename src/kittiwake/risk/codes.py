"""The `where` of an indicator: a condition over the codes of one entry.

An answer can be yes, no or not known, and a code that is absent, null or an empty list was
not asked. `Is` holds for a code that is the value, or for a list that has the value in it.
Where a code is `not_known`, what depends on it is not known either; it is never "no".
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlglot import exp

from kittiwake.risk.expressions import (
    OPERATORS,
    OPPOSITE,
    TURNED,
    ExpressionError,
    plain_name,
    syntax_tree,
    whole_number,
)
from kittiwake.risk.facts import NOT_KNOWN

Value = bool | int | str
Codes = Mapping[str, Any]
Order = Literal[">", ">=", "<", "<="]


@dataclass(frozen=True, slots=True)
class Is:
    """The code is the value, or is a list that has it; `negated` turns yes and no about."""

    code: str
    value: Value
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Ordered:
    """The code is a number that stands so to a whole number."""

    code: str
    operator: Order
    value: int


@dataclass(frozen=True, slots=True)
class AllOf:
    """All parts hold."""

    parts: tuple["Where", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple["Where", ...]


Where = Is | Ordered | AllOf | AnyOf


def parse_where(text: str) -> Where:
    """The condition over codes in `text`, negation pushed down to the single codes.

    Raises ExpressionError for anything but `code = value`, `code <> value`, `code in (...)`,
    a code alone (is true), < <= > >= with a whole number, and/or/not.
    """
    return _read(syntax_tree(text), negated=False)


def codes_of(where: Where) -> Iterator[str]:
    """Every code a condition reads."""
    if isinstance(where, (Is, Ordered)):
        yield where.code
    else:
        for part in where.parts:
            yield from codes_of(part)


def same(value: object, wanted: Value) -> bool:
    """Whether two JSON values are equal: true is not 1, and 1 is 1.0."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return value == wanted


def is_not_known(value: object) -> bool:
    """Whether an answer says, alone or in a list, that it is not known."""
    return value == NOT_KNOWN or (isinstance(value, list) and NOT_KNOWN in value)


def compile_where(where: Where) -> Callable[[Codes], bool | None]:
    """A function from codes to yes, no, or None where it was not asked or is not known."""
    if isinstance(where, Is):
        return _compile_is(where)
    if isinstance(where, Ordered):
        return _compile_ordered(where)
    parts = tuple(compile_where(part) for part in where.parts)
    decides = isinstance(where, AnyOf)  # one yes settles "any of", one no settles "all of"

    def combined(codes: Codes) -> bool | None:
        result: bool | None = not decides
        for part in parts:
            answer = part(codes)
            if answer is decides:
                return answer
            if answer is None:
                result = None
        return result

    return combined


def _compile_is(where: Is) -> Callable[[Codes], bool | None]:
    code, wanted, negated = where.code, where.value, where.negated
    plain = {True: wanted is True, False: wanted is False}  # nearly every answer is yes or no

    def is_so(codes: Codes) -> bool | None:
        value = codes.get(code)
        if value is True or value is False:
            return plain[value] is not negated
        if type(value) is str:
            return None if value == NOT_KNOWN else (value == wanted) is not negated
        if value is None or value == []:
            return None
        if type(value) is not list:
            return same(value, wanted) is not negated
        found = any(same(v, wanted) for v in value)
        return None if not found and NOT_KNOWN in value else found is not negated

    return is_so


COMPARE: Final[Mapping[Order, Callable[[float, int], bool]]] = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}


def _compile_ordered(where: Ordered) -> Callable[[Codes], bool | None]:
    code, wanted, compare = where.code, where.value, COMPARE[where.operator]

    def is_so(codes: Codes) -> bool | None:
        value = codes.get(code)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        return compare(value, wanted)

    return is_so


def _read(node: exp.Expr, *, negated: bool) -> Where:
    if isinstance(node, exp.Paren):
        return _read(node.this, negated=negated)
    if isinstance(node, exp.Not):
        return _read(node.this, negated=not negated)
    if isinstance(node, (exp.And, exp.Or)):
        parts = tuple(_read(part, negated=negated) for part in (node.left, node.right))
        return AllOf(parts) if isinstance(node, exp.And) != negated else AnyOf(parts)
    if isinstance(node, exp.In) and node.expressions:
        code = plain_name(node.this)
        each = tuple(Is(code, _value(value), negated) for value in node.expressions)
        return AllOf(each) if negated else AnyOf(each)
    if isinstance(node, exp.Column):
        return Is(plain_name(node), value=True, negated=negated)
    if type(node) in OPERATORS:
        return _read_compare(node, negated=negated)
    raise ExpressionError(
        f"“{node.sql()}” is not a condition over codes",
        "write code = value, code in ('a', 'b'), or codes joined by and, or, not",
    )


def _read_compare(node: exp.Expr, *, negated: bool) -> Where:
    operator = OPERATORS[type(node)]
    left, right = node.this, node.expression
    if not isinstance(left, exp.Column):
        left, right, operator = right, left, TURNED[operator]
    code = plain_name(left)
    operator = OPPOSITE[operator] if negated else operator
    if operator == "=" or operator == "<>":
        return Is(code, _value(right), negated=operator == "<>")
    return Ordered(code, operator, whole_number(right))


def _value(node: exp.Expr) -> Value:
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if not (isinstance(node, exp.Literal) and node.is_string):
        return whole_number(node)
    text = str(node.this)
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", text):
        raise ExpressionError(f"'{text}' is not a code", "write letters, digits, _ . or -")
    if text == NOT_KNOWN:
        raise ExpressionError(
            "'not_known' cannot be looked for: what is not known is always said apart",
            "write the answer that matters, such as self_harm = true",
        )
    return text
