"""The journal: entries, cases, clocks, actions, flags, assessments, messages, drafts.

Written by `record()`, `record_many()` and the sweeper alone, in SQL; these classes are
for reading and for migrations.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kittiwake.agencies.models import Practitioner
from kittiwake.people.models import Person, SourceRecord


class Case(models.Model):
    """One run of a pathway for one child: a stage, one owner, a grade."""

    uid = models.UUIDField(unique=True)
    ref = models.CharField(max_length=20, unique=True)
    pathway = models.CharField(max_length=30)
    person = models.ForeignKey(Person, models.PROTECT)
    group_uid = models.UUIDField(null=True)
    stage = models.CharField(max_length=40)
    is_active = models.BooleanField()
    grade = models.CharField(max_length=10, null=True)
    policy_grade = models.CharField(max_length=10, null=True)
    owner = models.ForeignKey(Practitioner, models.PROTECT)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    is_history = models.BooleanField(default=False)
    mark = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "case_file"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "pathway"],
                condition=models.Q(is_active=True),
                name="case_file_one_active_per_child",
            )
        ]
        indexes = [
            models.Index(fields=["pathway", "closed_at"], name="case_file_by_closing"),
        ]


class Entry(models.Model):
    """The spine of an entry: kind, times, by whom, in which case. No words."""

    uid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=80)
    version = models.SmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, null=True)
    by = models.ForeignKey(Practitioner, models.PROTECT, db_index=False)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    submission = models.UUIDField(null=True, unique=True)
    out_of_order = models.BooleanField(default=False)
    is_history = models.BooleanField(default=False)
    rulebook = models.CharField(max_length=20)
    corrects = models.ForeignKey("self", models.PROTECT, null=True)

    class Meta:
        db_table = "entry"
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["person", "recorded_at"], name="entry_by_person"),
        ]


class About(models.Model):
    """One person in one entry, in a role; `codes` are for the judge and for nobody else."""

    entry = models.ForeignKey(Entry, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False)
    source_record = models.ForeignKey(SourceRecord, models.PROTECT, null=True)
    role = models.CharField(max_length=20)
    kind = models.CharField(max_length=80)
    case = models.ForeignKey(Case, models.PROTECT, null=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(Practitioner, models.PROTECT, db_index=False)
    codes = models.JSONField(default=dict)

    class Meta:
        db_table = "about"
        verbose_name_plural = "about"
        indexes = [models.Index(fields=["person", "happened_at"], name="about_by_person")]


class Detail(models.Model):
    """The answers of an entry, for one person and one audience; the only place with words."""

    entry = models.ForeignKey(Entry, models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, models.PROTECT)
    audience = models.CharField(max_length=10)
    agency_id = models.BigIntegerField()
    readers = ArrayField(models.BigIntegerField(), default=list)
    needs = ArrayField(models.BigIntegerField(), default=list)
    answers = models.JSONField()

    class Meta:
        db_table = "detail"
        constraints = [
            models.UniqueConstraint(fields=["entry", "person", "audience"], name="detail_once")
        ]


class Protected(models.Model):
    """A protected answer, apart from everything else, under a token: a safe address."""

    token = models.UUIDField(unique=True)
    entry = models.ForeignKey(Entry, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT)
    name = models.CharField(max_length=60)
    agency_id = models.BigIntegerField()
    answer = models.JSONField()

    class Meta:
        db_table = "protected"
        verbose_name_plural = "protected"


class Clock(models.Model):
    """A running deadline: its rule, its subject, its start, its owner, its ladder."""

    uid = models.UUIDField(unique=True)
    rule = models.CharField(max_length=12)
    rulebook = models.CharField(max_length=20)
    subject_kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, null=True, db_index=False)
    grade = models.CharField(max_length=20, null=True)
    lap = models.SmallIntegerField(default=0)
    started_by = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(Practitioner, models.PROTECT, db_index=False)
    stopped_by = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")
    stopped_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    last_rung = models.IntegerField(default=-1)
    last_rung_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        Practitioner, models.PROTECT, null=True, related_name="+", db_index=False
    )
    paused_at = models.DateTimeField(null=True)
    is_history = models.BooleanField(default=False)

    class Meta:
        db_table = "clock"
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(stopped_at=None), name="clock_running"
            ),
            models.Index(fields=["owner"], condition=models.Q(stopped_at=None), name="clock_owned"),
            models.Index(fields=["case"], name="clock_by_case"),
            models.Index(fields=["person"], name="clock_by_person"),
        ]


class ClockPause(models.Model):
    """A time during which a clock did not run, and on whose authority."""

    clock = models.ForeignKey(Clock, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT)
    from_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    authority = models.ForeignKey(Practitioner, models.PROTECT)
    entry = models.ForeignKey(Entry, models.PROTECT)

    class Meta:
        db_table = "clock_pause"


class Escalation(models.Model):
    """A rung of a clock's ladder that was raised to a named person."""

    clock = models.ForeignKey(Clock, models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, models.PROTECT)
    rung = models.IntegerField()
    raised_at = models.DateTimeField()
    to = models.ForeignKey(Practitioner, models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=50)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        Practitioner, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "escalation"
        constraints = [
            models.UniqueConstraint(fields=["clock", "rung"], name="escalation_once_per_rung")
        ]
        indexes = [
            models.Index(
                fields=["to"], condition=models.Q(acknowledged_at=None), name="escalation_open"
            )
        ]


