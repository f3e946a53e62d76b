"""The keys by which call records are found and put together: telephone numbers, names of recordings, ids."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

__all__ = ["SHORTEST_ID", "RecordQuery", "is_telling", "number_key", "recording_key", "recording_stem"]

SHORTEST_ID = 6  # characters; shorter ids (the "(2)" of a 3CX file) are counters that start again
_NUMBER_DIGITS = 10  # national number, whatever stands before it: +7, 8, 0049 (TELEPHONY 3.1, callback)
_NOT_A_NUMBER = re.compile(r"[@;,].*", re.DOTALL)  # sip:7916...@host;user=phone, digits dialled after the answer

# What recorders and converters write (TELEPHONY 2.1), transcripts too. A list, because an Asterisk uniqueid without
# a suffix ends like one: 1732087200.25
_SUFFIX = re.compile(
    r"\.(?:wav(?:16|49)?|mp[34]|m4a|og[ag]|opus|spx|flac|aac|amr|gsm|wma|webm|aiff?|au|3gp|raw|pcm|vox|caf"
    r"|ul|ulaw|mulaw|al|alaw|sl(?:i)?n\d*|g72[2369]|siren(?:7|14)|json|srt|vtt|txt)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """What to ask the store for; `since` and `until` (aware) bound the records of `number`."""

    ids: tuple[str, ...] = ()
    recordings: tuple[str, ...] = ()
    number: str = ""
    since: datetime | None = None
    until: datetime | None = None


def number_key(number: str) -> str:
    """The last ten digits of a telephone number; all of a shorter one; "" for a hidden one (no digits, only zeros)."""
    digits = "".join(character for character in _NOT_A_NUMBER.sub("", number) if character in "0123456789")
    return digits[-_NUMBER_DIGITS:] if digits.strip("0") else ""


def recording_stem(path: str) -> str:
    """The name of a recording without folders (of either system) and without the suffixes of sound and transcripts."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", path)[-1])
    while (shorter := _SUFFIX.sub("", name)) not in ("", name):  # converted: call.wav.mp3
        name = shorter
    return name


def recording_key(path: str) -> str:
    """The same for a recording whatever its folder, case and format: recordings are moved and converted."""
    return recording_stem(path).casefold()


def is_telling(record_id: str) -> bool:
    """Whether an id is long enough to name one call among all."""
    return len(record_id) >= SHORTEST_ID
