"""Settings become real objects: the only place that chooses implementations."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from qa_engine.domain.hearing import Hearing
from qa_engine.domain.scorecard import Scorecard
from qa_engine.errors import SettingsError, WeightsError
from qa_engine.pipeline import Source, content_hash, hear
from qa_engine.recognition import Ears, Listening
from qa_engine.settings import Settings
from qa_engine.speech.protocols import Diarizer, Transcriber
from qa_engine.speech.pyannote_diarizer import is_pyannote_installed, missing_pyannote_files
from qa_engine.speech.weights import Weights, find_weights, find_whisper, list_weights
from qa_engine.telephony.file_names import file_names

__all__ = [
    "Hearer",
    "choose_diarizer",
    "choose_transcriber",
    "listening_key",
    "make_diarizer",
    "make_hearer",
    "make_transcriber",
    "quiet_libraries",
    "reading_key",
    "with_jobs",
]

DIARIZERS = ("auto", "moonshine", "pyannote", "channels")
MODEL_KINDS = ("whisper", "onnx")  # transcribers whose weights lie under the models folder
MODEL_PREFIXES = tuple(f"{kind}:" for kind in MODEL_KINDS)
# Russian on the phone, best first by the makers' tables (GigaAM evaluation.md, call centre: 9.5 and 10.3 % words wrong,
# T-one with a language model 13.5 %, Whisper large-v3 23.1 %; T-one's own README: T-one 8.6 %, GigaAM v2 10.2 %,
# Whisper large-v3 19.4 %). The "e2e" ones write numbers as digits and punctuation.
RUSSIAN_FIRST = tuple(
    f"onnx:{name}" for name in ("gigaam-v3-rnnt", "gigaam-v3-ctc", "gigaam-v3-e2e-rnnt", "gigaam-v3-e2e-ctc", "t-one")
)
PREFERRED = {"ru": RUSSIAN_FIRST}
EMBEDDED_LANGUAGES = frozenset({"en"})  # what moonshine's model inside its wheel knows
PROCESSES_ON_A_CARD = 2  # one decodes and analyses sound while the other's model computes
LANGUAGE_NAMES = {"ru": "Russian", "en": "English"}


def quiet_libraries() -> None:
    """Switch off telemetry and network use of every library, before any of them is imported."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("PYANNOTE_METRICS_ENABLED", "0")
    os.environ.setdefault("DO_NOT_TRACK", "1")


def choose_transcriber(settings: Settings, language: str, recording: Path | None = None) -> str:
    """The engine that would hear this language ("": any): ``moonshine``, ``whisper:<name>`` or ``onnx:<name>``.

    A model made for certain recordings only (its card says which) is chosen by itself for those alone, and only where
    there is no other. Raises WeightsError with the command that gets one, SettingsError for an unknown engine name.
    """
    wanted = settings.transcriber
    if wanted == "moonshine":
        if language and language not in EMBEDDED_LANGUAGES:
            raise WeightsError(_missing(language, "the embedded recogniser (moonshine) knows English only"))
        return wanted
    if wanted.startswith(MODEL_PREFIXES):
        return wanted
    if wanted != "auto":
        raise SettingsError(_unknown_transcriber(wanted))
    models = [found for kind in MODEL_KINDS for found in list_weights(Path(settings.models), kind)]
    usable = [found for found in models if found.ready and _has_language(found, language)]
    best = max(
        (found for found in usable if not found.only_for), key=lambda found: _rank(found, language), default=None
    )
    if best is not None:
        return best.name
    if language in EMBEDDED_LANGUAGES:
        return "moonshine"
    restricted = [found for found in models if found.ready and found.only_for]
    mine = next((found for found in restricted if _is_made_for(found, recording)), None)
    if mine is not None and (not language or _has_language(mine, language)):
        return mine.name
    if not language:
        return "moonshine"
    raise WeightsError(_missing(language, "the embedded one knows English only"))


def _has_language(found: Weights, language: str) -> bool:
    """Whether a model has a language; where any will do, whether it can tell languages apart."""
    if language:
        return language in found.languages or not found.languages
    return found.kind == "whisper" and len(found.languages) != 1


def _rank(found: Weights, language: str) -> tuple[int, bool, int, str]:
    """The best has the highest: the models made for the language (`PREFERRED`), then the largest Whisper."""
    preferred = PREFERRED.get(language, ())
    place = len(preferred) - preferred.index(found.name) if found.name in preferred else 0
    return (place, found.kind == "whisper", found.size, found.name)


def _is_made_for(found: Weights, recording: Path | None) -> bool:
    return recording is not None and recording.is_file() and content_hash(recording) in found.only_for


def _unknown_transcriber(wanted: str) -> str:
    return f"--transcriber {wanted!r} is not known; use auto, moonshine, whisper:NAME-or-FOLDER or onnx:NAME-or-FOLDER"


def _missing(language: str, why: str) -> str:
    name = LANGUAGE_NAMES.get(language, language or "this language")
    best = PREFERRED.get(language, ("whisper:large-v3-turbo",))[0]
    return (
        f"no recogniser for {name} on this machine ({why}). Get one with "
        f"`qa-engine models pull {best}`, or put a transcript beside the recording (.json, .srt, .vtt)"
    )


