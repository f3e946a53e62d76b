from datetime import UTC, datetime, timedelta, timezone

import pytest
from reading import MOSCOW, read

from qa_engine.domain.call_identity import Direction
from qa_engine.domain.call_record import CallOutcome
from qa_engine.errors import RecordsError
from qa_engine.telephony.bitrix24 import BITRIX24

CALL = {
    "ID": "7",
    "PORTAL_USER_ID": "1269",
    "PORTAL_NUMBER": "3",
    "PHONE_NUMBER": "79062195047",
    "CALL_ID": "externalCall.716f1cb73def9700a23842adf9c4c568.1773130779",
    "EXTERNAL_CALL_ID": None,
    "CALL_CATEGORY": "external",
    "CALL_DURATION": "95",
    "CALL_START_DATE": "2026-03-10T11:19:38+03:00",
    "CALL_RECORD_URL": "https://storage.example.com/records/2026/03/call_79062195047.mp3?token=1",
    "CALL_FAILED_CODE": "200",
    "SESSION_ID": "3841557776",
    "CALL_TYPE": "2",
}
MISSED = {**CALL, "ID": "8", "CALL_ID": "missed.1", "CALL_DURATION": "0", "CALL_FAILED_CODE": "304", "SESSION_ID": None}
HEADER = "ID;PORTAL_USER_ID;PHONE_NUMBER;CALL_ID;CALL_DURATION;CALL_START_DATE;CALL_FAILED_CODE;CALL_TYPE"


def answer(*calls):
    return {"result": list(calls), "total": len(calls), "time": {"start": 1773141841}}


def test_an_answered_call_is_read_with_who_took_it(tmp_path):
    call = read(BITRIX24, tmp_path / "calls.json", answer(CALL)).call
    assert (call.system, call.record_id) == ("bitrix24", CALL["CALL_ID"])
    assert (call.manager, call.customer, call.direction) == ("1269", "79062195047", Direction.INBOUND)
    assert call.started_at == datetime(2026, 3, 10, 11, 19, 38, tzinfo=timezone(timedelta(hours=3)))
    assert call.outcome is CallOutcome.ANSWERED
    assert call.ids == (CALL["CALL_ID"], "3841557776")
    assert call.recordings == ("call_79062195047.mp3",)


def test_the_ring_time_is_unknown_and_says_why(tmp_path):
    call = read(BITRIX24, tmp_path / "calls.json", answer(CALL)).call
    assert call.ring_seconds is None
    assert call.answered_at is None
    assert "not when it rang" in call.no_ring_why


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("304", CallOutcome.MISSED),
        ("603", CallOutcome.MISSED),
        ("603-S", CallOutcome.MISSED),
        ("486", CallOutcome.BUSY),
        ("404", CallOutcome.FAILED),
        ("OTHER", CallOutcome.UNKNOWN),
    ],
)
def test_the_code_tells_how_the_call_ended(tmp_path, code, outcome):
    assert read(BITRIX24, tmp_path / "a.json", answer({**CALL, "CALL_FAILED_CODE": code})).call.outcome is outcome


@pytest.mark.parametrize(
    ("kind", "direction"),
    [("1", Direction.OUTBOUND), ("3", Direction.INBOUND), ("4", Direction.OUTBOUND), ("9", Direction.UNKNOWN)],
)
def test_the_type_tells_the_direction(tmp_path, kind, direction):
    assert read(BITRIX24, tmp_path / "a.json", answer({**CALL, "CALL_TYPE": kind})).call.direction is direction


def test_rows_of_one_call_with_another_user_are_a_transfer(tmp_path):
    later = {**CALL, "ID": "9", "PORTAL_USER_ID": "1300", "CALL_START_DATE": "2026-03-10T11:21:00+03:00"}
    call = read(BITRIX24, tmp_path / "a.json", answer(later, CALL)).call
    assert call.manager == "1269"
    assert [(done.to, done.at.astimezone(UTC).minute) for done in call.transfers] == [("1300", 21)]


