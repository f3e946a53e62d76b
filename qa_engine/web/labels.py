"""The words that only the desk says, in both languages; the rest comes from the report's `Wording`."""

from __future__ import annotations

from qa_engine.language.messages import Catalogue
from qa_engine.web.labels_en import ENGLISH
from qa_engine.web.labels_ru import RUSSIAN

__all__ = ["DESK"]

DESK = Catalogue({"en": ENGLISH, "ru": RUSSIAN})
