"""Ctrl-C during long work: never lost, even where a library swallows it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["heed_interrupts"]


@contextmanager
def heed_interrupts() -> Iterator[Callable[[], None]]:
    """Gives a function to call between two pieces of work: it raises KeyboardInterrupt where Ctrl-C was pressed.

    Ctrl-C raises at once too, as always; but an exception that arises inside a finalizer or a callback of a library is
    printed and dropped by Python, and the work would go on.
    """
    pressed = threading.Event()

    def note(_: int, __: FrameType | None) -> None:
        pressed.set()
        raise KeyboardInterrupt

    def heed() -> None:
        if pressed.is_set():
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield heed
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield heed
    finally:
        signal.signal(signal.SIGINT, before)
