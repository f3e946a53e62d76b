import itertools

from hypothesis import given
from hypothesis import strategies as st

from qa_engine.domain.spans import Span
from qa_engine.speech.word_times import spread_over_voice, spread_words


def test_words_get_their_letters_share():
    short, long = spread_words("a abcdefg", Span(10.0, 20.0))
    assert (short.start, short.end, long.start, long.end) == (10.0, 12.0, 12.0, 20.0)
    assert short.interpolated


def test_no_words_no_times():
    assert spread_words("  ", Span(0.0, 1.0)) == ()
    assert spread_over_voice("", [Span(0.0, 1.0)]) == ()


def test_a_pause_belongs_to_no_word():
    first, second = spread_over_voice("abcd efgh", [Span(0.0, 1.0), Span(5.0, 6.0)])
    assert (first.start, first.end, second.start, second.end) == (0.0, 1.0, 5.0, 6.0)


VOICED = st.lists(st.floats(0.05, 3.0), min_size=2, max_size=10).map(
    lambda steps: [Span(sum(steps[:at]), sum(steps[: at + 1])) for at in range(0, len(steps), 2)]
)


@given(st.lists(st.text("abc", min_size=1, max_size=6), min_size=1, max_size=9), VOICED)
def test_words_follow_each_other_inside_the_voice(texts, voiced):
    words = spread_over_voice(" ".join(texts), voiced)
    assert [word.text for word in words] == texts
    assert all(word.start <= word.end for word in words)
    assert all(before.end <= after.start + 0.002 for before, after in itertools.pairwise(words))
    assert voiced[0].start - 0.002 <= words[0].start
    assert words[-1].end <= voiced[-1].end + 0.002
