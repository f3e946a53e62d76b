from __future__ import annotations

import subprocess
import sys

import pytest
from sample_audit import sample_report

from qa_engine.errors import SettingsError
from qa_engine.reports.rendering import FORMATS, render_report


@pytest.mark.parametrize(
    ("format_name", "start"),
    [("text", "Отчёт"), ("html", "<!doctype html>"), ("csv", "\ufeffcall;"), ("json", "{\n"), ("xlsx", "PK")],
)
def test_every_format_gives_the_bytes_of_a_file(format_name, start):
    assert render_report(sample_report("ru"), format_name).lstrip().startswith(start.encode("utf-8"))


@pytest.mark.parametrize("format_name", FORMATS)
def test_same_report_gives_the_same_bytes(format_name):
    assert render_report(sample_report(), format_name) == render_report(sample_report(), format_name)


def test_unknown_format_names_the_known_ones():
    with pytest.raises(SettingsError, match=r"'pdf'; choose one of text, html, xlsx, csv, json"):
        render_report(sample_report(), "pdf")


def test_libraries_of_formats_are_loaded_only_when_asked_for():
    heavy = "('jinja2', 'openpyxl', 'rich')"
    code = f"import sys, qa_engine.reports.rendering; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
