"""Who: persons made of source records, their identifiers, addresses and relationships."""

from django.db import models

from kittiwake.agencies.models import Agency, Place, Practitioner


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

    class Meta:
        db_table = "address"
        verbose_name_plural = "addresses"


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


class PossibleMatch(models.Model):
    """Two people who may be one: a person compares them side by side."""

    person = models.ForeignKey(Person, models.PROTECT, db_index=True)
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reasons = models.JSONField(default=list)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "possible_match"
        verbose_name_plural = "possible matches"
