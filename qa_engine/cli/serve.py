"""`qa-engine serve`: the review desk in the browser, on this machine only."""

from __future__ import annotations

import errno
import logging
import socket
from contextlib import suppress

import click

from qa_engine.cli.session import Session, pass_session
from qa_engine.errors import SettingsError

__all__ = ["command"]

SECONDS_TO_END = 2  # for answers under way, when the desk is closed: a player holds its connection


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address of this machine.")
@pass_session
def command(session: Session, port: int, host: str) -> None:
    """Open the review desk: verdicts beside the transcript, with the recording to listen to. Ctrl-C closes it.

    Only browsers on this machine can reach it.
    """
    from qa_engine.web.app import make_app
    from qa_engine.web.safety import is_loopback

    if not is_loopback(host):
        raise SettingsError(
            f"--host {host}: the desk has no login yet, so it opens on this machine only; "
            "use 127.0.0.1, ::1 or localhost (from another machine: ssh -L 8000:127.0.0.1:8000 THIS-MACHINE)"
        )
    with session.open_store() as store, _listen(host, port) as listening:
        shown = f"[{host}]" if ":" in host else host
        session.tell(f"the desk is open at http://{shown}:{listening.getsockname()[1]}/  (Ctrl-C closes it)")
        _serve(make_app(store), listening, verbose=session.verbose)
    session.tell("the desk is closed")


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises SettingsError where the port or the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(
                f"port {port} is in use on {host}, perhaps by another desk; close that one or choose another port: "
                f"qa-engine serve --port {port + 1 if port < 65535 else 8000}"
            ) from error
        raise SettingsError(f"cannot listen on {host}, port {port}: {error.strerror or error}") from error


def _serve(app: object, listening: socket.socket, *, verbose: bool) -> None:
    """Answer until Ctrl-C; what goes wrong in a page is logged with its traceback only when asked."""
    import uvicorn

    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=SECONDS_TO_END,
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING if verbose else logging.CRITICAL)
    with suppress(KeyboardInterrupt):  # raised again by uvicorn when it has ended
        uvicorn.Server(config).run(sockets=[listening])
