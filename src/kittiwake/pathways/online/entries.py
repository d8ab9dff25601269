"""An image was reported, and a specialist answered: no file, no description, sealed (G16)."""

from typing import ClassVar

from kittiwake.kernel.entry import Entry, Nature
from kittiwake.kernel.questions import Choice, Option, Phone, Text, YesNo, ask
from kittiwake.pathways.online import rules


class Where(Option):
    """Where the image is; nothing of what it shows."""

    PHONE = "phone", "On a phone or tablet"
    COMPUTER = "computer", "On a computer or a drive"
    ONLINE = "online", "In an app, an account or on a website"
    PAPER = "paper", "On paper"
    ELSEWHERE = "elsewhere", "Somewhere else"


class NextStep(Option):
    """What the specialist team does now."""

    OFFICERS = "officers", "Officers are going"
    TAKEN_ON = "taken_on", "The specialist team has taken it on"
    NOTHING_MORE = "nothing_more", "Nothing more is to be done, and whoever reported it knows why"


class ImageReported(Entry):
    """Somebody reported an image of a child: a specialist rings back, and nobody else reads it."""

    kind: ClassVar = "online.image_reported"
    title: ClassVar = "Report an image"
    sentence: ClassVar = "An image was reported"
    may: ClassVar = "online.report_image"
    nature: ClassVar = Nature.RAISING
    starts: ClassVar = ("CLK-170",)
    sealed: ClassVar = True
    consequences: ClassVar = (rules.reported,)
    remember: ClassVar = (
        "Do not open it again, copy it, send it on, photograph it or print it.",
        "Do not delete it, and do not switch the device off or search it.",
        "Do not put it in here and do not describe it: there is no place for either.",
        "Do not question the child. Tell them that they have done nothing wrong.",
        "If a child is in danger now, ring 999 first.",
    )

    where: Choice[Where] = ask("Where is it?", "Only this. A specialist asks the rest.",
                               need="now", audience="named")  # fmt: skip
    safe_to_ring: YesNo = ask("Is it safe to ring you back?", audience="named")
    ring: Phone = ask("On which number?", audience="named")


class ImageTakenOn(Entry):
    """A specialist spoke with whoever reported an image, and somebody has it in hand."""

    kind: ClassVar = "online.image_taken_on"
    title: ClassVar = "Take on a reported image"
    sentence: ClassVar = "The report of an image was taken on"
    may: ClassVar = "online.take_on"
    stops: ClassVar = ("CLK-170",)
    sealed: ClassVar = True
    consequences: ClassVar = (rules.sealed,)

    next_step: Choice[NextStep] = ask("What happens now?", need="now", audience="named")
    reference: Text = ask(
        "Reference in the specialist team’s own system",
        "A number and nothing else.", audience="named",
    )  # fmt: skip
