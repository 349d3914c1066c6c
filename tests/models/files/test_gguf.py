"""GGUF metadata is read from genuine files, and hostile ones are refused without believing a length."""

import struct
from pathlib import Path

import pytest

from craton.models.files import gguf
from tests.models.makers import gguf_file, gguf_string


def read(tmp_path: Path, data: bytes) -> gguf.Metadata:
    path = tmp_path / "model.gguf"
    path.write_bytes(data)
    return gguf.read(path)


def pair(key: str, kind: int, data: bytes) -> bytes:
    return gguf_string(key) + struct.pack("<I", kind) + data


def array(kind: int, count: int, data: bytes) -> bytes:
    return struct.pack("<IQ", kind, count) + data


def test_tells_name_context_and_template(tmp_path: Path) -> None:
    values: dict[str, object] = {
        "general.architecture": "qwen2",
        "general.name": "Grüße",
        "qwen2.context_length": 4096,
        "tokenizer.chat_template": "{{ messages }}",
    }
    metadata = read(tmp_path, gguf_file(values))
    assert metadata.text("general.name") == "Grüße"
    assert metadata.context_length == 4096
    assert not metadata.embeds


def test_an_encoder_is_known_by_its_pooling(tmp_path: Path) -> None:
    values: dict[str, object] = {"general.architecture": "bert", "bert.context_length": 512, "bert.pooling_type": 1}
    assert read(tmp_path, gguf_file(values)).embeds


def test_arrays_are_stepped_over_and_every_scalar_is_read(tmp_path: Path) -> None:
    tokens = b"".join(map(gguf_string, ["a", b"\xff not UTF-8", ""]))
    extra = (
        pair("tokens", 9, array(8, 3, tokens))
        + pair("scores", 9, array(6, 2, struct.pack("<2f", 1, 2)))
        + pair("flag", 7, b"\x01")
        + pair("offset", 11, struct.pack("<q", -5))
        + pair("epsilon", 12, struct.pack("<d", 0.5))
    )
    metadata = read(tmp_path, gguf_file({"general.architecture": "llama"}, extra=extra, keys=6))
    assert metadata.values == {"general.architecture": "llama", "flag": True, "offset": -5, "epsilon": 0.5}


def test_parameters_are_what_the_tensors_hold(tmp_path: Path) -> None:
    shapes = ((4, 8), (16,), (2, 3, 5))
    tensors = b"".join(
        gguf_string(f"tensor {len(shape)}") + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, 0)
        for shape in shapes
    )
    key = gguf_string("general.architecture") + struct.pack("<I", 8) + gguf_string("llama")
    whole = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), 1) + key + tensors
    assert read(tmp_path, whole).parameters == 32 + 16 + 30
    assert read(tmp_path, whole[:-9]).parameters is None


HUGE = 1 << 62
HOSTILE = {
    "begin": b"PK\x03\x04 not a model",
    "version 16777216": b"GGUF" + struct.pack(">IQQ", 1 << 0, 1, 1),
    "no tensors": b"GGUF" + struct.pack("<IQQ", 3, 0, 0),
    "metadata keys": gguf_file(keys=HUGE),
    "ends within": gguf_file(keys=40)[:-60],
    "string of": gguf_file(extra=struct.pack("<Q", HUGE), keys=3),
    "unknown type 99": gguf_file(extra=pair("x", 99, b""), keys=3),
    "array of arrays": gguf_file(extra=pair("x", 9, array(9, 1, array(4, 1, b"0000"))), keys=3),
    "more than": gguf_file(extra=pair("x", 9, array(4, HUGE, b"")), keys=3) + bytes(gguf.METADATA_BYTES),
    "twice": gguf_file(extra=pair("general.architecture", 8, gguf_string("x")), keys=3),
    "not UTF-8": gguf_file(extra=pair("x", 8, gguf_string(b"\xff\xfe")), keys=3),
}


@pytest.mark.parametrize(("complaint", "data"), HOSTILE.items(), ids=HOSTILE)
def test_refuses_what_is_not_a_model(tmp_path: Path, complaint: str, data: bytes) -> None:
    with pytest.raises(gguf.GgufError, match=complaint):
        read(tmp_path, data)


@pytest.mark.parametrize("length", range(0, 60, 7))
def test_refuses_a_header_cut_anywhere(tmp_path: Path, length: int) -> None:
    with pytest.raises(gguf.GgufError):
        read(tmp_path, gguf_file()[:length])
