"""Seconds as people read them on the screen."""

from __future__ import annotations

__all__ = ["clock"]


def clock(seconds: float) -> str:
    """``1:05.3``: minutes, seconds and tenths; with hours where there are any."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    hour = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{hour}:{rest // 10:02d}.{rest % 10}"
