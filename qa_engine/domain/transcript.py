"""Words with times, and stretches of them by one speaker, as a recogniser or a transcript file gives them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from qa_engine.domain.spans import Span

__all__ = ["LEAKED", "Role", "Transcript", "Turn", "Utterance", "Word"]


LEAKED = "heard at the same time, and louder, on the other side"  # `Utterance.left_out` of an echo


class Role(StrEnum):
    """What a speaker is in the call; a speaker label, a channel and a role are three different things."""

    MANAGER = "manager"  # the employee who took the call
    CUSTOMER = "customer"  # the other party
    IVR = "ivr"  # a machine that speaks: menu, announcement, voice mail
    UNKNOWN = "unknown"
    SECOND_MANAGER = "second_manager"  # the employee the call was handed to

    @property
    def of_company(self) -> bool:
        """Whether it is an employee."""
        return self in (Role.MANAGER, Role.SECOND_MANAGER)


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its time in seconds.

    `probability` is 0..1, None where the recogniser gives none; `interpolated` marks times shared out evenly
    over an utterance because the recogniser gave none for the word.
    """

    text: str
    start: float
    end: float
    probability: float | None = None
    interpolated: bool = False


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of words by one speaker label (``channel 0``, ``speaker 1``, or what the transcript file said).

    `left_out` says why a recogniser's words do not count as said (an invented phrase, a loop), "" for speech.
    `speaker_confidence`, 0..1, is how sure the label is; None where nobody asked (two channels, a transcript file).
    """

    start: float
    end: float
    words: tuple[Word, ...]
    speaker: str = ""
    channel: int | None = None
    left_out: str = ""
    speaker_confidence: float | None = None

    @property
    def text(self) -> str:
        """The words joined by spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def span(self) -> Span:
        """Its time."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one party says before another takes over, with the role worked out.

    `speaker_confidence` is that of its least sure utterance, None where nobody asked.
    """

    role: Role
    start: float
    end: float
    words: tuple[Word, ...]
    speaker: str = ""
    channel: int | None = None
    speaker_confidence: float | None = None

    @property
    def text(self) -> str:
        """The words joined by spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def span(self) -> Span:
        """Its time."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Transcript:
    """A transcript file as read: utterances in time order, and what the file said about the call (see `DESIGN` 3).

    `language` is "" where the file does not say; `engine` names what made it; `about` holds the file's ``call`` object.
    """

    utterances: tuple[Utterance, ...]
    language: str = ""
    duration: float | None = None
    engine: str = ""
    about: dict[str, str] = field(default_factory=dict)
