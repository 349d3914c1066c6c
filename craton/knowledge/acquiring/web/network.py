"""Which hosts a crawler may reach: those of the public internet, and those of this house that the operator allows.

The address of each connection is checked as it is opened, whatever name, redirect or notation led to it, and however
often the name is resolved anew. Knows no HTTP.
"""

import errno
import ipaddress
import socket
from collections.abc import Iterable
from fnmatch import fnmatchcase

import aiohttp

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# RFC 6052 and RFC 7915, IPv4 behind a translator, and RFC 4291, IPv4 written as IPv6.
_TRANSLATED = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "::ffff:0:0:0/96", "::/96")))
# Never public, though not every Python knows it: a house's own translator (RFC 8215), site-local addresses, segments
# of a route (RFC 9602) and documentation (RFC 9637).
_LOCAL = tuple(map(ipaddress.IPv6Network, ("64:ff9b:1::/48", "fec0::/10", "5f00::/16", "3fff::/20")))
GUARDED = "address is not of the public internet"


class Internal:
    """The allowance for hosts of this house: networks such as 10.0.0.0/8, and names such as wiki.example.org or
    *.example.org.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._networks: list[_Network] = []
        self._names: list[str] = []
        for each in allowed:
            try:
                self._networks.append(ipaddress.ip_network(each, strict=False))
            except ValueError:
                self._names.append(each.lower())

    def names(self, host: str) -> bool:
        """Whether the host is allowed by its name, whatever its address."""
        return any(fnmatchcase(host.lower(), name) for name in self._names)

    def admits(self, address: str) -> bool:
        """Whether this address is public, or in one of the networks. Addresses within addresses count as both."""
        try:
            ip = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return all(self._admits(each) for each in _within(ip))

    def _admits(self, ip: _Address) -> bool:
        public = ip.is_global and not ip.is_multicast and not any(ip in network for network in _LOCAL)
        return public or any(ip in network for network in self._networks if network.version == ip.version)

    def open(self, info: aiohttp.AddrInfoType) -> socket.socket:
        """A socket for an address found by DNS or given as it is. Raises OSError where it may not be reached."""
        family, kind, protocol, _, address = info
        if not self.admits(str(address[0])):
            raise OSError(errno.EACCES, GUARDED)
        return socket.socket(family, kind, protocol)


def _within(ip: _Address) -> list[_Address]:
    """The addresses that a packet to this one may end up at."""
    if isinstance(ip, ipaddress.IPv4Address):
        return [ip]
    if ip.ipv4_mapped:
        return [ip.ipv4_mapped]
    if any(ip in network for network in _TRANSLATED):
        return [ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)]
    embedded: list[_Address] = [ip]
    if ip.sixtofour:
        embedded.append(ip.sixtofour)
    if ip.teredo:
        embedded += ip.teredo
    return embedded
