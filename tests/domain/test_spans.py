import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_engine.domain.spans import Span, intersect_spans, invert_spans, merge_spans, subtract_spans, total_duration

# Whole numbers of eighths: every sum below is exact.
eighths = st.integers(0, 400).map(lambda number: number / 8)
spans = st.builds(lambda start, length: Span(start, start + length), eighths, eighths)
many = st.lists(spans, max_size=12)


def covers(given_spans, second):
    return any(span.contains(second) for span in given_spans)


def seconds_between(*groups):
    """The middle of every stretch between two borders: enough to tell coverage apart."""
    borders = sorted({border for group in groups for span in group for border in (span.start, span.end)})
    return [(a + b) / 2 for a, b in pairwise(borders)]


def is_disjoint(found):
    return all(a.end < b.start for a, b in pairwise(found))


@pytest.mark.parametrize(("start", "end"), [(2.0, 1.0), (math.nan, 1.0), (0.0, math.nan)])
def test_a_span_that_ends_before_it_starts_is_refused(start, end):
    with pytest.raises(ValueError, match="must not end before it starts"):
        Span(start, end)


def test_a_span_knows_its_length_and_middle():
    assert (Span(1.0, 4.0).duration, Span(1.0, 4.0).middle) == (3.0, 2.5)


def test_a_span_contains_its_start_and_not_its_end():
    assert [Span(1.0, 2.0).contains(second) for second in (0.9, 1.0, 1.9, 2.0)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("other", "seconds"), [(Span(0, 1), 0), (Span(0, 2), 1), (Span(1, 3), 2), (Span(2, 2), 0), (Span(5, 9), 0)]
)
def test_overlap_is_what_both_have_in_common(other, seconds):
    assert Span(1, 3).overlap(other) == other.overlap(Span(1, 3)) == seconds


def test_growing_stops_at_zero_and_shrinking_never_turns_a_span_around():
    assert Span(1.0, 2.0).grow(3.0) == Span(0.0, 5.0)
    shrunk = Span(1.0, 2.0).grow(-3.0)
    assert shrunk.start <= shrunk.end


@given(spans, eighths)
def test_a_grown_span_holds_the_span(span, seconds):
    grown = span.grow(seconds)
    assert grown.start <= span.start <= span.end <= grown.end


@pytest.mark.parametrize(
    ("given_spans", "gap", "merged"),
    [
        ([], 0.0, ()),
        ([Span(2, 3), Span(0, 1)], 0.0, (Span(0, 1), Span(2, 3))),
        ([Span(0, 1), Span(1, 2)], 0.0, (Span(0, 2),)),
        ([Span(0, 5), Span(1, 2)], 0.0, (Span(0, 5),)),
        ([Span(0, 1), Span(1.5, 2)], 0.5, (Span(0, 2),)),
        ([Span(0, 1), Span(1.6, 2)], 0.5, (Span(0, 1), Span(1.6, 2))),
    ],
)
def test_merging(given_spans, gap, merged):
    assert merge_spans(given_spans, gap=gap) == merged


@given(many)
def test_merged_spans_are_disjoint_and_cover_the_same(given_spans):
    merged = merge_spans(given_spans)
    assert is_disjoint(merged)
    for second in seconds_between(given_spans):
        assert covers(merged, second) is covers(given_spans, second)


@given(many, eighths)
def test_merging_twice_changes_nothing(given_spans, gap):
    merged = merge_spans(given_spans, gap=gap)
    assert merge_spans(merged, gap=gap) == merged


@given(many, many)
def test_the_intersection_is_what_both_cover(first, second):
    common = intersect_spans(first, second)
    assert common == intersect_spans(second, first)
    assert all(span.duration > 0 for span in common)
    for moment in seconds_between(first, second):
        assert covers(common, moment) is (covers(first, moment) and covers(second, moment))


@given(many, spans)
def test_inverting_gives_the_rest_of_the_whole(given_spans, whole):
    gaps = invert_spans(given_spans, whole)
    for moment in seconds_between(given_spans, [whole]):
        assert covers(gaps, moment) is (whole.contains(moment) and not covers(given_spans, moment))
    assert all(span.duration > 0 and whole.start <= span.start <= span.end <= whole.end for span in gaps)


@given(many, many)
def test_subtracting_leaves_what_only_the_first_covers(first, second):
    rest = subtract_spans(first, iter(second))
    for moment in seconds_between(first, second):
        assert covers(rest, moment) is (covers(first, moment) and not covers(second, moment))


@given(many, many)
def test_durations_add_up(first, second):
    common = total_duration(intersect_spans(first, second))
    assert total_duration(subtract_spans(first, second)) + common == total_duration(first)
    assert total_duration(first + second) == total_duration(first) + total_duration(second) - common
