"""The address of a client behind proxies."""

import pytest

from craton.doors.origin import client, endpoint, networks, secure
from craton.wire.message import Request

PROXIES = networks(["10.0.0.0/8", "2001:db8::/32"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "origin"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.7"], "192.0.2.1"),  # it is no proxy of ours, so it may say what it likes
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.9, 198.51.100.7"], "198.51.100.7"),  # the client made the first up
        ("10.0.0.1", ["203.0.113.9, 198.51.100.7, 10.9.9.9"], "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.9", "198.51.100.7,10.9.9.9"], "198.51.100.7"),
        ("10.0.0.1", ["10.1.1.1, 10.2.2.2"], "10.1.1.1"),
        ("10.0.0.1", ["198.51.100.7:4711"], "198.51.100.7"),
        ("2001:db8::1", ["[2001:db9::7]:443"], "2001:db9::7"),
        ("::ffff:10.0.0.1", ["::ffff:198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["198.51.100.7, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7, unknown, 10.2.2.2"], "10.2.2.2"),
        ("", ["198.51.100.7"], ""),
    ],
)
def test_the_last_address_that_is_no_proxy_s_counts(peer: str, forwarded: list[str], origin: str) -> None:
    headers = tuple(("x-forwarded-for", value) for value in forwarded)
    assert client(peer, Request("GET", "/", headers=headers), PROXIES) == origin


def test_without_trusted_proxies_nobody_is_believed() -> None:
    request = Request("GET", "/", headers=(("x-forwarded-for", "198.51.100.7"),))
    assert client("10.0.0.1", request, ()) == "10.0.0.1"


@pytest.mark.parametrize(
    ("peer", "told", "direct", "expected"),
    [
        ("10.0.0.1", "https", False, True),
        ("10.0.0.1", "http", True, False),
        ("10.0.0.1", "http, https", False, True),  # the nearest proxy tells what it saw itself
        ("10.0.0.1", None, False, False),
        ("192.0.2.1", "https", False, False),
        ("192.0.2.1", "http", True, True),
    ],
)
def test_a_trusted_proxy_tells_whether_the_client_came_over_tls(
    peer: str, told: str | None, direct: bool, expected: bool
) -> None:
    headers = () if told is None else (("x-forwarded-proto", told),)
    assert secure(peer, Request("GET", "/", headers=headers), PROXIES, direct=direct) is expected


@pytest.mark.parametrize(
    ("host", "secure", "told"),
    [
        ("craton.example.com", True, "https://craton.example.com"),
        ("127.0.0.1:8080", False, "http://127.0.0.1:8080"),
        ("[::1]:8080", False, "http://[::1]:8080"),
        ("evil.org/path?", False, ""),
        ('x"><script>', False, ""),
        ("", True, ""),
    ],
)
def test_where_the_client_found_the_server(host: str, secure: bool, told: str) -> None:
    request = Request("GET", "/", headers=(("host", host),))
    assert endpoint(request, secure=secure) == told
