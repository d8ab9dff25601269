"""What arrived: every report, file and row exactly as it came, and what became of it."""

from django.db import models

from kittiwake.agencies.models import Agency, Practitioner
from kittiwake.journal.models import Entry
from kittiwake.people.models import Person


class Report(models.Model):
    """One thing that arrived (a file, a row of it, an API call), kept as it came."""

    uid = models.UUIDField(unique=True)
    feed = models.CharField(max_length=60)
    agency = models.ForeignKey(Agency, models.PROTECT)
    by = models.ForeignKey(Practitioner, models.PROTECT)
    received_at = models.DateTimeField()
    part_of = models.ForeignKey("self", models.PROTECT, null=True)
    name = models.CharField(max_length=200, blank=True)
    row = models.IntegerField(null=True)
    digest = models.CharField(max_length=64)
    body = models.BinaryField()
    state = models.CharField(max_length=20)
    sentence = models.CharField(max_length=500, blank=True)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True)

    class Meta:
        db_table = "report"
        indexes = [
            models.Index(fields=["feed", "digest"], name="report_by_digest"),
            # What a feed last said about a child or an episode.
            models.Index(
                fields=["feed", "name"],
                condition=models.Q(part_of__isnull=False),
                name="report_by_key",
            ),
        ]


class Feed(models.Model):
    """One agency's files of one standard: when something new last came, and who was told since."""

    key = models.CharField(max_length=60, unique=True)
    standard = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    agency = models.ForeignKey(Agency, models.PROTECT)
    heard_at = models.DateTimeField()
    again_at = models.DateTimeField(null=True)
    last_rung = models.SmallIntegerField(default=-1)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Practitioner, models.PROTECT, null=True)
    answer = models.CharField(max_length=400, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "feed"


class Mapping(models.Model):
    """Which column of an agency's file is which field, and what its codes mean; by version."""

    name = models.CharField(max_length=30)
    version = models.IntegerField()
    body = models.TextField()
    saved_by = models.ForeignKey(Practitioner, models.PROTECT)
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "mapping"
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="mapping_once_per_version")
        ]


class Incident(models.Model):
    """An incident on a control room's log; whether a child it names has a missing record."""

    feed = models.CharField(max_length=60)
    number = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    opened_as = models.CharField(max_length=120, blank=True)
    closed_as = models.CharField(max_length=120, blank=True)
    is_missing = models.BooleanField()
    is_child = models.BooleanField()
    person = models.ForeignKey(Person, models.PROTECT, null=True)
    report = models.ForeignKey(Report, models.PROTECT)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Practitioner, models.PROTECT, null=True)
    settled_as = models.CharField(max_length=400, blank=True)

    class Meta:
        db_table = "incident"
        constraints = [
            models.UniqueConstraint(fields=["feed", "number"], name="incident_once_per_feed")
        ]
        indexes = [models.Index(fields=["happened_at"], name="incident_by_time")]


class ListedMarker(models.Model):
    """A marker on a partner's list: what that partner says stands on a child, and since when."""

    feed = models.CharField(max_length=60)
    agency = models.ForeignKey(Agency, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT)
    type = models.CharField(max_length=40)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    listed_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "listed_marker"
        constraints = [
            models.UniqueConstraint(
                fields=["feed", "person", "type"],
                condition=models.Q(gone_at=None),
                name="listed_marker_once",
            )
        ]


class MarkerDifference(models.Model):
    """Where a partner's list and our register differ about a child, with a named owner."""

    uid = models.UUIDField(unique=True)
    feed = models.CharField(max_length=60)
    agency = models.ForeignKey(Agency, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT)
    type = models.CharField(max_length=40)
    what = models.CharField(max_length=10)
    owner = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    explained_at = models.DateTimeField(null=True)
    explained_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=400, blank=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "marker_difference"
        constraints = [
            models.UniqueConstraint(
                fields=["feed", "person", "type", "what"],
                condition=models.Q(gone_at=None),
                name="marker_difference_once",
            )
        ]
