"""The words of a recording: each channel by itself where they differ, else the mix, told apart by the diarizer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from qa_engine.audio.decoding import decode_blocks
from qa_engine.domain.audio_event import Activity, AudioEvents, ChannelRelation
from qa_engine.domain.hearing import Engines
from qa_engine.domain.spans import Span, total_duration
from qa_engine.domain.transcript import Utterance
from qa_engine.domain.waveform import Waveform
from qa_engine.errors import RecordingError, RecordingErrorKind, WeightsError
from qa_engine.speech.clips import plan_clips
from qa_engine.speech.diarization_parts import diarize_in_parts
from qa_engine.speech.feeding import feed_clips
from qa_engine.speech.language_check import check_language
from qa_engine.speech.protocols import Diarizer, SpeechRequest, Transcriber
from qa_engine.speech.speakers import assign_speakers
from qa_engine.telephony.file_names import FileNames

__all__ = ["Ears", "Listening", "recognise"]

SPEECH_RATE = 16_000  # Hz; what every recogniser and diarizer here was trained on
BLOCK_SECONDS = 300.0  # sound held at once while recognising


@dataclass(frozen=True, slots=True)
class Ears:
    """Where the speech engines come from; asked only when a recording needs one.

    `transcriber` takes a language and raises WeightsError (with the command that mends it) where none understands it.
    """

    transcriber: Callable[[str], Transcriber]
    diarizer: Callable[[], Diarizer]


@dataclass(frozen=True, slots=True)
class Listening:
    """How to listen: the language expected, whether the words are checked for being of it, the file-name convention."""

    language: str
    check_language: bool
    file_names: FileNames
    hotwords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Channel:
    """What is recognised in one channel (or the mix): its activity and the clips of speech in it."""

    activity: Activity
    clips: tuple[Span, ...]


def recognise(
    path: Path, events: AudioEvents, ears: Ears, listening: Listening
) -> tuple[tuple[Utterance, ...], Engines]:
    """Utterances by speaker label, in time order, and what made them.

    Raises RecordingError where nothing is said, or where no recogniser here understands the language.
    """
    channels = _channels(events)
    if not any(channel.clips for channel in channels):
        raise RecordingError(RecordingErrorKind.NO_SPEECH, f"{path}: {_nothing_said(events)}")
    try:
        transcriber = ears.transcriber(listening.language)
    except WeightsError as error:
        raise RecordingError(RecordingErrorKind.NO_RECOGNISER, f"{path}: {error}") from error
    distinct = events.relation is ChannelRelation.DISTINCT
    try:
        diarizer = None if distinct else ears.diarizer()
    except WeightsError as error:
        raise RecordingError(RecordingErrorKind.NO_RECOGNISER, f"{path}: {error}") from error
    heard = {channel: _words_of(path, channel, transcriber, listening) for channel in channels}
    if listening.check_language:
        loudest = max(heard, key=lambda channel: total_duration(channel.clips))
        _check_language(path, loudest, heard[loudest], transcriber, listening)
    if diarizer is None:
        labelled = (
            replace(utterance, speaker=f"channel {channel.activity.channel}")
            for channel, utterances in heard.items()
            for utterance in utterances
        )
        ordered = sorted(labelled, key=lambda utterance: (utterance.start, utterance.end))
        return tuple(ordered), Engines(transcriber.name, "channels")
    ((channel, utterances),) = heard.items()
    speakers = diarize_in_parts(_blocks(path, channel), channel.clips, diarizer)
    return assign_speakers(utterances, speakers), Engines(transcriber.name, diarizer.name)


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
    return tuple(
        replace(utterance, channel=channel.activity.channel)
        for waveform, clips in _stretches(path, channel)
        for utterance in transcriber.transcribe(waveform, _request(clips, listening))
    )


def _stretches(path: Path, channel: _Channel) -> Iterator[tuple[Waveform, tuple[Span, ...]]]:
    """The channel's sound in stretches with their clips; little more than one block is held."""
    return feed_clips(_blocks(path, channel), channel.clips)


def _blocks(path: Path, channel: _Channel) -> Iterator[Waveform]:
    """The channel's sound (or the mix) at the rate of the speech engines, from the beginning."""
    blocks = decode_blocks(path, sample_rate=SPEECH_RATE, block_seconds=BLOCK_SECONDS)
    return (_one_channel(block, channel.activity) for block in blocks)


def _request(clips: tuple[Span, ...], listening: Listening) -> SpeechRequest:
    return SpeechRequest(clips, listening.language, listening.hotwords)


def _one_channel(waveform: Waveform, activity: Activity) -> Waveform:
    return waveform.mix() if activity.channel is None else waveform.channel(activity.channel)


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
