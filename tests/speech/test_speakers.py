import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_engine.domain.spans import Span
from qa_engine.domain.transcript import Utterance, Word
from qa_engine.speech.protocols import SpeakerSpan
from qa_engine.speech.speakers import assign_speakers
from qa_engine.speech.word_times import spread_words

SPANS = (SpeakerSpan(0.0, 2.0, "speaker 0"), SpeakerSpan(2.0, 4.0, "speaker 1"), SpeakerSpan(4.0, 6.0, "speaker 0"))


def utterance(*words: Word) -> Utterance:
    return Utterance(words[0].start, words[-1].end, words)


def labels(utterances: tuple[Utterance, ...]) -> list[tuple[str, str]]:
    return [(one.speaker, one.text) for one in utterances]


def test_without_speakers_the_words_stay_as_they_are():
    one = utterance(Word("hello", 0.0, 1.0))
    assert assign_speakers([one], []) == (one,)


def test_an_utterance_is_split_where_the_speaker_changes():
    one = utterance(Word("how", 0.5, 1.0), Word("are", 1.2, 1.8), Word("fine", 2.2, 2.8), Word("thanks", 3.0, 3.5))
    assert labels(assign_speakers([one], SPANS)) == [("speaker 0", "how are"), ("speaker 1", "fine thanks")]


def test_a_phrase_is_not_cut_at_a_border_of_the_diarizer():
    one = utterance(Word("how", 1.0, 1.4), Word("may", 1.4, 1.7), Word("I", 1.7, 1.8), Word("help", 1.8, 2.5))
    assert labels(assign_speakers([one], SPANS)) == [("speaker 0", "how may I help")]


def test_a_change_of_speaker_moves_to_the_pause_beside_it():
    one = utterance(Word("any", 1.0, 1.5), Word("more", 1.5, 2.3), Word("no", 2.6, 3.0), Word("thanks", 3.0, 3.5))
    assert labels(assign_speakers([one], SPANS)) == [("speaker 0", "any more"), ("speaker 1", "no thanks")]


def test_a_change_of_speaker_moves_to_the_sentence_end_beside_it():
    one = utterance(Word("any", 1.0, 1.5), Word("more?", 1.5, 2.3), Word("no", 2.3, 3.0), Word("thanks", 3.0, 3.5))
    assert labels(assign_speakers([one], SPANS)) == [("speaker 0", "any more?"), ("speaker 1", "no thanks")]


def test_who_speaks_for_long_without_a_pause_between_is_not_swallowed():
    texts = ("what", "does", "it", "cost", "three", "hundred", "and", "ten")
    one = utterance(*(Word(text, 0.8 + 0.3 * at, 1.1 + 0.3 * at) for at, text in enumerate(texts)))
    assert labels(assign_speakers([one], SPANS)) == [
        ("speaker 0", "what does it cost"),
        ("speaker 1", "three hundred and ten"),
    ]


def test_a_word_outside_all_spans_goes_to_the_nearest():
    one = utterance(Word("bye", 7.0, 7.4))
    assert labels(assign_speakers([one], SPANS)) == [("speaker 0", "bye")]


def test_a_trembling_border_inside_a_phrase_is_nobody():
    spans = (SpeakerSpan(0.0, 1.0, "a"), SpeakerSpan(1.0, 1.6, "b"), SpeakerSpan(1.6, 3.0, "a"))
    one = utterance(Word("we", 0.5, 0.9), Word("do", 1.0, 1.2), Word("deliver", 1.3, 2.0))
    assert labels(assign_speakers([one], spans)) == [("a", "we do deliver")]


def test_a_short_answer_between_pauses_stays_with_who_gave_it():
    one = utterance(Word("so", 1.0, 1.8), Word("absolutely", 2.2, 3.6), Word("well", 4.2, 4.6))
    assert [label for label, _ in labels(assign_speakers([one], SPANS))] == ["speaker 0", "speaker 1", "speaker 0"]


def test_interpolated_words_change_speakers_at_the_sentence_end():
    one = Utterance(0.0, 4.0, spread_words("How are you all. Fine thanks for asking me", Span(0.0, 4.0)))
    assert labels(assign_speakers([one], SPANS[:2])) == [
        ("speaker 0", "How are you all."),
        ("speaker 1", "Fine thanks for asking me"),
    ]


