"""The recipe: a source is heard, what was heard becomes a call, the call is judged.

    hear        recording (and the transcript beside it) -> Hearing      expensive, done once, kept
    understand  Hearing -> Call                                          who is who, the measured times; cheap
    evaluate    Call -> Evaluation                                       `qa_engine.rules.evaluate`

Read it top to bottom; every step is one call into one package.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from qa_engine.audio.decoding import decode_blocks, probe
from qa_engine.audio.detection import detect_events
from qa_engine.audio.frames import SAMPLE_RATE as ANALYSIS_RATE
from qa_engine.audio.known_sounds import add_repeats
from qa_engine.audio.landmarks import find_landmarks
from qa_engine.domain.audio_event import AudioEvents, EventKind
from qa_engine.domain.call import Call, RoleAssignment
from qa_engine.domain.call_identity import CallIdentity, Direction
from qa_engine.domain.hearing import Engines, Hearing
from qa_engine.domain.scorecard import Scorecard
from qa_engine.domain.spans import Span
from qa_engine.domain.timings import Timings
from qa_engine.domain.transcript import Transcript, Turn, Utterance
from qa_engine.errors import RecordingError, RecordingErrorKind
from qa_engine.language.languages import LANGUAGES
from qa_engine.recognition import Ears, Listening, recognise
from qa_engine.speech.roles import RoleHints, assign_roles
from qa_engine.speech.second_manager import name_second_manager
from qa_engine.speech.transcript_files import labels_are_roles, read_transcript
from qa_engine.telephony.matching import Match, combine, complete_identity
from qa_engine.telephony.roster import manager_name
from qa_engine.timings.answer import measure_answer
from qa_engine.timings.hand_over import hand_over
from qa_engine.timings.measuring import measure_timings
from qa_engine.timings.reconciling import reconcile

__all__ = [
    "HEARING_VERSION",
    "Measured",
    "Source",
    "Surroundings",
    "content_hash",
    "hear",
    "listen_for_times",
    "understand",
]

HEARING_VERSION = 3  # counts up when the same recording would be heard differently: kept hearings are made anew
ID_DIGITS = 16  # hexadecimal digits of the content hash that make a call id


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to score: a recording, the transcript beside it, or a transcript alone."""

    recording: Path | None
    transcript: Path | None = None

    @property
    def path(self) -> Path:
        """The file it is known by."""
        path = self.recording or self.transcript
        if path is None:
            raise ValueError("a source needs a recording or a transcript")
        return path


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known about a call from outside its recording.

    `match`: the phone system's records of it; `repeats`: stretches, in seconds, that other calls of the day hold too.
    """

    match: Match | None = None
    repeats: tuple[Span, ...] = ()


ALONE = Surroundings()


def content_hash(path: Path) -> str:
    """SHA-256 of a file's bytes in hexadecimal; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hear(source: Source, ears: Ears, listening: Listening) -> Hearing:
    """Everything heard in one source.

    Raises RecordingError: unreadable, empty, nothing said, no recogniser for its language, a broken transcript.
    """
    if source.recording is None:
        return _hear_transcript(source, listening)
    recording = probe(source.recording)
    path = source.recording
    events = detect_events(lambda: decode_blocks(path, sample_rate=ANALYSIS_RATE))
    if source.transcript is not None:
        transcript = read_transcript(source.transcript)
        words, engines, language, labelled = _given(source, transcript, listening)
        left_out: tuple[Utterance, ...] = ()
        identity = _identity(listening.file_names.read(path), transcript)
    else:
        heard = recognise(path, events, ears, listening)
        words, engines, left_out = heard.utterances, heard.engines, heard.left_out
        language, labelled = heard.language, False
        identity = listening.file_names.read(path)
    landmarks = find_landmarks(decode_blocks(path, sample_rate=ANALYSIS_RATE)).to_bytes()
    return Hearing(
        recording.sha256,
        str(path),
        events.duration,
        language,
        words,
        events,
        engines,
        identity,
        labelled,
        landmarks,
        left_out=left_out,
    )


def understand(
    hearing: Hearing, scorecard: Scorecard, *, manager_channel: str = "auto", surroundings: Surroundings = ALONE
) -> Call:
    """The call in a hearing: roles, the manager's name, measured times, compared with the phone system's record."""
    hearing = _with_repeats(hearing, surroundings.repeats)
    hints = RoleHints(
        language=hearing.language,
        company=(scorecard.company.name, *scorecard.company.also),
        managers=tuple(form for person in scorecard.managers for form in (person.name, *person.also)),
        manager_channel=manager_channel,
        machines=(*surroundings.repeats, *_announcements(hearing.events)),
    )
    measured = _measure(hearing, hints)
    identity, timings = hearing.identity, measured.timings
    if surroundings.match is not None:
        record = combine(surroundings.match.records)
        identity = complete_identity(identity, record)
        timings = reconcile(timings, record, matched_by=surroundings.match.matched_by)
    return Call(
        call_id=hearing.identity.call_id or hearing.sha256[:ID_DIGITS],
        sha256=hearing.sha256,
        path=hearing.path,
        language=hearing.language,
        duration=hearing.duration,
        manager=manager_name(identity, measured.roles.stated_name, scorecard.managers, scorecard.language),
        identity=identity,
        turns=measured.turns,
        events=hearing.events,
        timings=timings,
        roles=measured.roles,
        engines=hearing.engines,
        left_out=hearing.left_out,
    )


