"""The words of a recording: each channel by itself where they differ, else the mix, told apart by the diarizer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeGuard

from qa_engine.audio.decoding import decode_blocks
from qa_engine.audio.frames import SAMPLE_RATE as ANALYSIS_RATE
from qa_engine.audio.loudness import Loudness, measure_loudness
from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation
from qa_engine.domain.hearing import Engines
from qa_engine.domain.spans import Span, total_duration
from qa_engine.domain.transcript import Utterance
from qa_engine.domain.waveform import Waveform
from qa_engine.errors import RecordingError, RecordingErrorKind, WeightsError
from qa_engine.speech.channel_parties import drop_bleed
from qa_engine.speech.clips import plan_clips
from qa_engine.speech.diarization_parts import diarize_in_parts
from qa_engine.speech.feeding import feed_clips
from qa_engine.speech.language_check import check_language
from qa_engine.speech.protocols import Diarizer, LanguageDetector, SpeechRequest, Transcriber
from qa_engine.speech.speakers import assign_speakers
from qa_engine.telephony.file_names import FileNames

__all__ = ["Ears", "Listening", "Recognised", "recognise"]

SPEECH_RATE = 16_000  # Hz; what every recogniser and diarizer here was trained on
BLOCK_SECONDS = 300.0  # sound held at once while recognising
GREETING_SECONDS = 30.0  # from the first word of a side: where it says who it is, and a second hearing is worth it
PLAINLY = 0.8  # probability of another language from which a call is refused; mixed calls stay below
JUDGED_LANGUAGES = ("en", "ru")  # those that scorecards judge


@dataclass(frozen=True, slots=True)
class Ears:
    """Where the speech engines come from; asked only when a recording needs one.

    `transcriber` takes a language and raises WeightsError (with the command that mends it) where none understands it.
    """

    transcriber: Callable[[str], Transcriber]
    diarizer: Callable[[], Diarizer]


@dataclass(frozen=True, slots=True)
class Listening:
    """How to listen: the language expected ("": whatever is heard) and whether it is checked; file names; hotwords."""

    language: str
    check_language: bool
    file_names: FileNames
    hotwords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was said (`utterances`), what the recogniser wrote and nobody said (`left_out`), in which language, by whom.

    Both are in time order.
    """

    utterances: tuple[Utterance, ...]
    left_out: tuple[Utterance, ...]
    engines: Engines
    language: str


@dataclass(frozen=True, slots=True)
class _Channel:
    """What is recognised in one channel (or the mix): its activity and the clips of speech in it."""

    activity: Activity
    clips: tuple[Span, ...]


def recognise(path: Path, events: AudioEvents, ears: Ears, listening: Listening) -> Recognised:
    """What is said in a recording, by speaker label in time order, and what made it.

    Raises RecordingError where nothing is said, or where no recogniser here understands the language.
    """
    channels = _channels(events)
    if not any(channel.clips for channel in channels):
        raise RecordingError(RecordingErrorKind.NO_SPEECH, f"{path}: {_nothing_said(events)}")
    try:
        return _recognise(path, channels, events, ears, listening)
    except WeightsError as error:  # also at the first use: a language it has not, a model that cannot be run
        raise RecordingError(RecordingErrorKind.NO_RECOGNISER, f"{path}: {error}") from error


def _recognise(
    path: Path, channels: tuple[_Channel, ...], events: AudioEvents, ears: Ears, listening: Listening
) -> Recognised:
    transcriber = ears.transcriber(listening.language)
    diarizer = None if events.relation is ChannelRelation.DISTINCT else ears.diarizer()
    loudest = max(channels, key=lambda channel: total_duration(channel.clips))
    listening = _settle_language(path, loudest, transcriber, listening)
    heard = {channel: _words_of(path, channel, transcriber, listening) for channel in channels}
    if listening.check_language and not _detects(transcriber):
        _check_language(path, loudest, heard[loudest], transcriber, listening)
    said = [one for utterances in heard.values() for one in utterances]
    believed, left_out = [one for one in said if not one.left_out], [one for one in said if one.left_out]
    if diarizer is None:
        labelled = [replace(one, speaker=f"channel {one.channel}") for one in believed]
        utterances, leaked = drop_bleed(labelled, events, lambda: _loudness(path))
        left_out += leaked
        engines = Engines(transcriber.name, "channels")
    else:
        speakers = diarize_in_parts(_blocks(path, channels[0]), channels[0].clips, diarizer)
        utterances = assign_speakers(believed, speakers)
        engines = Engines(transcriber.name, diarizer.name)
    return Recognised(_in_order(utterances), _in_order(left_out), engines, listening.language)


def _in_order(utterances: Iterable[Utterance]) -> tuple[Utterance, ...]:
    return tuple(sorted(utterances, key=lambda one: (one.start, one.end)))


