"""What arrived: every report, file and row exactly as it came, and what became of it."""

from django.db import models

from kittiwake.agencies.models import Agency, Practitioner
from kittiwake.journal.models import Entry


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
