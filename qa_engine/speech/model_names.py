"""The models that can be had by name: where each is published, which files it needs, its size, its licence.

Revisions are commits, so that the same name gives the same bytes tomorrow; checksums are asked for at the pull and kept
beside the files. Repositories: Whisper as faster-whisper 1.2.1 maps them (faster_whisper/utils.py), ONNX as onnx-asr
maps them (onnx_asr/resolver.py), pyannote its own.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KNOWN_MODELS", "PYANNOTE_FILES", "WHISPER_FILES", "KnownModel", "bare_name", "find_known", "kind_of"]

KINDS = ("whisper", "onnx", "pyannote")
# "a|b": either will do, the first is taken where both are published
WHISPER_FILES = ("model.bin", "config.json", "tokenizer.json", "vocabulary.json|vocabulary.txt")
PYANNOTE_FILES = (
    "segmentation/pytorch_model.bin",
    "embedding/pytorch_model.bin",
    "plda/plda.npz",
    "plda/xvec_transform.npz",  # without the plda files the library goes to the hub
    "config.yaml",
)
# nvidia/parakeet-tdt-0.6b-v3, its model card
PARAKEET_LANGUAGES = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hr", "hu", "it"),
    *("lt", "lv", "mt", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "uk"),
)


@dataclass(frozen=True, slots=True)
class KnownModel:
    """One row. `name` as typed; `languages` () means any; `megabytes` (10^6) is what the download takes, about."""

    name: str
    languages: tuple[str, ...]
    repository: str
    revision: str
    files: tuple[str, ...]
    megabytes: int
    licence: str
    optional: tuple[str, ...] = ()
    gated: bool = False  # the hub wants an account that has accepted the terms

    @property
    def kind(self) -> str:
        """The engine: whisper, onnx or pyannote."""
        return self.name.partition(":")[0]

    @property
    def folder(self) -> str:
        """Its folder under the models folder."""
        return "pyannote" if self.kind == "pyannote" else bare_name(self.name)


def _whisper(name: str, repository: str, revision: str, megabytes: int) -> KnownModel:
    languages = ("en",) if name.endswith(".en") else ()
    mel_128 = ("preprocessor_config.json",)  # large-v3 and turbo hear 128 bands; without the file 80 are taken
    needed = WHISPER_FILES + (mel_128 if "v3" in name else ())
    optional = () if "v3" in name else mel_128
    return KnownModel(f"whisper:{name}", languages, repository, revision, needed, megabytes, "MIT", optional)


def _gigaam(name: str, parts: tuple[str, ...], vocabulary: str) -> KnownModel:
    stem = "v3_" + name.replace("-", "_")
    models = tuple(f"{stem}{part}.int8.onnx|{stem}{part}.onnx" for part in parts)
    revision = "322c3b29492673eb7d0b434bfa9dfb8653e34d02"
    files = (*models, vocabulary, "config.json")
    return KnownModel(f"onnx:gigaam-v3-{name}", ("ru",), "istupakov/gigaam-v3-onnx", revision, files, 226, "MIT")


# mobiuslabsgmbh/... in faster-whisper's table: the hub sends that name on to this one
TURBO = "dropbox-dash/faster-whisper-large-v3-turbo"
TRANSDUCER = ("_encoder", "_decoder", "_joint")
KNOWN_MODELS = (
    _whisper("tiny", "Systran/faster-whisper-tiny", "d90ca5fe260221311c53c58e660288d3deb8d356", 78),
    _whisper("base", "Systran/faster-whisper-base", "ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66", 148),
    _whisper("small", "Systran/faster-whisper-small", "536b0662742c02347bc0e980a01041f333bce120", 486),
    _whisper("medium", "Systran/faster-whisper-medium", "08e178d48790749d25932bbc082711ddcfdfbc4f", 1531),
    _whisper("large-v2", "Systran/faster-whisper-large-v2", "f0fe81560cb8b68660e564f55dd99207059c092e", 3090),
    _whisper("large-v3", "Systran/faster-whisper-large-v3", "edaa852ec7e145841d8ffdb056a99866b5f0a478", 3091),
    _whisper("large-v3-turbo", TURBO, "0a363e9161cbc7ed1431c9597a8ceaf0c4f78fcf", 1622),
    _gigaam("ctc", ("",), "v3_vocab.txt"),
    _gigaam("rnnt", TRANSDUCER, "v3_vocab.txt"),
    _gigaam("e2e-ctc", ("",), "v3_e2e_ctc_vocab.txt"),
    _gigaam("e2e-rnnt", TRANSDUCER, "v3_e2e_rnnt_vocab.txt"),
    KnownModel(
        "onnx:t-one",
        ("ru",),
        "t-tech/T-one",
        "106f3b0b32a9e107eb613312e4ebc61ff3d53926",
        ("model.onnx", "config.json"),
        144,
        "Apache-2.0",
    ),
    KnownModel(
        "onnx:parakeet-tdt-0.6b-v3",
        PARAKEET_LANGUAGES,
        "istupakov/parakeet-tdt-0.6b-v3-onnx",
        "8f23f0c03c8761650bdb5b40aaf3e40d2c15f1ce",
        (
            "encoder-model.int8.onnx|encoder-model.onnx",
            "decoder_joint-model.int8.onnx|decoder_joint-model.onnx",
            "vocab.txt",
            "config.json",
        ),
        670,
        "CC-BY-4.0",
    ),
    KnownModel(
        "pyannote:community-1",
        (),
        "pyannote/speaker-diarization-community-1",
        "3533c8cf8e369892e6b79ff1bf80f7b0286a54ee",
        PYANNOTE_FILES,
        33,
        "CC-BY-4.0",
        gated=True,
    ),
)


def kind_of(name: str) -> str:
    """``whisper`` for ``whisper:small``; "" where no engine is named."""
    kind, colon, _ = name.partition(":")
    return kind if colon and kind in KINDS else ""


def bare_name(name: str) -> str:
    """The name without its engine: ``small`` for ``whisper:small``."""
    kind = kind_of(name)
    return name[len(kind) + 1 :] if kind else name


def find_known(name: str) -> KnownModel | None:
    """The row of a name, with its engine or without, or of a folder's name; None where there is none."""
    for known in KNOWN_MODELS:
        if name == known.name or name in (bare_name(known.name), known.folder):
            return known
    return None
