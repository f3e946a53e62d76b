"""A call nobody answered, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qa_engine.domain.call_record import CallRecord

__all__ = ["MissedCall"]


@dataclass(frozen=True, slots=True)
class MissedCall:
    """An inbound call without an answer, and the first call to the same number after it.

    `called_back_at` is its start, `called_back_by` who called (extension or name), `seconds_to_call_back` counts from
    the end of the missed call, `call_back_answered` None without a call-back. `reached_at` is the start of the first
    call-back that was answered. `called_again_at`: the customer called again himself and was answered, before a
    call-back reached him; a call to him after that is none. `can_be_called` False: the number is hidden.
    """

    record: CallRecord
    can_be_called: bool = True
    called_back_at: datetime | None = None
    called_back_by: str = ""
    seconds_to_call_back: float | None = None
    call_back_answered: bool | None = None
    reached_at: datetime | None = None
    called_again_at: datetime | None = None

    @property
    def called_again(self) -> bool:
        """The customer was served by calling again."""
        return self.called_again_at is not None
