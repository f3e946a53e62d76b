"""Russian and English: normalising, stems, matching, names and their forms, number words, lexicons, messages.

Text in, text out: what people write and recognisers hear is brought to one form here and compared here.
Knows no call, no scorecard and no sound; `matching` is the only place that says how alike is alike enough.
"""

from __future__ import annotations

from qa_engine.language.languages import Language, get_language

__all__ = ["Language", "get_language"]
