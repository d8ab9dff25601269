"""The road of what a client sends: kept as it came, read, placed, recorded, answered for.

The same source record sent twice, or by four threads at once, is recorded once: a key is one
lock, one report that it is anchored to, and one `submission` of `record()`.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.db import DatabaseError, IntegrityError, connection
from ninja import Status
from pydantic import ValidationError

from kittiwake.access.doors import NotPermitted, as_practitioner, log_refusal, open_door
from kittiwake.access.roles import may
from kittiwake.api.answering import Child, answer, written
from kittiwake.api.answers import RecordedEntry
from kittiwake.api.bodies import BodyInCase, BySource
from kittiwake.api.parsing import MOST, Read, canonical, read, read_json, wrong
from kittiwake.api.problems import NOTHING_HERE, Fault, Problem, problem_of
from kittiwake.api.tokens import ApiRequest, Caller
from kittiwake.exchange import inbox
from kittiwake.journal.correcting import correct
from kittiwake.journal.entries import Corrected, WrongChild
from kittiwake.journal.record import Recorded, record
from kittiwake.journal.wrong_child import approve
from kittiwake.kernel.entry import Entry
from kittiwake.kernel.known import Actor
from kittiwake.kernel.pathway import REGISTER
from kittiwake.people.arrivals import Description, find_or_meet

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
OURS = uuid5(NAMESPACE_URL, "urn:kittiwake:api")
_LOCK = 7003


def take_in(request: ApiRequest, cls: type[Entry]) -> Status[RecordedEntry]:
    """Record what a request reports: 201 the first time, 200 with the first result after that.

    What came is kept before anything is done with it, and says in the end what became of it.
    Raises Problem.
    """
    caller = request.auth
    raw, sent = _read(request, cls)
    key = "" if isinstance(sent, Problem) else _key(request, sent)
    submission = _submission(caller, cls, key)
    with _alone(submission) if submission else nullcontext():
        kept = _keep(caller, cls, key, raw, submission)
        try:
            if isinstance(sent, Problem):
                raise sent
            told, entry_id = _take(caller, sent, submission, UUID(kept.uid))
        except Exception as error:
            raise _settled(caller, kept, problem_of(error)) from error
        state: inbox.State = "known" if told.already else "recorded"
        inbox.settle(kept.id, state, "", entry_id, by=caller.actor)
        if submission and str(submission) != kept.uid:
            # An earlier try under this key was turned away; what it came to is this entry.
            _anchor(caller, submission, entry_id)
    return Status(200 if told.already else 201, told)


# ── What came ───────────────────────────────────────────────────────────────────────────────────


def _raw(request: ApiRequest) -> tuple[bytes, Problem | None]:
    """The body, and why it cannot be read as JSON. Of one that is too large, the beginning."""
    raw = request.read(MOST + 1)
    if len(raw) > MOST:
        return raw[:MOST], Problem("too-large", f"Send at most {MOST:,} bytes in one request.")
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    if request.content_type != "application/json" or charset not in ("utf-8", "utf8"):
        return raw, Problem("not-json", "Send `Content-Type: application/json`, in UTF-8.")
    if request.headers.get("Content-Encoding", "identity") != "identity":
        return raw, Problem("not-json", "Send the body as it is, without compression.")
    if len(request.headers.get(HEADER, "")) > LONGEST_KEY:
        fault = Fault(f"/header/{HEADER}", f"Use at most {LONGEST_KEY} characters.")
        return raw, wrong([fault])
    return raw, None


def _read(request: ApiRequest, cls: type[Entry]) -> tuple[bytes, Read | Problem]:
    raw, problem = _raw(request)
    try:
        return raw, problem or read(cls, raw)
    except Problem as unread:
        return raw, unread


def _key(request: ApiRequest, sent: Read) -> str:
    """The source record's id: in the body, else in the header."""
    return sent.body.source_id or request.headers.get(HEADER, "").strip()


def _submission(caller: Caller, cls: type[Entry], key: str) -> UUID | None:
    """The same key of the same agency for the same kind is the same submission."""
    parts = [caller.actor.agency_id, cls.kind, key]
    return uuid5(OURS, json.dumps(parts)) if key else None


@contextmanager
def _alone(submission: UUID) -> Iterator[None]:
    """One request of a key at a time; the others wait and find what the first one did."""
    lock = [_LOCK, submission.int % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", lock)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock)


def _feed(cls: type[Entry]) -> str:
    return f"api:{cls.kind}"[:60]


def _keep(
    caller: Caller, cls: type[Entry], key: str, raw: bytes, submission: UUID | None
) -> inbox.Kept:
    """Keep what came; the first under a key is the one it is anchored to."""
    feed, actor = _feed(cls), caller.actor
    with suppress(IntegrityError):
        return inbox.keep(feed, actor.agency_id, actor, key, raw, caller.now, uid=submission)
    return inbox.keep(feed, actor.agency_id, actor, key, raw, caller.now)


def _settled(caller: Caller, kept: inbox.Kept, problem: Problem) -> Problem:
    """Say what became of a report that was not recorded; a person looks unless it was a no."""
    state: inbox.State = "refused" if problem.status in (403, 409) else "quarantined"
    if problem.kind == "key-used":
        state = "refused"
    with suppress(DatabaseError):  # the database may be what failed; then it stays `received`
        inbox.settle(
            kept.id, state, f"Answered {problem.status}: {problem.detail}", by=caller.actor
        )
    problem.instance = kept.uid
    return problem


def _anchor(caller: Caller, submission: UUID, entry_id: int) -> None:
    with as_practitioner(caller.actor), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE report SET state = 'settled', sentence = 'Sent again, and recorded.',"
            " entry_id = %s WHERE uid = %s AND entry_id IS NULL",
            [entry_id, submission],
        )


