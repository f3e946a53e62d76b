"""Sound that is read twice but decoded once, as long as it is short enough to be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from qa_engine.domain.waveform import Waveform

__all__ = ["MOST_BYTES", "KeptSound"]

MOST_BYTES = 64 << 20  # 35 minutes of one channel at 8 kHz; of what is longer nothing is kept


class KeptSound:
    """A source of blocks that remembers what it gave, where that is less than `most_bytes` in all.

    The first reading that reaches the end decides; until then, and for longer recordings, each reading decodes anew.
    """

    def __init__(self, read_blocks: Callable[[], Iterable[Waveform]], *, most_bytes: int = MOST_BYTES) -> None:
        self._read_blocks = read_blocks
        self._most_bytes = most_bytes
        self._kept: tuple[Waveform, ...] | None = None

    def __call__(self) -> Iterator[Waveform]:
        """The blocks of the recording from its beginning."""
        if self._kept is not None:
            yield from self._kept
            return
        kept: list[Waveform] = []
        num_bytes = 0
        for block in self._read_blocks():
            num_bytes += block.samples.nbytes
            if num_bytes <= self._most_bytes:
                kept.append(block)
            else:
                kept.clear()
            yield block
        if num_bytes <= self._most_bytes:
            self._kept = tuple(kept)
