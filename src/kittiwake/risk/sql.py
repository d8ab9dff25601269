"""A policy's indicators for one child, as one PostgreSQL statement for use inside `record()`.

The statement reads `journal_known(people bigint[])`, which yields entry_id, person_id, kind,
happened_at, recorded_at, role, case_id and codes. Its parameters, in psycopg's style, are
`person` (bigint) and `now` (timestamptz). It gives one row for each indicator that has seen
anything: indicator, value, entries (newest first, `CITED` at most), not_known.
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
    ends = [f", {_ended(i)} as ended_{n}" for n, i in enumerate(policy.indicators) if i.closed_by]
    rows = ",\n    ".join(_row(n, i) for n, i in enumerate(policy.indicators))
    days = [n for n, i in enumerate(policy.indicators) if i.count == "days_since_last"]
    return f"""
with known as (
  select entry_id, kind, happened_at, role, case_id, codes{"".join(ends)}
  from journal_known(array[%(person)s]::bigint[])
  where recorded_at <= {NOW} and happened_at <= {NOW} and kind in ({_texts(kinds)})
),
seen as (
  select v.n, known.entry_id, known.happened_at, v.unit,
    bool_or(v.answer) is true as hit, bool_or(v.answer is null) as unclear
  from known cross join lateral (values
    {rows}
  ) as v (n, looked, answer, asked, unit)
  where v.looked and (v.answer is not null or v.asked)
  group by v.n, known.entry_id, known.happened_at, v.unit
)
select n,
  case when n = any ({_numbers(days)})
    then div(extract(epoch from {NOW} - max(happened_at) filter (where hit)), 86400)::bigint
    else count(distinct unit) filter (where hit) end,
  (array_agg(entry_id order by happened_at desc, entry_id desc) filter (where hit))
    [1:case when n = any ({_numbers(days)}) then 1 else {CITED} end],
  (array_agg(unclear and not hit order by happened_at desc, entry_id desc))[1]
from seen
group by n"""


def observed_rows(policy: Policy, rows: Iterable[Sequence[Any]]) -> Mapping[str, Observed]:
    """What each indicator observes, from the rows of the statement; the rest are absent."""
    observed = {i.id: Observed(i.absent) for i in policy.indicators}
    for number, value, entries, not_known in rows:
        indicator = policy.indicators[number]
        observed[indicator.id] = Observed(
            value=value if entries else indicator.absent,
            entries=tuple(entries or ()),
            not_known=bool(not_known),
        )
    return observed


def _row(number: int, indicator: Indicator) -> str:
    """One indicator's row of VALUES: number, does it look at this fact, answer, asked, unit."""
    looked = [f"kind in ({_texts(indicator.kinds)})", f"role = {_text(indicator.role)}"]
    if since := _since(indicator.window):
        looked.append(f"happened_at > {since}")
    if indicator.closed_by:
        looked.append(f"ended_{number} is not true")
    answer, asked = "true", "true"
    if indicator.where is not None:
        answer = _where(indicator.where)
        asked = " or ".join(_is_not_known(code) for code in codes_of(indicator.where))
    unit = "entry_id"
    if indicator.count in ("cases", "open_cases"):
        unit = "coalesce(case_id, -entry_id)"
    if indicator.count == "present":
        unit = "1"
    return f"({number}, {' and '.join(looked)}, {answer}, {asked}, {unit}::bigint)"


def _ended(indicator: Indicator) -> str:
    """Whether an opening has ended: its case by any closing, a matched one by a later closing."""
    closing = f"kind in ({_texts(indicator.closed_by)}) and role = {_text(indicator.role)}"
    if not indicator.matched_on:
        return f"(case_id is not null and bool_or({closing}) over (partition by case_id))"
    key = ", ".join(f"codes ->> {_text(code)}" for code in indicator.matched_on)
    return (
        f"bool_or({closing}) over (partition by {key} order by happened_at, entry_id"
        " rows between 1 following and unbounded following)"
    )


def _since(window: Window) -> str | None:
    if window.hours is not None:
        return f"{NOW} - interval '{window.hours} hours'"
    if window.months is None:
        return None
    return f"({NOW} at time zone 'UTC' - interval '{window.months} months') at time zone 'UTC'"


def _where(where: Where) -> str:
    if isinstance(where, Is):
        code = f"codes -> {_text(where.code)}"
        wanted = f"{_json(where.value)}"
        yes, no = ("false", "true") if where.negated else ("true", "false")
        return (
            f"(case when {code} is null or {code} in ('null', '[]') then null"
            f" when {code} @> {wanted} then {yes}"
            f" when {_is_not_known(where.code)} then null else {no} end)"
        )
    if isinstance(where, Ordered):
        code = _text(where.code)
        return (
            f"(case when jsonb_typeof(codes -> {code}) = 'number'"
            f" then (codes ->> {code})::numeric {where.operator} {where.value} end)"
        )
    joined = " and " if isinstance(where, AllOf) else " or "
    return f"({joined.join(_where(part) for part in where.parts)})"


def _is_not_known(code: str) -> str:
    return f"coalesce(codes -> {_text(code)} @> {_json(NOT_KNOWN)}, false)"


def _json(value: object) -> str:
    return f"{_text(json.dumps(value))}::jsonb"


def _text(value: str) -> str:
    """A text literal. What a policy may hold has neither quotes nor backslashes nor %."""
    if any(c in value for c in "'\\%"):
        raise ValueError(f"{value!r} cannot stand in a statement")
    return f"'{value}'"


def _texts(values: Iterable[str]) -> str:
    return ", ".join(_text(value) for value in values)


def _numbers(values: Iterable[int]) -> str:
    return f"array[{', '.join(str(value) for value in values)}]::int[]"
