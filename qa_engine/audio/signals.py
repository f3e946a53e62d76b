"""What the telephone's tones are called, by frequency and cadence (TELEPHONY 1.1, 1.3, 1.5).

Names are those of the field with what was measured: ``busy 425 Hz 0.35/0.35``, ``fax CNG 1100 Hz 0.5/3.0``,
``recording beep 1400 Hz 0.4 s every 15 s``. A tone that is nothing known is told by its numbers alone.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["name_beeps", "name_single", "name_train"]

NETWORK_HZ = (340, 640)  # all busy, congestion and dial tones: 350 (dial, US) to 620 (busy, US)
CONGESTION_ON, BUSY_ON = 0.22, 0.3  # seconds: a congestion tone is shorter, a busy tone longer; between, it may be both
US_HIGH_HZ = (600, 640)  # 480+620: 0.25 s is congestion in North America, 0.5 s busy
DIAL_ON = 2.7  # seconds: longer than any ring
CED_HZ, CED_ON = (2080, 2120), 1.0  # the answer of a fax or modem, 2.6 to 4.0 s
CNG_HZ, CNG_ON, CNG_CYCLE = (1062, 1138), (0.4, 0.6), (2.9, 4.1)  # a fax calls
CALLING_HZ, CALLING_ON, CALLING_CYCLE = (1285, 1315), (0.45, 0.75), (1.9, 2.8)  # a modem calls
RECORDING_HZ, RECORDING_ON = (1370, 1430), (0.2, 0.6)  # "this call is being recorded", every 15 s or every minute
WAITING_HZ, WAITING_ON, WAITING_CYCLE = (360, 512), (0.1, 0.35), (2.0, 12.0)  # somebody else is calling


def name_train(hz: Sequence[int], on: float, off: float) -> str:
    """The name of tones of `on` seconds with pauses of `off` seconds that are about as long."""
    cadence = f"{_hz(hz)} {on:.2f}/{off:.2f}"
    if not _within(hz, NETWORK_HZ):
        return f"beeps {cadence}"
    if on >= BUSY_ON:
        return f"busy {cadence}"
    is_congestion = on < CONGESTION_ON or US_HIGH_HZ[0] <= max(hz) <= US_HIGH_HZ[1]
    return f"{'congestion' if is_congestion else 'busy or congestion'} {cadence}"


def name_single(hz: Sequence[int], on: float) -> str:
    """The name of one tone of `on` seconds."""
    if _within(hz, NETWORK_HZ) and on >= DIAL_ON:
        return f"dial tone {_hz(hz)}"
    if CED_HZ[0] <= hz[0] <= CED_HZ[1] and on >= CED_ON:
        return f"fax CED {_hz(hz[:1])}"
    return _hz(hz)


def name_beeps(hz: Sequence[int], on: float, cycle: float) -> str:
    """The name of a short tone of `on` seconds that comes back every `cycle` seconds."""
    cadence = f"{_hz(hz)} {on:.1f}/{cycle - on:.1f}"
    if _is(hz, on, CNG_HZ, CNG_ON) and CNG_CYCLE[0] <= cycle <= CNG_CYCLE[1]:
        return f"fax CNG {cadence}"
    if _is(hz, on, CALLING_HZ, CALLING_ON) and CALLING_CYCLE[0] <= cycle <= CALLING_CYCLE[1]:
        return f"modem calling {cadence}"
    if _is(hz, on, WAITING_HZ, WAITING_ON) and WAITING_CYCLE[0] <= cycle <= WAITING_CYCLE[1]:
        return f"call waiting {cadence}"
    kind = "recording beep" if _is(hz, on, RECORDING_HZ, RECORDING_ON) else "beep"
    return f"{kind} {_hz(hz)} {on:.1f} s every {cycle:.0f} s"


def _hz(hz: Sequence[int]) -> str:
    return "+".join(str(each) for each in hz) + " Hz"


def _within(hz: Sequence[int], band: tuple[int, int]) -> bool:
    return all(band[0] <= each <= band[1] for each in hz)


def _is(hz: Sequence[int], on: float, band: tuple[int, int], length: tuple[float, float]) -> bool:
    return _within(hz, band) and length[0] <= on <= length[1]
