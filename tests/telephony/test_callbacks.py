import random
import time
from datetime import timedelta

import pytest
from records_of_calls import CUSTOMER, at, missed, outbound, told

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome
from qa_engine.telephony.callbacks import find_callbacks

OTHER = "+79990000002"
MISS = missed("miss.1", "10:00:00")


def became(*records, **options):
    """What became of the first missed call."""
    return find_callbacks(records, **options)[0]


def test_a_call_back_is_found_with_its_time_who_and_whether_answered():
    found = became(MISS, outbound("back.1", "10:05:20", manager="101", customer="89990000001"))
    assert (found.called_back_at, found.called_back_by) == (at("10:05:20"), "101")
    assert found.seconds_to_call_back == 300.0  # from the end of the missed call, 10:00:20
    assert found.call_back_answered is True
    assert found.reached_at == at("10:05:20")
    assert found.record == MISS


def test_without_a_call_back_everything_is_unknown():
    found = became(MISS)
    assert (found.called_back_at, found.seconds_to_call_back, found.call_back_answered) == (None, None, None)
    assert (found.can_be_called, found.called_again) == (True, False)


@pytest.mark.parametrize(
    "record",
    [
        outbound("earlier.1", "09:59:00"),
        outbound("with it.1", "10:00:00"),
        outbound("to another.1", "10:05:00", customer=OTHER),
        outbound("a day and a minute later.1", "2024-11-21T10:01:21"),
        told("from him, missed again.1", "10:05:00", outcome=CallOutcome.FAILED),
        told("internal.1", "10:05:00", direction=Direction.INTERNAL),
        told("of unknown direction.1", "10:05:00", direction=Direction.UNKNOWN),
    ],
    ids=lambda record: record.record_id,
)
def test_no_call_back_is(record):
    found = became(MISS, record)
    assert (found.called_back_at, found.called_again) == (None, False)


def test_the_window_counts_from_the_end_of_the_missed_call():
    back = outbound("back.1", "12:00:20")
    assert became(MISS, back, within=timedelta(hours=2)).called_back_at == at("12:00:20")
    assert became(MISS, back, within=timedelta(hours=2, seconds=-1)).called_back_at is None


def test_a_call_back_while_it_still_rings_took_no_time():
    assert became(MISS, outbound("back.1", "10:00:15")).seconds_to_call_back == 0.0


def test_a_missed_call_without_an_end_counts_from_its_start():
    assert became(missed("miss.1", "10:00:00", ended_at=None), outbound("b.1", "10:01:00")).seconds_to_call_back == 60


def test_the_first_call_back_counts_and_the_one_that_reached_him_is_told():
    found = became(MISS, outbound("b.1", "10:05:00", outcome=CallOutcome.BUSY), outbound("b.2", "10:30:00"))
    assert (found.called_back_at, found.call_back_answered) == (at("10:05:00"), False)
    assert found.reached_at == at("10:30:00")


def test_one_call_back_serves_all_missed_calls_before_it():
    found = find_callbacks([MISS, missed("miss.2", "10:02:00"), outbound("back.1", "10:05:20")])
    assert [each.record.record_id for each in found] == ["miss.1", "miss.2"]
    assert [each.seconds_to_call_back for each in found] == [300.0, 180.0]


def test_a_call_back_serves_no_missed_call_after_it():
    found = find_callbacks([MISS, outbound("back.1", "10:05:20"), missed("miss.2", "10:06:00")])
    assert [each.called_back_at for each in found] == [at("10:05:20"), None]


def test_a_customer_served_by_calling_again_needs_no_call_back():
    found = became(MISS, told("again.1", "10:03:00"), outbound("later.1", "10:30:00"))
    assert found.called_again
    assert (found.called_again_at, found.called_back_at, found.reached_at) == (at("10:03:00"), None, None)


