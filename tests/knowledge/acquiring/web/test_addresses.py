"""Addresses in one form, and which of them a data source asks for."""

from typing import Any

import pytest

from craton.errors import ValidationException
from craton.knowledge.acquiring.web.addresses import Asked, address_of, user_agent


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("https://example.org:443/a#top", "https://example.org/a"),
        ("http://example.org:8080/a?b=c&d", "http://example.org:8080/a?b=c&d"),
        ("/größe datei?x=ö", "https://example.org/gr%C3%B6%C3%9Fe%20datei?x=%C3%B6"),
        ("%c3%b6", "https://example.org/docs/%C3%B6"),
        ("../up", "https://example.org/up"),
        ("//bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("https://example.org./a", "https://example.org/a"),
        ("mailto:a@example.org", None),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("ftp://example.org/a", None),
        ("data:text/html,x", None),
        ("https://user:secret@example.org/", None),
        ("https://example.org@evil.example/", None),
        ("https://example.org:22/", None),
        ("https://example.org:6/", None),
        ("https://example.org:99999/", None),
        ("http://[::1/", None),
        ("http:///a", None),
        ("http://" + "a" * 70 + ".example/", None),
        ("/" + "a" * 3000, None),
    ],
)
def test_one_form(link: str, address: str | None) -> None:
    assert address_of(link, "https://example.org/docs/page") == address


def asked(*seeds: str, scope: str | None = None, **crawler: Any) -> Asked:
    return Asked(
        {
            "sourceConfiguration": {"urlConfiguration": {"seedUrls": [{"url": seed} for seed in seeds]}},
            "crawlerConfiguration": crawler | ({"scope": scope} if scope else {}),
        }
    )


SEED = "https://docs.example.org/guide/start.html"


@pytest.mark.parametrize(
    ("address", "by_default", "host_only", "subdomains"),
    [
        ("https://docs.example.org/guide/next", True, True, True),
        ("https://docs.example.org/guide/deep/er", True, True, True),
        ("https://www.docs.example.org/guide/next", True, True, True),
        ("http://docs.example.org/guide/next", True, True, True),
        ("https://docs.example.org/other", False, True, True),
        ("https://docs.example.org/guided", False, True, True),
        ("https://v1.docs.example.org/", False, False, True),
        ("https://example.org/", False, False, False),
        ("https://evildocs.example.org/", False, False, False),
        ("https://docs.example.org.evil.example/", False, False, False),
        ("https://docs.example.org:8443/guide/", False, False, False),
        ("https://elsewhere.example/report.pdf", True, True, True),
        ("https://elsewhere.example/page.html", False, False, False),
        ("https://docs.example.org/guide/logo.png", False, False, False),
        ("https://docs.example.org/guide/style.css", False, False, False),
    ],
)
def test_scopes(address: str, by_default: bool, host_only: bool, subdomains: bool) -> None:
    assert asked(SEED).follows(address) == by_default
    assert asked(SEED, scope="HOST_ONLY").follows(address) == host_only
    assert asked(SEED, scope="SUBDOMAINS").follows(address) == subdomains


def test_filters() -> None:
    some = asked("https://a.example/", inclusionFilters=[".*/docs/.*"], exclusionFilters=[r".*\.pdf$", "secret"])
    assert some.follows("https://a.example/docs/b")
    assert not some.follows("https://a.example/other")
    assert not some.follows("https://a.example/docs/b.pdf")
    assert not some.follows("https://a.example/docs/secret/b")
    assert some.follows("https://a.example/")
    assert not some.reads("https://a.example/")


@pytest.mark.parametrize(
    ("seeds", "crawler", "reason"),
    [
        (["https://a.example/"], {"inclusionFilters": ["("]}, r"The filter '\(' is no regular expression"),
        (["https://a.example/"], {"exclusionFilters": ["(a{1000}){1000}"]}, "is no regular expression"),
        (["https://a.example/"], {"exclusionFilters": [r"(a)\1"]}, "is no regular expression"),
        (
            ["https://a.example/"],
            {"crawlerLimits": {"maxPages": 25_001}},
            "maxPages is 25001; 25000",
        ),
        (["https://u:p@a.example/"], {}, "cannot be crawled"),
        (["https://a.example:25/"], {}, "cannot be crawled"),
        ([], {}, "seedUrls is empty"),
    ],
)
def test_what_cannot_be_meant(seeds: list[str], crawler: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationException, match=reason):
        asked(*seeds, **crawler)


def test_filters_take_no_time() -> None:
    evil = asked("https://a.example/", exclusionFilters=["(a+)+$", "(a|aa)+b"])
    assert evil.follows("https://a.example/" + "a" * 2000 + "!")


def test_user_agent() -> None:
    own = user_agent("arn:1")
    assert own.startswith("bedrockbot_")
    assert own == user_agent("arn:1") != user_agent("arn:2")
    assert user_agent("arn:1", "bedrockbot_UUID-mine") == user_agent("arn:1", "-mine") == f"{own}-mine"
    assert asked("https://a.example/", userAgentHeader="mine").agent == "mine"


def test_a_changed_configuration_is_told() -> None:
    assert asked(SEED).fingerprint == asked(SEED).fingerprint
    assert asked(SEED).fingerprint != asked(SEED, scope="HOST_ONLY").fingerprint
    assert asked(SEED).fingerprint != asked(SEED, exclusionFilters=["x"]).fingerprint
