"""Where a request comes from: the client's address, also behind proxies that the operator trusts. Knows no caller."""

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from craton.wire.message import Request

_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")

Networks = Sequence[IPv4Network | IPv6Network]


def networks(texts: Iterable[str]) -> Networks:
    """Raises ValueError."""
    return tuple(ip_network(text, strict=False) for text in texts)


def client(peer: str, request: Request, proxies: Networks) -> str:
    """The client's address: that of the peer, or, where that is a trusted proxy, the last one that X-Forwarded-For
    names and that is none. What a client claims of itself stands before that and is not believed.
    """
    if not proxies or not _within(_address(peer), proxies):
        return peer
    forwarded = [part for name, value in request.headers if name == "x-forwarded-for" for part in value.split(",")]
    origin = peer
    for text in reversed(forwarded):
        address = _address(text.strip())
        if address is None:  # nobody can say what is behind it
            return origin
        origin = str(address)
        if not _within(address, proxies):
            return origin
    return origin


def secure(peer: str, request: Request, proxies: Networks, *, direct: bool) -> bool:
    """Whether the client came over TLS: `direct` tells it of the peer, X-Forwarded-Proto what a trusted proxy saw."""
    told = request.header("x-forwarded-proto") if proxies else None
    if told is None or not _within(_address(peer), proxies):
        return direct
    return told.rpartition(",")[2].strip().lower() == "https"


def endpoint(request: Request, *, secure: bool) -> str:
    """Where the client found this server. A proxy does not change the host, which signatures cover."""
    host = request.header("host") or ""
    return f"{'https' if secure else 'http'}://{host}" if _HOST.fullmatch(host) else ""


def _within(address: IPv4Address | IPv6Address | None, proxies: Networks) -> bool:
    return address is not None and any(address in network for network in proxies)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it: some add the port, `192.0.2.1:443` or `[2001:db8::1]:443`."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
