"""Recordings heard in worker processes: a crash of a library ends one recording, never the day."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from qa_engine.domain.evaluation import FailedRecording
from qa_engine.domain.hearing import Hearing
from qa_engine.errors import RecordingError, RecordingErrorKind
from qa_engine.pipeline import Source

__all__ = ["Hear", "guard", "hear_all", "num_workers"]

Hear = Callable[[Source], Hearing]
Heard = Hearing | FailedRecording
Result = TypeVar("Result")

log = logging.getLogger(__name__)


def num_workers(jobs: int, num_sources: int) -> int:
    """`jobs`, or one worker per core where it is 0; never more than there are sources, never less than one."""
    wanted = jobs or (os.cpu_count() or 1)
    return max(1, min(wanted, num_sources))


def hear_all(sources: Sequence[Source], hear: Hear, *, jobs: int) -> Iterator[tuple[Source, Heard]]:
    """Each source with its hearing, or with why there is none, as they are done.

    A worker that dies takes with it what was under way: that is then heard one at a time, so that only the recording
    that kills its worker is given up; the rest goes on in new workers. Results are not kept.
    """
    left = deque(sources)
    workers = num_workers(jobs, len(left))
    while left:
        under_way: dict[Future[Heard], Source] = {}
        try:
            yield from _in_pool(left, under_way, hear, workers)
        except BrokenProcessPool:
            for source in under_way.values():
                yield source, _alone(source, hear)


def _in_pool(
    left: deque[Source], under_way: dict[Future[Heard], Source], hear: Hear, workers: int
) -> Iterator[tuple[Source, Heard]]:
    """Takes sources from `left` as workers come free; what a broken pool leaves behind stays in `under_way`."""
    context = multiprocessing.get_context("spawn")  # no threads of the parent's libraries are inherited
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_interrupts_to_the_parent)
    try:
        while left or under_way:
            while left and len(under_way) < workers:
                future = pool.submit(hear_one, hear, left[0])  # a broken pool refuses it: then it is still left
                under_way[future] = left.popleft()
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                heard = future.result()
                yield under_way.pop(future), heard
    except (KeyboardInterrupt, GeneratorExit):
        _kill(pool)
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _alone(source: Source, hear: Hear) -> Heard:
    try:
        return next(_in_pool(deque([source]), {}, hear, 1))[1]
    except BrokenProcessPool:
        message = f"{source.path}: the worker died while hearing it (out of memory, or a crash inside a library)"
        return FailedRecording(str(source.path), RecordingErrorKind.CRASHED, message)


def hear_one(hear: Hear, source: Source) -> Heard:
    """The hearing of one source, or why there is none."""
    return guard(source, lambda: hear(source))


def guard(source: Source, work: Callable[[], Result]) -> Result | FailedRecording:
    """What `work` gives; what goes wrong in it becomes the recording's failure. Errors stop here."""
    try:
        return work()
    except RecordingError as error:
        return FailedRecording(str(source.path), error.kind, error.message)
    except Exception as error:
        log.debug("a stage failed unexpectedly", exc_info=True)
        where = _innermost(error)
        message = f"{source.path}: a stage failed unexpectedly ({type(error).__name__} in {where}: {error})"
        return FailedRecording(str(source.path), RecordingErrorKind.CRASHED, message)


def _innermost(error: BaseException) -> str:
    trace, where = error.__traceback__, "?"
    while trace is not None:
        where = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return where


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _kill(pool: ProcessPoolExecutor) -> None:
    """End the workers now; what they were hearing is heard again at the next run."""
    for process in list((pool._processes or {}).values()):
        with contextlib.suppress(OSError, ValueError):
            process.kill()
