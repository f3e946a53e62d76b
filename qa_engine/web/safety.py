"""Who may talk to the desk: the browser of this machine, under a name of this machine; and what pages may not do."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["CONTENT_POLICY", "Guard", "is_loopback", "is_own_host"]

CONTENT_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"  # CSP level 3
)
HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",  # an address holds what was searched for
    "cross-origin-resource-policy": "same-origin",  # no other site may embed a recording
    "cross-origin-opener-policy": "same-origin",
}
_HOST = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<name>[A-Za-z0-9.-]+))(?::\d{1,5})?")


def is_loopback(host: str) -> bool:
    """Whether a name or address always means this very machine: ``localhost``, 127.0.0.0/8, ``::1``."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_own_host(header: str) -> bool:
    """Whether a Host header names this machine.

    A page of another site can make its own name resolve to 127.0.0.1 (DNS rebinding) and then read what it likes; the
    browser still sends that site's name here.
    """
    found = _HOST.fullmatch(header)
    return found is not None and is_loopback(found["six"] or found["name"])


class Guard:
    """An ASGI application behind the check of the Host header; every answer gets the headers of `HEADERS`.

    `refuse` answers a request under a foreign name.
    """

    def __init__(self, app: ASGIApp, refuse: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers["cache-control"] = "no-store"  # words and voices of customers do not stay in the browser
            await send(message)

        own = is_own_host(Headers(scope=scope).get("host", ""))
        await (self._app if own else self._refuse)(scope, receive, send_guarded)
