"""An ONNX model whose weights are kept in four bits, made to compute in eight: the same answers at half the time.

ONNX Runtime multiplies four-bit weights (its operator MatMulNBits) as floating-point numbers; integers of eight bits it
multiplies with the processor's own instructions for that (DynamicQuantizeMatMul). The weights take seven of them:
processors without VNNI add up pairs in sixteen bits, which eight could overflow. An ONNX file is a protocol buffer
(https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3); only the fields that are named here are read. Knows no model.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

# Field numbers: of ModelProto; of GraphProto; of NodeProto; of TensorProto; of AttributeProto.
_GRAPH = 7
_NODE, _INITIALIZER = 1, 5
_INPUT, _OUTPUT, _NODE_NAME, _OPERATOR, _ATTRIBUTE, _DOMAIN = 1, 2, 3, 4, 5, 7
_DIMENSION, _DATA_TYPE, _TENSOR_NAME, _RAW_DATA = 1, 2, 8, 9
_ATTRIBUTE_NAME, _INTEGER = 1, 3
# Values of TensorProto.DataType.
_FLOAT, _INT8 = 1, 3
_VARINT, _EIGHT_BYTES, _BYTES, _FOUR_BYTES = 0, 1, 2, 5

_FOUR_BITS = b"MatMulNBits"
_EIGHT_BITS = b"DynamicQuantizeMatMul"
_LARGEST = 63

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Field:
    number: int
    kind: int
    value: int | bytes

    def text(self) -> bytes:
        assert isinstance(self.value, bytes)
        return self.value


@dataclass(slots=True)
class _Graph:
    """Fields of a graph in the making, and its tensors by name."""

    fields: list[_Field]
    tensors: dict[bytes, bytes]
    replaced: set[bytes] = field(default_factory=set)
    added: list[_Field] = field(default_factory=list)


def eight_bits(model: bytes) -> bytes:
    """The model with its four-bit multiplications replaced, or as it is where it has none."""
    return _mapped(model, _GRAPH, _graph)


def _graph(graph: bytes) -> bytes:
    fields = list(_fields(graph))
    tensors = {_one(each.text(), _TENSOR_NAME): each.text() for each in fields if each.number == _INITIALIZER}
    made = _Graph(fields, tensors)
    nodes = {place: _node(each.text(), made) for place, each in enumerate(fields) if each.number == _NODE}
    kept = [
        _Field(each.number, each.kind, nodes.get(place, each.value))
        for place, each in enumerate(fields)
        if not (each.number == _INITIALIZER and _one(each.text(), _TENSOR_NAME) in made.replaced)
    ]
    return b"".join(map(_written, [*kept, *made.added]))


def _node(node: bytes, graph: _Graph) -> bytes:
    if _one(node, _OPERATOR) != _FOUR_BITS:
        return node
    numbers = {_one(each, _ATTRIBUTE_NAME): _integer(each, _INTEGER) for each in _all(node, _ATTRIBUTE)}
    given, name = list(_all(node, _INPUT)), _one(node, _NODE_NAME)
    if numbers[b"bits"] != 4 or len(given) != len((b"numbers", b"weights", b"scales")):
        return node
    packed, blocks = (graph.tensors[tensor] for tensor in given[1:])
    weights = _unpacked(packed, blocks, numbers[b"K"], numbers[b"block_size"])
    scales = np.maximum(np.abs(weights).max(axis=0), np.finfo(np.float32).tiny) / _LARGEST
    whole = np.rint(weights / scales).astype(np.int8)
    graph.replaced.update(given[1:])
    graph.added += [_tensor(name + b".weights", _INT8, whole), _tensor(name + b".scales", _FLOAT, scales)]
    inputs = (given[0], name + b".weights", name + b".scales")
    fields = [(_INPUT, each) for each in inputs] + [(_OUTPUT, each) for each in _all(node, _OUTPUT)]
    fields += [(_NODE_NAME, name), (_OPERATOR, _EIGHT_BITS), (_DOMAIN, _one(node, _DOMAIN))]
    return b"".join(_written(_Field(number, _BYTES, value)) for number, value in fields)


def _unpacked(packed: bytes, blocks: bytes, rows: int, block: int) -> Floats:
    """The weights of MatMulNBits, (rows, columns): two to a byte, the low one first, where 8 is zero, and a scale for
    each block of a column.
    """
    halves = np.frombuffer(_one(packed, _RAW_DATA), np.uint8).reshape(*_dimensions(packed), 1)
    scales = np.frombuffer(_one(blocks, _RAW_DATA), np.float32)
    columns, count, *_ = halves.shape
    whole = np.concatenate([halves & 15, halves >> 4], axis=-1).reshape(columns, count, block).astype(np.float32)
    weights: Floats = (whole - 8) * scales.reshape(columns, count, 1)
    return weights.reshape(columns, count * block)[:, :rows].T


def _tensor(name: bytes, kind: int, values: NDArray[np.generic]) -> _Field:
    fields = [_Field(_DIMENSION, _VARINT, length) for length in values.shape]
    fields += [_Field(_DATA_TYPE, _VARINT, kind), _Field(_TENSOR_NAME, _BYTES, name)]
    fields.append(_Field(_RAW_DATA, _BYTES, np.ascontiguousarray(values).tobytes()))
    return _Field(_INITIALIZER, _BYTES, b"".join(map(_written, fields)))


def _dimensions(tensor: bytes) -> list[int]:
    """Written one by one, or all in one field."""
    found: list[int] = []
    for each in _fields(tensor):
        if each.number == _DIMENSION:
            found += [each.value] if isinstance(each.value, int) else _varints(each.value)
    return found


def _mapped(message: bytes, number: int, change: Callable[[bytes], bytes]) -> bytes:
    changed = [
        _Field(each.number, each.kind, change(each.text())) if each.number == number else each
        for each in _fields(message)
    ]
    return b"".join(map(_written, changed))


def _all(message: bytes, number: int) -> Iterator[bytes]:
    return (each.text() for each in _fields(message) if each.number == number)


def _one(message: bytes, number: int) -> bytes:
    return next(_all(message, number), b"")


def _integer(message: bytes, number: int) -> int:
    return next((each.value for each in _fields(message) if each.number == number and isinstance(each.value, int)), 0)


def _fields(message: bytes) -> Iterator[_Field]:
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield _Field(number, kind, value)
            continue
        length = {_EIGHT_BYTES: 8, _FOUR_BYTES: 4}.get(kind)
        if length is None:
            length, at = _varint(message, at)
        yield _Field(number, kind, message[at : at + length])
        at += length


def _written(each: _Field) -> bytes:
    tag = _packed(each.number << 3 | each.kind)
    if isinstance(each.value, int):
        return tag + _packed(each.value)
    return tag + (_packed(len(each.value)) if each.kind == _BYTES else b"") + each.value


def _varints(values: bytes) -> list[int]:
    found, at = [], 0
    while at < len(values):
        value, at = _varint(values, at)
        found.append(value)
    return found


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """The number that stands there, and where the next thing begins."""
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _packed(value: int) -> bytes:
    packed = bytearray()
    while value > 127:
        packed.append(value & 127 | 128)
        value >>= 7
    packed.append(value)
    return bytes(packed)