def test_a_guessed_pause_beside_a_sentence_end_is_that_end():
    words = (
        *(Word("how", 0.2, 0.9, interpolated=True), Word("are", 0.9, 1.3, interpolated=True)),
        *(Word("you.", 2.1, 2.4, interpolated=True), Word("fine", 2.4, 3.0, interpolated=True)),
        Word("thanks", 3.0, 3.8, interpolated=True),
    )
    assert [text for _, text in labels(assign_speakers([utterance(*words)], SPANS[:2]))] == [
        "how are you.",
        "fine thanks",
    ]


def test_a_word_or_two_beyond_a_border_do_not_cut_a_sentence():
    one = Utterance(0.0, 2.6, spread_words("how are you all today then my friend", Span(0.0, 2.6)))
    assert labels(assign_speakers([one], SPANS[:2])) == [("speaker 0", one.text)]


def test_two_guessed_words_beside_a_sentence_end_are_not_cut_off():
    said = (("pound.", 1.0, 1.2), ("All", 1.2, 1.6), ("right", 1.6, 2.0), ("I", 2.0, 2.2), ("will", 2.2, 3.5))
    one = utterance(*(Word(*word, interpolated=True) for word in said))
    assert labels(assign_speakers([one], SPANS[:2])) == [("speaker 0", "pound."), ("speaker 1", "All right I will")]


def test_words_keep_their_times():
    one = utterance(Word("how", 0.5, 1.0), Word("fine", 2.2, 2.8))
    assert [word.start for said in assign_speakers([one], SPANS) for word in said.words] == [0.5, 2.2]


def test_words_under_one_label_are_sure():
    (one,) = assign_speakers([utterance(Word("hello", 0.5, 1.5))], SPANS)
    assert one.speaker_confidence == 1.0


def test_the_confidence_is_the_share_of_the_spoken_time_under_the_label():
    (one,) = assign_speakers([utterance(Word("good", 1.4, 1.8), Word("morning", 1.8, 2.2))], SPANS)
    assert (one.speaker, one.speaker_confidence) == ("speaker 0", 0.75)  # 0.6 of its 0.8 seconds


def test_the_confidence_of_the_diarizer_counts():
    spans = (SpeakerSpan(0.0, 1.0, "a", 0.8), SpeakerSpan(1.0, 2.0, "a", 0.6))
    (one,) = assign_speakers([utterance(Word("good", 0.5, 1.0), Word("morning", 1.0, 1.5))], spans)
    assert one.speaker_confidence == 0.7


def test_two_phrases_of_one_speaker_are_as_sure_as_their_seconds():
    one = utterance(Word("good", 0.5, 1.1), Word("morning", 1.4, 2.2))
    (said,) = assign_speakers([one], SPANS)
    assert said.speaker_confidence == pytest.approx(1.2 / 1.4, abs=0.001)


def test_the_nearest_label_is_a_guess():
    (one,) = assign_speakers([utterance(Word("bye", 7.0, 7.4))], SPANS)
    assert one.speaker_confidence == 0.5


def test_an_utterance_without_words_is_labelled_by_its_time():
    (one,) = assign_speakers([Utterance(1.0, 2.2, ())], SPANS)
    assert (one.speaker, one.speaker_confidence) == ("speaker 0", pytest.approx(1.0 / 1.2, abs=0.001))


def test_without_a_diarizer_nobody_asked_for_doubt():
    (one,) = assign_speakers([utterance(Word("hello", 0.0, 1.0))], [])
    assert one.speaker_confidence is None


WORDS = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1.5), st.booleans()), min_size=1, max_size=20)


@given(WORDS)
def test_no_word_is_lost_and_confidence_is_a_share(gaps):
    words, at = [], 0.0
    for gap, length, is_end in gaps:
        words.append(Word("so." if is_end else "so", at + gap, at + gap + length))
        at += gap + length
    found = assign_speakers([utterance(*words)], SPANS)
    assert [word for one in found for word in one.words] == words
    assert all(0.0 <= one.speaker_confidence <= 1.0 for one in found)
