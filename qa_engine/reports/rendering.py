"""A report in any format as the bytes of its file; the format's library is loaded only when it is asked for."""

from __future__ import annotations

from importlib import import_module

from qa_engine.errors import SettingsError
from qa_engine.reports.report import Report

__all__ = ["FORMATS", "render_report"]

FORMATS = ("text", "html", "xlsx", "csv", "json")


def render_report(report: Report, format_name: str) -> bytes:
    """The file's content, UTF-8 where it is text; SettingsError for a format that is not in FORMATS."""
    if format_name not in FORMATS:
        raise SettingsError(f"unknown report format {format_name!r}; choose one of {', '.join(FORMATS)}")
    module = import_module(f"qa_engine.reports.formats.as_{format_name}")
    content: str | bytes = module.render_plain(report) if format_name == "text" else module.render(report)
    return content.encode("utf-8") if isinstance(content, str) else content
