"""The calls the control room has on its board tonight, each as far as it has come."""

from datetime import timedelta
from uuid import uuid4

from kittiwake.cli.county.children import Child
from kittiwake.cli.county.episodes import Teller
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.voice import VoiceOfChild
from kittiwake.pathways.contact import entries as c
from kittiwake.pathways.contact.questions import (
    BodyWorn,
    Channel,
    ChildIs,
    Exemption,
    HowKnown,
    Likelihood,
    Relation,
    Response,
    RosterChild,
    RosterIs,
    StayingWith,
    Where,
)
from kittiwake.pathways.contact.resulting import Resulted

ROSTER = c.RosterTaken(
    state=RosterIs.COMPLETE,
    children=(
        RosterChild(
            who="A baby brother, Nye",
            age="8 months",
            relation=Relation.RESIDENT,
            now_at="In the cot upstairs",
            source=HowKnown.CALLER,
        ),
    ),
)


def log_calls(teller: Teller, children: list[Child]) -> None:
    """Six calls: nobody sent, THRIVE left out, an officer on the way, health awaited, a result."""
    quiet = [x for x in children if not x.restricted and not x.home][-8:]
    siblings = uuid4()
    for child in quiet[:2]:
        _tell(teller, child, 11, _call("Shouting and a door broken at their address; the children "
              "can be heard upstairs.", domestic_abuse=True), group=siblings)  # fmt: skip
    _tell(teller, quiet[2], 24, _call("A boy rings from a shop: his stepfather has locked him out.",
          channel=Channel.NON_EMERGENCY), (2, _thrive(Likelihood.HIGH)))  # fmt: skip
    _tell(teller, quiet[3], 9, _call("A car has hit a fence, and a child was in the back."),
          (1, c.Exempted(because=Exemption.ATTENDING, unit="SC14, on the way")))  # fmt: skip
    _tell(teller, quiet[4], 52, _call("Dad has hurt himself and their daughter rang.", crisis=True),
          (3, _thrive(Likelihood.HIGH)),
          (4, c.Graded(response=Response.EMERGENCY, why="A child is alone with him.")),
          (5, c.Deployed(unit="SC21")),
          (6, c.OfficerTold(officer="PC Hale", passed="She is in the kitchen.", read_back=True)),
          (20, c.CrisisWait(with_whom=StayingWith.CARER, place_kind=Where.HOSPITAL)),
          )  # fmt: skip
    _tell(teller, quiet[5], 190, _call("A neighbour heard crying for an hour."),
          (4, _thrive(Likelihood.MEDIUM)), (6, ROSTER),
          (9, c.Deployed(unit="SC09")),
          (60, Resulted(
              happened="Mum was asleep after a night shift; a cousin was looking after them.",
              officer="PC Noor", body_worn=BodyWorn.RECORDED,
              body_worn_reference="BWV-09-0031", safe_now=True,
              voice=VoiceOfChild(seen=True, words="We were playing, it was loud, sorry."),
          )))  # fmt: skip


def _call(what: str, **more: object) -> c.ContactReceived:
    told = {"channel": Channel.EMERGENCY, "child_is": {ChildIs.PRESENT}, "what": what}
    return c.ContactReceived.model_validate(told | more)


def _thrive(risk: Likelihood) -> c.ThoughtThrough:
    return c.ThoughtThrough(
        threat="The child is there with somebody who may hurt them, or themselves.",
        harm="They could be hurt, or see somebody hurt.",
        risk=risk,
        investigation="Who is there now, and who else lives there.",
        vulnerability="A child on their own with it.",
        engagement="The caller stays on the line.",
    )


def _tell(
    teller: Teller, child: Child, ago: float, call: Entry, *after: tuple[float, Entry],
    group: object = None,
) -> None:  # fmt: skip
    """A call so many minutes ago, and what was done since, each so many minutes after it."""
    began = teller.now - timedelta(minutes=ago)
    case = teller.say(teller.staff.shift("call_handler", began), call, child, began, group=group)
    for minutes, entry in after:
        at = began + timedelta(minutes=minutes)
        teller.say(teller.staff.shift("call_handler", at), entry, child, at, case=case)
