"""Calls put together second by second, with what is true about them: `Tape` is a call being made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from timing_cadences import CADENCES, RATE, Cadence, ring_sound
from timing_material import Material
from timing_sentences import CUES
from timing_sound import Samples
from timing_voices import Speaker

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Role, Turn, Word

__all__ = ["Tape", "TrueHold", "TrueTransfer", "Truth"]

SPEECH_DB = -20.0
SIDES = ("manager", "customer")


@dataclass(frozen=True, slots=True)
class TrueHold:
    """A wait of the customer; `kind` as the engine names it, `what` the material."""

    start: float
    end: float
    kind: str
    what: str = ""

    @property
    def duration(self) -> float:
        """Its length in seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class TrueTransfer:
    """When the colleague is first heard, and whether the manager said so before."""

    at: float
    announced: bool


@dataclass
class Truth:
    """What is true of a call, in seconds of the recording.

    `answered_at` None: the answer is not in it. `in_pause`: the answer falls between two tones; `in_series`: a second
    telephone rang after the first. `resumed`: where speech begins after music, ringback or silence.
    """

    cadence: str = ""
    rings: int = 0
    ring_start: float | None = None
    mid_ring: bool = False
    answered_at: float | None = None
    in_pause: bool = False
    in_series: bool = False
    holds: list[TrueHold] = field(default_factory=list)
    transfers: list[TrueTransfer] = field(default_factory=list)
    speech: list[Span] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    resumed: list[tuple[str, float]] = field(default_factory=list)
    duration: float = 0.0


