"""What can happen when a missing child is another force's too: offered, accepted, received.

A case stays ours until the other force has accepted it by name, and open here until the child is
back (rulebook 4.2, HANDED_OVER).
"""

from typing import Any, ClassVar

from kittiwake.kernel.answers import given
from kittiwake.kernel.effects import AddAction, Effect, MarkCase, SettleAction
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.known import Known
from kittiwake.kernel.questions import Choice, Moment, Text, Words, ask
from kittiwake.pathways.missing.questions import Grade
from kittiwake.pathways.missing.stages import OPEN

WAITS = "transfer-waits"


def still_ours(entry: Any, known: Known) -> list[Effect]:
    """Until somebody there accepts by name, nothing about whose the child is has changed."""
    return [
        AddAction(
            f"Get {given(entry.force) or 'the other force'} to accept this child by name",
            "The case stays ours until they have: enquiries go on.",
            "owner",
            key=WAITS,
        )
    ]


def theirs_now(entry: Any, known: Known) -> list[Effect]:
    """The case is marked with who has it, and its owner here keeps asking."""
    force = given(entry.force) or "another force"
    settled: list[Effect] = [
        SettleAction(a.uid, "done")
        for a in known.actions
        if a.key == WAITS and known.case and a.case_id == known.case.id
        and a.state in ("open", "accepted")
    ]  # fmt: skip
    return [
        *settled,
        MarkCase("Handed over to another force"),
        AddAction(
            f"Ask {force} for news, and tell the family and social care who has the case",
            "Handed over is not found: the case stays open here until the child is back.",
            "owner",
            key="transfer-news",
        ),
    ]


def higher_of_two(entry: Any, known: Known) -> list[Effect]:
    """What the other force knew is asked for; their lower grade lowers nothing here."""
    return [
        AddAction(
            "Get everything the other force holds: log, risk assessments, plan and enquiries",
            "A child received from another force starts from what they know.",
            "owner",
            key="transfer-papers",
        )
    ]


class TransferOffered(Entry):
    """Another force was asked to take the case; it stays ours until they accept."""

    kind: ClassVar = "missing.transfer_offered"
    title: ClassVar = "Offer the case to another force"
    sentence: ClassVar = "Offered to {force}: {why}"
    may: ClassVar = "missing.hand_over"
    after: ClassVar = OPEN
    consequences: ClassVar = (still_ours,)

    force: Text = ask("Which force?", need="now")
    officer: Text = ask("Whom did you speak with there?", need="before closing")
    why: Words = ask("Why is it theirs?", need="now")
    sent: Words = ask("What were they told and sent?", audience="police")


class TransferAccepted(Entry):
    """A named officer of the other force accepted the case."""

    kind: ClassVar = "missing.transfer_accepted"
    title: ClassVar = "Record that another force accepted the case"
    sentence: ClassVar = "Accepted by {officer}, {force}, reference {reference}"
    may: ClassVar = "missing.supervise"
    after: ClassVar = OPEN
    consequences: ClassVar = (theirs_now,)

    force: Text = ask("Which force?", need="now")
    officer: Text = ask("Who accepted it there: name and rank?", need="now")
    reference: Text = ask("Their reference", need="before closing")
    risk_there: Choice[Grade] = ask("At which grade do they hold it?")


class TransferReceived(Entry):
    """A child another force was looking for is ours now; recorded in the case opened here."""

    kind: ClassVar = "missing.transfer_received"
    title: ClassVar = "Record that the case came from another force"
    sentence: ClassVar = "Received from {force}, reference {reference}"
    may: ClassVar = "missing.hand_over"
    after: ClassVar = OPEN
    consequences: ClassVar = (higher_of_two,)

    force: Text = ask("From which force?", need="now")
    officer: Text = ask("Who there answers for it until now?", need="before closing")
    reference: Text = ask("Their reference", need="before closing")
    missing_since: Moment = ask("Since when has the child been missing?")
    risk_there: Choice[Grade] = ask(
        "At which grade did they hold it?", "A lower grade there lowers nothing here."
    )
    done: Words = ask("What have they done so far?", audience="police")
