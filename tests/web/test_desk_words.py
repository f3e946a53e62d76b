"""The words of the desk: the same sentences with the same fields in both languages, all of them used."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

from qa_engine.domain.timings import HoldKind
from qa_engine.domain.transcript import Role
from qa_engine.web.labels_en import ENGLISH
from qa_engine.web.labels_ru import RUSSIAN
from qa_engine.web.recordings import Missing
from qa_engine.web.rendering import DeskWording

WEB = Path(__file__).parents[2] / "qa_engine" / "web"
BUILT = ("role_", "hold_", "show_", "source_", "audio_")  # keys put together from a kind


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_sentences_with_the_same_fields():
    assert {key: fields(text) for key, text in ENGLISH.items()} == {key: fields(text) for key, text in RUSSIAN.items()}


def test_every_kind_has_its_word():
    for kind in (*(f"hold_{kind.value}" for kind in HoldKind), *(f"role_{role.value}" for role in Role), *Missing):
        assert kind in ENGLISH


def test_every_sentence_is_used():
    files = [*WEB.glob("*.py"), *WEB.glob("templates/*.html")]
    source = "".join(file.read_text(encoding="utf-8") for file in files if not file.name.startswith("labels_"))
    assert [
        key for key in ENGLISH if f'"{key}"' not in source and f"'{key}'" not in source and not key.startswith(BUILT)
    ] == []


def test_numbers_take_their_nouns():
    assert DeskWording("ru").count(2, "n_rings") == "2\u00a0гудка"
    assert DeskWording("en").count(1, "n_rings") == "1\u00a0ring"


def test_sources_are_told_in_words():
    assert DeskWording("en").source("audio+words") == "from the sound, from the words"


def test_an_unknown_language_is_english():
    assert DeskWording("de")("search") == "Search"
