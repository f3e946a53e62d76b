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


def test_a_word_across_a_border_goes_to_the_larger_part():
    one = utterance(Word("hello", 1.0, 1.5), Word("there", 1.8, 2.5))
    assert labels(assign_speakers([one], SPANS))[-1] == ("speaker 1", "there")


def test_a_word_outside_all_spans_goes_to_the_nearest():
    one = utterance(Word("bye", 7.0, 7.4))
    assert labels(assign_speakers([one], SPANS)) == [("speaker 0", "bye")]


def test_a_tiny_island_between_words_of_one_speaker_is_smoothed_away():
    spans = (SpeakerSpan(0.0, 1.0, "a"), SpeakerSpan(1.0, 1.2, "b"), SpeakerSpan(1.2, 3.0, "a"))
    one = utterance(Word("we", 0.5, 0.9), Word("do", 1.0, 1.2), Word("deliver", 1.3, 2.0))
    assert labels(assign_speakers([one], spans)) == [("a", "we do deliver")]


def test_a_long_word_of_another_speaker_stays():
    one = utterance(Word("so", 1.0, 1.8), Word("absolutely", 2.2, 3.6), Word("well", 4.2, 4.6))
    assert [label for label, _ in labels(assign_speakers([one], SPANS))] == ["speaker 0", "speaker 1", "speaker 0"]


def test_interpolated_words_change_speakers_at_the_sentence_end():
    one = Utterance(0.0, 4.0, spread_words("How are you all. Fine thanks for asking me", Span(0.0, 4.0)))
    assert labels(assign_speakers([one], SPANS[:2])) == [
        ("speaker 0", "How are you all."),
        ("speaker 1", "Fine thanks for asking me"),
    ]


def test_words_keep_their_times():
    one = utterance(Word("how", 0.5, 1.0), Word("fine", 2.2, 2.8))
    assert [word.start for said in assign_speakers([one], SPANS) for word in said.words] == [0.5, 2.2]
