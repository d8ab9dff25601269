"""What stands about a child beside their cases: plans in versions, and listed words to look at."""

from django.db import models

from kittiwake.agencies.models import Practitioner
from kittiwake.people.models import Person


class WordFound(models.Model):
    """A listed phrase that stands in an entry: why it was kept, and what a reviewer made of it.

    `because` is empty where nobody was asked: a report, a fact and a raising are never held up.
    """

    uid = models.UUIDField(unique=True)
    entry = models.ForeignKey("journal.Entry", models.PROTECT)
    entry_uid = models.UUIDField()
    person = models.ForeignKey(Person, models.PROTECT)
    by = models.ForeignKey(Practitioner, models.PROTECT)
    at = models.DateTimeField()
    kind = models.CharField(max_length=80)
    row = models.CharField(max_length=20)
    phrase = models.CharField(max_length=80)
    severity = models.CharField(max_length=10)
    because = models.CharField(max_length=20, blank=True)
    is_sampled = models.BooleanField()
    verdict = models.CharField(max_length=20, blank=True)
    judged_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "word_found"
        verbose_name_plural = "words found"
        indexes = [models.Index(fields=["at"], name="word_found_by_time")]


class Plan(models.Model):
    """One version of a standing plan about a child: whose, since when, until when. No words."""

    uid = models.UUIDField(unique=True)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False)
    kind = models.CharField(max_length=20)
    version = models.SmallIntegerField()
    state = models.CharField(max_length=12)
    entry = models.ForeignKey("journal.Entry", models.PROTECT, related_name="+", db_index=False)
    lines = models.SmallIntegerField(default=0)
    author = models.ForeignKey(Practitioner, models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        Practitioner, models.PROTECT, null=True, related_name="+", db_index=False
    )
    in_force_from = models.DateTimeField(null=True)
    review_at = models.DateTimeField(null=True)
    activations = models.SmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "journal.Entry", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "plan"
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "version"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["person", "kind", "state"],
                condition=models.Q(ended_at=None),
                name="plan_one_of_a_kind_in_force",
            ),
        ]
