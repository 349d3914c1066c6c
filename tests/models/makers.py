"""Makes small GGUF files and wheels."""

import hashlib
import struct
import zipfile
from pathlib import Path


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def gguf_string(text: str | bytes) -> bytes:
    data = text.encode() if isinstance(text, str) else text
    return struct.pack("<Q", len(data)) + data


def gguf_file(values: dict[str, object] | None = None, *, extra: bytes = b"", keys: int | None = None) -> bytes:
    """A GGUF header with these values, one tensor claimed, and a few bytes of body; `extra` are further raw pairs."""
    values = {"general.architecture": "llama", "llama.context_length": 512} if values is None else values
    pairs = b""
    for key, value in values.items():
        kind, data = (8, gguf_string(value)) if isinstance(value, str) else (4, struct.pack("<I", int(str(value))))
        pairs += gguf_string(key) + struct.pack("<I", kind) + data
    count = len(values) if keys is None else keys
    return b"GGUF" + struct.pack("<IQQ", 3, 1, count) + pairs + extra + b"tensors" * 9


def wheel(folder: Path, package: str, members: dict[str, bytes], version: str = "1.0") -> Path:
    """A wheel whose code fails when run, with these members."""
    stem = f"{package.replace('-', '_')}-{version}"
    path = folder / f"{stem}-py3-none-any.whl"
    info = {
        "METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\nRequires-Dist: not-to-be-had\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{package.replace('-', '_')}/__init__.py", "raise SystemExit('this code must never run')")
        for name, data in members.items():
            archive.writestr(name, data)
        for name, text in info.items():
            archive.writestr(f"{stem}.dist-info/{name}", text)
    return path
