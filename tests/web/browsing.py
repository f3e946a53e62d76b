"""Asks an ASGI application for a page, as a browser on this machine would, without a server and without a port."""

from __future__ import annotations

import asyncio
import html
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

HOST = "127.0.0.1:8000"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def source(self) -> str:
        return self.body.decode("utf-8")

    @property
    def text(self) -> str:
        """What a person reads."""
        body = re.sub(r"<(head|script|option)\b.*?</\1>", " ", self.source, flags=re.DOTALL)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", body))).strip()

    @property
    def links(self) -> list[str]:
        return [html.unescape(found) for found in re.findall(r'href="([^"]*)"', self.source)]


def get(app, address: str, *, method: str = "GET", host: str | None = HOST, **headers: str) -> Answer:
    """`headers`: names with _ for -; the address is sent as it is, as uvicorn hands it on."""
    from urllib.parse import unquote

    parts = urlsplit(address)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if host is not None:
        sent["host"] = host
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in sent.items()],
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
    }
    return asyncio.run(_ask(app, scope))


async def _ask(app, scope) -> Answer:
    told: list[dict] = []
    asked = False

    async def receive():
        nonlocal asked
        if asked:
            await asyncio.sleep(3600)
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        told.append(message)

    try:
        await app(scope, receive, send)
    except Exception:
        if not told:  # Starlette answers, then raises again for the server to log
            raise
    start = told[0]
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], headers, b"".join(one.get("body", b"") for one in told[1:]))
