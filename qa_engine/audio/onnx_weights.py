"""The named weights inside an ONNX file, read from its bytes: no library that runs the graph is loaded.

An ONNX file is one protocol buffer. Of it only the table of initializers is of interest: field 7 of the model is the
graph, field 5 of the graph a tensor, whose fields are those of `TensorProto` in onnx.proto3 (Apache-2.0).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa_engine.errors import WeightsError

__all__ = ["read_weights"]

GRAPH, INITIALIZER = 7, 5  # of ModelProto, of GraphProto
DIMS, DATA_TYPE, NAME, RAW_DATA = 1, 2, 8, 9  # of TensorProto
FLOAT = 1  # TensorProto.DataType

Field = tuple[int, int, memoryview]  # number, value of a varint, bytes of anything else


def read_weights(file: Path) -> dict[str, NDArray[np.float32]]:
    """The float tensors of an ONNX file by name. Raises WeightsError where it is no such file, OSError as usual."""
    try:
        graphs = [body for number, _, body in _fields(memoryview(file.read_bytes())) if number == GRAPH]
        tensors = [body for graph in graphs for number, _, body in _fields(graph) if number == INITIALIZER]
        return dict(named for tensor in tensors if (named := _tensor(tensor)))
    except (IndexError, ValueError) as error:
        raise WeightsError(f"{file}: not an ONNX file ({error}); install the package that carries it anew") from error


def _tensor(body: memoryview) -> tuple[str, NDArray[np.float32]] | None:
    """Name and values of a float tensor, None for one of another type or without bytes of its own."""
    shape: list[int] = []
    kind, name, raw = 0, "", memoryview(b"")
    for number, value, content in _fields(body):
        if number == DIMS:
            shape.append(value)
        elif number == DATA_TYPE:
            kind = value
        elif number == NAME:
            name = bytes(content).decode()
        elif number == RAW_DATA:
            raw = content
    if kind != FLOAT or not raw:
        return None
    return name, np.frombuffer(raw, dtype="<f4").reshape(shape)


def _fields(body: memoryview) -> Iterator[Field]:
    """The fields of one message in the order they are written."""
    at = 0
    while at < len(body):
        key, at = _varint(body, at)
        value, size = 0, 0
        match key & 7:
            case 0:
                value, at = _varint(body, at)
            case 1:
                size = 8
            case 2:
                size, at = _varint(body, at)
            case 5:
                size = 4
            case other:
                raise ValueError(f"field of the unknown type {other}")
        if at + size > len(body):
            raise ValueError("it breaks off")
        yield key >> 3, value, body[at : at + size]
        at += size


def _varint(body: memoryview, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the low ones first, and where the next field begins."""
    value = shift = 0
    while True:
        byte = body[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
