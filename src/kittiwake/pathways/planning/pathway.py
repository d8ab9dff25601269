"""Planning declared: what can happen to plans. It has no cases; a plan is the child's."""

from kittiwake.kernel.pathway import Pathway
from kittiwake.pathways.planning import entries as e
from kittiwake.pathways.planning import rules

PLANNING = Pathway(
    key="planning",
    name="Planning",
    case_name="plan",
    ref_letter="P",
    stages=(),
    entries=(
        e.ProfileWritten,
        e.EpisodeTold,
        e.PlanDrafted,
        e.PlanApproved,
        e.PlanReviewed,
        e.PlanRetired,
        e.NoPlanProposed,
        e.NoPlanAgreed,
        e.LinesSettled,
    ),
    owner_role="missing_persons_adviser",
    triggers=(("trigger_plan", rules.needed),),
)
