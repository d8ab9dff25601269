"""Who may: leases, what was read, what was refused, declared conflicts, API tokens."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kittiwake.agencies.models import Agency, Practitioner
from kittiwake.people.models import Person


class Lease(models.Model):
    """Who opened which child's record, why, until when: committed before the first byte."""

    practitioner = models.ForeignKey(Practitioner, models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False)
    purpose = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "lease"
        indexes = [
            models.Index(fields=["practitioner", "expires_at"], name="lease_live"),
            models.Index(fields=["person", "opened_at"], name="lease_by_person"),
        ]


class Look(models.Model):
    """What a practitioner looked at: a page, a search, a board, with the children shown."""

    practitioner = models.ForeignKey(Practitioner, models.PROTECT)
    at = models.DateTimeField()
    what = models.CharField(max_length=60)
    people = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        db_table = "look"


class Refusal(models.Model):
    """Something a practitioner asked for and was refused, and why."""

    practitioner = models.ForeignKey(Practitioner, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, null=True)
    at = models.DateTimeField()
    what = models.CharField(max_length=80)
    reasons = models.JSONField(default=list)

    class Meta:
        db_table = "refusal"


class Conflict(models.Model):
    """A declared conflict of interest: this practitioner may not open this person's record."""

    practitioner = models.ForeignKey(Practitioner, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT)
    declared_at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        db_table = "conflict"


class ApiToken(models.Model):
    """A program's key, bound to an agency, a practitioner and a role; only its hash is kept."""

    practitioner = models.ForeignKey(Practitioner, models.PROTECT)
    agency = models.ForeignKey(Agency, models.PROTECT)
    role = models.CharField(max_length=50)
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_token"
