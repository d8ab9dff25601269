"""The functions of the database, and who may call them: everything else is refused."""

# The only functions of ours that anybody but the owner may call, and who. Most run as the owner:
# each checks for itself who asks, and none gives words.
FUNCTIONS: dict[str, str] = {
    "open_doors": "app",
    "journal_known": "app worker",
    "meet_person": "app",
    "find_arrivals": "app",
    "describe_again": "app",
    "move_details": "app",
    "who_opened": "app",
    "case_news": "app",
    "find_people": "app",
    "feeds_heard": "app",
    "incidents_unrecorded": "app",
    "reconcile_markers": "app worker",
    "policy_divergence": "app",
    "markers_nearby": "app",
    "find_candidates": "app",
    "seen_people": "app",
    "link_people": "app",
    "unlink_people": "app",
    "settle_match": "app",
    "names_on_file": "app",
    "births_on_file": "app",
}
