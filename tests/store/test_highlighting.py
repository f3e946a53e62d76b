import pytest

from qa_engine.store.highlighting import QUOTE_WORDS, quote_matches
from qa_engine.store.query import parse_query


def quote(said, query):
    words = [(word, float(place), place + 0.5) for place, word in enumerate(said.split())]
    return quote_matches(words, parse_query(query))


def marked(said, query):
    found = quote(said, query)
    return [found.text[first:last] for first, last in found.highlights]


@pytest.mark.parametrize(
    ("said", "query", "highlighted"),
    [
        ("хочу оформить возвратом, да", "возврат", ["возвратом"]),
        ("your (deliveries) today", "delivery", ["deliveries"]),
        ("добрый вечер и добрый день", '"добрый день"', ["добрый", "день"]),
        ("возврат брак возврат", "возврат NOT деньги", ["возврат", "возврат"]),
        ("возвратом и возвраты", "возврато*", ["возвратом"]),
        ("по e-mail", "e-ma*", ["e-mail"]),
        ("чай или кофе", "кофе OR чай", ["чай", "кофе"]),
        ("чай и кофе", "кофе чай", ["чай", "кофе"]),
        ("щас сделаю", "сейчас", ["щас"]),
    ],
)
def test_found_words_are_highlighted(said, query, highlighted):
    assert marked(said, query) == highlighted


def test_a_hit_starts_with_the_first_found_word_and_ends_with_the_last():
    found = quote("ну хочу возврат и ещё возврат да", "возврат")
    assert (found.start, found.end) == (2.0, 5.5)


def test_a_short_turn_is_quoted_whole():
    assert quote("Ну, хочу возврат!", "возврат").text == "Ну, хочу возврат!"


def test_a_long_turn_is_cut_around_the_first_found_word():
    found = quote("слово " * 60 + "возврат " + "слово " * 60 + "возврат", "возврат")
    assert found.text.startswith("… слово")
    assert found.text.endswith("слово …")
    assert len(found.text.split()) == QUOTE_WORDS + 2
    assert [found.text[first:last] for first, last in found.highlights] == ["возврат"]
    assert (found.start, found.end) == (60.0, 60.5)


def test_a_word_at_the_end_of_a_long_turn_is_quoted_with_the_end():
    found = quote("слово " * 100 + "возврат", "возврат")
    assert found.text.endswith("слово возврат")
    assert len(found.text.split()) == QUOTE_WORDS + 1
