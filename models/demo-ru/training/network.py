"""A Whisper in small, its layers named as in the Hugging Face model, with a letter head for the training only."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["Shape", "Whisper"]


@dataclass(frozen=True)
class Shape:
    """Sizes; `positions` and `max_tokens` are Whisper's own, because faster-whisper pads every window to 30 s."""

    tokens: int
    width: int = 192
    heads: int = 3
    encoder_layers: int = 4
    decoder_layers: int = 2
    mels: int = 80
    positions: int = 1500
    max_tokens: int = 448
    letters: int = 35

    def as_dict(self) -> dict[str, int]:
        """For the checkpoint."""
        return asdict(self)


class Attention(nn.Module):
    """Multi-head attention; Whisper's key projection has no bias."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.k_proj = nn.Linear(width, width, bias=False)
        self.v_proj = nn.Linear(width, width)
        self.q_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def forward(self, x: Tensor, source: Tensor, *, causal: bool = False) -> Tensor:
        """(batch, time, width) from queries of `x` over `source`."""
        q, k, v = self._split(self.q_proj(x)), self._split(self.k_proj(source)), self._split(self.v_proj(source))
        logits = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])  # torch's fused attention is half as fast on a CPU
        if causal:
            logits = logits + torch.full(logits.shape[-2:], -1e4).triu(1).to(logits.dtype)
        out = logits.softmax(-1, dtype=logits.dtype) @ v
        return self.out_proj(out.transpose(1, 2).flatten(2))

    def weights(self, x: Tensor, source: Tensor) -> Tensor:
        """Logits (batch, head, time, source time) of the same attention."""
        q, k = self._split(self.q_proj(x)), self._split(self.k_proj(source))
        return q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(2, (self.heads, -1)).transpose(1, 2)


class Layer(nn.Module):
    """One layer, normalised before each part; a decoder layer also attends to the sound."""

    def __init__(self, shape: Shape, *, decoder: bool) -> None:
        super().__init__()
        width = shape.width
        self.self_attn = Attention(width, shape.heads)
        self.self_attn_layer_norm = nn.LayerNorm(width)
        if decoder:
            self.encoder_attn = Attention(width, shape.heads)
            self.encoder_attn_layer_norm = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)
        self.final_layer_norm = nn.LayerNorm(width)

    def forward(self, x: Tensor, sound: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        """The layer's output, and (in a decoder) the logits of its attention to the sound."""
        normed = self.self_attn_layer_norm(x)
        x = x + self.self_attn(normed, normed, causal=sound is not None)
        attention = None
        if sound is not None:
            query = self.encoder_attn_layer_norm(x)
            x = x + self.encoder_attn(query, sound)
            attention = self.encoder_attn.weights(query, sound)
        return x + self.fc2(functional.gelu(self.fc1(self.final_layer_norm(x)))), attention


class Encoder(nn.Module):
    """Log-mel frames to vectors, 50 a second."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(shape.mels, shape.width, 3, padding=1)
        self.conv2 = nn.Conv1d(shape.width, shape.width, 3, stride=2, padding=1)
        self.embed_positions = nn.Embedding(shape.positions, shape.width)
        self.embed_positions.weight = nn.Parameter(_sinusoids(shape.positions, shape.width), requires_grad=False)
        self.layers = nn.ModuleList(Layer(shape, decoder=False) for _ in range(shape.encoder_layers))
        self.layer_norm = nn.LayerNorm(shape.width)

    def forward(self, mels: Tensor) -> Tensor:
        """(batch, mels, frames) -> (batch, frames / 2, width); fewer frames than 3000 take the first positions."""
        x = functional.gelu(self.conv2(functional.gelu(self.conv1(mels)))).transpose(1, 2)
        x = x + self.embed_positions.weight[: x.shape[1]]
        for layer in self.layers:
            x, _ = layer(x)
        return self.layer_norm(x)


class Decoder(nn.Module):
    """Tokens so far and the sound, to the next token."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(shape.tokens, shape.width)
        self.embed_positions = nn.Embedding(shape.max_tokens, shape.width)
        self.layers = nn.ModuleList(Layer(shape, decoder=True) for _ in range(shape.decoder_layers))
        self.layer_norm = nn.LayerNorm(shape.width)
        nn.init.normal_(self.embed_tokens.weight, std=0.02)
        nn.init.normal_(self.embed_positions.weight, std=0.02)

    def forward(self, tokens: Tensor, sound: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (batch, time, tokens), and the last layer's attention logits (batch, head, time, sound time)."""
        x = self.embed_tokens(tokens) + self.embed_positions.weight[: tokens.shape[1]]
        attention = None
        for layer in self.layers:
            x, attention = layer(x, sound)
        assert attention is not None
        return self.layer_norm(x) @ self.embed_tokens.weight.T, attention


class Whisper(nn.Module):
    """Encoder and decoder, and the letters of the encoder's frames (a CTC head that is not exported)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.encoder = Encoder(shape)
        self.decoder = Decoder(shape)
        self.letters = nn.Linear(shape.width, shape.letters)

    def forward(self, mels: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Token logits, the last layer's attention logits, letter logits of the frames."""
        sound = self.encoder(mels)
        logits, attention = self.decoder(tokens, sound)
        return logits, attention, self.letters(sound)


def _sinusoids(length: int, width: int) -> Tensor:
    """Positions as in openai/whisper `model.py`."""
    scales = torch.exp(-math.log(10_000) / (width // 2 - 1) * torch.arange(width // 2))
    angles = torch.arange(length)[:, None] * scales[None, :]
    return torch.cat([angles.sin(), angles.cos()], dim=1)
