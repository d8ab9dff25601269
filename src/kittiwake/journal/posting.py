"""Sending what was written: messages leave by e-mail once, and say nothing of any child."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection

from kittiwake.access.actors import system_actor
from kittiwake.access.doors import as_practitioner

_UNSENT = """
SELECT m.id, m.sentence, m.link, p.email FROM message m JOIN practitioner p ON p.id = m.to_id
WHERE m.sent_at IS NULL ORDER BY m.id LIMIT %s FOR UPDATE OF m SKIP LOCKED
"""


def post(now: datetime, most: int = 100) -> int:
    """Send what waits, most urgent first come; a message that fails waits for the next round.

    Whoever has no address reads theirs under My work: such a message counts as sent at once.
    """
    sent = []
    mail = get_connection()
    with as_practitioner(system_actor(), durable=True), connection.cursor() as cursor:
        cursor.execute(_UNSENT, [most])
        for id_, sentence, link, address in cursor.fetchall():
            if not address or _sends(mail, sentence, link, address):
                sent.append(id_)
        cursor.execute("UPDATE message SET sent_at = %s WHERE id = ANY (%s)", [now, sent])
    return len(sent)


def _sends(mail: BaseEmailBackend, sentence: str, link: str, address: str) -> bool:
    body = f"{sentence}\n\nSign in to Kittiwake to read it: {link}\n"
    message = EmailMessage(
        "Kittiwake: something waits for you", body, settings.DEFAULT_FROM_EMAIL, [address]
    )
    message.connection = mail
    try:
        return bool(message.send())
    except OSError:
        return False
