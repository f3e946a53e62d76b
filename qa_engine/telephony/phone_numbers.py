"""Phone numbers as they are written: their digits, and which of them are phones of the company."""

from __future__ import annotations

import re

from qa_engine.telephony.reader import ReadingOptions

__all__ = ["digits_of", "is_extension"]

NOT_DIGITS = re.compile(r"[^0-9]")


def digits_of(number: str) -> str:
    """The digits of a number: ``+7 (916) 123-45-67`` -> ``79161234567``."""
    return NOT_DIGITS.sub("", number)


def is_extension(number: str, options: ReadingOptions) -> bool:
    """Whether a number is a phone of the company: nothing but digits, and few (`options.extension_digits`)."""
    return number.isascii() and number.isdigit() and len(number) <= options.extension_digits
