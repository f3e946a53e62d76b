import pytest

from qa_engine.errors import RecordsError
from qa_engine.telephony import sql_dumps
from qa_engine.telephony.reader import Problems
from qa_engine.telephony.record_files import read_sql_rows
from qa_engine.telephony.sql_dumps import tables_of

TABLE = """-- MySQL dump 10.19
DROP TABLE IF EXISTS `cdr`;
CREATE TABLE `cdr` (
  `calldate` datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
  `clid` varchar(80) NOT NULL DEFAULT '',
  `cost` decimal(10,2) DEFAULT NULL,
  PRIMARY KEY (`calldate`,`clid`),
  KEY `calldate` (`calldate`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `cdr` WRITE;
"""


def rows_of(tmp_path, text, **options):
    path, problems = tmp_path / "dump.sql", Problems()
    path.write_text(text, encoding="utf-8")
    return [(row.line, row.values) for row in read_sql_rows(path, problems=problems, **options)], problems


def test_mysqldump_takes_its_columns_from_the_table(tmp_path):
    rows, problems = rows_of(tmp_path, TABLE + "INSERT INTO `cdr` VALUES ('2026-11-20','a',1.50),('x','b',NULL);\n")
    assert [row for _, row in rows] == [
        {"calldate": "2026-11-20", "clid": "a", "cost": "1.50"},
        {"calldate": "x", "clid": "b", "cost": ""},
    ]
    assert problems.count == 0


def test_quotes_and_brackets_in_values_are_values(tmp_path):
    text = r"""INSERT INTO cdr (a, b, c) VALUES ('\"Anna (shop), \'x\'\" <101>','it''s; (1),(2)','a\\b\n');"""
    assert rows_of(tmp_path, text)[0][0][1] == {"a": "\"Anna (shop), 'x'\" <101>", "b": "it's; (1),(2)", "c": "a\\b\n"}


def test_each_row_has_its_line(tmp_path):
    rows, _ = rows_of(tmp_path, "INSERT INTO cdr (a) VALUES\n(1),\n(2);\nINSERT INTO cdr (a) VALUES (3);\n")
    assert [line for line, _ in rows] == [2, 3, 4]


def test_only_the_tables_asked_for_are_read(tmp_path):
    text = "INSERT INTO cel (a) VALUES (1);\nINSERT INTO `cdr` (a) VALUES (2);\n"
    assert [row["a"] for _, row in rows_of(tmp_path, text, tables={"cdr"})[0]] == ["2"]


def test_copy_of_postgresql(tmp_path):
    text = "COPY public.cdr (calldate, clid, extra) FROM stdin;\n2026-11-20\ta\\tb\t\\N\n2026-11-21\tc\td\n\\.\n"
    rows, _ = rows_of(tmp_path, text)
    assert rows == [
        (2, {"calldate": "2026-11-20", "clid": "a\tb", "extra": ""}),
        (3, {"calldate": "2026-11-21", "clid": "c", "extra": "d"}),
    ]


def test_a_row_cut_off_at_the_end_is_told(tmp_path):
    rows, problems = rows_of(tmp_path, "INSERT INTO cdr (a,b) VALUES ('1','2'),('3','fo")
    assert [row["a"] for _, row in rows] == ["1"]
    assert problems.count == 1


def test_a_row_with_another_number_of_values_is_told(tmp_path):
    rows, problems = rows_of(tmp_path, "INSERT INTO cdr (a,b) VALUES (1,2),\n(3),\n(4,5);\n")
    assert [row["a"] for _, row in rows] == ["1", "4"]
    assert problems.shown == [(2, "the row has 1 values, 2 expected: left out")]


def test_a_dump_without_column_names_is_refused_with_the_remedy(tmp_path):
    with pytest.raises(RecordsError, match=r"names no columns of its table cdr.*--complete-insert"):
        rows_of(tmp_path, "INSERT INTO `cdr` VALUES (1,2);\n")


def test_rows_over_the_border_of_two_chunks_are_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(sql_dumps, "CHUNK", 50)
    values = ",".join(f"('{i}','имя {i}')" for i in range(300))
    rows, problems = rows_of(tmp_path, f"INSERT INTO cdr (a,b) VALUES {values};\nINSERT INTO cdr (a,b) VALUES (1,2);\n")
    assert [row["b"] for _, row in rows] == [*(f"имя {i}" for i in range(300)), "2"]
    assert problems.count == 0


def test_tables_of_a_text_that_is_no_dump():
    assert tables_of("a,b\nINSERT,COPY\n") == frozenset()
    assert tables_of(TABLE) == {"cdr"}
