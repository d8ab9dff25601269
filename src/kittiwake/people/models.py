"""Who: persons made of source records, their identifiers, addresses and relationships."""

from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Value
from django.db.models.functions import Replace, Upper

from kittiwake.agencies.models import Agency, Place, Practitioner


def _this_transaction() -> Any:
    """The number of the transaction that writes a row."""
    return models.Func(
        function="pg_current_xact_id",
        template="(%(function)s()::text::bigint)",
        output_field=models.BigIntegerField(),
    )


class Person(models.Model):
    """A child or an adult. What is known of them is in their source records."""

    uid = models.UUIDField(unique=True)
    born_on = models.DateField(null=True)
    is_restricted = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True)

    class Meta:
        db_table = "person"
        verbose_name_plural = "people"


class SourceRecord(models.Model):
    """A person as one source describes them; kept for ever, linked reversibly."""

    person = models.ForeignKey(Person, models.PROTECT, db_index=True)
    agency = models.ForeignKey(Agency, models.PROTECT)
    feed = models.CharField(max_length=60)
    ref = models.CharField(max_length=120)
    given = models.CharField(max_length=120, blank=True)
    family = models.CharField(max_length=120, blank=True)
    born_on = models.DateField(null=True)
    sex = models.CharField(max_length=1, blank=True)
    ethnicity = models.CharField(max_length=10, blank=True)
    received_at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        db_table = "source_record"
        constraints = [
            models.UniqueConstraint(fields=["feed", "ref"], name="source_record_once_per_feed")
        ]


class Identifier(models.Model):
    """A checked identifier of a person: NHS number, UPN, PNC, a partner's own."""

    person = models.ForeignKey(Person, models.PROTECT, db_index=True)
    source_record = models.ForeignKey(SourceRecord, models.PROTECT)
    scheme = models.CharField(max_length=20)
    value = models.CharField(max_length=60)
    is_valid = models.BooleanField()

    class Meta:
        db_table = "identifier"
        indexes = [models.Index(fields=["scheme", "value"], name="identifier_by_value")]


class Address(models.Model):
    """Where a person lives or lived, with dates; a restricted one is shown to few."""

    person = models.ForeignKey(Person, models.PROTECT, db_index=True)
    source_record = models.ForeignKey(SourceRecord, models.PROTECT, null=True)
    line = models.CharField(max_length=300)
    postcode = models.CharField(max_length=10, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    is_restricted = models.BooleanField(default=False)
    postcode_key = models.GeneratedField(
        expression=Upper(Replace("postcode", Value(" "), Value(""))),
        output_field=models.CharField(max_length=10),
        db_persist=True,
    )

    class Meta:
        db_table = "address"
        verbose_name_plural = "addresses"
        indexes = [models.Index(fields=["postcode_key", "person"], name="address_by_postcode")]


class Relationship(models.Model):
    """How two people are related; raising through it goes one hop."""

    person = models.ForeignKey(Person, models.PROTECT, db_index=True)
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "relationship"
        constraints = [
            models.UniqueConstraint(fields=["person", "other", "kind"], name="relationship_once")
        ]


class KnownTo(models.Model):
    """Which agency works with a child, who leads there, and whom to ring."""

    person = models.ForeignKey(Person, models.PROTECT, db_index=True)
    agency = models.ForeignKey(Agency, models.PROTECT)
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, null=True)
    role = models.CharField(max_length=60, blank=True)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)

    class Meta:
        db_table = "known_to"
        verbose_name_plural = "known to"
        indexes = [models.Index(fields=["agency", "person"], name="known_to_by_agency")]


class Pointer(models.Model):
    """What boards and search may read without a lease: name, level, markers, whom to ring."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True)
    uid = models.UUIDField(unique=True)
    name = models.CharField(max_length=250)
    name_key = models.CharField(max_length=250, db_index=True)
    born_on = models.DateField(null=True)
    lives_at = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=20, blank=True)
    markers = models.JSONField(default=list)
    is_restricted = models.BooleanField(default=False)

    class Meta:
        db_table = "pointer"


class NameOnFile(models.Model):
    """A name somebody on file has: what the dictionary of names is made of.

    `id` is `names.name_id(key)`; `written_in` the transaction that wrote it, so that a process
    that holds the dictionary asks only for what came since.
    """

    id = models.BigIntegerField(primary_key=True)
    key = models.CharField(max_length=250)
    written_in = models.BigIntegerField(db_index=True, db_default=_this_transaction())

    class Meta:
        db_table = "name_on_file"
        verbose_name_plural = "names on file"


class KnownAs(models.Model):
    """One name by which a person is known, with a date of birth: a row of the index of people.

    `given_id` and `family_id` are ids of names on file, 0 for none; `born` is year, month and
    day as one number, 20120304, with zeros for what is not known.
    """

    person = models.ForeignKey(Person, models.PROTECT)
    given_id = models.BigIntegerField()
    family_id = models.BigIntegerField()
    born = models.IntegerField()

    class Meta:
        db_table = "known_as"
        verbose_name_plural = "known as"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "given_id", "family_id", "born"], name="known_as_once"
            )
        ]
        indexes = [
            models.Index(fields=["family_id", "born"], name="known_as_by_family"),
            models.Index(fields=["given_id", "born"], name="known_as_by_given"),
            models.Index(fields=["given_id", "family_id"], name="known_as_by_names"),
            models.Index(fields=["born"], name="known_as_by_born"),
        ]


class PossibleMatch(models.Model):
    """Two people who may be one: a named person compares them side by side."""

    uid = models.UUIDField(unique=True, db_default=RandomUUID())
    person = models.ForeignKey(Person, models.PROTECT, db_index=True)
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reasons = models.JSONField(default=list)
    probability = models.FloatField(null=True)
    owner = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=20, blank=True, db_default="")

    class Meta:
        db_table = "possible_match"
        verbose_name_plural = "possible matches"


class Link(models.Model):
    """Two people said to be one: who said so, when, and everything that moved, to be undone."""

    person = models.ForeignKey(Person, models.PROTECT, db_index=True)
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    linked_by = models.BigIntegerField()
    linked_at = models.DateTimeField()
    unlinked_by = models.BigIntegerField(null=True)
    unlinked_at = models.DateTimeField(null=True)
    moved = models.JSONField(default=dict)

    class Meta:
        db_table = "link"
        constraints = [
            models.UniqueConstraint(
                fields=["other"], condition=models.Q(unlinked_at=None), name="linked_once"
            )
        ]
