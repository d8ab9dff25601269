"""Who acts: agencies, teams, practitioners, their roles, duty rotas, deputies and places."""

from django.conf import settings
from django.db import models


class Agency(models.Model):
    """A police force, council, health body, school or home that works with children."""

    uid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)
    nation = models.CharField(max_length=3, default="ENG")

    class Meta:
        db_table = "agency"
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A team within an agency: an area's response team, the hub, a social work team."""

    agency = models.ForeignKey(Agency, models.PROTECT)
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "team"

    def __str__(self) -> str:
        return self.name


class Practitioner(models.Model):
    """A named person who acts, or the system itself; never anonymous."""

    uid = models.UUIDField(unique=True)
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=100, blank=True)
    rank = models.SmallIntegerField(default=0)
    agency = models.ForeignKey(Agency, models.PROTECT)
    team = models.ForeignKey(Team, models.PROTECT, null=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    is_system = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "practitioner"

    def __str__(self) -> str:
        return self.name


class RoleHeld(models.Model):
    """A role a practitioner holds between two instants; what it permits is code."""

    practitioner = models.ForeignKey(Practitioner, models.PROTECT)
    role = models.CharField(max_length=50)
    from_at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "role_held"


class Trained(models.Model):
    """That somebody is trained for something, from a day until a day; the newest row counts."""

    practitioner = models.ForeignKey(Practitioner, models.PROTECT)
    course = models.CharField(max_length=40)
    from_on = models.DateField()
    until_on = models.DateField()
    evidence = models.CharField(max_length=200)
    kept_by = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "trained"
        verbose_name_plural = "trained"
        indexes = [models.Index(fields=["practitioner", "course"], name="trained_by_course")]


class Duty(models.Model):
    """Who answers for a role at a time: the rota that ladders climb along."""

    role = models.CharField(max_length=50)
    practitioner = models.ForeignKey(Practitioner, models.PROTECT)
    from_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        db_table = "duty"
        verbose_name_plural = "duties"
        indexes = [models.Index(fields=["role", "from_at"], name="duty_by_role")]


class Deputy(models.Model):
    """Who answers for a practitioner while they are away."""

    practitioner = models.ForeignKey(Practitioner, models.PROTECT)
    deputy = models.ForeignKey(Practitioner, models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        db_table = "deputy"
        verbose_name_plural = "deputies"


class Place(models.Model):
    """A children's home, school, hospital or other named place."""

    uid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True)
    postcode = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "place"

    def __str__(self) -> str:
        return self.name
