from __future__ import annotations

import pytest

from qa_engine.language.scripts import has_cyrillic, romanize, sound_key, to_cyrillic, unify_script


@pytest.mark.parametrize(
    ("latin", "cyrillic"), [("anna", "анна"), ("sergey", "сергей"), ("romashka", "ромашка"), ("dmitry", "дмитри")]
)
def test_latin_is_written_in_cyrillic_by_sound(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("cyrillic", "latin"), [("щука", "schuka"), ("ольга", "olga"), ("юлия", "yuliya"), ("ёж", "ezh")]
)
def test_cyrillic_is_written_in_latin(cyrillic: str, latin: str) -> None:
    assert romanize(cyrillic) == latin


@pytest.mark.parametrize(
    ("one", "other"),
    [("ромашка", "romashka"), ("harper valley".replace(" ", ""), "herprofile"), ("сад", "сат"), ("phone", "фон")],
)
def test_words_that_sound_alike_have_one_key(one: str, other: str) -> None:
    assert sound_key(one) == sound_key(other)


def test_words_that_sound_otherwise_have_other_keys() -> None:
    assert sound_key("ромашка") != sound_key("рубашка")


def test_look_alikes_follow_the_majority() -> None:
    assert unify_script("pомашка", prefer_cyrillic=False) == "ромашка"
    assert unify_script("hellо", prefer_cyrillic=True) == "hello"


def test_pure_words_stay_as_they_are() -> None:
    assert unify_script("cop", prefer_cyrillic=True) == "cop"
    assert has_cyrillic("сор")
    assert not has_cyrillic("cop")