@lru_cache(maxsize=2)
def make_transcriber(engine: str, settings: Settings) -> Transcriber:
    """The engine named by `choose_transcriber`, loaded once per process."""
    if engine == "moonshine":
        from qa_engine.speech.moonshine_transcriber import MoonshineTranscriber

        return MoonshineTranscriber()
    models = Path(settings.models)
    if engine.startswith("onnx:"):
        from qa_engine.speech.onnx_transcriber import OnnxTranscriber

        return OnnxTranscriber(find_weights(engine, models))
    from qa_engine.speech.machine_fit import fit_machine
    from qa_engine.speech.whisper_transcriber import WhisperTranscriber

    fit = fit_machine(
        device=settings.device,
        compute_type=settings.compute_type,
        batch_size=settings.batch_size,
        processes=settings.jobs or 1,
    )
    return WhisperTranscriber(find_whisper(engine, models), fit=fit)


def choose_diarizer(settings: Settings) -> str:
    """``pyannote`` where it was asked for or is ready, else ``moonshine`` (for `channels` too: mono has one)."""
    if settings.diarizer != "auto":
        return "pyannote" if settings.diarizer == "pyannote" else "moonshine"
    ready = is_pyannote_installed() and not missing_pyannote_files(_pyannote_folder(settings.models))
    return "pyannote" if ready else "moonshine"


def _pyannote_folder(models: str) -> Path:
    return Path(models) / "pyannote"


@lru_cache(maxsize=2)
def make_diarizer(chosen: str, models: str) -> Diarizer:
    """The diarizer of `choose_diarizer`, loaded once per process; raises WeightsError where it is not installed."""
    if chosen == "pyannote":
        from qa_engine.speech.pyannote_diarizer import PyannoteDiarizer

        return PyannoteDiarizer(_pyannote_folder(models))
    from qa_engine.speech.moonshine_diarizer import MoonshineDiarizer

    return MoonshineDiarizer()


@dataclass(frozen=True, slots=True)
class Hearer:
    """Hears sources with the engines of the settings; picklable, so that worker processes can be handed one.

    `language` is the scorecard's ("": whatever is heard), `check_language` whether words are checked for being of it.
    """

    settings: Settings
    language: str
    check_language: bool
    hotwords: tuple[str, ...] = ()

    def __call__(self, source: Source) -> Hearing:
        """The hearing of one source; raises RecordingError."""
        quiet_libraries()
        ears = Ears(
            transcriber=lambda language: make_transcriber(
                choose_transcriber(self.settings, language, source.recording), self.settings
            ),
            diarizer=lambda: make_diarizer(choose_diarizer(self.settings), self.settings.models),
        )
        names = file_names(self.settings.file_names)
        return hear(source, ears, Listening(self.language, self.check_language, names, self.hotwords))


def make_hearer(settings: Settings, scorecard: Scorecard | None) -> Hearer:
    """The hearer for a scorecard's calls; an explicit `settings.language` is believed and not checked."""
    language = settings.language or (scorecard.language if scorecard else "")
    hotwords: tuple[str, ...] = ()
    if scorecard is not None:
        company = scorecard.company
        hotwords = (company.name, *(person.name for person in scorecard.managers), *company.also)
    file_names(settings.file_names)  # a broken expression is told before anything is heard
    if settings.diarizer not in DIARIZERS:
        raise SettingsError(f"--diarizer {settings.diarizer!r} is not known; use one of {', '.join(DIARIZERS)}")
    if settings.transcriber not in ("auto", "moonshine") and not settings.transcriber.startswith(MODEL_PREFIXES):
        raise SettingsError(_unknown_transcriber(settings.transcriber))
    if settings.transcriber.startswith(MODEL_PREFIXES):
        make_transcriber(settings.transcriber, settings)  # asked for by name: what is missing is told before the day
    if settings.diarizer == "pyannote":
        make_diarizer("pyannote", settings.models)  # asked for by name: what is missing is told before the day begins
    return Hearer(settings, language, not settings.language, hotwords)


def with_jobs(hearer: Hearer) -> Hearer:
    """The hearer with how many recordings are heard at once: as set, else one per core; two where Whisper has a card.

    Each process loads a model of its own, so more would fill the card.
    """
    from qa_engine.speech.machine_fit import fit_machine, usable_cores

    settings = hearer.settings
    try:
        engine = choose_transcriber(settings, hearer.language)
        on_card = engine.startswith("whisper:") and fit_machine(device=settings.device).device == "cuda"
    except WeightsError:
        on_card = False
    jobs = settings.jobs or (PROCESSES_ON_A_CARD if on_card else usable_cores())
    return replace(hearer, settings=settings.override(jobs=jobs))


def listening_key(hearer: Hearer) -> str:
    """What a kept hearing depends on besides the content of its files: engines and language."""
    settings = hearer.settings
    try:
        engine = choose_transcriber(settings, hearer.language)
    except WeightsError:
        engine = "none"
    computed = "" if settings.compute_type == "auto" else f" {settings.compute_type}"
    checked = "checked" if hearer.check_language else "believed"
    return f"{engine}{computed} | {choose_diarizer(settings)} | {hearer.language} {checked}"


def reading_key(hearer: Hearer) -> str:
    """What the words and the identity of a transcript file depend on besides its content."""
    checked = "expected" if hearer.check_language else "believed"
    return f"{hearer.language} {checked} | {hearer.settings.file_names}"
