"""The embedded diarizer, any language: moonshine-voice's port of pyannote community-1, in the wheel, no download.

It listens to ten-second windows and compares the voices it heard. How often it opens a window decides both the cost
and whether two people are told apart. Measured on eleven mixes of real and made calls with 15 to 58 s of speech, as
CPU seconds of one core per second of speech, and as error (pyannote.metrics, 0.25 s either side of a border left out):

    ====  ==========  ================  ==================================================
    step  CPU         two told apart    error
    ====  ==========  ================  ==================================================
    1 s   1.4 - 2.6   5 of 5            0.00 to 0.04
    2 s   0.8 - 1.6   7 of 7            0.00 to 0.04, on no call worse than 1 s by over 0.024
    3 s   0.6 - 1.1   3 of 4            0.00; 0.46 where two came out as one
    5 s   0.5 - 0.6   1 of 4            0.00; 0.42 to 0.49 where two came out as one
    ====  ==========  ================  ==================================================

Four more mixes came out as one voice at every step tried (two of them at 1 s too). So 2 s is the finest step: 1 s costs
twice as much and told nobody apart whom 2 s did not. From 90 s of speech on it grows until `WINDOWS` are reached: real
calls of minutes came out as one voice with 9 to 22 windows and right with 30 to 45. One voice only, found with a coarse
step, is listened to again with half of it.
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
# Seconds between windows; the library's default is 1 s, which is no better than 2 s; above 5 s it loses voices.
SHORTEST_STEP, LONGEST_STEP = 2.0, 5.0
WORTH_IT = 0.75  # of a step; listening again with more than this of it finds nothing new
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
        finer = max(SHORTEST_STEP, round(step / 2, 1))
        if len({span.speaker for span in found}) < 2 and finer <= WORTH_IT * step:
            found = tidy_speaker_spans(_raw_spans(track, finer), spans)
        return found


def _raw_spans(track: SpeechTrack, step: float) -> Iterator[SpeakerSpan]:
    """What the library says, in seconds of the recording; its labels are numbered on from call to call."""
    library = MoonshineLibrary({**OPTIONS, "diarization_analyze_cadence": str(step)})
    for line in library.lines(track.samples):
        for span in line.speaker_spans or ():
            for place in track.locate(span.start_time, span.start_time + span.duration):
                yield SpeakerSpan(place.start, place.end, str(span.speaker_index))
