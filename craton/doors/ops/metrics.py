"""The page that Prometheus reads, and who may read it. Knows no figure."""

import hmac
from collections.abc import Awaitable, Callable
from ipaddress import ip_address, ip_network

from craton.config import MetricsSettings
from craton.doors.asgi import Scope
from craton.doors.ops import json
from craton.wire.message import Response

TEXT = "text/plain; version=0.0.4; charset=utf-8"
_REFUSAL = (
    "Only clients of the networks that [metrics] in craton.toml names may read this, and those that send its token "
    "as 'Authorization: Bearer'."
)
# What a proxy adds: behind one, everybody has its address.
_FORWARDED = frozenset({b"forwarded", b"x-forwarded-for"})


class MetricsPage:
    def __init__(self, settings: MetricsSettings, render: Callable[[], Awaitable[bytes]]) -> None:
        self._networks = [ip_network(network) for network in settings.networks]
        self._token = settings.token
        self._render = render

    async def __call__(self, scope: Scope) -> Response:
        headers = dict(scope["headers"])
        if not (self._near(scope, headers) or self._known(headers.get(b"authorization", b""))):
            return json({"message": _REFUSAL}, 403)
        return Response(200, [("Content-Type", TEXT), ("Cache-Control", "no-store")], await self._render())

    def _near(self, scope: Scope, headers: dict[bytes, bytes]) -> bool:
        client = scope.get("client")
        if not client or headers.keys() & _FORWARDED:
            return False
        address = ip_address(client[0].partition("%")[0])
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in self._networks)

    def _known(self, authorization: bytes) -> bool:
        token = self._token.read() if self._token else ""
        scheme, _, given = authorization.partition(b" ")
        return bool(token) and scheme.lower() == b"bearer" and hmac.compare_digest(given.strip(), token.encode())
