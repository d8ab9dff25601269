"""Images declared: two kinds, in no case of their own."""

from kittiwake.kernel.pathway import Pathway
from kittiwake.pathways.online import entries as e

ONLINE = Pathway(
    key="online",
    name="Images and abuse online",
    case_name="report of an image",
    ref_letter="I",
    stages=(),
    entries=(e.ImageReported, e.ImageTakenOn),
    owner_role="internet_abuse_inspector",
)
