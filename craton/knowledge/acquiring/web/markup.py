"""What a crawler reads of a page: its links, its canonical address, and what it asks of robots.

By expressions whose time is linear in the page, for parsers of HTML have been slow on hostile pages. Knows no HTTP.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import re2

from craton.knowledge.acquiring.web.addresses import address_of

MOST_LINKS = 5000
_MOST_LISTED = 50_000
_READ = 4 << 20  # bytes in which links are looked for
# Of bytes, for those of strings take long to tell where they matched.
_UNSEEN = re2.compile(rb"(?is)<!--.*?-->|<script\b.*?</script\s*>|<style\b.*?</style\s*>|<template\b.*?</template\s*>")
_TAG = re2.compile(rb"(?is)<(a|area|iframe|frame|base|link|meta)\s((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re2.compile(rb"(?is)([a-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_LOCATION = re2.compile(rb"(?is)<(?:\w+:)?loc>\s*(?:<!\[CDATA\[)?\s*([^<\]]+?)\s*(?:\]\]>)?\s*</(?:\w+:)?loc>")
_SITEMAP = re2.compile(rb"(?is)^\s*(?:<\?xml[^>]*>)?(?:\s|<!--.*?-->|<\?[^>]*>)*<(?:\w+:)?(urlset|sitemapindex)\b")
_LINKING = {"a": "href", "area": "href", "iframe": "src", "frame": "src"}


@dataclass(frozen=True, slots=True)
class Markup:
    """Links in their order, each once. `index` and `follow` are what a `robots` meta tag allows."""

    links: Sequence[str]
    canonical: str | None = None
    index: bool = True
    follow: bool = True


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The addresses of pages, or of other sitemaps."""

    links: Sequence[str]
    of_sitemaps: bool


def read(page: str, address: str) -> Markup:
    base, canonical = None, None
    links: dict[str, None] = {}
    said: set[str] = set()
    for found in _TAG.finditer(_UNSEEN.sub(b"", page.encode("utf-8", "replace")[:_READ])):
        tag, values = found[1].lower().decode(), _values(found[2])
        if tag == "base":
            base = base or address_of(values.get("href", ""), address) or address
        elif tag == "meta" and values.get("name", "").lower() in ("robots", "bedrockbot"):
            said |= directives(values.get("content", ""))
        elif tag == "link" and values.get("rel", "").lower() == "canonical":
            canonical = canonical or address_of(values.get("href", ""), base or address)
        elif tag in _LINKING and len(links) < MOST_LINKS and (target := values.get(_LINKING[tag])):
            links[target] = None
    addresses = dict.fromkeys(link for each in links if (link := address_of(each, base or address)))
    return Markup(tuple(addresses), canonical, "noindex" not in said, "nofollow" not in said)


def directives(said: str) -> set[str]:
    """What a `robots` tag or an X-Robots-Tag header says; `none` is both of the others."""
    words = {word.strip().lower() for word in said.split(",")}
    return words | {"noindex", "nofollow"} if "none" in words else words


def sitemap(text: str, address: str) -> Sitemap | None:
    """What a sitemap lists, None where this is none. https://www.sitemaps.org/protocol.html"""
    data = text.encode("utf-8", "replace")
    kind = _SITEMAP.search(data)
    if kind is None:
        return None
    listed = (address_of(_text(found[1]), address) for found in islice(_LOCATION.finditer(data), _MOST_LISTED))
    links = dict.fromkeys(link for link in listed if link)
    return Sitemap(tuple(links), of_sitemaps=kind[1].lower() == b"sitemapindex")


def _values(attributes: bytes) -> dict[str, str]:
    return {
        found[1].decode().lower(): _text(found[2] or found[3] or found[4] or b"")
        for found in _ATTRIBUTE.finditer(attributes)
    }


def _text(value: bytes) -> str:
    return html.unescape(value.decode("utf-8", "replace")).strip()
