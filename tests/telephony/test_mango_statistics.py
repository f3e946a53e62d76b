import json

import pytest
from reading import read, utc

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome
from qa_engine.errors import RecordsError
from qa_engine.telephony.mango_statistics import MANGO_STATISTICS

HEADER = (
    "records;start;finish;answer;from_extension;from_number;to_extension;to_number;disconnect_reason;"
    "line_number;location;entry_id"
)
T0 = 1795169700  # 2026-11-20 10:15:00 UTC
END = ";74951112233;abonent"
IVR = f"[];{T0};{T0 + 8};{T0};;79161234567;;74951112233;1100;74951112233;ivr;E1"
FIRST_PHONE = f"[];{T0 + 8};{T0 + 20};0;;79161234567;101;sip:a@x.mangosip.ru;1111{END};E1"
SECOND_PHONE = f"[MToxMDA=,MToxMDE=];{T0 + 12};{T0 + 90};{T0 + 26};;79161234567;102;sip:b@x.ru;1110{END};E1"
OUTBOUND = f"[];{T0 + 200};{T0 + 260};{T0 + 212};103;sip:c@x.mangosip.ru;;79260000000;1110{END};E2"
MISSED = f"[];{T0 + 300};{T0 + 320};0;;79170000000;101;sip:a@x.mangosip.ru;1110{END};E3"
LEG = {
    "call_type": "user",
    "call_abonent_id": 300043135,
    "call_abonent_info": "Сергей",
    "call_abonent_number": "sip:cu@t1.mangosip.ru",
    "call_start_time": T0 + 2,
    "call_answer_time": T0 + 7,
    "call_end_time": T0 + 16,
    "call_duration": 14,
    "talk_duration": 9,
    "dial_duration": 5,
    "hold_duration": None,
    "call_end_reason": 1110,
    "recording_id": ["MToxMDAwNDYyOTo1MDA4NzE2MjI1OjA="],
    "BlindTransfer": False,
    "ConsultTransfer": False,
    "external_call_id": "MToxMDAx",
    "members": None,
}
CALL = {
    "entry_id": "NTAwODcxNjIyNQ==",
    "context_type": 1,
    "context_status": 1,
    "caller_id": None,
    "caller_name": "74956496674",
    "caller_number": "74956496674",
    "called_number": "74952233567",
    "context_start_time": T0,
    "duration": 16,
    "talk_duration": 9,
    "recall_status": 2,
    "context_calls": [
        {**LEG, "call_type": "group", "call_abonent_info": "Продажи", "call_abonent_number": None, "members": [LEG]}
    ],
}


def lines(*rows):
    return "".join(row + "\n" for row in rows)


def extended(*calls):
    return {"result": 1000, "status": "complete", "data": [{"list": list(calls), "period": "2026-11-20"}]}


def test_rows_of_one_entry_are_one_call_that_rang_from_its_first_phone(tmp_path):
    call = read(MANGO_STATISTICS, tmp_path / "a.csv", lines(IVR, FIRST_PHONE, SECOND_PHONE)).call
    assert (call.record_id, call.direction, call.outcome) == ("E1", Direction.INBOUND, CallOutcome.ANSWERED)
    assert (call.manager, call.customer) == ("102", "79161234567")
    assert call.started_at == utc(2026, 11, 20, 10, 15)
    assert call.answered_at == utc(2026, 11, 20, 10, 15, 26)
    assert (call.ring_seconds, call.ring_by, call.wait_seconds) == (18.0, "legs", 26.0)
    assert [leg.party for leg in call.legs] == ["101", "102"]


def test_the_menu_is_no_answer_of_a_person(tmp_path):
    call = read(MANGO_STATISTICS, tmp_path / "a.csv", lines(IVR, FIRST_PHONE)).call
    assert (call.outcome, call.answered_at, call.ring_seconds) == (CallOutcome.MISSED, None, None)


def test_a_queue_is_no_phone_and_its_music_no_answer(tmp_path):
    queue = f"[];{T0 + 8};{T0 + 12};{T0 + 8};;79161234567;600;74951112233;1100;74951112233;queue;E1"
    call = read(MANGO_STATISTICS, tmp_path / "a.csv", lines(IVR, queue, SECOND_PHONE)).call
    assert (call.manager, call.ring_seconds, [leg.party for leg in call.legs]) == ("102", 14.0, ["102"])


