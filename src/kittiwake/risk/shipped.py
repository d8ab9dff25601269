"""The policies that come with the product."""

from pathlib import Path
from typing import Final

import kittiwake.rulebook
from kittiwake.risk.check import read
from kittiwake.risk.policy import Policy

FOLDER: Final = Path(kittiwake.rulebook.__file__).parent / "policies"


def shipped_ids() -> list[str]:
    """The ids of the policies that come with the product."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def shipped_file(policy_id: str) -> Path:
    """The file of the shipped policy of this id."""
    return FOLDER / f"{policy_id}.toml"


def shipped(policy_id: str) -> Policy:
    """The shipped policy of this id. Raises FileNotFoundError, or PolicyError."""
    return read(shipped_file(policy_id))