class Tape:
    """The sounds of two parties, laid down one after the other; `at` is the second where the next one begins."""

    def __init__(self, material: Material, rng: np.random.Generator, language: str, *, stereo: bool) -> None:
        self.material, self.rng, self.language, self.stereo = material, rng, language, stereo
        voices = [one for one in material.speakers if one.language in ("", language)]
        self.manager, self.customer, self.colleague = self._cast(voices)
        self.at = 0.0
        self.truth = Truth()
        self.noise_db = -72.0  # of the line, from its opening to the end
        self._opened: tuple[float, float] | None = None
        self._muted: list[tuple[TrueHold, float | None, tuple[str, ...]]] = []
        self._sounds: list[tuple[str, float, Samples]] = []
        self._waited = ""

    def _cast(self, voices: list[Speaker]) -> tuple[Speaker, Speaker, Speaker]:
        order = [voices[int(i)] for i in self.rng.permutation(len(voices))]
        people = sorted(order, key=lambda one: one.voice is not None) if self.rng.random() < 0.6 else order
        return tuple((people * 3)[:3])  # type: ignore[return-value]

    # --- laying down ---------------------------------------------------------------------------------------------

    def lay(self, side: str, sound: Samples, *, at: float | None = None) -> float:
        """`sound` on ``manager``, ``customer`` or ``both``, at `at` or here; gives the second of its end."""
        start = self.at if at is None else at
        self._sounds.append((side, start, sound))
        return start + len(sound) / RATE

    def open_line(self, at: float, *, db: float | None = None) -> None:
        """From here the line carries noise: that of the line, or a room's of `db` where that is louder."""
        room = self.between(-66.0, -50.0) if db is None else db
        self._opened = (at, max(self.noise_db, room))

    def mute(self, hold: TrueHold, *, comfort_db: float | None = None, sides: tuple[str, ...] = SIDES) -> None:
        """No noise during `hold` on `sides`, or only comfort noise."""
        self._muted.append((hold, comfort_db, sides))

    def ring_db(self) -> float:
        """A level for tones of -10 to -40 dB, 15 dB or more above the noise."""
        return max(self.between(-40.0, -10.0), self.noise_db + 15.0)

    def music_db(self) -> float:
        """A level for music of -14 to -30 dB, 15 dB or more above the noise."""
        return max(self.between(-30.0, -14.0), self.noise_db + 15.0)

    def rest(self, seconds: float) -> None:
        """Nothing for a while."""
        self.at += seconds

    def between(self, low: float, high: float) -> float:
        """A number by chance."""
        return float(self.rng.uniform(low, high))

    # --- speech --------------------------------------------------------------------------------------------------

    def say(self, who: str, *, cue: str = "", db: float = SPEECH_DB) -> Span:
        """A phrase of ``manager``, ``customer`` or ``colleague``; `cue` is one of `CUES`."""
        speaker: Speaker = getattr(self, who)
        text = CUES[cue][self.language] if cue else self.material.sentence(self.rng, self.language)
        phrase = speaker.phrase(self.rng, text, self.material.cache)
        side = "customer" if who == "customer" else "manager"
        span = Span(self.at, self.lay(side, phrase.samples * 10 ** ((db - SPEECH_DB) / 20)))
        self.truth.speech.append(span)
        self.truth.turns.append(self._turn(who, side, span, text))
        if self._waited:
            self.truth.resumed.append((self._waited, span.start))
            self._waited = ""
        self.at = span.end
        return span

    def _turn(self, who: str, side: str, span: Span, text: str) -> Turn:
        texts = text.split()
        step = span.duration / len(texts)
        words = tuple(Word(word, span.start + i * step, span.start + (i + 1) * step) for i, word in enumerate(texts))
        role = Role.CUSTOMER if side == "customer" else Role.MANAGER
        channel = (0 if side == "manager" else 1) if self.stereo else None
        label = f"channel {channel}" if self.stereo else getattr(self, who).name + who
        return Turn(role, span.start, span.end, words, label, channel)

    def murmur(self, at: float) -> None:
        """The customer says something on his own channel while he waits."""
        text = self.material.sentence(self.rng, self.language)
        phrase = self.customer.phrase(self.rng, text, self.material.cache)
        span = Span(at, self.lay("customer", phrase.samples, at=at))
        self.truth.speech.append(span)
        self.truth.turns.append(self._turn("customer", "customer", span, text))

    def announce(self, prompt: Samples, at: float) -> None:
        """The words of a machine that speaks at `at`; its sound is laid down by whoever plays it."""
        text = CUES["machine"][self.language]
        span = Span(at, at + len(prompt) / RATE)
        turn = self._turn("manager", "manager", span, text)
        self.truth.turns.append(replace(turn, role=Role.IVR, speaker=turn.speaker if self.stereo else "machine"))

    def talk(self, seconds: float, *, who: tuple[str, str] = ("manager", "customer"), db: float = SPEECH_DB) -> None:
        """The two talk in turn for about `seconds`."""
        end = self.at + seconds
        index = 0
        while self.at < end:
            self.say(who[index % 2], db=db)
            self.rest(self.between(0.2, 0.9))
            index += 1 if self.rng.random() < 0.8 else 2

    # --- ringing -------------------------------------------------------------------------------------------------

    def ring(self, cadence: str, rings: int, *, answer: str, db: float = -20.0, side: str = "both") -> None:
        """`rings` rings; the answer ``cuts`` the last tone or comes in the ``pause`` behind it; then it is `at`."""
        self._lay_rings(CADENCES[cadence], rings, 10 ** (db / 20), side)
        self.at = self._answer(CADENCES[cadence], rings, answer)
        self._sounds = [(s, start, sound[: max(0, self._cut(start))]) for s, start, sound in self._sounds]
        self._waited = "ringback"

    def _cut(self, start: float) -> int:
        return round((self.at - start) * RATE)

    def _lay_rings(self, cadence: Cadence, rings: int, gain: float, side: str) -> None:
        at = self.at
        for index in range(rings):
            self.lay(side, ring_sound(cadence, index) * gain, at=at)
            at += cadence.length(index)

    def _answer(self, cadence: Cadence, rings: int, answer: str) -> float:
        last = self.at + sum(cadence.length(index) for index in range(rings - 1))
        sounding, length = cadence.sounding(rings - 1), cadence.length(rings - 1)
        if answer == "cuts":
            on = cadence.ring(rings - 1)[-1][1]
            return last + sounding - on + self.between(0.35, 0.85) * on
        return last + self.between(sounding + 0.1, max(sounding + 0.2, length - 0.1))

    def drop_beginning(self, seconds: float) -> None:
        """The recording begins `seconds` later than the tape."""
        first = round(seconds * RATE)
        self._sounds = [
            (side, max(0.0, start - seconds), sound[max(0, first - round(start * RATE)) :])
            for side, start, sound in self._sounds
        ]
        self.at -= seconds
        self.truth.speech = [Span(max(0.0, s.start - seconds), s.end - seconds) for s in self.truth.speech]
        self.truth.turns = [_earlier(turn, seconds) for turn in self.truth.turns]

    # --- waiting -------------------------------------------------------------------------------------------------

    def wait(self, kind: str, seconds: float, sound: Samples | None, *, what: str = "") -> TrueHold:
        """A hold of `seconds` with `sound` in the customer's ear."""
        hold = TrueHold(self.at, self.at + seconds, kind, what or kind)
        if sound is not None:
            self.lay("manager", sound[: round(seconds * RATE)])
        self.truth.holds.append(hold)
        self.at = hold.end
        self.resume_after("silence" if kind in {"silence", "tone"} else "music")
        return hold

    def resume_after(self, what: str) -> None:
        """The next phrase is the first one after `what`."""
        self._waited = what

    # --- the whole -----------------------------------------------------------------------------------------------

    def tracks(self) -> tuple[Samples, Samples]:
        """Sounds of manager and customer, shape ``(time,)`` each; `truth.duration` is set."""
        size = round(self.at * RATE)
        tracks = {"manager": np.zeros(size), "customer": np.zeros(size)}
        for side, start, sound in self._sounds:
            for name in self._sides(side):
                first = round(start * RATE)
                part = sound[: max(0, size - first)]
                tracks[name][first : first + len(part)] += part
        for name in SIDES if self.stereo else SIDES[:1]:
            tracks[name] += self._noise(name, size)
        self.truth.turns.sort(key=lambda turn: turn.start)
        self.truth.duration = size / RATE
        return tracks["manager"], tracks["customer"]

    def _noise(self, side: str, size: int) -> Samples:
        start, db = self._opened or (0.0, self.noise_db)
        gain = np.zeros(size)
        gain[round(start * RATE) :] = 10 ** (db / 20)
        for hold, comfort_db, sides in self._muted:
            if side in sides:
                gain[round(hold.start * RATE) : round(hold.end * RATE)] = 10 ** (comfort_db / 20) if comfort_db else 0.0
        return np.asarray(self.rng.standard_normal(size) * gain)

    def _sides(self, side: str) -> tuple[str, ...]:
        """In a mono mix what is on both sides is heard once."""
        if side == "both":
            return ("manager", "customer") if self.stereo else ("manager",)
        return (side,)


def _earlier(turn: Turn, seconds: float) -> Turn:
    """The turn on a recording that begins `seconds` later; what is not on it is left out."""
    words = tuple(Word(w.text, w.start - seconds, w.end - seconds) for w in turn.words if w.start >= seconds)
    return replace(turn, start=max(0.0, turn.start - seconds), end=turn.end - seconds, words=words)
