"""Python run with this folder on its path cannot reach any network; every try is written to the file NETWORK_TRIES."""

import os
import socket
from pathlib import Path


def _refuse(what, original):
    def guarded(*arguments, **named):
        first = arguments[0] if arguments else None
        if isinstance(first, socket.socket) and first.family == getattr(socket, "AF_UNIX", None):
            return original(*arguments, **named)
        with Path(os.environ["NETWORK_TRIES"]).open("a", encoding="utf-8") as file:
            file.write(f"{what} {arguments[-1]}\n")
        raise OSError(101, "the network is switched off for this test")

    return guarded


for name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, name, _refuse(name, getattr(socket.socket, name)))
for name in ("getaddrinfo", "gethostbyname"):
    setattr(socket, name, _refuse(name, getattr(socket, name)))
