"""The words of the reports in both languages; `Wording` (beside it) adds numbers, dates and plurals."""

from __future__ import annotations

from qa_engine.language.messages import Catalogue
from qa_engine.reports.labels_en import ENGLISH
from qa_engine.reports.labels_ru import RUSSIAN

__all__ = ["LABELS"]

LABELS = Catalogue({"en": ENGLISH, "ru": RUSSIAN})
