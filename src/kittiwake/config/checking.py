"""`./run --check`: does all of it work together, from nothing, on this machine?"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import time

from kittiwake.config.environment import Environment, passing_home
from kittiwake.config.installing import environment_for, say
from kittiwake.config.serving import serving


def check(environment: Environment, port: int | None = None) -> int:
    """Start everything in a fresh home, walk it as people would, print one line of JSON.

    Keys: `url`, `database`, `seconds`, and what the walk found (`children`, `entries`). Gives the
    exit code: 0 if the walk came to its end. A home made for this is kept only if it did not.
    """
    began = time.monotonic()
    fresh = None if "KITTIWAKE_HOME" in os.environ else passing_home("kittiwake-check-")
    home = fresh or environment.home
    environment = environment.model_copy(update={"home": home, "port": 0})
    try:
        with serving(environment, port=port) as service:
            assert service is not None, "nothing asks this one to stop"
            os.environ |= environment_for("app", home)
            import django

            django.setup()
            found = importlib.import_module("kittiwake.cli.check").walk(service.url)
            found = {"url": service.url, "database": service.database, **found}
    except BaseException:
        say(f"The check did not come to its end; its logs are in {home / 'logs'}")
        raise
    if fresh:
        shutil.rmtree(fresh, ignore_errors=True)
    print(json.dumps(found | {"seconds": round(time.monotonic() - began, 1)}), flush=True)
    return 0
