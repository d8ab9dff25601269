"""What is told to whatever watches the service, and to browsers."""

import pytest
from django.conf import settings
from django.db import OperationalError

from kittiwake.config import health


def test_it_is_alive_without_a_database(client):
    assert client.get("/healthz").json() == {"alive": True}


def test_it_is_ready_once_everything_is_migrated(world, client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["migrations"] == "applied"
    assert answer.json()["worker"] == "never seen"


@pytest.mark.parametrize(("ago", "said"), [(3, "working"), (200, "silent")])
def test_d3_a_silent_worker_is_said_and_pages_still_serve(world, owner, client, ago, said):
    owner.execute(
        "INSERT INTO heartbeat (process, at) VALUES ('worker', now() - make_interval(secs => %s))",
        [ago],
    )
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["worker"]) == (200, said)


def test_it_is_not_ready_while_the_database_is_gone(monkeypatch, client):
    def gone():
        raise OperationalError("connection to kittiwake_app:password failed")

    monkeypatch.setattr(health, "_is_migrated", gone)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": "OperationalError"}


def test_a_migration_waiting_is_not_ready(monkeypatch, client):
    monkeypatch.setattr(health, "_is_migrated", lambda: False)
    assert client.get("/readyz").status_code == 503


def test_e6_nothing_unsafe_is_allowed_to_run(client):
    policy = client.get("/healthz")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_e7_headers_are_on_errors_too(client):
    for path in ("/healthz", "/there/is/no/such/page"):
        answer = client.get(path)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Content-Security-Policy" in answer


def test_nothing_can_be_uploaded():
    assert settings.FILE_UPLOAD_HANDLERS == []
    assert settings.STORAGES["default"]["BACKEND"].endswith("InMemoryStorage")


def test_engine_rule_1_no_request_is_one_big_transaction():
    assert settings.DATABASES["default"]["ATOMIC_REQUESTS"] is False
    assert settings.DATABASES["default"]["USER"] == "kittiwake_app"
