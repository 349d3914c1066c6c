"""The console: pages for people, as files that were built beforehand from `ui/`. Knows no operation and no caller: what
runs in the browser asks the same doors as everybody.

A path below /console that names no file is an address within the console, and gets the one page there is. A browser
that opens the server's bare address is led there.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from craton.doors.asgi import Receive, Scope, Send, send_response
from craton.wire.message import Response

BASE = "/console"
BUILT = Path(__file__).resolve().parents[1] / "console"
_PAGE = "index.html"
# Files below it are named by a hash of what they hold.
_HASHED = "assets/"

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
# What was compressed beforehand, by the suffix it has then; the smallest first.
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))

# The weights by which a client refuses an encoding.
_NEVER = frozenset({"q=0", "q=0.0", "q=0.00", "q=0.000"})

# Everything comes from this server. Nothing is inline, nobody frames it, no form is sent anywhere but to scripts, and
# no text becomes markup. Pictures that a user attaches are shown from `data:` and `blob:`.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_CAUTIOUS = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)

_NOT_BUILT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Craton</title>
<h1>The console is not in this installation</h1>
<p>The API is: every operation answers as usual. Released wheels hold the console. In a checkout, <code>make ui</code>
builds it; that needs Node.js 20.19 or newer and npm. Then start Craton again.</p>
<hr lang="de">
<h1 lang="de">Die Konsole fehlt in dieser Installation</h1>
<p lang="de">Die API ist da: alle Operationen antworten wie sonst. Die veröffentlichten Wheels enthalten die Konsole. Im
Quellbaum baut sie <code>make ui</code>; das braucht Node.js ab 20.19 und npm. Danach Craton neu starten.</p>
</html>
"""


def built() -> bool:
    """Whether this installation has the console."""
    return (BUILT / _PAGE).is_file()


@dataclass(frozen=True, slots=True)
class _File:
    """`ways` has its content by the encoding in which it is sent; "identity" is always among them."""

    media_type: str
    etag: str
    ways: Mapping[str, bytes]


class ConsoleDoor:
    """Reads `folder` when it is first asked for; a console that is built anew is seen after a start."""

    def __init__(self, folder: Path = BUILT) -> None:
        self._folder = folder
        self._files: dict[str, _File] | None = None
        self._reading = asyncio.Lock()

    def has(self, scope: Scope) -> bool:
        path: str = scope["path"]
        return path == BASE or path.startswith(f"{BASE}/") or _arrives(scope)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._reading:
            if self._files is None:
                self._files = await asyncio.to_thread(_read, self._folder)
        response = _answer(self._files, scope)
        response.headers.extend(_CAUTIOUS)
        if scope["method"] == "HEAD" and isinstance(response.body, bytes):
            response.headers.append(("Content-Length", str(len(response.body))))
            response = Response(response.status, response.headers, b"")
        await send_response(send, response)


def _answer(files: Mapping[str, _File], scope: Scope) -> Response:
    if _arrives(scope):
        return Response(302, [("Location", BASE), ("Vary", "Accept")], b"")
    if scope["method"] not in ("GET", "HEAD"):
        refusal = f"{scope['path']} is a page: it takes GET and HEAD."
        return Response(405, [*_text("text/plain; charset=utf-8"), ("Allow", "GET, HEAD")], refusal.encode())
    name = scope["path"].removeprefix(BASE).strip("/")
    if name not in files and name.startswith(_HASHED):
        # A page that was opened before the server was renewed asks for what is no more.
        gone = f"The console has no file {quote(name)}. Load the page again."
        return Response(404, _text("text/plain; charset=utf-8"), gone.encode())
    if _PAGE not in files:
        return Response(503, _text(_TYPES[".html"]), _NOT_BUILT.encode())
    return _sent(files, name if name in files else _PAGE, dict(scope["headers"]))


def _arrives(scope: Scope) -> bool:
    """Whether a browser opens the server's address; a program would not ask for a page."""
    return (
        scope["path"] == "/" and scope["method"] == "GET" and b"text/html" in dict(scope["headers"]).get(b"accept", b"")
    )


def _sent(files: Mapping[str, _File], name: str, headers: Mapping[bytes, bytes]) -> Response:
    file = files[name]
    keep = "public, max-age=31536000, immutable" if name.startswith(_HASHED) else "no-cache"
    encoding = _agreed(headers.get(b"accept-encoding", b"").decode("latin-1"), file.ways)
    told = [("Cache-Control", keep), ("Vary", "Accept-Encoding"), ("ETag", f'"{file.etag}-{encoding}"')]
    known = headers.get(b"if-none-match", b"").decode("latin-1")
    if told[-1][1] in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        return Response(304, told, b"")
    if encoding != "identity":
        told.append(("Content-Encoding", encoding))
    return Response(200, [("Content-Type", file.media_type), *told], file.ways[encoding])


def _text(media_type: str) -> list[tuple[str, str]]:
    return [("Content-Type", media_type), ("Cache-Control", "no-store")]


def _agreed(accepted: str, ways: Mapping[str, bytes]) -> str:
    """The smallest way that the client takes, by RFC 9110, 12.5.3."""
    weights: dict[str, bool] = {}
    for part in accepted.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weights[name] = not any(piece.replace(" ", "") in _NEVER for piece in parameters)
    taken = (name for name, _ in _ENCODINGS if name in ways and weights.get(name, weights.get("*", False)))
    return next(taken, "identity")


def _read(folder: Path) -> dict[str, _File]:
    files: dict[str, _File] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in _TYPES:
            plain = path.read_bytes()
            ways = {"identity": plain}
            for encoding, suffix in _ENCODINGS:
                beside = path.with_name(path.name + suffix)
                if beside.is_file():
                    ways[encoding] = beside.read_bytes()
            name = PurePosixPath(path.relative_to(folder)).as_posix()
            files[name] = _File(_TYPES[path.suffix], hashlib.sha256(plain).hexdigest()[:16], ways)
    return files
