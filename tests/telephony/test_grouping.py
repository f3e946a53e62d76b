import random

from qa_engine.telephony.grouping import grouped

ROWS = [(f"call {i % 700}", i) for i in range(5000)]


def test_rows_of_one_key_come_together_in_their_order():
    groups = list(grouped([("a", 1), ("b", 2), ("a", 3)], lambda row: row[0]))
    assert groups == [[("a", 1), ("a", 3)], [("b", 2)]]


def test_many_rows_give_the_same_groups_over_files():
    shuffled = random.Random(7).sample(ROWS, len(ROWS))
    whole = sorted(grouped(shuffled, lambda row: row[0]))
    assert sorted(grouped(shuffled, lambda row: row[0], most_in_memory=100)) == whole
    assert len(whole) == 700


def test_no_rows_give_no_groups():
    assert list(grouped([], str)) == []


def test_the_files_are_gone_when_the_reading_stops(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    groups = grouped(ROWS, lambda row: row[0], most_in_memory=100)
    next(groups)
    assert [folder.stat().st_mode & 0o077 for folder in tmp_path.iterdir()] == [0]
    groups.close()
    assert list(tmp_path.iterdir()) == []
