"""The `when` of floors and triggers: parsed with sqlglot into a tree of five kinds of node.

Negation is pushed down to the comparisons while parsing, so that a tree holds only `Every`,
`Either` and `Compare`, over whole numbers, indicator names and `age`.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

Operator = Literal[">", ">=", "<", "<="]
Written = Literal[">", ">=", "<", "<=", "=", "<>"]

OPERATORS: Final[Mapping[type[exp.Expr], Written]] = {
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.EQ: "=",
    exp.NEQ: "<>",
}
OPPOSITE: Final[Mapping[Written, Written]] = {
    ">": "<=",
    ">=": "<",
    "<": ">=",
    "<=": ">",
    "=": "<>",
    "<>": "=",
}
TURNED: Final[Mapping[Written, Written]] = {
    ">": "<",
    ">=": "<=",
    "<": ">",
    "<=": ">=",
    "=": "=",
    "<>": "<>",
}


class ExpressionError(ValueError):
    """An expression that cannot be read: what is wrong, and what to write instead."""

    def __init__(self, message: str, instead: str) -> None:
        super().__init__(message)
        self.message = message
        self.instead = instead


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number."""

    value: int


@dataclass(frozen=True, slots=True)
class Count:
    """The value of an indicator."""

    name: str


@dataclass(frozen=True, slots=True)
class Age:
    """The child's age in years; `default` stands in where it is not known."""

    default: int | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """Two terms added, or the second taken from the first (`sign` is 1 or -1)."""

    left: "Term"
    right: "Term"
    sign: int


Term = Number | Count | Age | Sum


