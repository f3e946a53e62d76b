from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from qa_engine.language import get_language
from qa_engine.language.matching import NEAR_MISS_AT, TokenText, find_any, find_company, find_own_name, find_phrase
from qa_engine.language.scripts import romanize, sound_key

CODES = st.sampled_from(["ru", "en"])
LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяёabcdefghijklmnopqrstuvwxyz"
WORDS = st.lists(st.text(alphabet=LETTERS, min_size=1, max_size=12), min_size=1, max_size=8)
SPEECH = (
    "добрый день меня зовут анна чем могу помочь не до свидания семьдесят четыре э-э ромашка "
    "hello my name is emma how can i help you thank for calling seventy four uh huh good bye sunny garden"
)
COMMON = st.lists(st.sampled_from(SPEECH.split()), max_size=30)


@given(CODES, st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_normalizing_twice_changes_nothing(code: str, text: str) -> None:
    language = get_language(code)
    once = language.normalize(text)
    assert language.normalize(once) == once


@given(CODES, COMMON)
@settings(max_examples=200, deadline=None)
def test_normalizing_speech_twice_changes_nothing(code: str, words: list[str]) -> None:
    language = get_language(code)
    once = language.normalize(" ".join(words))
    assert language.normalize(once) == once


@given(CODES, WORDS)
@settings(max_examples=150, deadline=None)
def test_phrase_is_found_in_itself(code: str, words: list[str]) -> None:
    language = get_language(code)
    phrase = " ".join(words)
    hits = find_phrase(TokenText.from_words(language, words), phrase)
    assert not language.tokens(phrase) or hits[0].similarity == 100.0


@given(CODES, COMMON, st.integers(0, 30), st.integers(0, 30))
@settings(max_examples=150, deadline=None)
def test_hits_lie_within_the_asked_words(code: str, words: list[str], first: int, last: int) -> None:
    text = TokenText.from_words(get_language(code), words)
    phrases = (
        "добрый день",
        "чем могу помочь",
        "до свидания",
        "how can i help you",
        "good bye",
        "thank you for calling",
    )
    hits = [
        *find_any(text, phrases, first=first, last=last),
        *find_company(text, ["Ромашка", "Sunny Garden"], first=first, last=last),
        *find_own_name(text, roster=("Анна Петрова", "Emma Clark"), first=first, last=last),
    ]
    for hit in hits:
        assert first <= hit.first_word <= hit.last_word <= last
        assert hit.last_word < len(words)
        assert NEAR_MISS_AT <= hit.similarity <= 100


@given(COMMON)
@settings(max_examples=100, deadline=None)
def test_hits_of_one_search_do_not_overlap(words: list[str]) -> None:
    hits = find_any(
        TokenText.from_words(get_language("ru"), words), ("добрый день", "день добрый", "могу помочь", "день")
    )
    spans = sorted((hit.first_word, hit.last_word) for hit in hits)
    assert all(one[1] < two[0] for one, two in pairwise(spans))
    assert [hit.similarity for hit in hits] == sorted((hit.similarity for hit in hits), reverse=True)


@given(st.text(alphabet="абвгдежзиклмнопрстуфхчш", min_size=1, max_size=10))
@settings(max_examples=100, deadline=None)
def test_sound_of_a_word_survives_the_other_alphabet(word: str) -> None:
    assert sound_key(romanize(word)) == sound_key(word)
