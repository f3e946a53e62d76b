import json

import pytest

from qa_engine.errors import RecordsError
from qa_engine.telephony import json_files
from qa_engine.telephony.reader import Problems
from qa_engine.telephony.record_files import read_json_objects


def objects_of(tmp_path, text, **options):
    path, problems = tmp_path / "a.json", Problems()
    path.write_text(text, encoding="utf-8")
    return [(row.line, row.values) for row in read_json_objects(path, problems=problems, **options)], problems


def test_json_lines(tmp_path):
    assert objects_of(tmp_path, '{"a": 1}\n\n{"a": 2}\n')[0] == [(1, {"a": 1}), (3, {"a": 2})]


def test_a_line_that_is_no_object_is_told_and_the_rest_is_read(tmp_path):
    rows, problems = objects_of(tmp_path, '{"a": 1}\n{"a":\n[1]\n{"a": 2}\n')
    assert [values["a"] for _, values in rows] == [1, 2]
    assert [line for line, _ in problems.shown] == [2, 3]


def test_one_array(tmp_path):
    rows, problems = objects_of(tmp_path, '[\n {"a": 1},\n {"a": "x]"}\n]\n')
    assert rows == [(1, {"a": 1}), (2, {"a": "x]"})]
    assert problems.count == 0


def test_an_array_larger_than_a_chunk(tmp_path, monkeypatch):
    monkeypatch.setattr(json_files, "CHUNK", 16)
    rows, problems = objects_of(tmp_path, json.dumps([{"number": i, "text": "я" * i} for i in range(60)]))
    assert [values["number"] for _, values in rows] == list(range(60))
    assert problems.count == 0


def test_an_array_that_breaks_off_keeps_what_is_whole(tmp_path):
    rows, problems = objects_of(tmp_path, '[{"a": 1}, {"a": 2}, {"a"')
    assert [values["a"] for _, values in rows] == [1, 2]
    assert problems.shown[0][0] == 3


def test_the_array_in_an_object(tmp_path):
    text = '{\n "page": 0, "calls": [{"sid": "a"}, {"sid": "b"}], "tags": [{"x": 1}]}'
    assert [values["sid"] for _, values in objects_of(tmp_path, text)[0]] == ["a", "b"]


def test_a_whole_object_is_not_taken_apart(tmp_path):
    text = '{"variables": {"uuid": "a"}, "callflow": [{"x": 1}, {"x": 2}]}'
    assert objects_of(tmp_path, text, whole=True)[0] == [(1, json.loads(text))]


def test_a_document_that_is_no_json_is_refused(tmp_path):
    with pytest.raises(RecordsError, match=r"a\.json is no JSON, or was cut off"):
        objects_of(tmp_path, '{"calls": [{"sid": "a"}, {"si')


def test_an_empty_file_has_no_objects(tmp_path):
    assert objects_of(tmp_path, " \n")[0] == []
