"""The voice of the child: one block of questions that every pathway asks with (4.19, G4)."""

from kittiwake.kernel.questions import Block, Choice, Option, Quotation, Words, YesNo, ask


class NotObtained(Option):
    """Why a child's voice was not obtained (invariant G4: a blank is never acceptable)."""

    ASLEEP = "asleep", "Asleep"
    NOT_PRESENT = "not_present", "Not there"
    TOO_YOUNG = "too_young", "Too young to ask: observed instead"
    UNSAFE = "unsafe", "It was not safe to ask"
    REFUSED = "refused", "Did not want to speak"
    OTHER = "other", "Another reason, agreed with a supervisor"


VOICE_POINTS = {
    "words": 2, "seen": 1, "alone": 1, "appearance": 1, "surroundings": 1, "wishes": 1,
    "daily_life": 1, "changed": 1, "told_back": 1,
}  # fmt: skip
"""What a record of a child's voice is worth, 10 in all (rulebook 4.19; ours to set)."""


class VoiceOfChild(Block):
    """What the child said, how they appeared, and what it changed (rulebook 4.19, G4)."""

    seen: YesNo = ask("Was the child seen?")
    alone: YesNo = ask("Were they spoken to alone?")
    words: Quotation = ask("What did the child say, in their own words?")
    not_obtained: Choice[NotObtained] = ask("If not spoken to, why?")
    appearance: Words = ask("How did they appear?", "What you saw and heard; not a label.")
    surroundings: Words = ask("What was it like where they were?")
    wishes: Words = ask("What do they want to happen?")
    daily_life: Words = ask("What is daily life like for them?")
    changed: Words = ask("How did what they said change what we did?")
    told_back: YesNo = ask("Were they told what happens next?")

    @classmethod
    def points(cls) -> list[tuple[str, int]]:
        """Each question that counts, and how much."""
        texts = {asked.name: asked.text for asked in cls.questions()}
        return [(texts[name], points) for name, points in VOICE_POINTS.items()]

    def quality(self) -> int:
        """The quality of the record, 0 to 10 (rulebook 4.19): what was asked, not the child."""
        return sum(n for name, n in VOICE_POINTS.items() if _is_answered(getattr(self, name)))

    def wants(self) -> list[str]:
        """The questions that would make the record whole, as they are asked."""
        texts = {asked.name: asked.text for asked in self.questions()}
        return [texts[n] for n in VOICE_POINTS if not _is_answered(getattr(self, n))]

    def is_given(self) -> bool:
        """Whether there is a voice, or a coded reason why there is none (G4)."""
        return any(_is_answered(v) for v in (self.words, self.not_obtained, self.appearance))


def _is_answered(value: object) -> bool:
    return value is True or isinstance(value, str)
