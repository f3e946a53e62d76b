"""The embedded diarizer, any language: moonshine-voice's port of pyannote community-1, in the wheel, no download.

It listens to ten-second windows and compares the voices it heard. How often it opens a window decides both the cost
(1.2 s of one core each) and whether two people are told apart: real calls came out as one voice with 9 to 22 windows,
and right with 30 to 45. So the step is chosen from the amount of speech; one voice only is listened to again.
"""

from __future__ import annotations

from collections.abc import Iterator

from qa_engine.domain.spans import Span
from qa_engine.domain.waveform import Waveform
from qa_engine.speech.moonshine_library import SAMPLE_RATE, MoonshineLibrary, installed_version
from qa_engine.speech.protocols import SpeakerSpan
from qa_engine.speech.speaker_spans import tidy_speaker_spans
from qa_engine.speech.speech_track import SpeechTrack, lay_track

__all__ = ["MoonshineDiarizer", "analysis_step"]

WINDOWS = 45  # windows wanted per recording (measured, see above)
SHORTEST_STEP, LONGEST_STEP = (
    1.0,
    5.0,
)  # seconds between windows; 1 s is the library's default, above 5 s it loses voices
MIN_SPEECH = 1.0  # seconds; below that there is nothing to compare
OPTIONS = {
    "identify_speakers": "true",
    "skip_transcription": "true",
    "vad_threshold": "0",  # the track is speech already; its own detection gives other borders on every run
    "vad_max_segment_duration": "36000",  # seconds; in one piece
    "return_audio_data": "false",
}


def analysis_step(seconds: float) -> float:
    """Seconds between analysis windows for that much speech, in tenths."""
    return round(min(LONGEST_STEP, max(SHORTEST_STEP, seconds / WINDOWS)), 1)


class MoonshineDiarizer:
    """Who speaks when in a mono recording; heard all at once, so that voices are compared over the whole call."""

    @property
    def name(self) -> str:
        """Engine, model, version."""
        return f"moonshine:community-1 {installed_version()}".rstrip()

    def diarize(self, waveform: Waveform, spans: tuple[Span, ...]) -> tuple[SpeakerSpan, ...]:
        """Speaker spans inside `spans`; one label for all of them where there is under a second of speech."""
        track = lay_track(waveform, spans, sample_rate=SAMPLE_RATE)
        if track.duration < MIN_SPEECH:
            return tidy_speaker_spans([SpeakerSpan(span.start, span.end, "only") for span in spans], spans)
        step = analysis_step(track.duration)
        found = tidy_speaker_spans(_raw_spans(track, step), spans)
        if len({span.speaker for span in found}) < 2 and step > SHORTEST_STEP:
            found = tidy_speaker_spans(_raw_spans(track, max(SHORTEST_STEP, round(step / 2, 1))), spans)
        return found


def _raw_spans(track: SpeechTrack, step: float) -> Iterator[SpeakerSpan]:
    """What the library says, in seconds of the recording; its labels are numbered on from call to call."""
    library = MoonshineLibrary({**OPTIONS, "diarization_analyze_cadence": str(step)})
    for line in library.lines(track.samples):
        for span in line.speaker_spans or ():
            for place in track.locate(span.start_time, span.start_time + span.duration):
                yield SpeakerSpan(place.start, place.end, str(span.speaker_index))