def test_recordings_are_taken_from_the_brackets(tmp_path):
    call = read(MANGO_STATISTICS, tmp_path / "a.csv", lines(SECOND_PHONE)).call
    assert call.recordings == ("MToxMDA=", "MToxMDE=")
    assert call.ids == ("E1", "MToxMDA=", "MToxMDE=")


def test_an_outbound_call_rings_at_the_customer(tmp_path):
    call = read(MANGO_STATISTICS, tmp_path / "a.csv", lines(OUTBOUND)).call
    assert (call.direction, call.manager, call.customer) == (Direction.OUTBOUND, "103", "79260000000")
    assert call.ring_seconds == 12.0


def test_an_answer_of_zero_is_a_missed_call(tmp_path):
    call = read(MANGO_STATISTICS, tmp_path / "a.csv", lines(MISSED)).call
    assert (call.outcome, call.answered_at, call.manager) == (CallOutcome.MISSED, None, "101")
    assert call.no_ring_why == ""


@pytest.mark.parametrize(("reason", "outcome"), [("3210", CallOutcome.FAILED), ("4210", CallOutcome.MISSED)])
def test_the_reason_tells_a_wrong_number_from_one_that_is_not_answered(tmp_path, reason, outcome):
    row = OUTBOUND.replace(f";{T0 + 212};", ";0;").replace(";1110;", f";{reason};")
    assert read(MANGO_STATISTICS, tmp_path / "a.csv", lines(row)).call.outcome is outcome


def test_a_header_gives_the_columns_in_any_order(tmp_path):
    text = lines("entry_id;start;answer;finish;from_extension;from_number;to_extension;to_number", "E1;") + "\n"
    row = f"E9;{T0};{T0 + 4};{T0 + 9};;79161234567;101;sip:a"
    found = read(MANGO_STATISTICS, tmp_path / "a.csv", text + row + "\n")
    assert (found.call.record_id, found.call.ring_seconds) == ("E9", 4.0)


def test_text_moments_are_moscow_time_by_the_vendors_rule(tmp_path):
    row = MISSED.replace(str(T0 + 300), "2026-11-20 13:20:00").replace(str(T0 + 320), "2026-11-20 13:20:20")
    call = read(MANGO_STATISTICS, tmp_path / "a.csv", lines(HEADER, row)).call
    assert call.started_at == utc(2026, 11, 20, 10, 20)


def test_rows_without_entry_id_stand_alone_and_it_is_told(tmp_path):
    text = lines(*(row.rsplit(";", 1)[0] for row in (IVR, SECOND_PHONE)))
    found = read(MANGO_STATISTICS, tmp_path / "a.csv", text)
    assert [call.outcome for call in found.calls] == [CallOutcome.UNKNOWN, CallOutcome.ANSWERED]
    assert "entry_id" in found.told[0][1]


def test_a_row_that_stands_twice_is_one_leg(tmp_path):
    call = read(MANGO_STATISTICS, tmp_path / "a.csv", lines(MISSED, MISSED)).call
    assert len(call.legs) == 1


def test_an_unknown_number_of_columns_asks_for_a_header(tmp_path):
    with pytest.raises(RecordsError, match="9 columns without a header"):
        read(MANGO_STATISTICS, tmp_path / "a.csv", f"[];{T0};{T0 + 9};0;;7916;101;sip:a;1110\n")


def test_missing_columns_are_named(tmp_path):
    with pytest.raises(RecordsError, match=r"no answer, to_number; found start, from_number"):
        read(MANGO_STATISTICS, tmp_path / "a.csv", f"start;from_number\n{T0};7916\n")


@pytest.mark.parametrize("answer", ["x", "-3", str(T0 - 500)])
def test_an_answer_that_cannot_be_is_told_and_left_out(tmp_path, answer):
    row = MISSED.replace(";0;;", f";{answer};;")
    found = read(MANGO_STATISTICS, tmp_path / "a.csv", lines(IVR, row))
    assert [call.answered_at for call in found.calls] == [None, None]
    assert any(line == 2 and message.startswith("answer") for line, message in found.told)


def test_half_a_last_line_is_told_and_the_rest_is_read(tmp_path):
    found = read(MANGO_STATISTICS, tmp_path / "a.csv", lines(MISSED) + "[];17951")
    assert found.call.record_id == "E3"
    assert found.told[0][0] == 2


