"""The stages of a pathway as a state diagram, drawn from each entry's `after` and `to`."""

from collections import defaultdict

from kittiwake.kernel.entry import Entry
from kittiwake.kernel.pathway import Pathway

OUT = "child_is_out"
"""The name of the box around the stages in which the thing itself still goes on."""


def stages(pathway: Pathway) -> str:
    """A Mermaid state diagram: one arrow from the nearest stage, with the titles on it."""
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for cls in pathway.entries:
        for start in sources(cls, pathway):
            arrows[start, str(cls.to)].append(cls.title)
    active = [s for s in pathway.stages if s.active]
    out = {s.key for s in active}
    rank = {stage.key: n for n, stage in enumerate(pathway.stages)}
    inside = [ends for ends in arrows if set(ends) <= out]
    order = sorted(arrows, key=lambda a: (rank.get(a[0], -1), rank[a[1]]))
    lines = ["```mermaid", "stateDiagram-v2"]
    if active:
        lines.append(f'    state "While it goes on" as {OUT} {{')
        lines += [f'        state "{s.name}" as {s.key}' for s in active]
        lines += [f"        {_arrow(a, arrows[a])}" for a in order if a in inside]
        lines.append("    }")
    lines += [f'    state "{s.name}" as {s.key}' for s in pathway.stages if not s.active]
    lines += [f"    {_arrow(a, arrows[a])}" for a in order if a not in inside]
    lines += [f"    {pathway.stages[-1].key} --> [*]", "```"]
    return "\n".join(lines)


def sources(cls: type[Entry], pathway: Pathway) -> list[str]:
    """The nearest stages from which this kind moves a case forward; `[*]` where it opens one."""
    if cls.to is None:
        return []
    if cls.opens:
        return ["[*]"]
    before = [s for s in pathway.stages if pathway.rank(s.key) < pathway.rank(cls.to)]
    allowed = [s for s in before if not cls.after or s.key in cls.after]
    active = [s.key for s in pathway.stages if s.active]
    out = [s.key for s in allowed if s.active]
    found = [s.key for s in allowed if not s.active][-1:]
    if out and out == active:
        return [OUT, *found]
    return [*out[-1:], *found]


def _arrow(ends: tuple[str, str], titles: list[str]) -> str:
    return f"{ends[0]} --> {ends[1]} : {' / '.join(sorted(set(titles)))}"
