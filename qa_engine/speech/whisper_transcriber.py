"""The main recogniser: Whisper by faster-whisper, from a folder on this machine; it never asks a hub for anything.

Every clip of speech is decoded once and by itself, by faster-whisper's batched decoder: nothing outside the clips is
heard, none is decoded a second time for a remainder of it (the sequential decoder does that, and invents words there).

The same sound gives the same bytes on the same machine with the same settings, whatever the number of threads:
temperature 0 without fallback, a fixed beam, nothing carried over from clip to clip, batches made up by order alone.
What may still differ, in the last digits of probabilities and seldom in a word: another device or compute type, a CPU
with other instructions (ctranslate2 chooses its kernels by them), another version of ctranslate2, another batch size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Utterance
from qa_engine.domain.waveform import Waveform
from qa_engine.errors import WeightsError
from qa_engine.speech.clip_pieces import cut_clips
from qa_engine.speech.machine_fit import MachineFit, fit_machine
from qa_engine.speech.model_cards import read_card
from qa_engine.speech.phantoms import mean_probability, sift_words
from qa_engine.speech.protocols import LanguageGuess, SpeechRequest
from qa_engine.speech.weights import missing_files
from qa_engine.speech.whisper_clips import HeardClip, Sheet, batches, heard_clips, lay_out
from qa_engine.speech.whisper_model import fit_hotwords, hotword_prompt, languages_of, open_whisper

__all__ = ["WhisperTranscriber"]

NUM_TIMESTAMPS = 1501  # tokens <|0.00|> .. <|30.00|>; openai/whisper tokenizer.py
DECODING: dict[str, Any] = {
    "task": "transcribe",
    "beam_size": 5,
    "temperature": 0.0,  # one, so no random fallback
    "condition_on_previous_text": False,
    "vad_filter": False,
    "without_timestamps": True,  # word times come from the attention; its own marks could end a clip before its end
}
# Heard again: twice as wide, and the search goes on as long again (patience, Kasai et al. 2022, arXiv 2204.05424).
SECOND_DECODING: dict[str, Any] = {**DECODING, "beam_size": 10, "patience": 2.0}
DOUBT_BELOW = 0.6  # mean probability of a clip's words; our choice: clear telephone speech has 0.8 and more
KEPT_LETTERS = 0.8  # of the first hearing's letters that the second must have: dropping a hard name is not better
LANGUAGE_CLIPS = 3  # the longest ones tell the language


class WhisperTranscriber:
    """Words with times and probabilities. `folder` holds the CTranslate2 files; they are checked now, loaded later.

    `fit` is how to run on this machine, by default what `fit_machine` chooses. Raises WeightsError.
    """

    def __init__(self, folder: Path, *, fit: MachineFit | None = None) -> None:
        missing = missing_files(folder)
        if missing:
            raise WeightsError(
                f"{folder}: not a faster-whisper model, missing {', '.join(missing)}; run: qa-engine models pull "
                f"whisper:small, or copy the files there"
            )
        self._folder = folder
        self._fit = fit
        self._loaded: Any = None
        self._gives_times = True

    @property
    def name(self) -> str:
        """Engine, model folder, version, and the compute type where it was given: words depend on it."""
        name = f"whisper:{self._folder.name}"
        try:
            name = f"{name} faster-whisper {version('faster-whisper')}"
        except PackageNotFoundError:
            return name
        return f"{name} {self._fit.compute_type}" if self._fit else name

    def understands(self, language: str) -> bool:
        """Whether the model has the language; "" (detect) where it has more than one."""
        known = languages_of(self._folder)
        return language in known if language else len(known) > 1

    def transcribe(self, waveform: Waveform, request: SpeechRequest) -> tuple[Utterance, ...]:
        """Utterances inside the request's spans, at least one per clip with words in it; () without spans.

        Clips that begin in `request.greeting` and come out in doubt are heard again, the more probable words stay.
        Raises WeightsError for a model that cannot be loaded or has not the language.
        """
        if not request.spans:
            return ()
        short = self._short_enough(waveform, request)
        known = replace(short, language=self._language(waveform, short))  # one for all clips, also heard again
        heard = self._hear(waveform, known, self._fitted.batch_size, DECODING)
        return tuple(utterance for clip in heard for utterance in _sifted(self._better(clip, waveform, known), known))

    def detect_language(self, waveform: Waveform, spans: tuple[Span, ...]) -> LanguageGuess | None:
        """The language of the longest clips, by the mean of their probabilities; None without speech.

        None too for a model of one language: it cannot tell. Raises WeightsError for a model that fails.
        """
        longest = sorted(spans, key=lambda span: (-span.duration, span.start))[:LANGUAGE_CLIPS]
        sheet = lay_out(waveform, longest)
        if not sheet.slots or not self.understands(""):
            return None
        shares: defaultdict[str, float] = defaultdict(float)
        for slot in sheet.slots:
            try:
                _, _, probabilities = self._model.detect_language(audio=sheet.sound(slot))
            except RuntimeError as error:  # as while decoding: no memory, a driver that does not fit
                raise self._failed(error) from error
            for language, probability in probabilities:
                shares[language] += probability / len(sheet.slots)
        best = max(sorted(shares), key=lambda language: shares[language])
        return LanguageGuess(best, round(min(shares[best], 1.0), 4))

    def _prompt(self, request: SpeechRequest) -> str | None:
        """The hotwords as a prompt, None without any and for a model that its card says they do not help."""
        if not read_card(self._folder).hotwords:
            return None
        return hotword_prompt(fit_hotwords(request.hotwords, self._model.hf_tokenizer)) or None

    def _short_enough(self, waveform: Waveform, request: SpeechRequest) -> SpeechRequest:
        """The request with clips no longer than the model's card says it hears well."""
        longest = read_card(self._folder).longest_clip
        return replace(request, spans=cut_clips(waveform, request.spans, longest=longest)) if longest else request

    def _better(self, clip: HeardClip, waveform: Waveform, request: SpeechRequest) -> HeardClip:
        """The clip as heard, or as heard again where that is worth it and more probable."""
        if request.greeting is None or not request.greeting.contains(clip.clip.start) or not _is_in_doubt(clip):
            return clip
        alone = replace(request, spans=(clip.clip,))
        again = next(self._hear(waveform, alone, 1, SECOND_DECODING), clip)
        return again if _is_better(again, clip) else clip

    def _hear(
        self, waveform: Waveform, request: SpeechRequest, batch_size: int, decoding: dict[str, Any]
    ) -> Iterator[HeardClip]:
        if not request.spans:
            return
        options = {
            **decoding,
            "language": self._language(waveform, request),
            "hotwords": self._prompt(request),
            "batch_size": batch_size,
            "suppress_tokens": self._suppressed,
        }
        for spans in batches(request.spans, batch_size):
            sheet = lay_out(waveform, spans)
            if sheet.slots:
                segments = self._decode(sheet, options)
                yield from heard_clips(segments, sheet, self._model.frames_per_second)

    def _decode(self, sheet: Sheet, options: dict[str, Any]) -> list[Any]:
        """faster-whisper's segments; without word times from a model that has no alignment heads."""
        from faster_whisper import BatchedInferencePipeline

        pipeline = BatchedInferencePipeline(self._model)
        for timed in (True, False) if self._gives_times else (False,):
            more = {"clip_timestamps": sheet.clip_timestamps, "word_timestamps": timed}
            try:
                return list(pipeline.transcribe(sheet.samples, **options, **more)[0])
            except RuntimeError as error:
                if not timed or "alignment" not in str(error).lower():
                    raise self._failed(error) from error
                self._gives_times = False
        return []

    def _failed(self, error: RuntimeError) -> WeightsError:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        smaller = (
            "set a smaller batch_size or take a smaller model" if "memory" in told.lower() else "set device to cpu"
        )
        return WeightsError(f"{self._folder}: the model fails while decoding ({told}); {smaller}, or copy it anew")

    def _language(self, waveform: Waveform, request: SpeechRequest) -> str:
        if request.language and self.understands(request.language):
            return request.language
        if request.language:
            known = sorted(languages_of(self._folder))
            raise WeightsError(
                f"{self._folder}: the model has not the language {request.language!r}, only "
                f"{', '.join(known[:5])}{' ...' if len(known) > 5 else ''}; get one of many languages with "
                f"`qa-engine models pull whisper:large-v3-turbo`"
            )
        guess = self.detect_language(waveform, request.spans)
        return guess.language if guess else min(languages_of(self._folder))

    @property
    def _suppressed(self) -> list[int]:
        """Whisper's own list (-1) and its time marks: a clip is one segment."""
        first = self._model.hf_tokenizer.token_to_id("<|notimestamps|>") + 1
        return [-1, *range(first, first + NUM_TIMESTAMPS)]

    @property
    def _fitted(self) -> MachineFit:
        if self._fit is None:
            self._fit = fit_machine()
        return self._fit

    @property
    def _model(self) -> Any:
        if self._loaded is None:
            self._loaded = open_whisper(self._folder, self._fitted)
        return self._loaded


def _sifted(heard: HeardClip, request: SpeechRequest) -> tuple[Utterance, ...]:
    return sift_words(heard.words, heard.evidence, hotwords=request.hotwords)


def _is_in_doubt(heard: HeardClip) -> bool:
    probability = mean_probability(heard.words)
    return probability is None or probability < DOUBT_BELOW


def _is_better(again: HeardClip, first: HeardClip) -> bool:
    """Whether the second hearing is surer of its words, without having left many out."""
    before, after = mean_probability(first.words), mean_probability(again.words)
    if after is None:
        return False
    return before is None or (after > before and _letters(again) >= KEPT_LETTERS * _letters(first))


def _letters(heard: HeardClip) -> int:
    return sum(len(word.text) for word in heard.words)
