"""The page from which a document is fetched at an address that was given out for it. Knows no caller: the address is
what allows it.
"""

from urllib.parse import parse_qsl

from craton.doors.asgi import Scope
from craton.doors.ops import json
from craton.errors import ApiError
from craton.knowledge.access.contents import PATH, DocumentContents
from craton.wire.message import Response

__all__ = ["PATH", "DocumentPage"]

# The document may hold anything, a page with scripts too, and nothing of it may act in this server's name.
_CAUTIOUS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
    ("Cross-Origin-Resource-Policy", "same-site"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "private, no-store"),
)


class DocumentPage:
    def __init__(self, contents: DocumentContents) -> None:
        self._contents = contents

    async def get(self, scope: Scope) -> Response:
        try:
            held = await self._contents.read(dict(parse_qsl(scope["query_string"].decode("latin-1"))))
        except ApiError as error:
            return json({"message": error.message}, error.status)
        headers = [
            ("Content-Type", held.media_type),
            ("Content-Disposition", f'attachment; filename="{held.name.encode("ascii", "replace").decode()}"'),
            *_CAUTIOUS,
        ]
        return Response(200, headers, held.data)