@dataclass(frozen=True, slots=True)
class Compare:
    """Two terms compared; not known while an age it needs is not known."""

    operator: Operator
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds."""

    parts: tuple["Condition", ...]


Condition = Compare | Every | Either


def parse_when(text: str, indicators: Mapping[str, bool]) -> Condition:
    """The condition written in `text`; `indicators` says of each name whether it is yes or no.

    Raises ExpressionError for anything but comparisons, and/or/not, + and -, whole numbers,
    indicator names, `age` and `coalesce(age, number)`.
    """
    return _Reader(indicators).condition(syntax_tree(text), negated=False)


def comparisons(condition: Condition) -> Iterator[Compare]:
    """Every comparison of a condition, in the order written."""
    if isinstance(condition, Compare):
        yield condition
    else:
        for part in condition.parts:
            yield from comparisons(part)


def leanings(term: Term, sign: int = 1) -> Iterator[tuple[str, int]]:
    """Each name in a term, and whether the term grows (1) or shrinks (-1) with it."""
    if isinstance(term, Count):
        yield term.name, sign
    elif isinstance(term, Age):
        yield "age", sign
    elif isinstance(term, Sum):
        yield from leanings(term.left, sign)
        yield from leanings(term.right, sign * term.sign)


def syntax_tree(text: str) -> exp.Expr:
    """The one expression in `text` as sqlglot reads it. Raises ExpressionError."""
    try:
        parsed = [node for node in sqlglot.parse(text, dialect="postgres") if node is not None]
    except SqlglotError:
        parsed = []
    if len(parsed) != 1:
        raise ExpressionError(
            f"“{text}” cannot be read", "write one condition, such as missing_now > 0"
        )
    return parsed[0]


def plain_name(node: exp.Expr) -> str:
    """The name a column node stands for. Raises ExpressionError for qualified names."""
    if not isinstance(node, exp.Column) or len(node.parts) != 1:
        raise ExpressionError(f"“{node.sql()}” is not a name", "write one plain name")
    name = str(node.name)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ExpressionError(
            f"“{name}” is not a name", "write small letters, digits and _, starting with a letter"
        )
    return name


def suggestion(name: str, known: Mapping[str, object] | list[str]) -> str:
    """What to write instead of an unknown name: the nearest ones, else all of them."""
    choices = difflib.get_close_matches(name, list(known), n=3) or sorted(known)
    return f"write {' or '.join(choices)}" if choices else "declare it first"


class _Reader:
    """Turns sqlglot's tree into ours, refusing whatever a policy may not say."""

    def __init__(self, indicators: Mapping[str, bool]) -> None:
        self.indicators = indicators

    def condition(self, node: exp.Expr, *, negated: bool) -> Condition:
        if isinstance(node, exp.Paren):
            return self.condition(node.this, negated=negated)
        if isinstance(node, exp.Not):
            return self.condition(node.this, negated=not negated)
        if isinstance(node, (exp.And, exp.Or)):
            parts = tuple(self.condition(n, negated=negated) for n in (node.left, node.right))
            return Every(parts) if isinstance(node, exp.And) != negated else Either(parts)
        if type(node) in OPERATORS:
            return self.compare(node, negated=negated)
        if isinstance(node, exp.Column):
            return self.yes_or_no(node, wanted=not negated)
        raise ExpressionError(
            f"“{node.sql()}” is not a condition",
            "write comparisons joined by and, or, not; for example missing_now > 0 and age < 18",
        )

    def compare(self, node: exp.Expr, *, negated: bool) -> Compare:
        operator = OPERATORS[type(node)]
        left, right = node.this, node.expression
        if isinstance(left, exp.Boolean):
            left, right = right, left
        if isinstance(right, exp.Boolean):
            if operator not in ("=", "<>"):
                raise ExpressionError(f"“{node.sql()}” orders yes and no", "write = true")
            positive = (operator == "=") == bool(right.this)
            return self.yes_or_no(left, wanted=positive is not negated)
        operator = OPPOSITE[operator] if negated else operator
        return _ordering(operator, self.term(left), self.term(right))

    def yes_or_no(self, node: exp.Expr, *, wanted: bool) -> Compare:
        name = self.known_name(node)
        if name == "age" or not self.indicators[name]:
            raise ExpressionError(f"{name} is a number, not yes or no", f"write {name} > 0")
        return Compare(">" if wanted else "<", Count(name), Number(0 if wanted else 1))

    def term(self, node: exp.Expr) -> Term:
        if isinstance(node, exp.Paren):
            return self.term(node.this)
        if isinstance(node, exp.Literal) or (
            isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal)
        ):
            return Number(whole_number(node))
        if isinstance(node, (exp.Add, exp.Sub)):
            sign = 1 if isinstance(node, exp.Add) else -1
            return Sum(self.term(node.this), self.term(node.expression), sign)
        if isinstance(node, exp.Coalesce):
            return self.age_or(node)
        if isinstance(node, exp.Column):
            return self.number(node)
        raise ExpressionError(
            f"“{node.sql()}” is not a number",
            "write whole numbers, indicator names, age, coalesce(age, number), + and -",
        )

    def age_or(self, node: exp.Coalesce) -> Age:
        if len(node.expressions) != 1 or self.known_name(node.this) != "age":
            raise ExpressionError(
                f"“{node.sql()}”: only age can be not known", "write coalesce(age, 0)"
            )
        return Age(whole_number(node.expressions[0]))

    def number(self, node: exp.Expr) -> Term:
        name = self.known_name(node)
        if name == "age":
            return Age()
        if self.indicators[name]:
            raise ExpressionError(f"{name} is yes or no, not a number", f"write {name} = true")
        return Count(name)

    def known_name(self, node: exp.Expr) -> str:
        name = plain_name(node)
        if name != "age" and name not in self.indicators:
            raise ExpressionError(
                f"{name} is no indicator of this policy",
                suggestion(name, {**self.indicators, "age": False}),
            )
        return name


def whole_number(node: exp.Expr) -> int:
    """The whole number a literal stands for. Raises ExpressionError for any other literal."""
    text = node.sql()
    if isinstance(node, exp.Column) or not re.fullmatch(r"-? ?\d{1,9}", text):
        raise ExpressionError(f"“{text}” is not a whole number", "write a whole number, such as 3")
    return int(text.replace(" ", ""))


def _ordering(operator: Written, left: Term, right: Term) -> Compare:
    """A comparison that leans one way; counts are never below 0, so `= 0` is `< 1`."""
    if isinstance(left, Number):
        left, right, operator = right, left, TURNED[operator]
    if operator != "=" and operator != "<>":
        return Compare(operator, left, right)
    if not (isinstance(left, Count) and right == Number(0)):
        raise ExpressionError(
            f"{operator} says nothing of more or less", "write > >= < or <=; = and <> only with 0"
        )
    return Compare("<", left, Number(1)) if operator == "=" else Compare(">", left, right)
