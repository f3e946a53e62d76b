"""Times as people read them on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa_engine.domain.timings import Ringing

__all__ = ["clock", "ringing_line"]


def clock(seconds: float) -> str:
    """``1:05.3``: minutes, seconds and tenths; with hours where there are any."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    hour = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{hour}:{rest // 10:02d}.{rest % 10}"


def ringing_line(ringing: Ringing) -> str:
    """``9.0 ± 0.1 s, 2 rings of 425 Hz 1.0/4.0 (audio)``, or why it was not measured."""
    if not ringing.measured or ringing.seconds is None:
        return f"not measured: {ringing.why}"
    rings = "" if ringing.rings is None else f", {ringing.rings} ring{'' if ringing.rings == 1 else 's'}"
    tone = f" of {ringing.tone}" if rings and ringing.tone else ""
    why = f"; {ringing.why}" if ringing.why else ""
    return f"{ringing.seconds:.1f} ± {ringing.uncertainty or 0.0:.1f} s{rings}{tone} ({ringing.source}){why}"
