"""Risk: what a policy says about a child, from what has happened. Pure; advises, never decides."""

from kittiwake.risk.check import PolicyError, Problem, check, read
from kittiwake.risk.compiled import CompiledPolicy, compile_policy, judge
from kittiwake.risk.facts import (
    CITED,
    NEVER,
    Assessment,
    Child,
    Fact,
    Level,
    Observed,
    Reason,
    Triggered,
)
from kittiwake.risk.policy import Policy, StartingGrade
from kittiwake.risk.reference import judge_slowly
from kittiwake.risk.shipped import shipped, shipped_file, shipped_ids

compile = compile_policy  # noqa: A001 - reads as risk.compile(policy)

__all__ = [
    "CITED",
    "NEVER",
    "Assessment",
    "Child",
    "CompiledPolicy",
    "Fact",
    "Level",
    "Observed",
    "Policy",
    "PolicyError",
    "Problem",
    "Reason",
    "StartingGrade",
    "Triggered",
    "check",
    "compile",
    "compile_policy",
    "judge",
    "judge_slowly",
    "read",
    "shipped",
    "shipped_file",
    "shipped_ids",
]
