"""How often things happen in the invented county: published figures, and defaults of our own.

S1 and S2 are the two public reports, by way of section 8 of the rulebook. What is marked [D] is
an invented default and nobody's statistic.
"""

CHILDREN = 152_000
"""Children at scale 1: about 20 % of 761,246 people (S2)."""
YEARS = 10

MISSING_A_YEAR = (803, 2_000)
"""Reports of a missing child: 803 in 2015 (S1), growing to about 2,000 a year [D]."""
EPISODES_OF_THREE = (105, 151, 175)
"""Three children with this many episodes and no trigger plan among them (S2)."""
MOST_EPISODES, TAIL = 60, 2.05
"""The others: a power law from 1 to 60 (S1: one child above 60); about 2.1 a child, as nationally
in 2014-15, and 6 for a child in care."""
LOOKED_AFTER_SHARE = 0.40
"""Of episodes, those of children in care [D]."""
LOOKED_AFTER = 0.0065
"""Children in care: 60 to 70 in 10,000."""
IN_HOMES = 0.15
"""Of children in care, those in a children's home [D]; the others live with foster carers."""
WITH_WORKER = 0.03
"""Children with a social worker besides those in care [D]."""

MARKERS = {
    "domestic_abuse": 0.0217, "protection_plan": 0.0035, "send": 0.012, "medical": 0.006,
    "self_harm": 0.004,
}  # fmt: skip
"""Children with a marker. Operation Encompass told schools of 3,304 incidents in 2021, 21.7 for
1,000 children (S2); the others are defaults [D]."""
EXPLOITED_IF_MISSING = 0.25
"""Children who go missing with a marker of exploitation [D]; 75 % of those exploited by county
lines are boys."""
MARKER_ENDED = 0.4
"""Markers that a named person has ended since [D]."""

# What goes wrong in the reports, and how often it does here.
LATE_ACKNOWLEDGED = 0.22
"""A supervisor knows only after the 15 minutes, up to six hours late (S2) [D]."""
LATE_REVIEW = 0.30
"""The inspector's review is hours late (S2: 2, 3.5, 4 and 5 hours) [D]."""
LATE_SOCIAL_CARE = 0.20
"""Social care is told late [D]."""
INTERVIEW_ON_TIME = 0.63
"""Return home interviews within 72 hours: 63 % on average."""
INTERVIEW_DECLINED, INTERVIEW_NOT_OFFERED = 0.14, 0.06
"""Interviews the child did not want, and those a manager decided not to offer [D]."""
PREVENTION_NOT_HELD = 0.10
"""Returns after which nobody from the police spoke with the child [D]."""
LATE_SHARED = 0.30
"""Interviews that reach the police after the 24 hours [D]."""

# When: by hour of the day, day of the week (Monday first) and month. Defaults [D].
BY_HOUR = (6, 4, 3, 2, 1, 1, 1, 2, 3, 3, 3, 3, 3, 3, 4, 7, 9, 9, 10, 11, 12, 12, 11, 9)
BY_DAY = (9, 9, 10, 10, 13, 13, 10)
BY_MONTH = (8, 8, 9, 9, 10, 11, 10, 9, 10, 9, 8, 8)

# Names and dates as agencies would hold them, of a thousand records. Defaults [D].
VARIANTS = {
    "plain": 60, "nickname": 50, "typing": 22, "sound": 14, "swapped": 4, "initial": 5,
    "other_family_name": 18, "day_month": 16, "year": 4, "no_birthday": 6, "no_sex": 15,
}  # fmt: skip
TWINS, HALF_SIBLINGS, COUSINS = 0.016, 0.09, 0.05
"""Births that are twins; households with a child who also lives in a second one; households with
cousins next door who share their family name, and now and then a given one [D]."""