def test_cp1251_is_read(tmp_path):
    row = MISSED.replace("sip:a@x.mangosip.ru", "sip:анна@x")
    assert read(MANGO_STATISTICS, tmp_path / "a.csv", lines(row).encode("cp1251")).call.legs[0].party == "101"


@pytest.mark.parametrize("content", ["", "hello, world\n1,2\n", '{"a": 1}', '{"data": []}'])
def test_a_foreign_file_is_refused(tmp_path, content):
    with pytest.raises(RecordsError):
        read(MANGO_STATISTICS, tmp_path / "a", content)


def test_extended_statistics_give_the_phone_of_the_group_that_answered(tmp_path):
    call = read(MANGO_STATISTICS, tmp_path / "a.json", extended(CALL)).call
    assert (call.record_id, call.manager, call.customer, call.queue) == (
        "NTAwODcxNjIyNQ==",
        "Сергей",
        "74956496674",
        "Продажи",
    )
    assert (call.ring_seconds, call.wait_seconds) == (float(LEG["dial_duration"]), 7.0)
    assert call.ended_at == utc(2026, 11, 20, 10, 15, 16)
    assert call.recordings == ("MToxMDAwNDYyOTo1MDA4NzE2MjI1OjA=",)
    assert "MToxMDAx" in call.ids


def test_the_hold_of_the_extended_statistics_is_kept(tmp_path):
    held = {**CALL, "context_calls": [{**LEG, "hold_duration": 12}]}
    call = read(MANGO_STATISTICS, tmp_path / "a.json", extended(held)).call
    assert (call.hold_seconds, call.num_holds) == (12.0, None)
    assert read(MANGO_STATISTICS, tmp_path / "b.json", extended(CALL)).call.hold_seconds is None


@pytest.mark.parametrize(("flag", "kind"), [("BlindTransfer", "blind"), ("ConsultTransfer", "attended")])
def test_a_transferred_leg_leads_to_the_next(tmp_path, flag, kind):
    next_leg = {**LEG, "call_abonent_info": "Иван", "call_start_time": T0 + 16, "call_answer_time": T0 + 25}
    both = {**CALL, "context_calls": [{**LEG, flag: True}, next_leg]}
    call = read(MANGO_STATISTICS, tmp_path / "a.json", extended(both)).call
    ((done),) = call.transfers
    assert (done.to, done.kind, done.at, done.wait_seconds) == ("Иван", kind, utc(2026, 11, 20, 10, 15, 16), 9.0)
    assert call.manager == "Сергей"


def test_an_unanswered_call_of_the_extended_statistics_is_missed(tmp_path):
    leg = {**LEG, "call_answer_time": None, "talk_duration": 0}
    call = read(
        MANGO_STATISTICS, tmp_path / "a.json", extended({**CALL, "context_status": 0, "context_calls": [leg]})
    ).call
    assert (call.outcome, call.ring_seconds) == (CallOutcome.MISSED, None)


def test_a_call_without_legs_is_answered_or_missed_by_its_status(tmp_path):
    statuses = [extended({**CALL, "context_status": status, "context_calls": []}) for status in (0, 1)]
    calls = [read(MANGO_STATISTICS, tmp_path / "a.json", content).call for content in statuses]
    assert [call.outcome for call in calls] == [CallOutcome.MISSED, CallOutcome.ANSWERED]
    assert calls[1].no_ring_why


def test_answers_kept_as_json_lines_are_read_together(tmp_path):
    other = {**CALL, "entry_id": "second"}
    found = read(MANGO_STATISTICS, tmp_path / "a.jsonl", [extended(CALL), extended(other), other])
    assert [call.record_id for call in found.calls] == [CALL["entry_id"], "second"]


def test_wrong_types_are_told_and_the_rest_is_read(tmp_path):
    wrong = {**CALL, "entry_id": "wrong", "duration": "many", "context_calls": "none"}
    found = read(MANGO_STATISTICS, tmp_path / "a.json", extended(CALL, wrong))
    assert [call.ended_at is None for call in found.calls] == [False, True]
    assert found.told[0][1].startswith("duration is no duration")


def test_it_knows_its_own_files():
    assert MANGO_STATISTICS.fits(lines(IVR, MISSED))
    assert MANGO_STATISTICS.fits(lines(HEADER))
    assert MANGO_STATISTICS.fits(json.dumps(extended(CALL)))
    assert not MANGO_STATISTICS.fits("a;b;c;d;e;f;g;h;i;j;k\n")
