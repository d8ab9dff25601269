"""Django's settings, made from the environment."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from csp.constants import NONCE, NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from kittiwake.config.environment import Environment
from kittiwake.config.logs import logging_for
from kittiwake.config.roles import address

ENVIRONMENT = Environment()

SECRET_KEY = ENVIRONMENT.key()
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.hosts
INTERNAL_IPS: list[str] = []
ROOT_URLCONF = "kittiwake.config.urls"
WSGI_APPLICATION = "kittiwake.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

INSTALLED_APPS = [
    "kittiwake.agencies",
    "kittiwake.people",
    "kittiwake.access",
    "kittiwake.journal",
    "kittiwake.exchange",
    "kittiwake.pages",
    "kittiwake.pathways.contact",
    "kittiwake.pathways.flags",
    "kittiwake.pathways.missing",
    "kittiwake.pathways.moves",
    "kittiwake.pathways.planning",
    "kittiwake.pathways.online",
    # Last of them: it lends one pathway what is done in another.
    "kittiwake.pathways",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kittiwake.pages.signing_in.SecondFactor",
    "kittiwake.pages.middleware.Pages",
]

# The database -----------------------------------------------------------------------------------

_NOT_YET = {"dbname": "kittiwake", "host": "/nowhere-yet-call-run-first"}


def _database(where: str | None) -> dict[str, Any]:
    parts = dict(conninfo_to_dict(where)) if where else dict(_NOT_YET)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "") or ""),
        # Requests are a lease, committed, then one durable transaction (engine rule 1).
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 5,
            # Statements are planned once for each connection: with walls, planning is most of it.
            "server_side_binding": True,
            "prepare_threshold": 3,
            "application_name": f"kittiwake-{ENVIRONMENT.role}",
            **parts,
        },
    }


DATABASES = {"default": _database(address(ENVIRONMENT))}
# In the database, because a one-time code may be used once in all processes, not once in each.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kittiwake_cache",
        "TIMEOUT": 3600,
    }
}

# Time and language ------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "Europe/London"
USE_I18N = True
LANGUAGE_CODE = "en-gb"
LOCALE_PATHS: list[str] = []
BANK_HOLIDAY_NATION = ENVIRONMENT.nation

# Pages ------------------------------------------------------------------------------------------

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "kittiwake.pages.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]
STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.home / ".static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 60
# Nothing is uploaded, ever (G16).
FILE_UPLOAD_HANDLERS: list[str] = []
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# Who may come in --------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_ADAPTER = "kittiwake.config.signing_in.NoSignUp"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ENVIRONMENT.https else "http"
MFA_ADAPTER = "kittiwake.config.signing_in.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Kittiwake"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
# Browsers give cookies to every port of a machine, and two Kittiwakes may run side by side.
_OURS = sha256(str(ENVIRONMENT.home.resolve()).encode()).hexdigest()[:8]
SESSION_COOKIE_NAME = f"{'__Host-' if ENVIRONMENT.https else ''}kittiwake_{_OURS}"
CSRF_FAILURE_VIEW = "kittiwake.pages.furniture.stale_form"
CSRF_COOKIE_NAME = f"{'__Host-' if ENVIRONMENT.https else ''}kittiwake_form_{_OURS}"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True

# What browsers are told -------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENVIRONMENT.https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [NONE],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# Errors go to the log without the request: no e-mail, nobody's words.
# Without a mail server of the force's own, messages are files in the outbox of the home.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(ENVIRONMENT.home / "outbox")
DEFAULT_FROM_EMAIL = "Kittiwake <no-reply@kittiwake.example>"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
ADMINS: list[tuple[str, str]] = []
LOGGING = logging_for(debug=DEBUG)
