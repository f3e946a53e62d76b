"""Calls in which the customer waits: music, silence, announcements, tones, and being handed to somebody else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from timing_cadences import RATE, tone
from timing_calls import Tape, TrueTransfer
from timing_sound import Samples

__all__ = ["HOLD_SCENES"]


def music(tape: Tape, *, index: int) -> None:
    """Any music, switched on and off, or faded over half a second; the same manager comes back."""
    _begin(tape)
    asked = _ask(tape)
    seconds = tape.between(8.0, 28.0)
    tape.wait("music", seconds, _faded(tape, _tune(tape, seconds)), what="music, other pieces")
    _come_back(tape, thanks=asked)


def hold_music(tape: Tape, *, index: int) -> None:
    """A piece made for telephones; in some calls with two channels the customer says something meanwhile."""
    _begin(tape)
    asked = _ask(tape)
    seconds = tape.between(8.0, 28.0)
    tune = _tune(tape, seconds, piece=tape.material.hold_piece(index))
    hold = tape.wait("music", seconds, _faded(tape, tune), what="music on hold")
    if tape.stereo and tape.rng.random() < 0.4:
        tape.murmur(hold.start + 0.4 * hold.duration)
    _come_back(tape, thanks=asked)


def sung(tape: Tape, *, index: int) -> None:
    """Music with a singer."""
    _begin(tape)
    asked = _ask(tape)
    seconds = tape.between(12.0, 26.0)
    song = tape.material.song(tape.rng, seconds) * 10 ** (tape.music_db() / 20)
    tape.wait("music", seconds, _faded(tape, song), what="music, sung")
    _come_back(tape, thanks=asked)


def music_twice(tape: Tape, *, index: int) -> None:
    """Two holds with talk between them."""
    _begin(tape)
    for _ in range(2):
        seconds = tape.between(7.0, 15.0)
        tape.wait("music", seconds, _tune(tape, seconds), what="music, other pieces")
        _come_back(tape, thanks=tape.rng.random() < 0.5)


def silent(tape: Tape, *, index: int) -> None:
    """The line goes silent: digital silence on both sides."""
    _begin(tape)
    asked = _ask(tape)
    tape.mute(tape.wait("silence", tape.between(12.0, 25.0), None, what="silence, digital"))
    _come_back(tape, thanks=asked)


def comfort(tape: Tape, *, index: int) -> None:
    """The line goes to comfort noise, well below the room's."""
    _begin(tape, room_db=-52.0)
    _ask(tape, always=True)
    hold = tape.wait("silence", tape.between(12.0, 25.0), None, what="silence, comfort noise")
    tape.mute(hold, comfort_db=tape.between(-76.0, -68.0))
    _come_back(tape, thanks=True)


def customer_open(tape: Tape, *, index: int) -> None:
    """Two channels: the manager's goes silent, the customer's room is heard all the time."""
    _begin(tape, room_db=-56.0)
    _ask(tape, always=True)
    hold = tape.wait("silence", tape.between(12.0, 25.0), None, what="silence, customer's room open")
    tape.mute(hold, sides=("manager",))
    _come_back(tape, thanks=True)


def announcements(tape: Tape, *, index: int) -> None:
    """Music with announcements over it or between its pieces: one hold."""
    _begin(tape)
    _ask(tape)
    start = tape.at
    parts: list[Samples] = [_tune(tape, tape.between(7.0, 11.0))]
    for _ in range(int(tape.rng.integers(1, 3))):
        prompt = tape.material.prompt(tape.rng)
        tape.announce(prompt, start + sum(map(len, parts)) / RATE)
        if tape.rng.random() < 0.5:
            prompt = prompt + _tune(tape, len(prompt) / RATE)[: len(prompt)] * 0.15
        parts += [prompt, np.zeros(round(tape.between(0.1, 0.6) * RATE)), _tune(tape, tape.between(6.0, 9.0))]
    sound = np.concatenate(parts)
    tape.at = start
    tape.wait("music", len(sound) / RATE, sound, what="music with announcements")
    _come_back(tape, thanks=True)


def only_announcements(tape: Tape, *, index: int) -> None:
    """A queue that only speaks: the same prompt again and again, with pauses."""
    _begin(tape)
    _ask(tape)
    prompt = tape.material.prompt(tape.rng)
    pause = np.zeros(round(tape.between(1.5, 4.0) * RATE))
    count = int(np.ceil(14.0 / ((len(prompt) + len(pause)) / RATE))) + 1
    sound = np.concatenate([part for _ in range(count) for part in (prompt, pause)])[: -len(pause)]
    for k in range(count):
        tape.announce(prompt, tape.at + k * (len(prompt) + len(pause)) / RATE)
    tape.wait("announcement", len(sound) / RATE, sound)
    _come_back(tape, thanks=True)


