"""The tables page: what each table holds, and who may read, add and change its rows."""

import re
from itertools import groupby
from typing import Final

from django.apps import apps
from django.db.models import Field, Model

from kittiwake.access import walls
from kittiwake.access.capabilities import CAPABILITIES
from kittiwake.access.walls import TABLES, Wall
from kittiwake.cli.reference.markdown import bullets, page, sentence, summary, table

READ_ME = """\
The web speaks to PostgreSQL as one role and the worker as another; neither owns a table. Row-
level security is the second wall: what a policy does not let through is not there. Below, *you*
are the practitioner of the transaction, and a *lease* is the door you opened on a child: a
reading lease lets you read and write; one for recording alone opens no words. The rules are
`TABLES` in `src/kittiwake/access/walls.py`."""

# What each condition of a wall means, the longest first.
_MY_CHILDREN: Final = walls.REACH.split(" OR person_id", 1)[1].removesuffix(")")
_ME: Final = re.escape(walls.ME)
WORDS: Final[tuple[tuple[str, str], ...]] = (
    (walls.ALL_NEEDED, "you have a reading lease on everybody the answers need"),
    (walls.WHO_FOR, "the answers are for an audience you belong to"),
    (walls.REACH, "the child is within your reach"),
    (walls.READING, "you have a reading lease on the child"),
    (walls.WRITING, "you have a lease on the child"),
    (f"id{_MY_CHILDREN}", "your agency works with the child"),
    (walls.WIDE, "you are police or social care"),
    (f"agency_id = {walls.MY_AGENCY}", "it is of your agency"),
    (f"agency_id <> {walls.MY_AGENCY}", "it is not of your agency"),
    (f"practitioner_id = {walls.ME}", "it is about yourself"),
    (f"to_id = {walls.ME}", "it is to you"),
    (f"by_id = {walls.ME}", "it is by you"),
    (f"{walls.ME} IS NOT NULL", "you are signed in"),
    ("NOT is_restricted", "it is not restricted"),
    (walls.RECORDING, "an entry is being recorded"),
    (f"{walls.MY_KIND} = 'police'", "you are police"),
    ("audience = 'case'", "it is for all on the case"),
)
PATTERNS: Final[tuple[tuple[str, str], ...]] = (
    (rf"\(SELECT EXISTS \(SELECT 1 FROM api_token t WHERE t.practitioner_id = {_ME}[^)]*\)\)\)",
     "you are a program with a token"),
    (rf"(\w+)_by_id = {_ME}", r"it is \1 by you"),
    (rf"(\w+)_by_id <> {_ME}", r"it is not \1 by you"),
    (rf"(\w+)_id = {_ME}", r"you are its \1"),
    (rf"(\w+)_id <> {_ME}", r"you are not its \1"),
)  # fmt: skip
REACH_SAYS: Final = (
    "A child is *within your reach* where you are police or social care, or where your agency is "
    "known to work with them."
)


HOLDS: Final = {
    "foreign key": "a row",
    "one to one": "a row",
    "char": "text",
    "big auto": "its number",
    "small integer": "integer",
    "big integer": "integer",
    "date time": "instant",
}


def tables() -> str:
    """The reference page of the models and the walls around their tables."""
    models = [m for m in apps.get_models() if m.__module__.startswith("kittiwake.")]
    groups = [
        f"## {module.split('.')[1].capitalize()}\n\n" + "\n\n".join(_part(m) for m in group)
        for module, group in groupby(models, lambda m: m.__module__)
    ]
    return page("Tables and their walls", READ_ME, REACH_SAYS, *groups)


def _part(model: type[Model]) -> str:
    name = model._meta.db_table
    wall = TABLES.get(name)
    lines = _wall(wall) if wall else ["No wall is declared for this table."]
    columns = table(
        ("Column", "Holds", "May be empty", "Of"),
        (_column(f) for f in model._meta.local_fields),
    )
    return f"### {model.__name__} (`{name}`)\n\n{summary(model)}\n\n{bullets(lines)}\n\n{columns}"


def _column(one: "Field[object, object]") -> tuple[str, str, str, str]:
    kind = one.get_internal_type().removesuffix("Field")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
    of = one.related_model
    other = of if isinstance(of, type) else None
    return (
        f"`{one.column}`",
        HOLDS.get(words, words),
        "yes" if one.null or (one.blank and not one.primary_key) else "",
        other.__name__ if other else "",
    )


def _wall(wall: Wall) -> list[str]:
    if wall.read is None or wall.read == "true":
        lines = ["Every row may be read: no child is in this table."]
    else:
        lines = [f"You may read a row: {sentence(f'where {in_words(wall.read)}')}"]
    if wall.write and wall.write != wall.read:
        lines.append(f"You may write a row: {sentence(f'where {in_words(wall.write)}')}")
    if wall.change:
        lines.append(f"You may change a row: {sentence(f'where {in_words(wall.change)}')}")
    lines.append(f"The web may {_grants(wall.app)}; the worker may {_grants(wall.worker)}.")
    if wall.append_only:
        lines.append("Append-only: a trigger refuses every change, to the owner too.")
    return lines


def in_words(condition: str) -> str:
    """A wall's SQL condition as a sentence part; what no word is known for stays SQL."""
    for key, said in CAPABILITIES.items():
        held = f"you may {said[0].lower()}{said[1:]}".rstrip(".")
        condition = condition.replace(walls.holds(key), f"{held} (`{key}`)")
    for pattern, said in PATTERNS[:3]:
        condition = re.sub(pattern, said, condition)
    for sql, said in WORDS:
        condition = condition.replace(sql, said)
    for pattern, said in PATTERNS[3:]:
        condition = re.sub(pattern, said, condition)
    for sql, said in ((" AND ", ", and "), (" OR ", ", or ")):
        condition = condition.replace(sql, said)
    return condition


def is_sql(words: str) -> bool:
    """Whether a condition is left that no words are known for."""
    return bool(re.search(r"[=<>]|SELECT|::", words))


def _grants(granted: str) -> str:
    """What a role was granted, in verbs; column lists are kept."""
    if not granted:
        return "do nothing with it"
    verbs = {"SELECT": "read", "INSERT": "add", "UPDATE": "change", "DELETE": "take away"}
    parts = re.findall(r"([A-Z]+)(?: \(([^)]*)\))?", granted)
    return ", ".join(
        verbs[verb] + (f" (only {', '.join(f'`{c.strip()}`' for c in columns.split(','))})"
                       if columns else "")
        for verb, columns in parts
    )  # fmt: skip
