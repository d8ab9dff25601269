"""The roles page: who may do what, as a governor can read it."""

from itertools import groupby
from typing import Final

from kittiwake.access.capabilities import CAPABILITIES
from kittiwake.access.roles import RANKS, ROLES, Role
from kittiwake.cli.reference.markdown import link, page, table
from kittiwake.kernel.pathway import REGISTER

AGENCIES: Final = {
    "police": "Police",
    "social_care": "Children’s social care",
    "health": "Health",
    "school": "Schools and colleges",
    "home": "Children’s homes and carers",
    "partner": "Partner organisations",
    "partnership": "The safeguarding partnership",
    "system": "Kittiwake itself",
}
READ_ME = """\
A role is code in `src/kittiwake/access/roles.py`, so that changing who may see a child is a
reviewed change. A practitioner holds roles between two instants; whoever holds none may do
nothing. A role says what somebody may do; which child they may read about is decided at the
door: [the tables and their walls](tables.md)."""


def roles() -> str:
    """The reference page of roles and capabilities."""
    ordered = sorted(ROLES.values(), key=lambda r: list(AGENCIES).index(r.agency_kind))
    groups = [
        f"### {AGENCIES[kind]}\n\n{_roles(list(group))}"
        for kind, group in groupby(ordered, lambda r: r.agency_kind)
    ]
    return page(
        "Roles and capabilities",
        f"{len(ROLES)} roles and {len(CAPABILITIES)} capabilities.",
        READ_ME,
        "## Roles",
        *groups,
        "## Capabilities",
        *(_capability(key) for key in CAPABILITIES),
    )


def _roles(group: list[Role]) -> str:
    return table(
        ("Role", "What for", "From rank", "Day and night", "May"),
        (
            (
                f"{r.title} (`{r.key}`)",
                r.sentence,
                RANKS.get(r.rank, ""),
                "yes" if r.round_the_clock else "",
                ", ".join(f"`{c}`" for c in CAPABILITIES if c in r.capabilities) or "nothing",
            )
            for r in group
        ),
    )


def _capability(key: str) -> str:
    held = [r.title for r in ROLES.values() if key in r.capabilities]
    kinds = [cls for cls in REGISTER.kinds.values() if cls.may == key]
    lines = [f"### `{key}`", CAPABILITIES[key], f"Held by: {', '.join(held) or 'nobody yet'}."]
    if kinds:
        lines.append("Needed to record: " + ", ".join(_kind(cls.kind, cls.title) for cls in kinds))
    return "\n\n".join(lines)


def _kind(kind: str, title: str) -> str:
    pathway = REGISTER.pathway_of(kind)
    return link(title, f"pathways/{pathway.key}.md" if pathway else "journal.md")
