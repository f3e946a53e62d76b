import itertools

from hypothesis import given
from hypothesis import strategies as st

from qa_engine.domain.spans import Span
from qa_engine.speech.protocols import SpeakerSpan
from qa_engine.speech.speaker_spans import _nearest as nearest
from qa_engine.speech.speaker_spans import tidy_speaker_spans

ALL = (Span(0.0, 100.0),)


def raw(*spans: tuple[float, float, str]) -> list[SpeakerSpan]:
    return [SpeakerSpan(*span) for span in spans]


def tidy(*spans: tuple[float, float, str]) -> list[tuple[float, float, str]]:
    return [(span.start, span.end, span.speaker) for span in tidy_speaker_spans(raw(*spans), ALL)]


def test_speakers_are_numbered_by_first_appearance():
    assert tidy((5.0, 8.0, "6"), (0.0, 3.0, "7")) == [(0.0, 3.0, "speaker 0"), (5.0, 8.0, "speaker 1")]


def test_spans_of_one_speaker_a_breath_apart_become_one():
    assert tidy((0.0, 3.0, "a"), (3.3, 6.0, "a")) == [(0.0, 6.0, "speaker 0")]


def test_an_overlap_is_cut_in_the_middle():
    assert tidy((0.0, 4.0, "a"), (3.0, 8.0, "b")) == [(0.0, 3.5, "speaker 0"), (3.5, 8.0, "speaker 1")]


def test_a_back_channel_inside_a_turn_is_left_out():
    assert tidy((0.0, 8.0, "a"), (2.0, 2.4, "b"), (9.0, 12.0, "b")) == [
        (0.0, 8.0, "speaker 0"),
        (9.0, 12.0, "speaker 1"),
    ]


def test_a_trembling_border_is_smoothed():
    assert tidy((0.0, 4.0, "a"), (4.0, 4.1, "b"), (4.1, 8.0, "a"), (9.0, 12.0, "b"))[0] == (0.0, 8.0, "speaker 0")


def test_a_speaker_of_under_a_second_is_nobody():
    assert {label for *_, label in tidy((0.0, 4.0, "a"), (5.0, 5.8, "cough"), (6.0, 9.0, "a"))} == {"speaker 0"}


def test_a_rare_third_voice_goes_to_its_neighbour():
    spans = tidy((0.0, 10.0, "a"), (11.0, 20.0, "b"), (20.1, 22.0, "c"))
    assert spans[-1] == (11.0, 22.0, "speaker 1")


def test_a_colleague_after_a_transfer_is_kept():
    spans = tidy((0.0, 10.0, "a"), (11.0, 20.0, "b"), (21.0, 28.0, "c"))
    assert [label for *_, label in spans] == ["speaker 0", "speaker 1", "speaker 2"]


def test_spans_stay_inside_the_speech():
    spans = tidy_speaker_spans(raw((0.0, 10.0, "a")), (Span(2.0, 4.0), Span(6.0, 7.0)))
    assert [(span.start, span.end) for span in spans] == [(2.0, 4.0), (6.0, 7.0)]


def test_spans_made_one_are_as_sure_as_their_seconds():
    first, second = SpeakerSpan(0.0, 3.0, "a", 1.0), SpeakerSpan(3.0, 4.0, "a", 0.6)
    (one,) = tidy_speaker_spans([first, second], ALL)
    assert one.confidence == 0.9


def test_a_span_given_to_its_neighbour_is_a_guess():
    spans = [SpeakerSpan(0.0, 4.0, "a", 1.0), SpeakerSpan(5.0, 5.8, "cough", 0.9), SpeakerSpan(7.0, 9.0, "a", 1.0)]
    assert [span.confidence for span in tidy_speaker_spans(spans, ALL)] == [1.0, 0.5, 1.0]


def test_without_confidence_there_is_none():
    assert {span.confidence for span in tidy_speaker_spans(raw((0.0, 3.0, "a"), (3.0, 4.0, "a")), ALL)} == {None}


class Looks(list):
    """A list that counts how often something is looked up in it."""

    def __init__(self, *items):
        super().__init__(*items)
        self.count = 0

    def __getitem__(self, at):
        self.count += 1
        return super().__getitem__(at)

    def __iter__(self):
        self.count += len(self)
        return super().__iter__()


def test_twenty_thousand_phantoms_look_at_their_neighbours_only():
    people = [SpeakerSpan(at, at + 0.8, "ab"[at % 2]) for at in range(20_000)]
    kept, starts = Looks(people), [span.start for span in people]
    phantoms = [SpeakerSpan(at + 0.9, at + 0.95, "cough") for at in range(20_000)]
    near = [nearest(span, kept, starts) for span in phantoms]
    assert kept.count <= 20_000 * 2
    assert near[7] == people[8]


def test_twenty_thousand_spans_are_put_in_order():
    spans = [SpeakerSpan(at, at + 0.8, f"cough {at}" if at % 3 == 0 else "ab"[at % 2]) for at in range(20_000)]
    tidied = tidy_speaker_spans(spans, [Span(at, at + 0.9) for at in range(20_000)])
    assert {span.speaker for span in tidied} == {"speaker 0", "speaker 1"}
    assert len(tidied) == 20_000


SPANS = st.lists(
    st.tuples(st.floats(0, 90), st.floats(0.01, 9), st.sampled_from("abcd")).map(
        lambda triple: SpeakerSpan(triple[0], triple[0] + triple[1], triple[2])
    ),
    max_size=20,
)


@given(SPANS)
def test_spans_are_always_sorted_and_exclusive(spans):
    tidied = tidy_speaker_spans(spans, ALL)
    assert all(before.end <= after.start for before, after in itertools.pairwise(tidied))
    assert all(span.start < span.end for span in tidied)
