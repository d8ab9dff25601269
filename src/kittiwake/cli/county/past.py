"""Ten years of one child's episodes, told as `episodes.py` tells them, and not always well run.

What went wrong in the reports goes wrong here at the rates of `rates.py`: late to be owned, late
to be reviewed, nobody listened in time, no plan. Each leaves the breach that shows it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from kittiwake.cli.county import rates
from kittiwake.cli.county.careers import Career
from kittiwake.cli.county.children import Child
from kittiwake.cli.county.crew import Crew
from kittiwake.cli.county.episodes import Episode, Teller
from kittiwake.cli.county.plots import MARKER_BASES, PLOTS
from kittiwake.journal.entries import ActionSettled, LookedAfterOnFile
from kittiwake.journal.lives import Life
from kittiwake.kernel.deciding import Refused
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.known import Actor
from kittiwake.kernel.markers import Marker
from kittiwake.kernel.questions import show_day
from kittiwake.pathways.flags.entries import FlagEnded, FlagRaised
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing import returning as back
from kittiwake.pathways.missing.questions import Grade

DESKS = {
    "adviser": "missing_persons_adviser", "interviewer": "independent_interviewer",
    "hub": "mash_sergeant", "ddi": "duty_detective_inspector", "ddi2": "duty_detective_inspector",
    "superintendent": "duty_superintendent", "edt": "emergency_duty_team",
    "manager": "social_care_manager",
}  # fmt: skip
Step = tuple[datetime, int, Callable[[], None]]


class Chronicler(Teller):
    """Tells the past of one child after another into lives, by whoever was on duty then."""

    def __init__(self, crew: Crew, random: Random, now: datetime) -> None:
        super().__init__(crew.staff, random, now, dict(crew.desks))
        self.crew = crew
        self.life: Life
        self.last = datetime.min.replace(tzinfo=now.tzinfo)
        self.steps: list[Step] = []
        self.is_planned = True

    # ── Whom and how the teller asks ────────────────────────────────────────────────────

    def say(self, by: str, entry: Entry, child: Child, at: datetime, **more: Any) -> str | None:
        """Tell an entry at an instant, never before the one that came last."""
        self.last = min(max(at, self.last + timedelta(seconds=20)), self.now)
        return self.life.record(entry, by=self.actors[by], at=self.last, **more)

    def on(self, role: str, ep: Episode, minutes: float) -> str:
        """Who was on duty in a role then."""
        return self._known(self.crew.on(role, ep.began + timedelta(minutes=minutes)))

    def desk(self, key: str, ep: Episode, minutes: float) -> str:
        """Whoever of the pool sat there then."""
        return self.on(DESKS[key], ep, minutes)

    def name(self, key: str) -> str:
        """Their name; a social worker goes by the number in the pool."""
        if key.isdigit():
            return self.crew.pools["social_worker"][int(key)].name
        return self.actors[key].name if key in self.actors else super().name(key)

    def carer(self, child: Child) -> str:
        """Who runs the home the child lives in."""
        return self._known(self.crew.homes[int(child.home)][3])

    def school_name(self, child: Child) -> str:
        """The school's name."""
        return self.crew.schools[int(child.school)][2]

    def settle(self, ep: Episode, at: float, only: int | None = None) -> None:
        """Say what became of the open actions of an episode."""
        case = next((c["id"] for c in self.life.cases.values() if c["uid"] == ep.case), None)
        by = self.on("response_sergeant", ep, at)
        when = ep.began + timedelta(minutes=at)
        for action in [a for a in self.life.open.values() if a["case_id"] == case][:only]:
            if action["key"] in PLANNING and self.is_planned:
                self._plans(ep.child, when)
            if action["settled_at"] is None:
                self._settled(action, by, when, ep)

    def _settled(self, action: dict[str, Any], by: str, at: datetime, ep: Episode) -> None:
        unplanned = action["key"] in PLANNING and not self.is_planned
        entry = ActionSettled.model_validate({
            "action_uid": action["uid"], "action": action["title"][:200],
            "outcome": "not possible" if unplanned else "done",
            "evidence": "It had not been written when the file was closed." if unplanned
            else "Done and written up on the incident.",
        })  # fmt: skip
        self.say(by, entry, ep.child, at, case=ep.case)

    def _known(self, who: Actor) -> str:
        self.actors.setdefault(who.uid, who)
        return who.uid

    # ── A career ────────────────────────────────────────────────────────────────────────

    def tell_career(self, life: Life, career: Career) -> None:
        """Every episode of a child, in order of time, and what was planned because of them."""
        self._begin(life)
        self.is_planned = not career.one_of_three
        first = career.begins[0]
        if career.in_care:
            for year in range(1 + (career.begins[-1] - first).days // 365):
                at = first + timedelta(days=365 * year - 40)
                self._at(at, self._in_care, career.child, at)
        begins = career.begins
        if career.one_of_three:
            begins = self._on_returns(career)
        if self.random.random() < rates.EXPLOITED_IF_MISSING or career.one_of_three:
            boy = career.child.sex == "M"
            marker = "cce" if self.random.random() < (0.75 if boy else 0.25) else "cse"
            at = self.random.choice(career.begins) + timedelta(days=5)
            self._at(at, self._mark, career.child, marker, at)
        for number, began in enumerate(begins):
            until = begins[number + 1] if number + 1 < len(begins) else self.now
            self._episode(Episode(career.child, self.random.choice(PLOTS), began), until)
        after = min(career.begins[-1] + timedelta(days=11), self.now - timedelta(days=1))
        self._at(after, self._plan_last, career.child, after)
        self._tell_steps()

    def _on_returns(self, career: Career) -> list[datetime]:
        """The earlier episodes, which only the council's yearly returns hold; gives the later."""
        held = len(career.begins) * 3 // 5
        first = career.begins[held]
        for began in career.begins[:held]:
            june = began.replace(month=6, day=30, hour=12)
            sent = june if june > began else june.replace(year=june.year + 1)
            at = min(sent, first - timedelta(hours=2))
            self._at(at, self._on_file, career.child, began, at)
        return career.begins[held:]

    def _on_file(self, child: Child, began: datetime, at: datetime) -> None:
        entry = e.MissingEpisodeOnFile.model_validate({
            "happened_at": f"{began:%Y-%m-%d}T00:00:00+00:00",
            "source": "SSDA903 return of Saltmarsh council",
            "ended_on": show_day(began.date() + timedelta(days=1)), "away_without_leave": False,
        })  # fmt: skip
        self.say("clerk", entry, child, at)

    def tell_marker(self, life: Life, child: Child, marker: str, at: datetime) -> None:
        """A marker on a child who was never missing, and often its end."""
        self._begin(life)
        self._at(at, self._mark, child, marker, at)
        self._at(at + timedelta(days=2), self._plan_last, child, at + timedelta(days=2))
        if self.random.random() < rates.MARKER_ENDED:
            ended = at + (self.now - at) * self.random.uniform(0.3, 0.9)
            self._at(ended, self._end_mark, child, marker, ended)
        self._tell_steps()

    def _begin(self, life: Life) -> None:
        self.life, self.steps, self.is_planned = life, [], True
        self.last = datetime.min.replace(tzinfo=self.now.tzinfo)

    def _at(self, at: datetime, tell: Callable[..., None], *more: Any) -> None:
        at = min(at, self.now)
        self.steps.append((at, len(self.steps), lambda: tell(*more)))

    def _tell_steps(self) -> None:
        for _, _, tell in sorted(self.steps, key=lambda step: step[:2]):
            tell()
        self.life.finish(self.now)

    def _mark(self, child: Child, marker: str, at: datetime) -> None:
        by = self._known(self.crew.on("mash_sergeant", at))
        self.say(by, FlagRaised(type=Marker(marker), basis=MARKER_BASES[marker]), child, at)

    def _end_mark(self, child: Child, marker: str, at: datetime) -> None:
        entry = FlagEnded(type=Marker(marker), reason="Looked at again with the family and those "
                          "who work with them: what it rested on no longer holds.")  # fmt: skip
        self.say(self._known(self.crew.on("duty_inspector", at)), entry, child, at)

    def _in_care(self, child: Child, at: datetime) -> None:
        day = at.date().replace(month=3, day=31)
        entry = LookedAfterOnFile.model_validate({
            "happened_at": f"{day if day <= at.date() else day.replace(year=day.year - 1)}"
            "T00:00:00+00:00",
            "source": "SSDA903 return of Saltmarsh council", "as_at": str(day),
        })  # fmt: skip
        self.say("clerk", entry, child, at)

    # ── One episode ─────────────────────────────────────────────────────────────────────

    def _episode(self, ep: Episode, until: datetime) -> None:
        room = (until - ep.began).total_seconds() / 60
        random = self.random
        over = min(max(35, 60 * random.lognormvariate(1.6, 1.25)), 95 * 60, room * 0.4)

        def step(minutes: float, tell: Callable[..., None], *more: Any) -> None:
            self._at(ep.began + timedelta(minutes=minutes), tell, ep, *more)

        step(0, self.report)
        known = random.choice((4, 6, 9, 13))
        if random.random() < rates.LATE_ACKNOWLEDGED:
            known = round(random.triangular(25, 360, 90))
        told = random.choice((7, 9, 12, 14))
        if random.random() < rates.LATE_SOCIAL_CARE:
            told = round(random.triangular(30, 700, 90))
        step(told, self.social_care, told)
        for minutes, tell in ((known, self.acknowledge), (31, self.assess)):
            if minutes < over:
                step(minutes, tell, minutes)
        self._reviews(ep, over, step)
        if over > 65:
            step(52, self.oversee, 52)
        if over > 140:
            step(95, self.news, 95, ep.plot.news[0])
        self._after(ep, over, room, step)

    def _reviews(self, ep: Episode, over: float, step: Callable[..., None]) -> None:
        random = self.random
        at = random.choice((38, 47, 56))
        late = random.random() < rates.LATE_REVIEW
        if late:
            at += round(random.triangular(60, 300, 120))
        again = ""
        while at < over:
            step(at, self.review, at, again)
            if not again and over - at > 60 and random.random() < 0.56:
                grade = Grade.LOW if random.random() < 0.47 else Grade.MEDIUM
                step(at + 20, self.lower, at + 20, grade)
            again = "No contact yet. What was asked for at the last review is being done."
            at += random.choice((150, 165, 172)) + (random.choice((60, 150)) if late else 0)

    def lower(self, ep: Episode, at: float, grade: Grade) -> None:
        """A lower grade proposed and decided, where policy and markers allow it."""
        why = "Spoken with on video by somebody they trust: warm, fed, with an adult we checked."
        proposal = e.LowerGradeProposed(grade=grade, why=why)
        lowered = e.GradeLowered(
            grade=grade, rationale=why, relied_on="The call, and the check of the adult.",
            rejected="What happened at other times: it says nothing about tonight.",
            markers_considered=[Marker(m) for m in self.life.markers] or None,
            review_by=ep.began + timedelta(minutes=at + 180),
        )  # fmt: skip
        try:
            self.tell(ep, self.on("response_sergeant", ep, at), proposal, at)
            self.tell(ep, self.on("duty_inspector", ep, at + 9), lowered, at + 9)
        except Refused:
            return  # The policy holds it: nothing is written, as it should be.
        ep.grade = grade.value

    def _after(self, ep: Episode, over: float, room: float, step: Callable[..., None]) -> None:
        """Back: seen, spoken with, listened to or not, looked back on, closed."""
        random, hour = self.random, 60.0
        step(over, self.back, over)
        step(over + 12, self.seen, over + 12)
        if random.random() < rates.PREVENTION_NOT_HELD:
            at = over + random.triangular(3, 40, 9) * hour
            step(at, self.not_spoken_with, at)
        else:
            at = over + random.choice((25, 40, 52, 95, 300))
            step(at, self.prevention, at)
        step(over + 600, self.school, over + 600)
        heard, way = self._heard(over)
        # The next time may come before anybody has listened.
        heard = min(heard, max(over + 20 * hour, room * 0.7))
        step(heard - 8 * hour, self.offer, heard - 8 * hour)
        step(heard, way, heard)
        shared = heard
        if way == self.interview:
            late = random.random() < rates.LATE_SHARED
            shared += random.triangular(26, 90, 40) * hour if late else random.uniform(2, 22) * hour
            step(shared, self.share, shared)
        end = shared + random.uniform(2, 20) * hour
        step(end, self.close, end)
        if self.is_planned and random.random() < 0.7:
            step(over + 30 * hour, self._plan, over + 30 * hour)

    def _heard(self, over: float) -> tuple[float, Callable[..., None]]:
        """When, after the start, somebody independent listened, and whether at all."""
        random, hour = self.random, 60.0
        chance = random.random()
        if chance < rates.INTERVIEW_DECLINED:
            return over + random.uniform(22, 70) * hour, self.declined
        if chance < rates.INTERVIEW_DECLINED + rates.INTERVIEW_NOT_OFFERED:
            return over + random.uniform(40, 130) * hour, self.not_offered
        if random.random() < rates.INTERVIEW_ON_TIME:
            return over + random.uniform(21, 70) * hour, self.interview
        return over + random.triangular(74, 170, 90) * hour, self.interview

    def not_spoken_with(self, ep: Episode, at: float) -> None:
        """Nobody from the police spoke with the child; a sergeant says why."""
        reason = "The child would not speak with an officer; their carer was asked instead."
        entry = back.PreventionInterviewNotHeld(reason=reason, tried=2)
        self.tell(ep, self.on("response_sergeant", ep, at), entry, at)

    def declined(self, ep: Episode, at: float) -> None:
        """The child did not want an interview."""
        by = self.desk("interviewer", ep, at)
        said = "“Not today.” They have the card and may ring."
        self.tell(ep, by, back.ReturnInterviewDeclined(reason=said, asked_by=self.name(by)), at)

    def not_offered(self, ep: Episode, at: float) -> None:
        """A manager decided not to offer one."""
        reason = "Their social worker spoke with them at length that morning, and they asked us "
        entry = back.ReturnInterviewNotOffered(reason=f"{reason}not to be asked again.")
        self.tell(ep, self.desk("manager", ep, at), entry, at)

    # ── What was planned ────────────────────────────────────────────────────────────────

    def _plan(self, ep: Episode, at: float) -> None:
        self._plans(ep.child, ep.began + timedelta(minutes=at))

    def _plan_last(self, child: Child, at: datetime) -> None:
        """What was still owed when nothing more happened: in the end there is a plan."""
        self.is_planned = True
        self._plans(child, at)

    def _plans(self, child: Child, at: datetime) -> None:
        by = self._known(self.crew.on("missing_persons_adviser", at))
        owed = {c["rule"] for c in self.life.running}
        if "CLK-22" in owed:
            plan = back.PlanRecorded(reference="Trigger plan, version 1", applied=False)
            self.say(by, plan, child, at)
        if "CLK-21" in owed:
            met = e.StrategyMeeting(convened=True, outcome="A plan with the child, kept weekly.")
            self.say(by, met, child, at)
        for action in list(self.life.open.values()):
            if action["key"] in PLANNING:
                self._settled(action, by, at, Episode(child, PLOTS[0], at))


PLANNING = ("trigger-plan", "strategy-meeting", "think-again")
