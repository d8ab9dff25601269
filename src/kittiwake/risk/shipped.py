"""The policies that come with the product."""

from importlib.resources import files

from kittiwake.risk.check import read
from kittiwake.risk.policy import Policy


def shipped_ids() -> list[str]:
    """The ids of the policies that come with the product."""
    names = (file.name for file in files("kittiwake.rulebook").joinpath("policies").iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def shipped(policy_id: str) -> Policy:
    """The shipped policy of this id. Raises FileNotFoundError, or PolicyError."""
    file = files("kittiwake.rulebook").joinpath("policies", f"{policy_id}.toml")
    return read(file.read_text(encoding="utf-8"))
