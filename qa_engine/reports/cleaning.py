"""Text and numbers of a call made safe to show: no control characters, no broken encodings, no customer's number."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath

__all__ = ["clean_text", "encodable", "mask_customer", "mask_name", "mask_text", "tame_formula"]

SHOWN_DIGITS = 4
"""How many last digits of a customer's number stay readable: enough to find the call again, too few to ring back."""

_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BREAKS = ("Cc", "Zl", "Zp")  # control characters, line and paragraph separators
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"(?<!\d)\+?\d{10,15}(?!\d)")
_STAMP = re.compile(r"20\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])\d{2,6}|1[4-9]\d{8}(\d{3})?")
"""Digit runs of 10 or more in file names that are times: YYYYMMDDhh[mm[ss]], and Unix seconds or milliseconds."""


def encodable(text: str) -> str:
    """The text with bytes that were no UTF-8 (as file systems give them) written out as an escape."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def clean_text(text: str) -> str:
    """The text on one line without control and direction-changing characters: safe for terminals and XML."""
    if text.isprintable() and "  " not in text:  # nearly always: no control, format or unassigned character in it
        return text.strip(" ")
    kept = (" " if unicodedata.category(char) in _BREAKS else char for char in encodable(text))
    joined = "".join(char for char in kept if char not in _BIDI_CONTROLS and not _is_noncharacter(char))
    return re.sub(" +", " ", joined).strip(" ")


def tame_formula(text: str) -> str:
    """The text led in by an apostrophe where a spreadsheet would take it for a formula (OWASP, CSV injection)."""
    return "'" + text if text.lstrip().startswith(_FORMULA_STARTS) else text


def mask_customer(customer: str) -> str:
    """A phone number with all but its last four digits hidden; a name or a short extension stays as it is."""
    digits = re.sub(r"\D", "", customer)
    if len(digits) <= SHOWN_DIGITS + 1:
        return clean_text(customer)
    return _masked(digits)


def mask_name(path: str, customer: str = "") -> str:
    """The file name of a recording with the customer's number hidden, and whatever else looks like a phone number."""
    name = clean_text(PurePath(path.replace("\\", "/")).name or path)
    digits = re.sub(r"\D", "", customer)
    for number in dict.fromkeys((digits, digits[-10:])):
        if len(number) > SHOWN_DIGITS + 1:
            name = re.sub(rf"(?<!\d)\+?\d?{number}(?!\d)", _masked(number), name)
    return mask_text(name)


def mask_text(text: str) -> str:
    """The text with whatever looks like a phone number (10 to 15 digits that are no time) hidden."""
    return _NUMBER.sub(_mask_match, clean_text(text))


def _mask_match(match: re.Match[str]) -> str:
    found = match.group()
    return found if _STAMP.fullmatch(found) else _masked(found)


def _masked(digits: str) -> str:
    return "•••" + digits[-SHOWN_DIGITS:]


def _is_noncharacter(char: str) -> bool:
    return ord(char) & 0xFFFE == 0xFFFE  # U+FFFE, U+FFFF and their like, which XML refuses
