"""Media types and the Converse format names that stand for them, and `data:` URLs. Fetches nothing."""

import base64
import binascii
import re

from craton.dialects.body import malformed

IMAGES = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
DOCUMENTS = {
    "pdf": "application/pdf",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "txt": "text/plain",
    "md": "text/markdown",
}


def format_of(media_type: str, formats: dict[str, str], where: str) -> str:
    """The Converse format of a media type. Raises ValidationException that lists the media types there are."""
    for name, known in formats.items():
        if known == media_type:
            return name
    raise malformed(
        f"{where}: media type {media_type!r} is not supported; the media types here are {', '.join(formats.values())}"
    )


def data_url(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64_of(data)}"


def read_data_url(url: str, where: str) -> tuple[str, bytes]:
    """Media type and bytes of a `data:` URL. Any other URL is refused: nothing is fetched on a caller's behalf."""
    head, comma, data = url.partition(",")
    if not head.startswith("data:") or not head.endswith(";base64") or not comma:
        raise malformed(
            f"{where}: only base64 `data:` URLs are read, send the content itself as data:<media type>;base64,<data>"
        )
    try:
        return head.removeprefix("data:").removesuffix(";base64"), base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise malformed(f"{where}: the data after `base64,` is not valid base64") from None


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


# How the files of each format begin; a WebP file has its name behind a length.
BEGINNINGS = {
    "png": re.compile(rb"\x89PNG"),
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "gif": re.compile(rb"GIF8"),
    "webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
}


def image_format(data: bytes, where: str) -> str:
    """The Converse format of an image whose API does not say it. Raises ValidationException that lists the formats."""
    for name, beginning in BEGINNINGS.items():
        if beginning.match(data):
            return name
    raise malformed(f"{where}: the image is in no supported format; send one of {', '.join(BEGINNINGS)}")
