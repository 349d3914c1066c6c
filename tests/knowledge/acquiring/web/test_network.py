"""No way leads a crawler to internal addresses, unless the operator opens one."""

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from craton.knowledge.acquiring.web.fetching import Fetching, Forbidden, Unreachable
from craton.knowledge.acquiring.web.network import Internal
from tests.knowledge.acquiring.web.site import Site

INTERNAL = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "::ffff:0:7f00:1",
    "::ffff:0:a9fe:a9fe",
    "5f00::1",
    "3fff::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "nonsense",
]


class Names(AbstractResolver):
    """Answers what it is told, one answer after another where there are several: a name that is bound anew."""

    def __init__(self, **names: list[list[str]]) -> None:
        self.names = {name.replace("_", "."): answers for name, answers in names.items()}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        answers = self.names[host]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        kinds = {each: socket.AF_INET6 if ":" in each else socket.AF_INET for each in answer}
        return [
            ResolveResult(hostname=host, host=each, port=port, family=kind, proto=0, flags=0)
            for each, kind in kinds.items()
        ]

    async def close(self) -> None: ...


@pytest.mark.parametrize("address", INTERNAL)
def test_what_is_no_public_address(address: str) -> None:
    assert not Internal().admits(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "::ffff:0:808:808"]
)
def test_public_addresses(address: str) -> None:
    assert Internal().admits(address)


def test_what_the_operator_allows() -> None:
    internal = Internal(["10.1.0.0/16", "fd00::/8", "wiki.example.org", "*.corp.example"])
    assert internal.admits("10.1.2.3")
    assert internal.admits("fd00::5")
    assert internal.admits("::ffff:10.1.2.3")
    assert not internal.admits("10.2.0.1")
    assert not internal.admits("127.0.0.1")
    assert internal.names("WIKI.example.org")
    assert internal.names("a.corp.example")
    assert not internal.names("corp.example")
    assert not internal.names("wiki.example.org.evil.example")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost", "0", "0.0.0.0"]
)
async def test_every_notation_of_this_machine_is_refused(host: str) -> None:
    async with Site() as site, Fetching("bot", Internal()) as fetching:
        with pytest.raises(Unreachable):
            await fetching.get(f"http://{host}:{site.port}/", 1000)
        assert site.asked == []


async def test_names_that_lead_inside_are_refused() -> None:
    names = Names(inner_example=[["127.0.0.1"]], both_example=[["127.0.0.1", "169.254.169.254"]])
    async with Site() as site, Fetching("bot", Internal(), names) as fetching:
        for name in ("inner.example", "both.example"):
            with pytest.raises(Forbidden, match="not of the public internet, and not allowed by `internal`"):
                await fetching.get(f"http://{name}:{site.port}/", 1000)
        assert site.asked == []


async def test_a_name_that_is_bound_anew_is_refused() -> None:
    """First to an address that a check before the connection would let pass, then to another."""
    names = Names(rebound_example=[["127.0.0.1"], ["127.0.0.2"]])
    allowed = Internal(["127.0.0.1"])
    async with Site({"/": "here"}) as site:
        async with Fetching("bot", allowed, names) as fetching:
            assert (await fetching.get(f"http://rebound.example:{site.port}/", 1000)).status == 200
        async with Fetching("bot", allowed, names) as fetching:
            with pytest.raises(Forbidden):
                await fetching.get(f"http://rebound.example:{site.port}/", 1000)
        assert site.asked == ["/"]


async def test_allowed_hosts_are_reached() -> None:
    names = Names(wiki_example=[["127.0.0.1"]])
    async with Site({"/": "here"}) as site:
        for internal in (Internal(["wiki.example"]), Internal(["127.0.0.0/8"])):
            async with Fetching("bot", internal, names) as fetching:
                assert (await fetching.get(f"http://wiki.example:{site.port}/", 1000)).data == b"here"