def beeps(tape: Tape, *, index: int) -> None:
    """Silence with a short beep every few seconds."""
    _begin(tape)
    _ask(tape)
    seconds, every = tape.between(18.0, 34.0), tape.between(5.0, 10.0)
    sound = np.zeros(round(seconds * RATE))
    beep = tone(("425", "1400", "440+480")[index % 3], tape.between(0.15, 0.4)) * 10 ** (tape.between(-28, -14) / 20)
    for at in np.arange(tape.between(0.3, 2.0), seconds - 1.0, every):
        sound[round(at * RATE) :][: len(beep)] += beep[: len(sound) - round(at * RATE)]
    tape.mute(tape.wait("tone", seconds, sound, what="beeps in silence"))
    _come_back(tape, thanks=True)


def transfer_ring(tape: Tape, *, index: int) -> None:
    """The customer is put through: it rings, and a colleague answers."""
    _begin(tape)
    announced = tape.rng.random() < 0.7
    if announced:
        tape.say("manager", cue="transfer")
    tape.rest(tape.between(0.3, 1.2))
    start = tape.at
    cadence = ("ru", "us", "uk", "us_pbx")[int(tape.rng.integers(4))]
    tape.ring(cadence, int(tape.rng.integers(2, 5)), answer="cuts" if index % 2 else "pause", db=tape.ring_db())
    answered = tape.at
    tape.at = start
    tape.wait("tone", answered - start, None, what="second ringing")
    tape.resume_after("ringback")
    _colleague(tape, announced=announced)


def transfer_music(tape: Tape, *, index: int) -> None:
    """The customer waits with music and a colleague takes over."""
    _begin(tape)
    announced = tape.rng.random() < 0.6
    if announced:
        tape.say("manager", cue="transfer")
    tape.rest(tape.between(0.3, 1.0))
    seconds = tape.between(9.0, 20.0)
    tape.wait("music", seconds, _tune(tape, seconds), what="music, other pieces")
    _colleague(tape, announced=announced)


def transfer_silent(tape: Tape, *, index: int) -> None:
    """The customer waits in silence and a colleague takes over."""
    _begin(tape)
    tape.say("manager", cue="transfer")
    tape.rest(tape.between(0.3, 1.0))
    tape.mute(tape.wait("silence", tape.between(12.0, 20.0), None, what="silence, digital"))
    _colleague(tape, announced=True)


def _begin(tape: Tape, *, room_db: float | None = None) -> None:
    tape.open_line(0.0, db=room_db)
    tape.rest(tape.between(0.2, 0.8))
    tape.talk(tape.between(8.0, 14.0))


def _ask(tape: Tape, *, always: bool = False) -> bool:
    """The manager asks to wait, in two of three calls."""
    asked = always or bool(tape.rng.random() < 0.67)
    if asked:
        tape.say("manager", cue="wait")
    tape.rest(tape.between(0.2, 1.0))
    return asked


def _come_back(tape: Tape, *, thanks: bool) -> None:
    tape.rest(tape.between(0.2, 1.2))
    if thanks:
        tape.say("manager", cue="back")
        tape.rest(0.3)
    tape.talk(tape.between(7.0, 10.0))


def _colleague(tape: Tape, *, announced: bool) -> None:
    tape.rest(tape.between(0.2, 0.9))
    tape.truth.transfers.append(TrueTransfer(tape.at, announced))
    tape.say("colleague", cue="introduces")
    tape.rest(0.4)
    tape.talk(8.0, who=("customer", "colleague"))


def _tune(tape: Tape, seconds: float, *, piece: Path | None = None) -> Samples:
    return tape.material.tune(tape.rng, seconds, piece=piece) * 10 ** (tape.music_db() / 20)


def _faded(tape: Tape, sound: Samples, seconds: float = 0.5) -> Samples:
    """In one of three calls the music fades in and out."""
    if tape.rng.random() > 0.33:
        return sound
    ramp = np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / (seconds * RATE)
    return np.asarray(sound * np.clip(ramp, 0.0, 1.0))


# what is played, and how many calls of it
HOLD_SCENES: dict[str, tuple[Callable[..., None], int]] = {
    "hold hold-music": (hold_music, 18),
    "hold music": (music, 24),
    "hold sung": (sung, 10),
    "hold music-twice": (music_twice, 4),
    "hold silence": (silent, 8),
    "hold comfort-noise": (comfort, 8),
    "hold customer-open": (customer_open, 8),
    "hold announcements-in-music": (announcements, 14),
    "hold announcements": (only_announcements, 8),
    "hold beeps": (beeps, 10),
    "transfer ring": (transfer_ring, 12),
    "transfer music": (transfer_music, 10),
    "transfer silence": (transfer_silent, 6),
}
