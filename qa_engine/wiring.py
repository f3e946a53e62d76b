"""Settings become real objects: the only place that chooses implementations."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from qa_engine.domain.hearing import Hearing
from qa_engine.domain.scorecard import Scorecard
from qa_engine.errors import SettingsError, WeightsError
from qa_engine.pipeline import Source, hear
from qa_engine.recognition import Ears, Listening
from qa_engine.settings import Settings
from qa_engine.speech.protocols import Diarizer, Transcriber
from qa_engine.speech.weights import find_whisper, list_weights
from qa_engine.telephony.file_names import file_names

__all__ = ["Hearer", "choose_transcriber", "listening_key", "make_hearer", "quiet_libraries", "reading_key"]

DIARIZERS = ("auto", "moonshine", "pyannote", "channels")
EMBEDDED_LANGUAGES = frozenset({"en"})  # what moonshine's model inside its wheel knows
LANGUAGE_NAMES = {"ru": "Russian", "en": "English"}


def quiet_libraries() -> None:
    """Switch off telemetry and network use of every library, before any of them is imported."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("PYANNOTE_METRICS_ENABLED", "0")
    os.environ.setdefault("DO_NOT_TRACK", "1")


def choose_transcriber(settings: Settings, language: str) -> str:
    """The engine that would hear this language: ``moonshine`` or ``whisper:<name>``.

    Raises WeightsError with the command that gets one, SettingsError for an unknown engine name.
    """
    wanted = settings.transcriber
    if wanted == "moonshine":
        if language and language not in EMBEDDED_LANGUAGES:
            raise WeightsError(_missing(language, "the embedded recogniser (moonshine) knows English only"))
        return wanted
    if wanted.startswith("whisper:"):
        return wanted
    if wanted != "auto":
        raise SettingsError(_unknown_transcriber(wanted))
    english_only = ".en"  # how the makers of Whisper name such models
    whispers = [
        found
        for found in list_weights(Path(settings.models))
        if found.ready and (language == "en" or not found.name.endswith(english_only))
    ]
    if whispers:
        return max(whispers, key=lambda found: (found.size, found.name)).name
    if language in EMBEDDED_LANGUAGES:
        return "moonshine"
    raise WeightsError(_missing(language, "the embedded one knows English only"))


def _unknown_transcriber(wanted: str) -> str:
    return f"--transcriber {wanted!r} is not known; use auto, moonshine or whisper:NAME-or-FOLDER"


def _missing(language: str, why: str) -> str:
    name = LANGUAGE_NAMES.get(language, language or "this language")
    return (
        f"no recogniser for {name} on this machine ({why}). Get one with "
        "`qa-engine models pull whisper:large-v3-turbo`, or put a transcript beside the recording (.json, .srt, .vtt)"
    )


@lru_cache(maxsize=2)
def make_transcriber(engine: str, models: str) -> Transcriber:
    """The engine named by `choose_transcriber`, loaded once per process."""
    if engine == "moonshine":
        from qa_engine.speech.moonshine_transcriber import MoonshineTranscriber

        return MoonshineTranscriber()
    from qa_engine.speech.whisper_transcriber import WhisperTranscriber

    return WhisperTranscriber(find_whisper(engine, Path(models)))


@lru_cache(maxsize=2)
def make_diarizer(setting: str, models: str) -> Diarizer:
    """The diarizer for mono recordings; raises WeightsError where it is not installed."""
    if setting == "pyannote":
        from qa_engine.speech.pyannote_diarizer import PyannoteDiarizer

        return PyannoteDiarizer(Path(models) / "pyannote")
    from qa_engine.speech.moonshine_diarizer import MoonshineDiarizer

    return MoonshineDiarizer()  # for `channels` too: that needs two, and a mono recording has one


@dataclass(frozen=True, slots=True)
class Hearer:
    """Hears sources with the engines of the settings; picklable, so that worker processes can be handed one.

    `language` is the scorecard's, `check_language` whether words are checked for being of it.
    """

    settings: Settings
    language: str
    check_language: bool
    hotwords: tuple[str, ...] = ()

    def __call__(self, source: Source) -> Hearing:
        """The hearing of one source; raises RecordingError."""
        quiet_libraries()
        models = self.settings.models
        ears = Ears(
            transcriber=lambda language: make_transcriber(choose_transcriber(self.settings, language), models),
            diarizer=lambda: make_diarizer(self.settings.diarizer, models),
        )
        names = file_names(self.settings.file_names)
        return hear(source, ears, Listening(self.language, self.check_language, names, self.hotwords))


def make_hearer(settings: Settings, scorecard: Scorecard | None) -> Hearer:
    """The hearer for a scorecard's calls; an explicit `settings.language` is believed and not checked."""
    language = settings.language or (scorecard.language if scorecard else "en")
    hotwords: tuple[str, ...] = ()
    if scorecard is not None:
        hotwords = (scorecard.company.name, *(person.name for person in scorecard.managers))
    file_names(settings.file_names)  # a broken expression is told before anything is heard
    if settings.diarizer not in DIARIZERS:
        raise SettingsError(f"--diarizer {settings.diarizer!r} is not known; use one of {', '.join(DIARIZERS)}")
    if settings.transcriber not in ("auto", "moonshine") and not settings.transcriber.startswith("whisper:"):
        raise SettingsError(_unknown_transcriber(settings.transcriber))
    if settings.diarizer == "pyannote":
        make_diarizer("pyannote", settings.models)  # asked for by name: what is missing is told before the day begins
    return Hearer(settings, language, not settings.language, hotwords)


def listening_key(hearer: Hearer) -> str:
    """What a kept hearing depends on besides the content of its files: engines and language."""
    try:
        engine = choose_transcriber(hearer.settings, hearer.language)
    except WeightsError:
        engine = "none"
    checked = "checked" if hearer.check_language else "believed"
    return f"{engine} | {hearer.settings.diarizer} | {hearer.language} {checked}"


def reading_key(hearer: Hearer) -> str:
    """What the words and the identity of a transcript file depend on besides its content."""
    checked = "expected" if hearer.check_language else "believed"
    return f"{hearer.language} {checked} | {hearer.settings.file_names}"
