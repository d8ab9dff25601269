"""The API, put together: `/api/v1`, one operation for each kind of entry, and what may be read."""

from typing import Any

from django.http import Http404
from django.urls import path, re_path
from ninja.errors import AuthenticationError, HttpError, ValidationError

from kittiwake.api import kinds, problems, reads
from kittiwake.api.answers import CaseNow, ChildNow, ClockNow, KindNow, OpenEpisode
from kittiwake.api.document import Api
from kittiwake.api.tokens import PerToken, Token

ABOUT = """
Everything that happens to a child is an entry, and every kind of entry is an operation here.

Send the header `Authorization: Bearer kw_…`. Times are RFC 3339, with their offset. A question
may be answered with `{"not_known": "…"}`, which says why; a blank says nothing, and unknown is
never read as low. What is sent is kept as it came, even where it cannot be read. Errors are
problem details (RFC 9457), which name the place and never repeat the value.
"""

api = Api(
    title="Kittiwake",
    version="1",
    description=ABOUT.strip(),
    docs_url=None,
    auth=Token(),
    throttle=PerToken(),
    urls_namespace="api",
)
for error in (Exception, Http404, HttpError, AuthenticationError, ValidationError):
    api.add_exception_handler(error, problems.told)

READING = "Reading"
api.get("/kinds", response=list[KindNow], operation_id="kinds", tags=[READING],
        summary="What can be recorded")(kinds.every_kind)  # fmt: skip
api.get("/missing", response=list[OpenEpisode], operation_id="missing", tags=[READING],
        summary="Who is missing now")(reads.missing_now)  # fmt: skip
api.get("/clocks", response=list[ClockNow], operation_id="clocks", tags=[READING],
        summary="Which clocks run")(reads.running_clocks)  # fmt: skip
api.get("/cases/{uid}", response=CaseNow, operation_id="case", tags=[READING],
        summary="One case")(reads.one_case)  # fmt: skip
api.get("/children/{uid}", response=ChildNow, operation_id="child", tags=[READING],
        summary="One child")(reads.one_child)  # fmt: skip
kinds.add_kinds(api)


def _patterns() -> list[Any]:
    patterns: list[Any] = api.urls[0]
    for pattern in patterns:
        pattern.callback = problems.answered(pattern.callback)
    return patterns


urlpatterns = [
    path("api/v1/", (_patterns(), "ninja", "api")),
    re_path(r"^api(?:/|$)", problems.answered(problems.nothing_here)),
]
