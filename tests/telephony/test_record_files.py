from qa_engine.telephony.reader import Problems
from qa_engine.telephony.record_files import header_of, read_rows, sniff_delimiter


def rows_of(tmp_path, text, **options):
    path, problems = tmp_path / "a.csv", Problems()
    path.write_text(text, encoding="utf-8", newline="")
    return [(row.line, row.values) for row in read_rows(path, problems=problems, **options)], problems


def test_keys_are_lower_case_and_stripped(tmp_path):
    rows, problems = rows_of(tmp_path, " Start ,DST\n1,2\n")
    assert rows == [(2, {"start": "1", "dst": "2"})]
    assert problems.count == 0


def test_each_delimiter_is_found(tmp_path):
    for delimiter in ",;\t|":
        rows, _ = rows_of(tmp_path, f"a{delimiter}b\n1{delimiter}2\n")
        assert rows == [(2, {"a": "1", "b": "2"})]


def test_commas_in_quotes_do_not_hide_the_semicolon():
    assert sniff_delimiter('"a, b, c";"d, e"\n"1, 2, 3, 4";"5"\n') == ";"


def test_the_line_of_excel_names_the_delimiter(tmp_path):
    rows, _ = rows_of(tmp_path, "sep=;\r\na;b\r\n1,5;2\r\n")
    assert rows == [(3, {"a": "1,5", "b": "2"})]
    assert header_of("sep=;\na;b\n") == ("a", "b")


def test_given_headers_are_used_and_a_repeated_one_left_out(tmp_path):
    assert rows_of(tmp_path, "1,2\n", headers=("a", "b"))[0] == [(1, {"a": "1", "b": "2"})]
    assert rows_of(tmp_path, "A,B\n1,2\n", headers=("a", "b"))[0] == [(2, {"a": "1", "b": "2"})]


def test_half_a_last_line_is_told_with_its_line(tmp_path):
    rows, problems = rows_of(tmp_path, "a,b,c\n1,2,3\n4,5")
    assert rows == [(2, {"a": "1", "b": "2", "c": "3"})]
    assert problems.shown == [(3, "the row has 2 fields, 3 expected: it was left out")]


def test_delimiters_at_the_end_of_a_line_are_no_fields(tmp_path):
    rows, problems = rows_of(tmp_path, "a,b\n1,2,,\n")
    assert rows == [(2, {"a": "1", "b": "2"})]
    assert not problems.count


def test_a_quoted_value_goes_over_lines(tmp_path):
    rows, _ = rows_of(tmp_path, 'a,b\n1,"x\ny ""z"""\n3,4\n')
    assert rows == [(2, {"a": "1", "b": 'x\ny "z"'}), (4, {"a": "3", "b": "4"})]


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path):
    rows, problems = rows_of(tmp_path, 'a,b\n1,"x\n' + "3,4\n" * 100)
    assert [line for line, _ in rows] == list(range(3, 103))
    assert [line for line, _ in problems.shown] == [2]


def test_a_torn_quoted_row_does_not_swallow_the_next(tmp_path):
    rows, problems = rows_of(tmp_path, 'a,b\n"1","2\n"3","4"\n"5","6"\n')
    assert [row["a"] for _, row in rows] == ["3", "5"]
    assert problems.shown[0][0] == 2


def test_a_quote_inside_a_value_stands_as_it_is(tmp_path):
    assert rows_of(tmp_path, 'a,b\n12" pipe,2\n')[0] == [(2, {"a": '12" pipe', "b": "2"})]


def test_a_giant_field_costs_one_row(tmp_path):
    rows, problems = rows_of(tmp_path, f'a,b\n1,"{"x" * 200_000}"\n3,4\n')
    assert rows == [(3, {"a": "3", "b": "4"})]
    assert problems.shown[0][0] == 2


def test_the_second_of_two_equal_columns_keeps_its_own_name(tmp_path):
    assert rows_of(tmp_path, "a,a\n1,2\n")[0] == [(2, {"a": "1", "a.2": "2"})]


def test_an_empty_file_has_no_rows(tmp_path):
    assert rows_of(tmp_path, "") == ([], Problems())
    assert header_of("") == ()
