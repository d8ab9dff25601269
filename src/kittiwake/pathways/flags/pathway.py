"""The register of markers declared: it has no cases; a marker stands on people."""

from kittiwake.kernel.pathway import Pathway
from kittiwake.pathways.flags import entries as e

FLAGS = Pathway(
    key="flags",
    name="Markers",
    case_name="marker",
    ref_letter="",
    stages=(),
    entries=(e.FlagRaised, e.FlagReviewed, e.FlagEnded),
    owner_role="mash_detective_inspector",
)
