"""Episodes of the invented children, each entry through `record()` as if it had been lived."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection

from kittiwake.access.actors import actor
from kittiwake.cli.county import plans
from kittiwake.cli.county.children import Child
from kittiwake.cli.county.plots import DIRECTIONS, FIRST_STEPS, PLOTS, RATIONALES, Plot
from kittiwake.cli.county.staff import AGENCIES, STAFF, Staff
from kittiwake.journal.entries import ActionSettled
from kittiwake.journal.record import record
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.known import Actor
from kittiwake.pathways.missing import entries as e
from kittiwake.pathways.missing import returning as back

NAMES = {key: f"{title} {name}".strip() for key, name, title, *_ in STAFF}
HOME_STAFF = {"samphire": "home", "teal": "teal_home", "breakwater": "breakwater_home"}
PARENTS = ("Mum", "Dad", "Gran", "Foster carer", "Aunt")


@dataclass
class Episode:
    """One invented episode while it is being told."""

    child: Child
    plot: Plot
    began: datetime
    case: str | None = None
    group: UUID | None = None
    grade: str = "high"

    def words(self, text: str) -> str:
        """A sentence of the plot, with this child's name."""
        return text.replace("{given}", self.child.given)


@dataclass
class Teller:
    """Tells episodes, one entry after another, in the name of whoever was on duty."""

    staff: Staff
    random: Random
    now: datetime
    actors: dict[str, Actor] = field(default_factory=dict)

    def say(self, by: str, entry: Entry, child: Child, at: datetime, **more: Any) -> str | None:
        """Record an entry at an instant of the past; gives the case's uid."""
        if by not in self.actors:
            self.actors[by] = actor(self.staff.ids[by])
        at = min(at, self.now)
        done = record(entry, person=child.person, by=self.actors[by], at=at, **more)
        return done.case_uid

    def tell(self, ep: Episode, by: str, entry: Entry, minutes: float) -> None:
        """Record an entry of an episode, so many minutes after it began."""
        at = ep.began + timedelta(minutes=minutes)
        ep.case = self.say(by, entry, ep.child, at, case=ep.case, group=ep.group)

    def on(self, role: str, ep: Episode, minutes: float) -> str:
        """Who was on duty in a role, so many minutes into an episode."""
        return self.staff.shift(role, ep.began + timedelta(minutes=minutes))

    def desk(self, key: str, ep: Episode, minutes: float) -> str:
        """Who sat at a desk that one person of the demo has for themselves."""
        return key

    def name(self, key: str) -> str:
        """The name somebody goes by, with their rank."""
        return NAMES[key]

    def carer(self, child: Child) -> str:
        """Who of the child's home reports."""
        return HOME_STAFF[child.home]

    def school_name(self, child: Child) -> str:
        """What the child's school is called."""
        return AGENCIES[child.school][1]

    # ── While the child is missing ──────────────────────────────────────────────────────

    def report(self, ep: Episode) -> None:
        """The report, by the home, the school or a call handler for the family."""
        child, plot = ep.child, ep.plot
        if child.home:
            by = self.carer(child)
            reporter, name = "home", self.name(by)
        else:
            by = self.on("call_handler", ep, 0)
            who = "Foster carer" if child.foster else PARENTS[child.number % 4]
            reporter, name = "foster" if child.foster else "parent", f"{who} of {child.given}"
        seen = ep.began - timedelta(minutes=self.random.choice((25, 40, 55, 70)))
        entry = e.ReportedMissing.model_validate({
            "happened_at": ep.began, "concern": ep.words(plot.concern),
            "signs": list(plot.signs) or None, "tried": ep.words(plot.tried),
            "reporter": reporter, "reporter_name": name,
            "reporter_phone": f"07700 900{800 + child.number % 100}",
            "reporter_could_harm": False,
            "last_seen": {"seen_at": seen, "where": ep.words(plot.seen_at),
                          "clothing": plot.wearing, "phone_on": bool(child.number % 2)},
            "incident_number": f"SC-{ep.began:%d%m}-{300 + child.number}",
        })  # fmt: skip
        self.tell(ep, by, entry, 0)
        plans.tell_checks(self, ep)

    def acknowledge(self, ep: Episode, at: float) -> None:
        """A sergeant acknowledges and says what happens first."""
        words = FIRST_STEPS[ep.child.number % len(FIRST_STEPS)]
        by = self.on("response_sergeant", ep, at)
        self.tell(ep, by, e.SupervisorAcknowledged(first_steps=words), at)

    def social_care(self, ep: Episode, at: float) -> None:
        """Children's social care, or the emergency duty team, are told."""
        when = ep.began + timedelta(minutes=at)
        by_day = when.weekday() < 5 and 8 <= when.hour < 18
        who = self.name((ep.child.worker or "sw5") if by_day else self.desk("edt", ep, at))
        said = "They know the family and will ring back with addresses." if by_day else None
        by = self.on("response_sergeant", ep, at)
        self.tell(ep, by, e.SocialCareTold(who=who, said=said), at)

    def assess(self, ep: Episode, at: float) -> None:
        """An officer answers the questions every assessment asks."""
        plot, number = ep.plot, ep.child.number
        signs = dict.fromkeys(plot.signs, True)
        calm = ("self_harm", "medication_needed", "exploitation_sexual", "exploitation_criminal")
        answers: dict[str, Any] = {name: False for name in calm if name not in signs}
        answers["online_contacts"] = {"not_known": "nobody_knows"}
        answers |= {"out_of_character": number % 3 == 0, "looked_after": bool(ep.child.home)}
        answers |= {k: v for k, v in signs.items() if k in e.RiskAssessed.model_fields}
        entry = e.RiskAssessed.model_validate(
            answers
            | {
                "concern": ep.words(plot.concern),
                "done_so_far": "Home searched, first address visited, friends rung, cameras asked "
                "for.",
                "language_culture": ep.child.language,
                "same_for_a_first_time": True,
            }
        )
        self.tell(ep, self.on("response_officer", ep, at), entry, at)

    def review(self, ep: Episode, at: float, also: str = "") -> None:
        """The duty inspector reviews and sets targeted enquiries, each with a name and a time."""
        by = self.on("duty_inspector", ep, at)
        officer = self.name(self.on("response_officer", ep, at))
        when = ep.began + timedelta(minutes=at)
        rows = [
            {"target": ep.words(target), "why": ep.words(why), "who": officer,
             "by": when + timedelta(minutes=45 + 30 * number)}
            for number, (target, why) in enumerate(ep.plot.enquiries)
        ]  # fmt: skip
        words = also or RATIONALES[ep.child.number % len(RATIONALES)]
        entry = e.RiskReviewed.model_validate(
            {"grade": ep.grade, "rationale": words, "enquiries": rows if not also else None}
        )
        self.tell(ep, by, entry, at)

    def oversee(self, ep: Episode, at: float) -> None:
        """A detective inspector directs the enquiries."""
        words = DIRECTIONS[ep.child.number % len(DIRECTIONS)]
        entry = e.DetectiveOversight(
            direction=words, senior_officer=self.name(self.desk("superintendent", ep, at))
        )
        self.tell(ep, self.desk("ddi2" if ep.child.number % 3 else "ddi", ep, at), entry, at)

    def news(self, ep: Episode, at: float, text: str, by: str = "", late: float = 0) -> None:
        """Something new is known; `late` minutes pass before it is recorded."""
        happened = ep.began + timedelta(minutes=at)
        entry = e.InformationAdded(happened_at=happened, what=ep.words(text))
        self.tell(ep, by or self.on("call_handler", ep, at), entry, at + late)

    def school(self, ep: Episode, at: float) -> None:
        """The school is told."""
        entry = e.SchoolTold(who=f"Safeguarding lead, {self.school_name(ep.child)}")
        self.tell(ep, self.desk("hub", ep, at), entry, at)

    def plan(self, ep: Episode, at: float) -> None:
        """The child's trigger plan is worked through, as far as one got."""
        plans.work_through(self, ep, at)

    def plan_written(self, child: Child, at: datetime) -> None:
        """The plan that a marker or a repeat obliges, and the action that asked for it."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rule, '' FROM clock WHERE person_id = %(child)s AND stopped_at IS NULL "
                "AND rule IN ('CLK-21', 'CLK-22') UNION ALL "
                "SELECT uid::text, title FROM action WHERE person_id = %(child)s "
                "AND settled_at IS NULL AND key = 'strategy-meeting'",
                {"child": child.person},
            )
            asked = cursor.fetchall()
        met = e.StrategyMeeting(convened=True, outcome="A plan with the child, seen every week.")
        for uid, title in asked:
            if not title:
                if uid == "CLK-22":
                    plans.keep_trigger_plan(self, child, at)
                else:
                    self.say("adviser", met, child, at)
                continue
            done = ActionSettled.model_validate({
                "action_uid": uid, "action": title[:200], "outcome": "done",
                "evidence": "Written with the child and the carer, and sent to both agencies.",
            })  # fmt: skip
            self.say("adviser", done, child, at)

    def markers(self, child: Child) -> list[str]:
        """The markers in force on a child."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT type FROM flag WHERE person_id = %s AND ended_at IS NULL", [child.person]
            )
            return [row[0] for row in cursor.fetchall()]

    # ── When the child is back ──────────────────────────────────────────────────────────

    def back(self, ep: Episode, at: float) -> None:
        """The child is back: how, where, with whom, in what state."""
        plot = ep.plot
        entry = back.Returned.model_validate({
            "how": plot.how, "place_kind": plot.place_kind, "found_with": list(plot.found_with),
            "found_place": plot.found_place or None, "state": plot.state,
            "found_with_names": plot.names or None, "injured": plot.harmed,
            "out_of_area": plot.out_of_area, "drugs_cash_weapon": plot.drugs_cash_weapon,
        })  # fmt: skip
        self.tell(ep, self.on("response_officer", ep, at), entry, at)

    def seen(self, ep: Episode, at: float) -> None:
        """An officer has seen the child."""
        by = self.on("response_officer", ep, at)
        self.tell(ep, by, back.SeenSafe(seen_by=self.name(by), safe_to_stay=True), at)

    def prevention(self, ep: Episode, at: float) -> None:
        """The police speak with the child."""
        by, plot = self.on("response_officer", ep, at), ep.plot
        entry = back.PreventionInterviewHeld.model_validate({
            "held_by": self.name(by), "harmed": plot.harmed, "threat_now": plot.harmed,
            "safe_to_return": not plot.harmed,
            "voice": {"seen": True, "alone": True, "words": plot.words,
                      "appearance": plot.appearance, "wishes": plot.wishes, "told_back": True},
        })  # fmt: skip
        self.tell(ep, by, entry, at)

    def offer(self, ep: Episode, at: float) -> None:
        """The council offers a return home interview."""
        by = self.desk("interviewer", ep, at)
        entry = back.ReturnInterviewOffered(offered_by=self.name(by), how="By telephone")
        self.tell(ep, by, entry, at)

    def interview(self, ep: Episode, at: float) -> None:
        """Somebody independent listens to the child."""
        plot, by = ep.plot, self.desk("interviewer", ep, at)
        entry = back.ReturnInterviewHeld.model_validate({
            "held_by": self.name(by), "where": "A walk along the sea wall, their choice",
            "voice": {"seen": True, "alone": True, "words": plot.words, "wishes": plot.wishes,
                      "appearance": plot.appearance, "told_back": True,
                      "changed": plot.would_help},
            "away_from": list(plot.away_from) or None, "drawn_to": list(set(plot.drawn_to)) or None,
            "harmed": plot.harmed, "would_help": plot.would_help, "may_share": True,
        })  # fmt: skip
        self.tell(ep, by, entry, at)

    def share(self, ep: Episode, at: float) -> None:
        """What the child said reaches the police."""
        acts = self.name(self.desk("adviser", ep, at))
        entry = back.ReturnInterviewShared(summary=ep.plot.would_help, acts=acts)
        self.tell(ep, self.desk("interviewer", ep, at), entry, at)

    def close(self, ep: Episode, at: float) -> None:
        """Look back, settle what is open, and close: somebody who does not own it decides."""
        by = self.desk("adviser", ep, at)
        self.tell(ep, by, back.LookedBack(learned=ep.plot.learned, plan_changed=True), at)
        self.settle(ep, at + 5)
        reason = "Spoken with and listened to; what they asked for is in the plan."
        self.tell(ep, by, back.EpisodeClosed(reason=reason), at + 20)

    def settle(self, ep: Episode, at: float, only: int | None = None) -> None:
        """Say what became of the episode's open actions."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT a.uid::text, a.title FROM action a JOIN case_file c ON c.id = a.case_id "
                "WHERE c.uid = %s AND a.state IN ('open', 'accepted') ORDER BY a.id LIMIT %s",
                [ep.case, only],
            )
            rows = cursor.fetchall()
        by = self.on("response_sergeant", ep, at)
        for number, (uid, title) in enumerate(rows):
            entry = ActionSettled.model_validate({
                "action_uid": uid, "action": title[:200], "outcome": "done",
                "evidence": "Done and written up on the incident.",
            })  # fmt: skip
            self.tell(ep, by, entry, at + number)

    def whole(self, ep: Episode) -> None:
        """A past episode from beginning to end."""
        over = ep.plot.hours * 60
        self.report(ep)
        self.acknowledge(ep, self.random.choice((6, 9, 13, 22)))
        self.social_care(ep, 24)
        self.assess(ep, 31)
        self.review(ep, min(48, over * 0.6))
        for number, text in enumerate(ep.plot.news[:2]):
            self.news(ep, min(70 + 30 * number, over - 5), text)
        self.oversee(ep, min(105, over - 3))
        self.back(ep, over)
        self.prevention(ep, over + self.random.choice((35, 50, 95)))
        self.school(ep, over + 600)
        self.interview(ep, over + 60 * self.random.choice((26, 44, 61, 80)))
        self.share(ep, over + 60 * 84)
        self.close(ep, over + 60 * 90)


def plot_for(child: Child, number: int = 0) -> Plot:
    """A plot for a child's episode: always the same, and different each time."""
    return PLOTS[(child.number * 3 + number * 7) % len(PLOTS)]
