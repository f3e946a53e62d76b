"""What the rules say to people, in the language of the scorecard."""

from __future__ import annotations

from typing import Final

from qa_engine.language.messages import Catalogue
from qa_engine.rules.messages_en import MESSAGES as ENGLISH
from qa_engine.rules.messages_ru import MESSAGES as RUSSIAN

__all__ = ["CATALOGUE", "clock", "number"]

CATALOGUE: Final = Catalogue({"en": ENGLISH, "ru": RUSSIAN})


def clock(seconds: float) -> str:
    """Seconds as people read them on a player: ``0:07``, ``12:40``, ``1:02:03``."""
    minutes, rest = divmod(int(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def number(value: float, digits: int = 1) -> str:
    """A figure without needless zeros: ``15``, ``0.5``, ``82.1``."""
    return f"{round(value, digits):.{digits}f}".rstrip("0").rstrip(".") if digits else f"{round(value)}"
