"""`./run --check`: does all of it work together, from nothing, on this machine?"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import time
from typing import Any

import psycopg

from kittiwake.config.environment import Environment, passing_home
from kittiwake.config.installing import environment_for, say
from kittiwake.config.serving import Service, serving


def check(environment: Environment, port: int | None = None) -> int:
    """Start everything in a fresh home, walk it as people would, print one line of JSON.

    Keys: `url`, `database`, `seconds`, how many `children` and `entries` the database holds after
    the walk, and what the walk found. Gives the exit code: 0 if the walk came to its end. A home
    made for this always holds the invented county, and is kept only if the walk did not.
    """
    began = time.monotonic()
    fresh = None if "KITTIWAKE_HOME" in os.environ else passing_home("kittiwake-check-")
    home = fresh or environment.home
    environment = environment.model_copy(update={"home": home, "port": 0})
    # What is walked is among the scenes: the families around them would only take time.
    os.environ.setdefault("KITTIWAKE_DEMO_SCALE", "0")
    if fresh and environment.database_url is None:
        environment = environment.model_copy(update={"demo": True})
    try:
        with serving(environment, port=port) as service:
            assert service is not None, "nothing asks this one to stop"
            os.environ |= environment_for("app", home)
            import django

            django.setup()
            found = importlib.import_module("kittiwake.cli.check").walk(service.url)
            found = {"url": service.url, "database": service.database, **found}
            found |= counted(_owner(environment, service))
    except BaseException:
        say(f"The check did not come to its end; its logs are in {home / 'logs'}")
        raise
    if fresh:
        shutil.rmtree(fresh, ignore_errors=True)
    print(json.dumps(found | {"seconds": round(time.monotonic() - began, 1)}), flush=True)
    return 0


def counted(owner: str | None) -> dict[str, Any]:
    """How many children and entries the owner's database holds; nulls where nobody may ask."""
    if owner is None:
        return {"children": None, "entries": None}
    with psycopg.connect(owner) as link:
        row = link.execute("SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM entry)")
        children, entries = row.fetchone() or (None, None)
    return {"children": children, "entries": entries}


def _owner(environment: Environment, service: Service) -> str | None:
    if environment.database_url is not None:
        return environment.database_url.get_secret_value()
    return service.cluster.url() if service.cluster else None