def test_a_row_that_stands_twice_is_one_call(tmp_path):
    call = read(BITRIX24, tmp_path / "a.json", answer(CALL, CALL)).call
    assert call.transfers == ()


def test_answers_kept_as_json_lines_are_read_together(tmp_path):
    found = read(BITRIX24, tmp_path / "a.jsonl", [answer(CALL), answer(MISSED)])
    assert [call.record_id for call in found.calls] == [CALL["CALL_ID"], "missed.1"]


def test_a_csv_of_the_same_columns_is_read(tmp_path):
    text = f"{HEADER}\n8;1269;79062195047;c.1;0;10.03.2026 11:19:38;304;2\n"
    call = read(BITRIX24, tmp_path / "calls.csv", text, time_zone=MOSCOW).call
    assert (call.outcome, call.started_at.hour, call.started_at.utcoffset()) == (
        CallOutcome.MISSED,
        11,
        timedelta(hours=3),
    )


def test_moments_without_a_zone_need_one(tmp_path):
    text = f"{HEADER}\n8;1269;79062195047;c.1;0;10.03.2026 11:19:38;304;2\n"
    with pytest.raises(RecordsError, match="--time-zone"):
        read(BITRIX24, tmp_path / "calls.csv", text)


def test_mixed_zones_in_one_file_are_the_same_moments(tmp_path):
    utc = {**MISSED, "CALL_ID": "b", "CALL_START_DATE": "2026-03-10T08:19:38+00:00"}
    first, second = read(BITRIX24, tmp_path / "a.json", [CALL, utc]).calls
    assert first.started_at == second.started_at


def test_missing_columns_are_named_with_those_found(tmp_path):
    with pytest.raises(RecordsError, match=r"no call_start_date, call_failed_code; found id, call_id, call_type"):
        read(BITRIX24, tmp_path / "calls.csv", "ID;CALL_ID;CALL_TYPE\n1;a;2\n")


def test_cp1251_is_read(tmp_path):
    text = f"{HEADER};COMMENT\n8;1269;79062195047;c.1;0;2026-03-10T11:19:38+03:00;304;2;перезвонить\n"
    assert read(BITRIX24, tmp_path / "calls.csv", text.encode("cp1251")).call.record_id == "c.1"


def test_half_a_last_line_is_told_and_the_rest_is_read(tmp_path):
    text = f"{HEADER}\n8;1269;79062195047;c.1;0;2026-03-10T11:19:38+03:00;304;2\n9;1269;790"
    found = read(BITRIX24, tmp_path / "calls.csv", text)
    assert found.call.record_id == "c.1"
    assert found.told[0][0] == 3


@pytest.mark.parametrize("content", ["", "{}", '{"result": []}', "[1, 2]", HEADER])
def test_a_file_without_calls_is_refused(tmp_path, content):
    with pytest.raises(RecordsError, match="Bitrix24"):
        read(BITRIX24, tmp_path / "calls", content)


@pytest.mark.parametrize("duration", ["-5", "abc", "999999999"])
def test_an_absurd_duration_is_told_with_its_line_and_without_the_value(tmp_path, duration):
    found = read(BITRIX24, tmp_path / "a.json", [CALL, {**MISSED, "CALL_DURATION": duration}])
    assert len(found.calls) == 2
    ((line, message),) = found.told
    assert line == 2
    assert "call_duration" in message
    assert duration not in message


def test_a_start_that_is_no_moment_leaves_the_call_out(tmp_path):
    found = read(BITRIX24, tmp_path / "a.json", [CALL, {**MISSED, "CALL_START_DATE": "soon"}])
    assert [call.record_id for call in found.calls] == [CALL["CALL_ID"]]
    assert "CALL_START_DATE" in found.told[-1][1]


def test_it_knows_its_own_files():
    assert BITRIX24.fits('{"result": [{"CALL_FAILED_CODE": "200", "CALL_START_DATE": "2026-03-10T11:19:38+03:00"')
    assert not BITRIX24.fits("caller_id_name,caller_id_number,uuid,hangup_cause")
