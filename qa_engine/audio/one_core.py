"""Matrix products on one core, whatever the machine has.

Recordings are heard side by side, one per core. The threads that numpy's library would start for every product then
wait for each other, spinning: on two busy cores the voice detector took eleven times the processor time (measured).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController

__all__ = ["one_core"]


@contextmanager
def one_core() -> Iterator[None]:
    """Within it (or in a function decorated with it) the products of numpy use no threads; afterwards as before."""
    with _controller().limit(limits=1, user_api="blas"):
        yield


@cache
def _controller() -> ThreadpoolController:
    """Knows the libraries loaded so far; looking them up takes milliseconds, so it is done once."""
    return ThreadpoolController()
