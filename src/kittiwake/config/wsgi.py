"""What the web server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kittiwake.config.settings")
application = get_wsgi_application()

# What is loaded stays for good: looking through it for waste again and again would stop a page
# of a full board half-way for some 20 ms.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
