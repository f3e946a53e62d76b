"""A pyannote pipeline that knows two voices, a low and a high tone: two fixed filters, nothing learned.

Every part of the real library runs on it (windows, powerset, embeddings, VBx clustering, exclusive diarization), and
what it should say of two tones is known. The classes are found by the library under this module's name.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from pyannote.audio.core.model import Model
from pyannote.audio.core.task import Problem, Resolution, Specifications
from torch.nn import functional

LOW, HIGH = 400.0, 1500.0  # Hz; the two voices
RATE, KERNEL, STRIDE = 16_000, 400, 160  # 25 ms every 10 ms
HEARD = 1e-3  # mean square at which a voice counts as active
CLASSES = ["speaker#1", "speaker#2", "speaker#3"]
SIZE = 4  # of an embedding
CONFIG = """
dependencies:
  pyannote.audio: 4.0.0
pipeline:
  name: pyannote.audio.pipelines.SpeakerDiarization
  params:
    segmentation: $model/segmentation
    embedding: $model/embedding
    plda: $model/plda
    clustering: VBxClustering
    segmentation_batch_size: 8
    embedding_batch_size: 8
    embedding_exclude_overlap: true
params:
  segmentation:
    min_duration_off: 0.0
  clustering:
    threshold: 0.6
    Fa: 0.07
    Fb: 0.8
"""


class _TwoTones(Model):
    """Energy of the two voices in frames of 10 ms, shape (batch, 2, frame)."""

    def __init__(self, sample_rate: int = RATE, num_channels: int = 1, task: None = None) -> None:
        super().__init__(sample_rate=sample_rate, num_channels=num_channels, task=task)
        time = torch.arange(KERNEL) / RATE
        waves = [wave(2 * torch.pi * tone * time) for tone in (LOW, HIGH) for wave in (torch.cos, torch.sin)]
        self.filters = torch.nn.Parameter(torch.stack(waves)[:, None, :] * torch.hann_window(KERNEL) * 2 / KERNEL)

    def energies(self, waveforms: torch.Tensor) -> torch.Tensor:
        parts = functional.conv1d(waveforms, self.filters, stride=STRIDE) ** 2
        return torch.stack([parts[:, 0] + parts[:, 1], parts[:, 2] + parts[:, 3]], dim=1)

    def num_frames(self, num_samples: int) -> int:
        return (num_samples - KERNEL) // STRIDE + 1

    def receptive_field_size(self, num_frames: int = 1) -> int:
        return KERNEL + (num_frames - 1) * STRIDE

    def receptive_field_center(self, frame: int = 0) -> int:
        return frame * STRIDE + KERNEL // 2


class TinySegmentation(_TwoTones):
    """Who is active: nobody, the low voice, the high one, a third (never), low and high, ... as powerset classes."""

    @property
    def dimension(self) -> int:
        return 7

    def forward(self, waveforms: torch.Tensor) -> torch.Tensor:
        low, high = ((self.energies(waveforms) - HEARD) * 1e5).clamp(-9, 9).unbind(dim=1)
        never = torch.full_like(low, -30.0)
        return torch.log_softmax(torch.stack([0 * low, low, high, never, low + high, never, never], dim=-1), dim=-1)


class TinyEmbedding(_TwoTones):
    """How much of either voice is in what a mask leaves, with two constant numbers beside."""

    @property
    def dimension(self) -> int:
        return SIZE

    def forward(self, waveforms: torch.Tensor, weights: torch.Tensor | None = None) -> torch.Tensor:
        energies = self.energies(waveforms)
        if weights is None:
            weights = torch.ones_like(energies[:, 0])
        mask = functional.interpolate(weights[:, None], size=energies.shape[-1])
        voices = (energies * mask).sum(dim=-1) / (mask.sum(dim=-1) + 1e-8)
        voices = voices / (voices.sum(dim=-1, keepdim=True) + 1e-8)
        return torch.cat([voices, torch.full_like(voices, 0.05)], dim=-1)


def save_tiny_pyannote(folder: Path) -> Path:
    """Write config.yaml, segmentation/, embedding/ and plda/ into `folder`, some 30 kB."""
    for part in ("segmentation", "embedding", "plda"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    segmentation = Specifications(
        problem=Problem.MONO_LABEL_CLASSIFICATION,
        resolution=Resolution.FRAME,
        duration=10.0,
        classes=CLASSES,
        powerset_max_classes=2,
        permutation_invariant=True,
    )
    embedding = Specifications(problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=5.0)
    _save(TinySegmentation(), segmentation, folder / "segmentation")
    _save(TinyEmbedding(), embedding, folder / "embedding")
    np.savez(folder / "plda/xvec_transform.npz", mean1=np.zeros(SIZE), mean2=np.zeros(SIZE), lda=np.eye(SIZE))
    np.savez(folder / "plda/plda.npz", mu=np.zeros(SIZE), tr=np.eye(SIZE), psi=np.linspace(40.0, 10.0, SIZE))
    return folder


def _save(model: Model, specifications: Specifications, folder: Path) -> None:
    torch.save(
        {
            "state_dict": model.state_dict(),
            "hyper_parameters": {"sample_rate": RATE, "num_channels": 1},
            "pytorch-lightning_version": "2.0.0",
            "epoch": 0,
            "global_step": 0,
            "pyannote.audio": {
                "versions": {"torch": "2.13.0", "pyannote.audio": "4.0.0"},
                "architecture": {"module": type(model).__module__, "class": type(model).__name__},
                "specifications": specifications,
            },
        },
        folder / "pytorch_model.bin",
    )