def _loudness(path: Path) -> Loudness:
    return measure_loudness(decode_blocks(path, sample_rate=ANALYSIS_RATE))


def _channels(events: AudioEvents) -> tuple[_Channel, ...]:
    return tuple(
        _Channel(
            activity,
            plan_clips(activity.speech, _not_speech_on(activity.channel, events), duration=events.duration),
        )
        for activity in events.activity
    )


def _not_speech_on(channel: int | None, events: AudioEvents) -> tuple[Span, ...]:
    """Rings, tones, music and silence on one channel; all of them for the mix."""
    if channel is None:
        return events.not_speech
    rings = tuple(Span(ring.start, ring.end) for ring in events.ringbacks if ring.channel in (None, channel))
    return rings + tuple(sound.span for sound in events.sounds if sound.channel in (None, channel))


def _words_of(path: Path, channel: _Channel, transcriber: Transcriber, listening: Listening) -> tuple[Utterance, ...]:
    greeting = Span(channel.clips[0].start, channel.clips[0].start + GREETING_SECONDS) if channel.clips else None
    return tuple(
        replace(utterance, channel=channel.activity.channel)
        for waveform, clips in _stretches(path, channel)
        for utterance in transcriber.transcribe(waveform, _request(clips, listening, greeting))
    )


def _stretches(path: Path, channel: _Channel) -> Iterator[tuple[Waveform, tuple[Span, ...]]]:
    """The channel's sound in stretches with their clips; little more than one block is held."""
    return feed_clips(_blocks(path, channel), channel.clips)


def _blocks(path: Path, channel: _Channel) -> Iterator[Waveform]:
    """The channel's sound (or the mix) at the rate of the speech engines, from the beginning."""
    blocks = decode_blocks(path, sample_rate=SPEECH_RATE, block_seconds=BLOCK_SECONDS)
    return (_one_channel(block, channel.activity) for block in blocks)


def _request(clips: tuple[Span, ...], listening: Listening, greeting: Span | None = None) -> SpeechRequest:
    return SpeechRequest(clips, listening.language, listening.hotwords, greeting)


def _one_channel(waveform: Waveform, activity: Activity) -> Waveform:
    return waveform.mix() if activity.channel is None else waveform.channel(activity.channel)


def _detects(transcriber: Transcriber) -> TypeGuard[LanguageDetector]:
    """Whether it can tell languages apart."""
    return isinstance(transcriber, LanguageDetector) and transcriber.understands("")


def _settle_language(path: Path, channel: _Channel, transcriber: Transcriber, listening: Listening) -> Listening:
    """The listening with its language: the expected one, or where none is, what is heard.

    Raises RecordingError where another language than the expected one is plainly heard.
    """
    if not _detects(transcriber):
        known = next((code for code in JUDGED_LANGUAGES if transcriber.understands(code)), "")
        return listening if listening.language else replace(listening, language=known)
    if listening.language and not listening.check_language:
        return listening
    waveform, clips = next(_stretches(path, channel))
    guess = transcriber.detect_language(waveform, clips)
    if guess is None:
        return listening
    if not listening.language:
        return replace(listening, language=guess.language)
    if guess.language != listening.language and guess.probability >= PLAINLY:
        raise RecordingError(
            RecordingErrorKind.UNSUPPORTED,
            f"{path}: {guess.language!r} is spoken ({guess.probability:.0%} sure), and the scorecard is for "
            f"{listening.language!r}; use a scorecard for it, or say --language {listening.language} to score it all "
            f"the same",
        )
    return listening


def _check_language(
    path: Path, channel: _Channel, heard: tuple[Utterance, ...], transcriber: Transcriber, listening: Listening
) -> None:
    """Raises RecordingError where the words are not of the language the recogniser knows; the first stretch tells."""
    waveform, clips = next(_stretches(path, channel))
    here = tuple(utterance for utterance in heard if utterance.start < waveform.span.end)
    judged = check_language(transcriber, waveform, _request(clips, listening), here)
    if not judged.plausible:
        raise RecordingError(
            RecordingErrorKind.NO_RECOGNISER,
            f"{path}: the speech is not understood as {listening.language!r} ({judged.why}), and no recogniser for "
            f"another language is on this machine. Get one with `qa-engine models pull whisper:large-v3-turbo`, put a "
            f"transcript beside the recording, or say --language {listening.language} to score it all the same",
        )


def _nothing_said(events: AudioEvents) -> str:
    """What is in the recording instead of speech."""
    found = {"ringing"} if events.ringbacks else set()
    found |= {str(sound.kind) for sound in events.sounds}
    heard = f"only {' and '.join(sorted(found))}" if found else "no speech"
    return f"{heard} in {events.duration:.1f} s; nothing to judge. A missed call? Then leave it out of the folder"
