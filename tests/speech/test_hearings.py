import pytest

from qa_engine.speech.hearings import ALL_AGREE, agree, is_same
from qa_engine.speech.loops import loop_free


def heard(*texts: str) -> list[tuple[str, float]]:
    return [(word.text, word.probability) for word in agree(texts)]


def kept(text: str) -> str:
    words = text.split()
    return " ".join(words[index] for index in loop_free(words))


def test_words_all_hearings_share_are_fairly_sure():
    assert heard("Hello there.", "hello there") == [("Hello", ALL_AGREE), ("there.", ALL_AGREE)]


def test_a_word_only_one_hearing_has_is_doubtful():
    words = dict(heard("send it today", "send it Tuesday", "send it today"))
    assert words["send"] == ALL_AGREE
    assert words["today"] == pytest.approx(ALL_AGREE * 2 / 3, abs=0.001)


def test_the_hearing_most_like_the_others_is_chosen():
    texts = (
        "then keep a calling platinum motors",
        "thank you for calling platinum motors",
        "thank you for calling platinum motives",
    )
    assert " ".join(word for word, _ in heard(*texts)) == texts[1]


def test_no_sentence_is_put_together_that_nobody_heard():
    texts = ("a b x", "a y c", "z b c")
    assert " ".join(word for word, _ in heard(*texts)) in texts


def test_the_earliest_of_equal_hearings_is_chosen():
    assert [word for word, _ in heard("yes", "no")] == ["yes"]


def test_nothing_heard_is_nothing():
    assert agree([]) == ()
    assert agree(["", ""]) == ()
    assert agree(["...", "hello"]) in (agree([""]), agree(["hello", "..."]))


def test_case_and_punctuation_make_no_difference():
    assert is_same("Hello, there!", "hello there")
    assert not is_same("hello there", "hello")


def test_a_loop_of_a_phrase_is_cut_to_its_first_time():
    assert kept("thank you " + "we are open today " * 9 + "bye") == "thank you we are open today bye"


def test_a_loop_of_one_word_is_cut():
    assert kept("so " + "the " * 40) == "so the"


def test_what_people_repeat_stays():
    for said in ("no no no no", "bye bye", "thank you thank you very much", "very very very good"):
        assert kept(said) == said
