import math

import pytest

from qa_engine.speech.onnx_words import Token, join_tokens


def letters(text: str, *, start: float = 1.0, step: float = 0.06, chance: float | None = 0.9) -> list[Token]:
    """One token a letter, `step` seconds apart, as letter models write them ("," for a token that is not said)."""
    log = None if chance is None else math.log(chance)
    return [Token(letter, round(start + step * at, 3), log) for at, letter in enumerate(text)]


def texts(words) -> list[str]:
    return [word.text for word in words]


def test_letters_between_spaces_are_words():
    words = join_tokens(letters("да алло вас"), duration=10.0)
    assert texts(words) == ["да", "алло", "вас"]


def test_pieces_with_a_leading_space_begin_words():
    tokens = [Token(" здрав", 0.4), Token("ствуй", 0.6), Token("те", 0.8), Token(" вам", 1.2)]
    assert texts(join_tokens(tokens, duration=3.0)) == ["здравствуйте", "вам"]


def test_a_word_begins_with_its_first_token():
    words = join_tokens([Token(" да", 0.48), Token(" нет", 1.44)], duration=3.0)
    assert [word.start for word in words] == [0.48, 1.44]


def test_a_word_lasts_eight_hundredths_per_letter_after_its_last_token_where_nothing_follows():
    words = join_tokens([Token(" приве", 0.4), Token("тик", 0.7)], duration=3.0)
    assert words[0].end == pytest.approx(0.7 + 3 * 0.08)


def test_a_word_ends_where_the_next_token_begins():
    words = join_tokens([Token(" алло", 1.0), Token(" да", 1.12)], duration=3.0)
    assert words[0].end == 1.12


def test_a_lone_space_ends_a_word():
    words = join_tokens([Token("я", 1.0), Token(" ", 1.04), Token("в", 1.5)], duration=3.0)
    assert [(word.text, word.start, word.end) for word in words] == [("я", 1.0, 1.04), ("в", 1.5, 1.58)]


def test_words_stay_inside_the_sound():
    words = join_tokens([Token(" а", -0.2), Token(" да", 1.95), Token(" нет", 2.1)], duration=2.0)
    assert all(0.0 <= word.start <= word.end <= 2.0 for word in words)


def test_times_never_go_back():
    words = join_tokens([Token(" а", 1.0), Token(" в", 1.0), Token(" доме", 1.0), Token(" да", 1.04)], duration=2.0)
    borders = [at for word in words for at in (word.start, word.end)]
    assert borders == sorted(borders)


def test_punctuation_belongs_to_the_word_before_and_moves_no_time():
    bare = join_tokens([Token(" Да", 1.0), Token(" нет", 3.0)], duration=5.0)
    marked = join_tokens([Token(" Да", 1.0), Token(",", 1.9), Token(" нет", 3.0), Token(".", 4.9)], duration=5.0)
    assert texts(marked) == ["Да,", "нет."]
    assert [(word.start, word.end) for word in marked] == [(word.start, word.end) for word in bare]


def test_a_mark_on_its_own_goes_to_the_word_before():
    words = join_tokens([Token(" да", 1.0), Token(" —", 1.2), Token(" пять", 1.4), Token(" %", 1.8)], duration=3.0)
    assert texts(words) == ["да—", "пять%"]


def test_a_mark_before_any_word_is_dropped():
    assert texts(join_tokens([Token(" —", 0.2), Token(" да", 1.0)], duration=3.0)) == ["да"]


def test_an_opening_mark_stays_with_its_word_and_its_time_is_the_words():
    words = join_tokens([Token(" «", 0.2), Token("Ромашка", 1.0), Token("»", 1.9)], duration=3.0)
    assert [(word.text, word.start) for word in words] == [("«Ромашка»", 1.0)]


def test_special_tokens_are_nothing_that_was_said():
    assert texts(join_tokens([Token("<|ru|>", 0.0), Token(" да", 1.0), Token("<unk>", 1.2)], duration=3.0)) == ["да"]


def test_the_probability_is_the_geometric_mean_of_the_tokens():
    tokens = [Token(" да", 1.0, math.log(0.9)), Token("ча", 1.2, math.log(0.4)), Token(".", 1.4, math.log(0.1))]
    assert join_tokens(tokens, duration=3.0)[0].probability == pytest.approx(0.6, abs=1e-4)


def test_a_probability_is_never_above_one():
    assert join_tokens([Token(" да", 1.0, 1e-6)], duration=3.0)[0].probability == 1.0


def test_without_log_probabilities_no_probability_is_invented():
    assert join_tokens(letters("да", chance=None), duration=3.0)[0].probability is None


def test_the_times_are_the_models_own():
    assert not any(word.interpolated for word in join_tokens(letters("да нет"), duration=3.0))


def test_no_tokens_are_no_words():
    assert join_tokens([], duration=3.0) == ()
