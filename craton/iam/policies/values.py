"""Reads the values that conditions compare: numbers, times, networks, bytes. Knows no operator and no policy.

Each function gives None for a text that it cannot read: such a value of a request matches nothing.
"""

import binascii
import re
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)
_EPOCH = re.compile(r"-?[0-9]+", re.ASCII)
_TIME = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(T(?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)(?P<fraction>\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d))?)?)?",
    re.ASCII,
)


def number(text: str) -> Decimal | None:
    """An integer or a decimal number."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=1024)
def moment(text: str) -> Decimal | None:
    """Seconds since 1970: of a date of the W3C's note on ISO 8601, or of a number, which four digits alone are not."""
    found = _TIME.fullmatch(text)
    if found is None:
        return Decimal(text) if _EPOCH.fullmatch(text) else None
    part = {name: int(found[name] or least) for name, least in _LEAST.items()}
    try:
        day = datetime(part["year"], part["month"], part["day"], part["hour"], part["minute"], part["second"])
    except ValueError:
        return None
    seconds = day.toordinal() * 86400 + day.hour * 3600 + day.minute * 60 + day.second - _EPOCH_START
    return seconds - _offset(found["zone"]) + Decimal(found["fraction"] or 0)


_LEAST = {"year": 1, "month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0}
_EPOCH_START = datetime(1970, 1, 1).toordinal() * 86400


def _offset(zone: str | None) -> int:
    if zone in (None, "Z"):
        return 0
    assert zone is not None
    seconds = int(zone[1:3]) * 3600 + int(zone[4:]) * 60
    return -seconds if zone[0] == "-" else seconds


def network(text: str) -> Network | None:
    """An address or a range of them, such as 203.0.113.0/24."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Address:
    """An address of a request. An IPv4 address that came as an IPv6 one is an IPv4 address."""

    version: int
    number: int

    def within(self, network: Network) -> bool:
        """Whether it is one of this range."""
        return network.version == self.version and self.number & int(network.netmask) == int(network.network_address)


@lru_cache(maxsize=4096)
def address(text: str) -> Address | None:
    """The address that a text is."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return Address(found.version, int(found))


def octets(text: str) -> bytes | None:
    """The bytes that a base64 text stands for."""
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
