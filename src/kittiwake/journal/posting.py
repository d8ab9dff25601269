"""Sending what was written: messages leave by e-mail once, and say nothing of any child.

Attention is scarce: whoever is interrupted gets everything that waits for them in one e-mail,
bundled by child; what comes right after waits for the next, and nothing is left out. All of it
stands under My work at once.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection

from kittiwake.access.actors import system_actor
from kittiwake.access.doors import as_practitioner

# Whoever was interrupted less than a pause ago is left to work on it meanwhile.
_UNSENT = """
SELECT m.id, m.to_id, m.sentence, m.link, p.email
FROM message m JOIN practitioner p ON p.id = m.to_id
WHERE m.sent_at IS NULL AND NOT EXISTS (
    SELECT FROM message b WHERE b.to_id = m.to_id AND b.sent_at > %s AND b.sent_at <= %s)
ORDER BY m.id LIMIT %s FOR UPDATE OF m SKIP LOCKED
"""


@dataclass
class Interruption:
    """What one person is told in one e-mail: sentences, kept together by what they are about."""

    address: str
    ids: list[int] = field(default_factory=list)
    about: dict[str, list[str]] = field(default_factory=dict)

    def text(self) -> str:
        """The e-mail: a paragraph for each child, with where to read on."""
        told = [
            "\n".join([*dict.fromkeys(sentences), f"Sign in to Kittiwake to read it: {link}"])
            for link, sentences in self.about.items()
        ]
        return "\n\n".join(told) + "\n"


def post(now: datetime, pause: timedelta, most: int = 500) -> int:
    """Send what waits, oldest first; how many messages. One that fails waits for the next round.

    Nobody is sent a second e-mail within `pause` of the one before. Whoever has no address reads
    theirs under My work: such a message counts as sent at once.
    """
    sent: list[int] = []
    with as_practitioner(system_actor(), durable=True), connection.cursor() as cursor:
        cursor.execute(_UNSENT, [now - pause, now, most])
        waiting: dict[int, Interruption] = {}
        for id_, to, sentence, link, address in cursor.fetchall():
            one = waiting.setdefault(to, Interruption(address))
            one.ids.append(id_)
            one.about.setdefault(link, []).append(sentence)
        mail = get_connection()
        for one in waiting.values():
            if not one.address or _sends(mail, one):
                sent += one.ids
        cursor.execute("UPDATE message SET sent_at = %s WHERE id = ANY (%s)", [now, sent])
    return len(sent)


def _sends(mail: BaseEmailBackend, one: Interruption) -> bool:
    message = EmailMessage(
        "Kittiwake: something waits for you", one.text(), settings.DEFAULT_FROM_EMAIL,
        [one.address],
    )  # fmt: skip
    message.connection = mail
    try:
        return bool(message.send())
    except OSError:
        return False
