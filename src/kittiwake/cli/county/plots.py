"""What happened to the invented children: told plainly, in words that never blame them."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Plot:
    """One way an episode went, from the report to what the child said afterwards.

    `{given}` stands for the child's first name. Lists hold the keys of the pathway's own options.
    """

    concern: str
    tried: str
    seen_at: str
    wearing: str
    enquiries: tuple[tuple[str, str], ...]
    news: tuple[str, ...]
    hours: float
    how: str
    place_kind: str
    found_with: tuple[str, ...]
    state: str
    words: str
    appearance: str
    wishes: str
    away_from: tuple[str, ...]
    drawn_to: tuple[str, ...]
    would_help: str
    learned: str
    signs: tuple[str, ...] = field(default=())
    found_place: str = ""
    names: str = ""
    harmed: bool = False
    out_of_area: bool = False
    drugs_cash_weapon: bool = False


PLOTS: tuple[Plot, ...] = (
    Plot(
        concern="{given} left after a telephone call that upset them and has not answered since. "
        "They have no coat and it is below five degrees.",
        tried="Rang eleven times, looked in the garden, the garage and the bus shelter.",
        seen_at="By the back door", wearing="Grey hooded top, black leggings, white trainers",
        enquiries=(("14 Sluice Lane, their aunt’s flat", "Went there in September"),
                   ("Bus station, stand C", "The last bus to Marrow Quay left at 22:10")),
        news=("A driver on the 22:10 saw a child of this description get off at Customs House Row.",
              "Their aunt has had a message: “I’m okay, don’t ring.”"),
        hours=5.5, how="found_police", place_kind="family", found_with=("family",),
        state="Cold and tired, unhurt; ate two bowls of soup.",
        words="I just wanted it to be quiet for one night.",
        appearance="Quiet, looked at the floor, then talked for twenty minutes about their gran.",
        wishes="To stay with my aunt at weekends.",
        away_from=("argument", "not_heard"), drawn_to=("family",),
        would_help="Weekends with their aunt, written down so that they can rely on it.",
        learned="The aunt’s number was on file and not rung for two hours. It is now first.",
        found_place="14 Sluice Lane, Marrow Quay",
    ),
    Plot(
        concern="{given} did not come home from school and a car nobody recognised was seen at the "
        "gate. A man aged about 25 has been sending them money.",
        tried="School checked the register and cameras; friends’ parents rung.",
        seen_at="School gate, Beacon Street side", wearing="School uniform, blue rucksack",
        signs=("exploitation_sexual", "with_adult_or_unknown"),
        enquiries=(("Room 12, Harbour Lights Hotel", "Found there before, with the same adult"),
                   ("Silver hatchback, part registration known", "Seen at the school gate"),
                   ("3 Brine Lane", "Address of an adult who is not to be near this child")),
        news=("Camera at Ferry Lane: silver hatchback towards the harbour at 16:12.",
              "A friend says {given} was told to bring a second phone."),
        hours=7.0, how="found_police", place_kind="hotel", found_with=("adult", "child"),
        state="Frightened and very tired. Bruise on the left wrist.",
        words="He said if I told anyone he would go to my sister’s school.",
        appearance="Would not let go of the officer’s sleeve. Asked three times where he was.",
        wishes="For my sister to be safe.",
        away_from=("other",), drawn_to=("adult", "debt"),
        would_help="One person who stays the same, and somebody at the sister’s school.",
        learned="The hotel’s owners had been asked to ring and did not. They are being seen again.",
        found_place="Harbour Lights Hotel, room 12",
        names="An adult man, aged about 25; a girl of 14",
        harmed=True,
    ),
    Plot(
        concern="{given} said they could not face another day at school and left by the side gate. "
        "They have talked about hurting themselves.",
        tried="Walked the field and the path to the beach; rang Mum at work.",
        seen_at="Side gate by the science block", wearing="Uniform, green coat",
        signs=("self_harm",),
        enquiries=(("Sea wall from the lifeboat station to Dune View", "They go there to think"),
                   ("Mum’s work, Net Loft Yard", "They have walked there before")),
        news=("A dog walker saw a child in a green coat sitting below the sea wall at 14:20.",),
        hours=2.2, how="found_other", place_kind="street", found_with=("alone",),
        state="Wet feet, crying, unhurt.",
        words="They made a group about me and everyone is in it.",
        appearance="Shook for some time. Calmed when Mum came.",
        wishes="Not to sit with that group again.",
        away_from=("bullying", "school"), drawn_to=(),
        would_help="A different form group, and someone to eat lunch with.",
        learned="School knew of the messages for a week. They will tell us the same day.",
    ),
    Plot(
        concern="{given} is not in their room and the window is open. They have been given a phone "
        "we do not know and have new clothes they cannot have paid for.",
        tried="Searched the house, the sheds and the lane; spoke with the other young people.",
        seen_at="Their room", wearing="Black tracksuit, new white trainers",
        signs=("exploitation_criminal",),
        enquiries=(("Saltmarsh railway station, platform 1", "First train inland at 05:40"),
                   ("22 Curlew Court", "Named by another young person")),
        news=("Ticket to the city bought with a card in another name.",
              "British Transport Police will meet the 08:02.",
              "The unknown phone was last on at Eelbridge."),
        hours=31.0, how="found_police", place_kind="party", found_with=("adult", "child"),
        state="Hungry, had not slept, unhurt. £240 and a knife that they said was not theirs.",
        words="I owe them, that’s it. You can’t make it go away.",
        appearance="Fell asleep in the car. Flinched when the phone rang.",
        wishes="For it to stop without my mum finding out.",
        away_from=("other",), drawn_to=("debt",),
        would_help="Help with the debt, which is not theirs; a move that is their idea.",
        learned="We treated the train as the first line of enquiry, and that was right.",
        found_place="A flat in the city, address with the other force",
        names="Two adults; a boy of 15 from another county", harmed=True, out_of_area=True,
        drugs_cash_weapon=True,
    ),
    Plot(
        concern="{given} was due back from seeing Dad at six and neither of them answers. There is "
        "an order about where {given} may stay.",
        tried="Rang Dad, his sister and his work.",
        seen_at="Marram Drive, getting into Dad’s van", wearing="Red jacket, jeans",
        signs=("order_or_notice",),
        enquiries=(("Dad’s sister, 8 Reedbed Walk", "They have stayed there before"),
                   ("Ferry terminal", "Dad has talked of crossing")),
        news=("Dad’s sister says they left her at five to get chips.",),
        hours=3.4, how="brought_back", place_kind="family", found_with=("family",),
        state="Well and cheerful; did not know anybody was looking.",
        words="Dad’s phone died and then there was a queue.",
        appearance="Relaxed with Dad, hungry.",
        wishes="To see Dad more than every second week.",
        away_from=(), drawn_to=("family", "family"),
        would_help="A time that is agreed, and a spare number for Dad.",
        learned="The order was not on the record until an hour in. It is now a marker.",
    ),
    Plot(
        concern="{given} went out to meet somebody they know only online and the number they left "
        "does not exist.",
        tried="Looked at the tablet that stays at home; messaged friends.",
        seen_at="Front door", wearing="Yellow raincoat, black jeans",
        signs=("with_adult_or_unknown",),
        enquiries=(("Café at Harbour Parade", "Named in the messages as the meeting place"),
                   ("The account they met", "Sent to the internet abuse team")),
        news=("Café staff: a child in a yellow raincoat waited an hour and left alone.",),
        hours=4.1, how="returned_self", place_kind="street", found_with=("alone",),
        state="Upset, unhurt.",
        words="He never came and then he said horrible things.",
        appearance="Ashamed, though there is nothing to be ashamed of, and we said so.",
        wishes="For nobody at school to know.",
        away_from=(), drawn_to=("online",),
        would_help="Somebody to look at the messages with, who does not shout.",
        learned="The café was called within twenty minutes because Mum knew the messages.",
    ),
    Plot(
        concern="{given} takes tablets for epilepsy twice a day and left without them.",
        tried="Rang the GP, walked to the park and the shops.",
        seen_at="Kitchen, after tea", wearing="Blue school jumper, shorts",
        signs=("medication_needed",),
        enquiries=(("Skate ramp at Dune View", "Goes there most evenings"),
                   ("Saltmarsh Hospital Trust", "Asked to ring if {given} is brought in")),
        news=("A friend saw {given} at the ramp at eight, well.",),
        hours=1.8, how="found_police", place_kind="friend", found_with=("child",),
        state="Well. Tablets taken at 21:50.",
        words="I forgot, honest. We were doing the big ramp.",
        appearance="Out of breath and proud of a new trick.",
        wishes="A spare tablet tin.",
        away_from=(), drawn_to=("friends",),
        would_help="A second set of tablets in the school bag.",
        learned="A spare set now lives in the bag, and the plan says so.",
    ),
    Plot(
        concern="{given} has walked out after a meeting about moving to another home. They said "
        "nobody had asked them.",
        tried="Their key worker followed on foot as far as the bridge.",
        seen_at="Bridge at Mill Creek", wearing="Denim jacket, headphones",
        enquiries=(("Their brother’s room, 5 Windpump Road", "The person they trust most"),
                   ("Boat shed at Mill Creek", "Sat there last time")),
        news=("Their brother says they are on the way and sound sad.",),
        hours=9.5, how="returned_self", place_kind="family", found_with=("family",),
        state="Tired, unhurt, wanted to sleep.",
        words="You all decided before I came in.",
        appearance="Spoke clearly and for a long time once somebody wrote it down.",
        wishes="To stay where I am until my exams.",
        away_from=("not_heard", "unhappy_home"), drawn_to=("family",),
        would_help="The move put off until July, which is what they asked for.",
        learned="The decision was made without them. The meeting is being held again, with them.",
    ),
    Plot(
        concern="{given} speaks little English and set off to find a cousin in another city. They "
        "arrived in the country in spring and have nobody else.",
        tried="Interpreter rang the cousin’s number; no answer.",
        seen_at="Bus stop on Beacon Street", wearing="Brown coat, carrying a plastic folder",
        signs=("communication_needs",),
        enquiries=(("Coach station, 13:15 to the city", "Bought a ticket there yesterday"),
                   ("The cousin’s last address", "Given by the legal adviser")),
        news=("Driver of the 13:15 remembers {given} and where they got off.",
              "An interpreter is with the officers who are looking."),
        hours=20.0, how="found_other", place_kind="street", found_with=("alone",),
        state="Very cold, blistered feet.",
        words="My cousin said come. The house was empty.",
        appearance="Polite, exhausted, held on to the folder.",
        wishes="To find my cousin, and to go to college.",
        away_from=(), drawn_to=("family",),
        would_help="Help to trace the cousin, done with them and not for them.",
        learned="The interpreter was asked for at once, which made the difference.",
        out_of_area=True,
    ),
    Plot(
        concern="{given}’s mum’s partner has moved back in after an incident on Friday and {given} "
        "is frightened of him. They have not been seen since.",
        tried="Mum looked at the neighbours’; a friend’s mother has been driving round.",
        seen_at="Landing at home", wearing="Pyjama top, jeans, no socks",
        signs=("abuse_victim", "weapons_or_threat"),
        enquiries=(("Downstairs neighbour, 2 Tern Street", "They have hidden there before"),
                   ("Gran, 61 Ferry Lane", "Gran has not been told yet")),
        news=("The neighbour heard shouting at seven and a child on the stairs after that.",),
        hours=2.9, how="found_police", place_kind="family", found_with=("family",),
        state="Safe with Gran. Red mark on one arm, photographed by the nurse.",
        words="I’m not going back when he’s there.",
        appearance="Sat under the table with Gran’s dog and came out to talk.",
        wishes="To live at Gran’s. For Mum to be all right.",
        away_from=("harm_home",), drawn_to=("family",),
        would_help="To stay at Gran’s while the grown-ups are spoken to.",
        learned="Friday’s incident and this one were joined by the call handler within minutes.",
        harmed=True,
    ),
)  # fmt: skip

DIRECTIONS = (
    "Hotel and hatchback first. Media officer standing by. Every adult named is being checked.",
    "Phone work agreed. One officer stays with the family. Next look at the change of shift.",
    "Search adviser asked for the sea wall. Coastguard told. Addresses visited, not rung.",
    "Ports and rail told. The card is being traced. Call me when the train is met.",
)
RATIONALES = (
    "Age, the cold and no contact. Where they were found before is being visited now. I rely on "
    "what the carer and the friend told us.",
    "We do not know who they are with. Until we do, serious harm is very likely and the grade "
    "stays.",
    "The adult named is subject to a notice. Every address we know for him is tasked with a name "
    "and a time.",
    "Medication is due at eight. Enquiries are set by place and person, not by habit.",
)
FIRST_STEPS = (
    "PC Rai to the home now; PC Fenwick to the first address. I review in thirty minutes.",
    "Search of the home first, then the friend’s. Carer to stay by the phone.",
    "Two officers to the station, one to the family. Hub asked for what is known.",
    "Cameras on Harbour Parade, then the aunt. I will ring the family myself.",
)
MARKER_BASES = {
    "cse": "Social worker’s assessment in March: an adult gives money and lifts. Hub agreed.",
    "cce": "Strategy discussion in June: found twice with money and a phone not their own.",
    "cawn": "Warning notice served on an adult man in August, in force until next August.",
    "nrm": "Referred in July; reasonable grounds decision received.",
    "protection_plan": "Conference in September, category neglect; reviewed in three months.",
    "looked_after": "Full care order since last year.",
    "order": "Non-molestation order protects the child and Mum; runs until spring.",
    "self_harm": "Told the school nurse in October; seen by the crisis team the same week.",
    "medical": "Epilepsy; tablets morning and evening, rescue medicine in the school office.",
    "domestic_abuse": "Two incidents recorded in the last six months; MARAC heard in October.",
    "send": "Autism; finds it hard to speak when frightened. A card in the bag explains.",
}