def test_a_customer_called_in_vain_and_then_served_by_calling_again():
    found = became(MISS, outbound("back.1", "10:02:00", outcome=CallOutcome.MISSED), told("again.1", "10:03:00"))
    assert (found.called_back_at, found.call_back_answered) == (at("10:02:00"), False)
    assert (found.called_again, found.reached_at) == (True, None)


def test_calling_again_after_he_was_reached_does_not_count():
    assert not became(MISS, outbound("back.1", "10:02:00"), told("again.1", "10:03:00")).called_again


def test_calling_again_another_day_does_not_count():
    assert not became(MISS, told("again.1", "2024-11-22T10:00:00")).called_again


@pytest.mark.parametrize("number", ["", "anonymous", "Restricted", "000"])
def test_a_hidden_number_cannot_be_called(number):
    found = became(missed("miss.1", "10:00:00", customer=number), outbound("back.1", "10:05:00", customer=number))
    assert (found.can_be_called, found.called_back_at) == (False, None)


@pytest.mark.parametrize("outcome", [CallOutcome.MISSED, CallOutcome.VOICEMAIL, CallOutcome.BUSY, CallOutcome.FAILED])
def test_a_call_is_missed_where_no_person_answered(outcome):
    assert len(find_callbacks([told("miss.1", outcome=outcome)])) == 1


@pytest.mark.parametrize(
    "record",
    [
        told("answered.1"),
        told("unknown.1", outcome=CallOutcome.UNKNOWN),
        outbound("outbound.1", "10:00:00", outcome=CallOutcome.MISSED),
        missed("internal.1", "10:00:00", direction=Direction.INTERNAL),
    ],
    ids=lambda record: record.record_id,
)
def test_a_call_is_not_missed(record):
    assert find_callbacks([record]) == ()


def test_a_call_told_by_two_systems_is_missed_once():
    records = [missed("1732087200.1", "10:00:00"), missed("1732087200.1", "10:00:04", system="asterisk queue_log")]
    (found,) = find_callbacks(records)
    assert found.record.system == "asterisk cdr + asterisk queue_log"


def test_a_call_that_left_a_queue_and_was_answered_elsewhere_is_not_missed():
    queue = missed("1732087200.1", "10:00:04", system="asterisk queue_log")
    assert find_callbacks([queue, told("1732087200.1", "10:00:00")]) == ()


def test_the_order_of_the_records_does_not_matter():
    records = [
        *(
            missed(f"miss.{minute}", f"10:{minute:02}:00", customer=(CUSTOMER, OTHER)[minute % 2])
            for minute in range(9)
        ),
        *(outbound(f"back.{minute}", f"10:{minute:02}:30") for minute in (2, 5)),
        *(told(f"again.{minute}", f"10:{minute:02}:00", customer=OTHER) for minute in (4, 12)),
    ]
    in_order = find_callbacks(records)
    for seed in range(20):
        shuffled = records.copy()
        random.Random(seed).shuffle(shuffled)
        assert find_callbacks(iter(shuffled)) == in_order


def test_moments_of_several_zones_are_compared_absolutely():
    found = became(missed("miss.1", "12:00:00", zone="+05:00"), outbound("back.1", "10:05:20", zone="+03:00"))
    assert found.seconds_to_call_back == 300.0


def days(count):
    """Calls of 50 customers, one every ten seconds, every third missed, every third a call to him."""
    for number in range(count):
        clock = (at("00:00:00") + timedelta(seconds=10 * number)).isoformat()[:19]
        make = (missed, outbound, told)[number % 3]
        yield make(f"173208.{number}", clock, customer=f"+7999000{number % 50:04}")


@pytest.mark.slow
def test_time_grows_with_the_number_of_records_not_faster():
    def seconds(count):
        records = list(days(count))
        begun = time.process_time()
        find_callbacks(records)
        return time.process_time() - begun

    assert min(seconds(30_000) for _ in range(3)) < 20 * min(seconds(3_000) for _ in range(3))
