"""A policy's indicators for one child, as one PostgreSQL statement for use inside `record()`.

The statement reads `journal_known(people bigint[])`, which yields entry_id, person_id, kind,
happened_at, recorded_at, role, case_id and codes. Its parameters, in psycopg's style, are
`person` (bigint) and `now` (timestamptz). It gives one row, with three columns for each
indicator in the policy's order: its value or null, its entries (newest first, `CITED` at most)
or null, and whether it is not known.

Each step computes every expression once per row: `known` takes the facts of that instant and
marks openings that have ended, `asked` says which facts each group of indicators looks at,
`told` asks their codes (2 yes, 1 not known, 0 no, null not asked), `entries` makes one row of
an entry's facts.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kittiwake.risk.codes import AllOf, Is, Ordered, Where, codes_of
from kittiwake.risk.facts import CITED, NOT_KNOWN, Observed
from kittiwake.risk.policy import Indicator, Policy, Window

NOW = "%(now)s::timestamptz"


def one_child_query(policy: Policy) -> str:
    """The statement that observes all indicators of a policy for one child at one instant."""
    kinds = sorted({k for i in policy.indicators for k in (*i.kinds, *i.closed_by)})
    ended = list(dict.fromkeys(_ended(i) for i in policy.indicators if i.closed_by))
    looked = list(dict.fromkeys(_looked(i, ended) for i in policy.indicators))
    told = [_told(i, looked.index(_looked(i, ended))) for i in policy.indicators]
    return f"""
with known as (
  select entry_id, kind, happened_at, role, case_id, codes
    {_columns("ended", ended)}
  from journal_known(array[%(person)s]::bigint[])
  where recorded_at <= {NOW} and happened_at <= {NOW} and kind in ({_texts(kinds)})
),
asked as (select entry_id, happened_at, case_id, codes {_columns("looked", looked)} from known),
told as (select entry_id, happened_at, case_id {_columns("told", told)} from asked offset 0),
entries as (
  select entry_id, happened_at, coalesce(case_id, -entry_id) as unit,
    row_number() over (order by happened_at desc, entry_id desc) as place
    {_columns("told", [f"max(told_{n})" for n in range(len(told))])}
  from told group by entry_id, happened_at, case_id
)
select {", ".join(_observed(n, i) for n, i in enumerate(policy.indicators))}
from entries"""


def observed_row(policy: Policy, row: Sequence[Any]) -> Mapping[str, Observed]:
    """What each indicator observes, from the one row of the statement."""
    observed = {}
    for number, indicator in enumerate(policy.indicators):
        value, entries, not_known = row[3 * number : 3 * number + 3]
        observed[indicator.id] = Observed(
            value=value if entries else indicator.absent,
            entries=tuple(entries or ()),
            not_known=bool(not_known),
        )
    return observed


def _ended(indicator: Indicator) -> str:
    """Whether an opening has ended: its case by any closing, a matched one by a later closing."""
    closing = f"kind in ({_texts(indicator.closed_by)}) and role = {_text(indicator.role)}"
    if not indicator.matched_on:
        return f"case_id is not null and bool_or({closing}) over (partition by case_id)"
    key = ", ".join(f"codes ->> {_text(code)}" for code in indicator.matched_on)
    return (
        f"bool_or({closing}) over (partition by {key} order by happened_at, entry_id"
        " rows between 1 following and unbounded following)"
    )


def _looked(indicator: Indicator, ended: list[str]) -> str:
    """Whether the indicator looks at a fact, before it asks for its codes."""
    looked = [f"kind in ({_texts(indicator.kinds)})", f"role = {_text(indicator.role)}"]
    if since := _since(indicator.window):
        looked.append(f"happened_at > {since}")
    if indicator.closed_by:
        looked.append(f"ended_{ended.index(_ended(indicator))} is not true")
    return " and ".join(looked)


def _since(window: Window) -> str | None:
    if window.hours is not None:
        return f"{NOW} - interval '{window.hours} hours'"
    if window.months is None:
        return None
    return f"({NOW} at time zone 'UTC' - interval '{window.months} months') at time zone 'UTC'"


def _told(indicator: Indicator, looked: int) -> str:
    """2 where the fact counts, 1 where that is not known, 0 where not; null if not asked."""
    if indicator.where is None:
        return f"case when looked_{looked} then 2 end"
    not_known = " or ".join(_is_not_known(code) for code in codes_of(indicator.where))
    answer = f"case {_where(indicator.where)} when true then 2 when false then 0"
    return f"case when looked_{looked} then {answer} else case when {not_known} then 1 end end end"


def _where(where: Where) -> str:
    if isinstance(where, Is):
        return _is(where)
    if isinstance(where, Ordered):
        code = _text(where.code)
        return (
            f"(case when jsonb_typeof(codes -> {code}) = 'number'"
            f" then (codes ->> {code})::numeric {where.operator} {where.value} end)"
        )
    joined = " and " if isinstance(where, AllOf) else " or "
    return f"({joined.join(_where(part) for part in where.parts)})"


def _is(where: Is) -> str:
    """Plain answers first, which nearly all are; then lists, and what was not asked."""
    code = f"codes -> {_text(where.code)}"
    yes, no = ("false", "true") if where.negated else ("true", "false")
    plain = {json.dumps(where.value): yes}
    if isinstance(where.value, bool):
        plain[json.dumps(not where.value)] = no
    plain |= {json.dumps(NOT_KNOWN): "null", "null": "null"}
    cases = " ".join(f"when {_text(value)} then {so}" for value, so in plain.items())
    return (
        f"(case {code} {cases} else case when {code} is null or {code} = '[]' then null"
        f" when {code} @> {_json(where.value)} then {yes}"
        f" when {_is_not_known(where.code)} then null else {no} end end)"
    )


def _is_not_known(code: str) -> str:
    return f"codes -> {_text(code)} @> {_json(NOT_KNOWN)}"


def _observed(number: int, indicator: Indicator) -> str:
    """One indicator's value, entries and whether it is not known; `place` 1 is the newest."""
    told = f"told_{number}"
    hit = f"filter (where {told} = 2)"
    cited = CITED
    if indicator.count == "days_since_last":
        since = f"{NOW} - max(happened_at) {hit}"
        value, cited = f"div(extract(epoch from {since}), 86400)::int", 1
    elif indicator.count in ("cases", "open_cases"):
        value = f"(count(distinct unit) {hit})::int"
    else:
        value = f"(count(*) {hit})::int"
        value = f"least({value}, 1)" if indicator.count == "present" else value
    not_known = "false"
    if indicator.where is not None:
        not_known = f"(array_agg({told} order by place) filter (where {told} is not null))[1] = 1"
    return f"{value}, (array_agg(entry_id order by place) {hit})[1:{cited}], {not_known}"


def _columns(name: str, expressions: Sequence[str]) -> str:
    return "".join(f",\n    {e} as {name}_{n}" for n, e in enumerate(expressions))


def _json(value: object) -> str:
    return f"{_text(json.dumps(value))}::jsonb"


def _text(value: str) -> str:
    """A text literal. What a policy may hold has neither quotes nor backslashes nor %."""
    if any(c in value for c in "'\\%"):
        raise ValueError(f"{value!r} cannot stand in a statement")
    return f"'{value}'"


def _texts(values: Iterable[str]) -> str:
    return ", ".join(_text(value) for value in values)
