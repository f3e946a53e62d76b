"""A model hub on this machine: the addresses of the real one that a pull uses, and what can go wrong with it.

Started as a redirect's target or as a proxy it is the same server: it records what it is asked, and answers.
"""

import hashlib
import json
import socket
import threading
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

LARGE = (".bin", ".onnx", ".npz")  # kept by their SHA-256 (git LFS), others by git's SHA-1


@dataclass
class Asked:
    """One request: path without host, headers in lower case, the address as it came."""

    path: str
    headers: dict[str, str]
    address: str


@dataclass
class LocalHub:
    """`files` by path are in every repository; the other fields say how to misbehave."""

    files: dict[str, bytes]
    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    token: str = ""  # asked for by files
    token_for_list: bool = False
    statuses: deque[int] = field(default_factory=deque)  # given for the next files instead of bytes
    cuts: deque[int] = field(default_factory=deque)  # bytes after which the next answers break off
    ranges: bool = True
    spoiled: dict[str, bytes] = field(default_factory=dict)  # sent instead of what the list promises
    send_to: str = ""  # address that files are redirected to
    nonsense: bytes = b""  # sent instead of the list

    def wanted(self, ending):
        """The requests for a file."""
        return [asked for asked in self.asked if asked.path.endswith(ending)]

    def listing(self, path):
        repository, _, revision = path.removeprefix("/api/models/").partition("/revision/")
        return {
            "id": repository,
            "sha": revision,
            "siblings": [_sibling(path, content) for path, content in self.files.items()],
        }


def _sibling(path, content):
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    row = {"rfilename": path, "size": len(content), "blobId": blob}
    if path.endswith(LARGE):
        row["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 130}
    return row


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: LocalHub

    def log_message(self, *args):
        pass

    def handle(self):
        with suppress(ConnectionError):  # a client that has enough hangs up
            super().handle()

    def do_GET(self):
        path = urlsplit(self.path).path
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.hub.asked.append(Asked(path, headers, self.path))
        if path.startswith("/api/models/"):
            self._list(path, headers)
        else:
            self._file(path, headers)

    def _list(self, path, headers):
        if self.hub.token_for_list and not self._is_allowed(headers):
            self._send(401, b"")
        else:
            self._send(200, self.hub.nonsense or json.dumps(self.hub.listing(path)).encode())

    def _file(self, path, headers):
        hub = self.hub
        name = path.partition("/resolve/")[2].partition("/")[2]
        if hub.statuses:
            self._send(hub.statuses.popleft(), b"")
        elif hub.send_to:
            self._send(302, b"", {"Location": hub.send_to + path})
        elif hub.token and not self._is_allowed(headers):
            self._send(401, b"")
        elif name not in hub.files:
            self._send(404, b"")
        else:
            self._bytes(hub.spoiled.get(name, hub.files[name]), headers.get("range", ""))

    def _is_allowed(self, headers):
        return headers.get("authorization") == f"Bearer {self.hub.token}"

    def _bytes(self, content, asked_range):
        start = int(asked_range.removeprefix("bytes=").rstrip("-")) if asked_range and self.hub.ranges else 0
        more = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"} if start else {}
        self._send(206 if start else 200, content[start:], more)

    def _send(self, status, body, headers=None):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if body and self.hub.cuts and not self.path.startswith("/api/"):
            self.wfile.write(body[: self.hub.cuts.popleft()])
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        else:
            self.wfile.write(body)


@contextmanager
def serving(hub):
    """Runs the hub on a free port; `hub.address` is where."""
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def whisper_files():
    """The files of a Whisper repository, small."""
    tokens = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|ru|>", "<|translate|>"]
    tokenizer = {"added_tokens": [{"id": at, "content": token} for at, token in enumerate(tokens)]}
    return {
        "model.bin": bytes(range(256)) * 800,
        "config.json": b'{"alignment_heads": []}',
        "tokenizer.json": json.dumps(tokenizer).encode(),
        "vocabulary.txt": "а\nб\n".encode(),
        "README.md": b"not needed",
    }