def _with_repeats(hearing: Hearing, repeats: Sequence[Span]) -> Hearing:
    if hearing.events is None or not repeats:
        return hearing
    return replace(hearing, events=add_repeats(hearing.events, repeats))


def _announcements(events: AudioEvents | None) -> tuple[Span, ...]:
    sounds = events.sounds if events else ()
    return tuple(sound.span for sound in sounds if sound.kind is EventKind.ANNOUNCEMENT)


def listen_for_times(path: Path, transcript: Path | None, language: str) -> tuple[Hearing, Measured]:
    """What is measured in a recording without recognising it; a transcript beside it tells who is who.

    Raises RecordingError where it is not sound or the transcript is broken.
    """
    recording = probe(path)
    events = detect_events(lambda: decode_blocks(path, sample_rate=ANALYSIS_RATE))
    given = read_transcript(transcript) if transcript else Transcript(())
    hearing = Hearing(
        recording.sha256,
        str(path),
        events.duration,
        given.language or language,
        given.utterances,
        events,
        Engines("transcript" if transcript else "none", "transcript" if transcript else "none"),
        CallIdentity(),
        labels_are_roles(given.utterances),
    )
    return hearing, _measure(hearing, RoleHints(hearing.language, (), ()))


@dataclass(frozen=True, slots=True)
class Measured:
    """Who is who in a hearing, and its times."""

    turns: tuple[Turn, ...]
    roles: RoleAssignment
    timings: Timings


def _measure(hearing: Hearing, hints: RoleHints) -> Measured:
    first_word = hearing.utterances[0].start if hearing.utterances else None
    answer = measure_answer(hearing.events, first_word, said=hearing.utterances)
    turns, roles = assign_roles(
        hearing.utterances,
        replace(hints, answered_at=answer.answered_at),
        labels_are_roles=hearing.labels_are_roles,
        two_channels=hearing.engines.diarizer == "channels",
    )
    timings = measure_timings(hearing.events, turns, answer, language=hearing.language, duration=hearing.duration)
    turns = hand_over(turns, timings.handed_over_at)
    return Measured(turns, name_second_manager(roles, turns, hints), timings)


def _hear_transcript(source: Source, listening: Listening) -> Hearing:
    transcript = read_transcript(source.path)
    words, engines, language, labelled = _given(source, transcript, listening)
    duration = transcript.duration or max((utterance.end for utterance in words), default=0.0)
    if not words:
        raise RecordingError(
            RecordingErrorKind.NO_SPEECH, f"{source.path}: the transcript has no words; nothing to judge"
        )
    identity = _identity(listening.file_names.read(source.path), transcript)
    return Hearing(
        content_hash(source.path), str(source.path), duration, language, words, None, engines, identity, labelled
    )


def _given(
    source: Source, transcript: Transcript, listening: Listening
) -> tuple[tuple[Utterance, ...], Engines, str, bool]:
    """Utterances, engines, language and whether the labels are roles, as a transcript file says."""
    engines = Engines(f"transcript:{transcript.engine}" if transcript.engine else "transcript", "transcript")
    return (
        transcript.utterances,
        engines,
        _language_of(source, transcript, listening),
        labels_are_roles(transcript.utterances),
    )


def _language_of(source: Source, transcript: Transcript, listening: Listening) -> str:
    """The language the transcript file names, unless the user has named one; the expected one where it says nothing.

    Raises RecordingError for a language without rules.
    """
    said = transcript.language if listening.check_language else ""
    if said and said not in LANGUAGES:
        raise RecordingError(
            RecordingErrorKind.UNSUPPORTED,
            f"{source.transcript or source.path}: the transcript is in {said!r}; scorecards judge "
            f"{' and '.join(LANGUAGES)}. If that is wrong, say --language {listening.language}",
        )
    return said or listening.language


def _identity(named: CallIdentity, transcript: Transcript) -> CallIdentity:
    """Facts of the transcript's ``call`` object, completed by the file name's."""
    about = transcript.about
    direction = about.get("direction", "")
    return replace(
        named,
        manager=about.get("manager") or named.manager,
        customer=about.get("customer") or named.customer,
        started_at=_moment(about.get("started_at", "")) or named.started_at,
        direction=Direction(direction) if direction in set(Direction) else named.direction,
        call_id=about.get("id") or named.call_id,
        source="transcript" if about else named.source,
    )


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
