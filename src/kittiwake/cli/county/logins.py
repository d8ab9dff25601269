"""Whom the demo lets you sign in as: invented practitioners with a password everybody may know."""

import json

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from kittiwake.agencies.models import Practitioner
from kittiwake.cli.county.staff import Staff
from kittiwake.pages import training

# Who you are, and the key of the practitioner.
PEOPLE = {
    "control.room": ("Call handler", "handler"),
    "sergeant": ("Response sergeant", "sergeant"),
    "inspector": ("Duty inspector", "inspector"),
    "second.inspector": ("Control room inspector", "ccr_inspector"),
    "superintendent": ("Duty superintendent", "superintendent"),
    "detective": ("Duty detective inspector", "ddi"),
    "adviser": ("Missing persons adviser", "adviser"),
    "hub": ("Hub detective sergeant", "hub"),
    "social.worker": ("Social worker", "sw"),
    "manager": ("Social care manager in the hub", "manager"),
    "interviewer": ("Independent interviewer", "interviewer"),
    "home": ("Carer in a children’s home", "home"),
    "school": ("School safeguarding lead", "school"),
    "clerk": ("Information clerk", "clerk"),
    "auditor": ("Auditor", "auditor"),
}

DEMO_LOGINS: list[tuple[str, str, str]] = [
    (title, f"{name}@{training.DOMAIN}", training.PASSWORD) for name, (title, _) in PEOPLE.items()
]
"""Role, e-mail address and password of everybody the demo may sign in as."""


def give_logins(staff: Staff) -> None:
    """Make the demo's users, each with a one-time code app, and note them at home for `./run`."""
    password = make_password(training.PASSWORD)
    for name, (_, key) in PEOPLE.items():
        email = f"{name}@{training.DOMAIN}"
        user = User.objects.create(username=email, email=email, password=password)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        TOTP.activate(user, training.secret_for(email))
        Practitioner.objects.filter(pk=staff.ids[key]).update(user=user)
    told = [{"role": role, "email": email, "password": word} for role, email, word in DEMO_LOGINS]
    settings.ENVIRONMENT.keep(training.NOTE).write_text(json.dumps(told, indent=1))
