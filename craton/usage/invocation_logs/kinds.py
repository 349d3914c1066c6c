"""The kinds of data in a body: images and documents, audio, video, vectors, text; and the body without some of them.

Knows the places where the APIs that are served here put such data, and no configuration.
"""

import re
from collections.abc import Set as AbstractSet

import msgspec

# Members of Converse's and Nova's blocks that hold data, by the kind that the flag of AWS for it names.
BLOCKS = {"image": "image", "document": "image", "video": "video", "audio": "audio", "input_audio": "audio"}
VECTORS = ("embedding", "embeddings", "embeddingsByType")
TITAN_IMAGE = "inputImage"
_DATA_URL = re.compile(r"data:(?P<type>[^;,]*)[^,]*;base64,")
_DATA = ("bytes", "data")

Json = dict[str, object]


def without(body: bytes, kinds: AbstractSet[str], *, output: bool) -> bytes:
    """The body of a request, or of an answer (`output`), without data of these kinds; empty where nothing may remain.

    Of a body that is withheld as text, only vectors remain. What is no JSON is withheld with any kind.
    """
    if not kinds or not body:
        return body
    try:
        value = msgspec.json.decode(body)
    except ValueError:
        return b""
    vectors = output and isinstance(value, dict) and any(_holds_vectors(part) for part in _parts(value))
    if "text" in kinds and not (vectors and "embedding" not in kinds):
        return b""
    if vectors and "embedding" in kinds:
        for part in _parts(value):
            for member in VECTORS:
                part.pop(member, None)
    return msgspec.json.encode(_walked(value, kinds))


def _parts(value: Json) -> list[Json]:
    """The objects of an answer that may hold vectors: itself, and OpenAI's `data`."""
    listed = value.get("data")
    return [value, *(part for part in listed if isinstance(part, dict))] if isinstance(listed, list) else [value]


def _holds_vectors(part: Json) -> bool:
    return any(isinstance(part.get(member), (list, dict, str)) for member in VECTORS)


def _walked(value: object, kinds: AbstractSet[str]) -> object:
    match value:
        case str():
            found = _DATA_URL.match(value)
            return found[0] if found and _kind(found["type"]) in kinds else value
        case list():
            return [_walked(item, kinds) for item in value]
        case dict():
            return {name: _member(name, item, kinds) for name, item in _bare(value, kinds).items()}
    return value


def _member(name: str, value: object, kinds: AbstractSet[str]) -> object:
    if name == TITAN_IMAGE and "image" in kinds:
        return ""
    if BLOCKS.get(name) in kinds and isinstance(value, dict):
        source = value.get("source")
        if isinstance(source, dict):
            return {**value, "source": _emptied(source)}
        return _emptied(value)
    return _walked(value, kinds)


def _bare(value: Json, kinds: AbstractSet[str]) -> Json:
    """Without its data where it is a source of Anthropic's: base64 and the type of what it is."""
    told = value.get("media_type")
    return _emptied(value) if isinstance(told, str) and _kind(told) in kinds else value


def _emptied(value: Json) -> Json:
    return {name: item for name, item in value.items() if name not in _DATA}


def _kind(media_type: str) -> str:
    """Of a document, AWS says that it is delivered with the images."""
    kind = media_type.partition("/")[0]
    return kind if kind in ("audio", "video") else "image"
