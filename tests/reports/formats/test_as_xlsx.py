from __future__ import annotations

import io
import time
import zipfile

import openpyxl
from report_builders import judged_call, make_card, match, report_on, result
from sample_audit import sample_report

from qa_engine.reports.formats.as_xlsx import render


def workbook_of(report):
    return openpyxl.load_workbook(io.BytesIO(render(report)))


def table(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_sheets_and_headings_are_in_the_language_of_the_scorecard():
    assert workbook_of(sample_report("en")).sheetnames == ["Managers", "Calls", "Criteria", "To review", "Unreadable"]
    book = workbook_of(sample_report("ru"))
    assert book.sheetnames == ["Менеджеры", "Звонки", "Критерии", "Нужен человек", "Не прочитано"]
    assert book["Менеджеры"]["A1"].value == "Менеджер"


def test_rows_of_every_sheet():
    book = workbook_of(sample_report("en"))
    assert [len(table(sheet)) - 1 for sheet in book] == [4, 12, 4 * 8, 20, 2]
    emma = dict(zip(*table(book["Managers"])[:2], strict=True))
    assert (emma["Manager"], emma["Calls"], emma["Score"], emma["Passed, %"]) == ("Emma Clark", 5, 90, 80)
    assert (emma["95% from"], emma["95% to"]) == (37.55, 96.38)


def test_words_are_never_formulas():
    report = report_on(
        judged_call(1, "=1+1", result("hello", "fail", match("=cmd()"), title="+x", reason="@y")), card=make_card()
    )
    book = workbook_of(report)
    assert book["Managers"]["A2"].value == "=1+1"
    assert book["Managers"]["A2"].data_type == "s"
    assert book["Managers"]["A2"].quotePrefix
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]


def test_control_characters_do_not_break_the_file():
    assert (
        workbook_of(report_on(judged_call(1, "E\x00\x1bv\ufffee", result("hello"))))["Managers"]["A2"].value == "E ve"
    )


def test_customers_numbers_are_hidden():
    archive = zipfile.ZipFile(io.BytesIO(render(sample_report())))
    assert b"4955550" not in b"".join(archive.read(name) for name in archive.namelist())


def test_same_report_gives_the_same_bytes_at_any_time(monkeypatch):
    first = render(sample_report())
    monkeypatch.setattr(time, "localtime", lambda *args: time.gmtime(2_000_000_000))
    assert render(sample_report()) == first
    assert workbook_of(sample_report()).properties.modified.year == 2000
