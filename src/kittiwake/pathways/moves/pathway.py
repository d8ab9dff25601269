"""Areas and ages declared: a register without cases of its own."""

from kittiwake.kernel.pathway import Pathway
from kittiwake.pathways.moves import entries as e

MOVES = Pathway(
    key="moves",
    name="Areas and ages",
    case_name="change around a child",
    ref_letter="",
    stages=(),
    entries=(
        e.LivesOutOfArea,
        e.UnbornChild,
        e.NearlyAdult,
        e.AdultBridge,
    ),
    owner_role="social_care_manager",
)