class Action(models.Model):
    """One task, one named owner, a due time, evidence of completion."""

    uid = models.UUIDField(unique=True)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, null=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    key = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=300)
    why = models.TextField(blank=True)
    owner = models.ForeignKey(Practitioner, models.PROTECT, db_index=False)
    state = models.CharField(max_length=20, default="open")
    audience = models.CharField(max_length=10, db_default="case")
    due_at = models.DateTimeField(null=True)
    clock = models.ForeignKey(Clock, models.PROTECT, null=True)
    accepted_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        Entry, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "action"
        indexes = [
            models.Index(fields=["owner"], condition=models.Q(settled_at=None), name="action_open"),
            models.Index(fields=["person"], name="action_by_person"),
        ]


class Flag(models.Model):
    """A marker: its source, basis, from and until, owner and review date.

    One that concerns two people is a row on each, `other` being the other one (G6).
    """

    uid = models.UUIDField(unique=True)
    person = models.ForeignKey(Person, models.PROTECT)
    type = models.CharField(max_length=40)
    role = models.CharField(max_length=20, db_default="child")
    other = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    basis = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=40, db_default="", blank=True)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    owner = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    raised_by = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)
    raised_at = models.DateTimeField()
    review_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "flag"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "type", "other"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="flag_one_of_a_type_in_force",
            )
        ]


class Assessment(models.Model):
    """What the policy said at an entry: level, reasons as entry ids, what is not known."""

    person = models.ForeignKey(Person, models.PROTECT, db_index=False)
    entry = models.ForeignKey(Entry, models.PROTECT, db_index=False)
    judged_at = models.DateTimeField()
    policy = models.CharField(max_length=60)
    policy_version = models.CharField(max_length=20)
    level = models.CharField(max_length=20)
    reasons = models.JSONField()
    not_known = models.JSONField()
    for_less = models.JSONField()

    class Meta:
        db_table = "assessment"
        indexes = [models.Index(fields=["person", "judged_at"], name="assessment_by_person")]


class Message(models.Model):
    """An outgoing message, written with the entry that causes it; holds no child's words."""

    entry = models.ForeignKey(Entry, models.PROTECT, null=True)
    to = models.ForeignKey(Practitioner, models.PROTECT, db_index=False)
    sentence = models.CharField(max_length=300)
    link = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "message"
        indexes = [
            models.Index(fields=["id"], condition=models.Q(sent_at=None), name="message_unsent"),
            models.Index(fields=["to", "sent_at"], name="message_by_reader"),
        ]


class Draft(models.Model):
    """Raw answers somebody has typed and not yet recorded; outlives the lease, never judged."""

    uid = models.UUIDField(unique=True)
    author = models.ForeignKey(Practitioner, models.PROTECT)
    kind = models.CharField(max_length=80)
    case_uid = models.UUIDField(null=True)
    person_uid = models.UUIDField(null=True)
    raw = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "draft"
        constraints = [
            models.UniqueConstraint(
                fields=["author", "kind", "case_uid", "person_uid"],
                nulls_distinct=False,
                name="draft_one_per_form",
            )
        ]


class Heartbeat(models.Model):
    """When a process last showed that it is alive."""

    process = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "heartbeat"


class RulebookRow(models.Model):
    """One of the force's own values, adopted by an entry, in force from a date."""

    key = models.CharField(max_length=60)
    value = models.CharField(max_length=60)
    from_on = models.DateField()
    adopted_by = models.ForeignKey(Practitioner, models.PROTECT)
    approved_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    reason = models.TextField()
    adopted_at = models.DateTimeField()

    class Meta:
        db_table = "rulebook_row"


class StartCorrection(models.Model):
    """A clock's start that somebody asked to move; the earlier due time rules meanwhile."""

    clock = models.ForeignKey(Clock, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    proposed_start = models.DateTimeField()
    proposed_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    settled_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)

    class Meta:
        db_table = "start_correction"


from kittiwake.journal.standing_models import Plan, WordFound  # noqa: E402, F401 - of this app too
