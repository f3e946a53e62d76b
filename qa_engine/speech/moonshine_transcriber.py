"""The embedded recogniser for English: Moonshine tiny, in the wheel, no download.

Its own voice activity detection is switched off: the speech map of the recording decides what is heard, which also
makes its text the same on every run. Clips longer than it hears well are cut where they are quietest. It gives no
probabilities, so each piece is heard two or three times, slightly changed, and the hearings are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Utterance
from qa_engine.domain.waveform import Waveform
from qa_engine.speech.clip_pieces import cut_at_quiet, voiced_spans
from qa_engine.speech.hearings import HeardWord, agree, is_same
from qa_engine.speech.loops import loop_free
from qa_engine.speech.moonshine_library import MODEL_NAME, SAMPLE_RATE, MoonshineLibrary, installed_version
from qa_engine.speech.phantoms import Evidence, sift_words
from qa_engine.speech.protocols import SpeechRequest
from qa_engine.speech.sampling import resample
from qa_engine.speech.word_times import spread_over_voice

__all__ = ["MoonshineTranscriber"]

OPTIONS = {
    "vad_threshold": "0",  # every clip is speech already
    "vad_max_segment_duration": "30",  # seconds; never cut again inside a piece
    "max_tokens_per_second": "6.5",  # the library's default; faster "speech" is a loop of repeated words
    "return_audio_data": "false",  # else every sample comes back as a Python float
}
LONGEST_PIECE = 14.0  # seconds; longer ones lose words, and times inside them are guesses over a longer stretch
LOUDEST = 0.9  # peak that a piece is brought to
SHIFT = 0.06  # seconds cut off or added at the start of the other hearings: under half the padding of a clip


class MoonshineTranscriber:
    """English words; word times are shared out over the voiced parts of a piece by letters (`interpolated`).

    `hearings` 1 to 3: how often a piece is heard at most. The third only happens where two differ. With 1 the words
    have no probability; with more it is the share of hearings that have the word (not a calibrated probability).
    """

    def __init__(self, *, hearings: int = 3) -> None:
        self._library = MoonshineLibrary(OPTIONS)
        self._hearings = hearings

    @property
    def name(self) -> str:
        """Engine, model, version."""
        return f"moonshine:{MODEL_NAME} {installed_version()}".rstrip()

    def understands(self, language: str) -> bool:
        """English only; it cannot detect a language."""
        return language == "en"

    def transcribe(self, waveform: Waveform, request: SpeechRequest) -> tuple[Utterance, ...]:
        """Utterances inside the request's spans; () without spans. Hotwords are not supported by this engine."""
        return tuple(utterance for span in request.spans for utterance in self._clip(waveform, span))

    def _clip(self, waveform: Waveform, span: Span) -> Iterator[Utterance]:
        clip = waveform.crop(span)
        samples = resample(clip, SAMPLE_RATE)
        for first, last in cut_at_quiet(samples, SAMPLE_RATE, longest=LONGEST_PIECE):
            yield from self._piece(samples[first:last], clip.start + first / SAMPLE_RATE, span.end)

    def _piece(self, samples: NDArray[np.float32], start: float, end: float) -> tuple[Utterance, ...]:
        heard = self._words(samples)
        if not heard:
            return ()
        places = [Span(start + span.start, min(start + span.end, end)) for span in voiced_spans(samples, SAMPLE_RATE)]
        words = spread_over_voice(" ".join(word.text for word in heard), places)
        chances = (word.probability if self._hearings > 1 else None for word in heard)
        timed = tuple(replace(word, probability=chance) for word, chance in zip(words, chances, strict=True))
        return sift_words(timed, Evidence(samples.size / SAMPLE_RATE))

    def _words(self, samples: NDArray[np.float32]) -> tuple[HeardWord, ...]:
        peak = float(np.max(np.abs(samples), initial=0.0))
        if peak == 0.0:
            return ()
        variants = _variants(samples * np.float32(LOUDEST / peak))
        texts = [self._text(next(variants)) for _ in range(min(2, self._hearings))]
        if len(texts) == 2 and self._hearings > 2 and not is_same(*texts):
            texts.append(self._text(next(variants)))
        return agree(texts)

    def _text(self, samples: NDArray[np.float32]) -> str:
        words = " ".join(line.text for line in self._library.lines(samples)).split()
        return " ".join(words[index] for index in loop_free(words))


def _variants(samples: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """The sound as it is, then begun a little later, then after a little silence and with a little after it."""
    shift = round(SHIFT * SAMPLE_RATE)
    silence = np.zeros(shift, dtype=np.float32)
    yield samples
    yield samples[shift:] if samples.size > 4 * shift else samples
    yield np.concatenate([silence, samples, silence])
