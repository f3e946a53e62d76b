"""The phone systems whose records can be read, and which of them a file is from."""

from __future__ import annotations

from pathlib import Path

from qa_engine.errors import RecordsError, SettingsError
from qa_engine.telephony.asterisk_cdr import ASTERISK_CDR
from qa_engine.telephony.asterisk_cel import ASTERISK_CEL
from qa_engine.telephony.asterisk_queue_log import ASTERISK_QUEUE_LOG
from qa_engine.telephony.bitrix24 import BITRIX24
from qa_engine.telephony.freeswitch import FREESWITCH
from qa_engine.telephony.generic_csv import GENERIC_CSV
from qa_engine.telephony.mango_events import MANGO_EVENTS
from qa_engine.telephony.mango_statistics import MANGO_STATISTICS
from qa_engine.telephony.reader import ReadingOptions, RecordsReader
from qa_engine.telephony.text_files import read_beginning
from qa_engine.telephony.three_cx import THREE_CX
from qa_engine.telephony.twilio import TWILIO

__all__ = ["SYSTEMS", "find_reader"]

SYSTEMS: tuple[RecordsReader, ...] = (  # in the order in which they are asked whether a file is theirs
    ASTERISK_QUEUE_LOG,
    ASTERISK_CEL,
    ASTERISK_CDR,
    THREE_CX,
    FREESWITCH,
    MANGO_EVENTS,
    MANGO_STATISTICS,
    TWILIO,
    BITRIX24,
    GENERIC_CSV,
)
AUTO = "auto"
MOST_CONTROL = 0.02  # share of control characters; text has none but line ends and tabs
BLANKS = frozenset("\t\n\r\f\v")


def find_reader(path: Path, system: str, options: ReadingOptions) -> RecordsReader:
    """The reader of a file: by the name of its `system`, or ``auto``, by how the file begins.

    A mapping file chooses `GENERIC_CSV`. Raises SettingsError for an unknown system, RecordsError for a file that is
    empty, no text, or of no system that is known.
    """
    named = next((reader for reader in SYSTEMS if reader.name == system), None)
    if named is None and system != AUTO:
        raise SettingsError(f"--system {system!r} is not known; say {AUTO} or one of {', '.join(_names())}")
    beginning = read_beginning(path, options.encoding)
    _require_text(path, beginning)
    if named is None and options.mapping is not None:
        return GENERIC_CSV
    found = named or next((reader for reader in SYSTEMS if reader.fits(beginning)), None)
    if found is None:
        known = "\n".join(f"  {reader.name}: {reader.title}" for reader in SYSTEMS)
        raise RecordsError(
            f"{path} looks like the records of no phone system that is known:\n{known}\n"
            "Say which one with --system, or describe the columns of a CSV file with --mapping FILE"
        )
    return found


def _names() -> list[str]:
    return [reader.name for reader in SYSTEMS]


def _require_text(path: Path, beginning: str) -> None:
    if not beginning.strip():
        raise RecordsError(f"{path} is empty: export the records anew")
    control = sum(not character.isprintable() and character not in BLANKS for character in beginning)
    if control > MOST_CONTROL * len(beginning):
        raise RecordsError(
            f"{path} is no text file: call records are CSV, JSON, a log or a database dump in SQL (gzip is read too)"
        )
