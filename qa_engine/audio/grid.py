"""The grid of time that all sound analysis shares."""

from __future__ import annotations

__all__ = ["FINE_HOP", "HOP", "HOP_SECONDS", "SAMPLE_RATE"]

SAMPLE_RATE = 8000  # Hz, the telephone band; whatever the file has, the analysis hears 8 kHz
HOP = 256  # samples, 32 ms: one chunk of the voice detector
HOP_SECONDS = HOP / SAMPLE_RATE
FINE_HOP = 64  # samples, 8 ms: the grid of the tone band's envelope, for the edges of tones