# ── What becomes of it ──────────────────────────────────────────────────────────────────────────


def _take(
    caller: Caller, sent: Read, submission: UUID | None, report: UUID
) -> tuple[RecordedEntry, int]:
    entry, actor = sent.entry, caller.actor
    if not may(actor.roles, entry.may):
        log_refusal(actor, caller.now, None, entry.kind, "no capability")
        raise NotPermitted(entry.may)
    first = _first(caller, submission, sent) if submission else None
    child = _child(caller, sent)
    open_door(actor, [child.id], "recording")
    if first:
        found = written(caller, first, entry)
    else:
        case = _case(caller, child, sent)
        found = _record(caller, entry, child, case, submission)
    return answer(caller, child, found, report), found.entry_id


def _first(caller: Caller, submission: UUID, sent: Read) -> int | None:
    """The entry this key led to before. Raises Problem where it was used for something else."""
    with as_practitioner(caller.actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.entry_id, r.body FROM report a JOIN report r ON r.entry_id = a.entry_id "
            "AND r.feed = a.feed AND r.name = a.name AND r.state <> 'settled' "
            "WHERE a.uid = %s ORDER BY r.id LIMIT 1",
            [submission],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    if canonical(read_json(bytes(row[1]))) != canonical(sent.json):
        raise Problem(
            "key-used", "This key belongs to another report. Send this one under a key of its own."
        )
    return int(row[0])


def _child(caller: Caller, sent: Read) -> Child:
    """Whom it is about. Raises Problem where a uid is not one this sender may name."""
    about, actor = sent.body.about, caller.actor
    with as_practitioner(actor), connection.cursor() as cursor:
        if isinstance(about, BySource):
            given_name, _, family = (about.name or "").rpartition(" ")
            description = Description(
                f"api:{actor.agency_id}", about.source.ref, given_name, family, about.born_on,
                identifiers=tuple((i.scheme, i.value) for i in about.identifiers),
            )  # fmt: skip
            arrived = find_or_meet(description, actor, caller.now)
            return Child(arrived.person_id, arrived.outcome, arrived.source_record_id)
        cursor.execute("SELECT coalesce(merged_into_id, id) FROM person WHERE uid = %s",
                       [about.person])  # fmt: skip
        row = cursor.fetchone()
    if row is None:
        raise Problem("not-found", NOTHING_HERE, Fault("/about", "Describe the child instead."))
    return Child(row[0], "known")


def _case(caller: Caller, child: Child, sent: Read) -> str | None:
    """The case that is named, if it is one of this child and of the kind's pathway."""
    case = sent.body.case if isinstance(sent.body, BodyInCase) else None
    if case is None:
        return None
    pathway = REGISTER.pathway_of(sent.entry.kind)
    with as_practitioner(caller.actor, recording=True), connection.cursor() as cursor:
        cursor.execute(
            "SELECT uid::text FROM case_file WHERE uid = %s AND person_id = %s"
            " AND pathway = coalesce(%s, pathway)",
            [case, child.id, pathway.key if pathway else None],
        )
        row = cursor.fetchone()
    if row is None:
        raise Problem("not-found", NOTHING_HERE, Fault("/case", "Name a case of this child."))
    return str(row[0])


def _record(
    caller: Caller, entry: Entry, child: Child, case: str | None, submission: UUID | None
) -> Recorded:
    by, at = caller.actor, caller.now
    if isinstance(entry, Corrected | WrongChild):
        return replace(written(caller, _amend(entry, child, by, at).entry_id, entry),
                       already=False)  # fmt: skip
    uid = uuid4()
    try:
        found = record(
            entry, person=child.id, by=by, at=at, case=case, submission=submission,
            source_record=child.source_record, entry_uid=uid,
        )  # fmt: skip
    except IntegrityError as error:
        if "submission" not in str(error):
            raise
        # Recorded about somebody else under this key, by a process that died before it said so.
        raise Problem("key-used", "This key belongs to a report about another child.") from None
    is_first_result = found.entry_uid != str(uid) and not found.already
    return written(caller, found.entry_id, entry) if is_first_result else found


def _amend(entry: Corrected | WrongChild, child: Child, by: Actor, at: datetime) -> Recorded:
    """The two kinds that change what earlier entries brought about have a road of their own."""
    if isinstance(entry, WrongChild):
        return approve(entry.entry_uid, person=child.id, by=by, at=at)
    try:
        return correct(entry.entry_uid, entry.changes, str(entry.reason),
                       person=child.id, by=by, at=at)  # fmt: skip
    except ValidationError:
        detail = "These do not fit the questions of the entry that is corrected."
        raise wrong([Fault("/entry/changes", detail)]) from None
