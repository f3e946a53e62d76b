"""What Asterisk's channel names and unique ids tell: which phone it is, and when the channel was made.

``PJSIP/101-0000001f`` is the phone 101, ``Local/101@from-queue-0000002a;2`` a way inside Asterisk to it,
``PJSIP/trunk-00000020`` a line to the outside. A unique id (``pbx-1363624362.2``) holds the seconds since 1970.
"""

from __future__ import annotations

import re
from functools import lru_cache

from qa_engine.telephony.phone_numbers import is_extension
from qa_engine.telephony.reader import ReadingOptions

__all__ = ["extension_of", "is_local", "other_half", "peer_of"]

CHANNEL = re.compile(r"^(?P<tech>\w+)/(?P<peer>.+?)(?:-[0-9a-fA-F]{1,8})?(?:;[12])?(?:/n)?$")
LOCAL_PHONE = re.compile(r"(?:^|-)(\d+)#?$")  # 101, FMPR-101, RG-600-101, FMGL-101#: FreePBX's ways to a phone
LINES = frozenset({"dahdi", "zap", "misdn", "capi", "khomp", "dongle", "ooh323", "h323"})  # DAHDI/1-1: a port, no phone


def peer_of(channel: str) -> str:
    """The phone or line of a channel name: ``SIP/anna-0000001f`` -> ``anna``; without a technology the text itself."""
    found = CHANNEL.match(channel.strip())
    return channel.strip() if found is None else found["peer"].partition("@")[0]


def extension_of(channel: str, options: ReadingOptions) -> str:
    """The extension of the company's phone that a channel leads to; "" for a line to the outside, or a named one."""
    phone = _phone_of(channel)
    return phone if is_extension(phone, options) else ""


@lru_cache(maxsize=1024)  # the rows of one call name the same channels again and again
def _phone_of(channel: str) -> str:
    found = CHANNEL.match(channel.strip())
    if found is None or found["tech"].lower() in LINES:
        return ""
    peer = found["peer"].partition("@")[0]
    phone = LOCAL_PHONE.search(peer) if is_local(channel) else None
    return peer if phone is None else phone[1]


def is_local(channel: str) -> bool:
    """Whether a channel is a way inside Asterisk, answered when what it leads to is answered."""
    return channel[:6].lower() == "local/"


def other_half(channel: str) -> str:
    """The far end of a Local channel: ``...;1`` -> ``...;2``; "" for other channels."""
    return f"{channel[:-1]}2" if is_local(channel) and channel.endswith(";1") else ""
