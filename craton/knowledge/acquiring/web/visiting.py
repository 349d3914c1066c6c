"""An address of a crawl: allowed by its site, fetched in its turn, made a document with links. Knows no crawl."""

import asyncio
import codecs
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from craton.documents.formats import CONVERSE, FORMATS, format_of
from craton.knowledge.acquiring.found import FILE_BYTES, Content, Found
from craton.knowledge.acquiring.web import markup
from craton.knowledge.acquiring.web.addresses import Asked, address_of
from craton.knowledge.acquiring.web.fetching import Answer, Fetching, Forbidden, TooLarge, Unreachable
from craton.knowledge.acquiring.web.robots import Pace, Robots

_READ = CONVERSE | {"pptx"}
# Media types that say nothing of what a file is.
_VAGUE = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/download"})
_GONE = frozenset({404, 410})
_REFUSED = frozenset({401, 402, 403, 405, 406, 451})


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of an address: perhaps a document, the links of it that are followed, and where it redirects to.

    `reached` tells whether its site gave an answer that means something.
    """

    found: Found | None = None
    links: Sequence[str] = ()
    redirect: str | None = None
    reached: bool = True


class Visiting:
    """Visits for one crawl."""

    def __init__(self, asked: Asked, fetching: Fetching) -> None:
        self._asked, self._fetching = asked, fetching
        self._robots = Robots(fetching)
        self._pace = Pace()

    async def visit(self, address: str, memo: Mapping[str, Any] | None = None) -> Visit:
        """`memo` is what the last listing kept of this address."""
        if memo and memo["asked"] != self._asked.fingerprint:
            memo = None
        rules = await self._robots.rules(address)
        if not rules.reachable:
            return _failed(address, memo, "the robots.txt of its site cannot be had, so nothing of it may be read now")
        if not rules.allow(address, self._asked.agent):
            return Visit(_ignored(address, f"The robots.txt of its site does not allow {address!r} to be read."))
        spacing = max(60 / self._asked.rate, rules.delay(self._asked.agent))
        await self._pace.wait(urlsplit(address).netloc, spacing)
        try:
            answer = await self._fetching.get(address, FILE_BYTES, _conditions(memo))
        except TooLarge as error:
            return Visit(_ignored(address, f"The page {address!r} is not read: {error}."))
        except Forbidden as error:
            return Visit(_ignored(address, f"The page {address!r} is not read: {error}."), reached=False)
        except Unreachable as error:
            return _failed(address, memo, str(error))
        return await self._understood(address, answer, memo)

    async def sitemaps(self, address: str) -> Sequence[str]:
        """Addresses of the sitemaps that the robots.txt of this address's site names."""
        return (await self._robots.rules(address)).sitemaps()

    async def close(self) -> None:
        await self._robots.close()

    async def _understood(self, address: str, answer: Answer, memo: Mapping[str, Any] | None) -> Visit:
        if answer.status == 304 and memo:
            return Visit(_unchanged(address, memo), memo["links"])
        if 300 <= answer.status < 400:
            return Visit(redirect=address_of(answer.headers.get("Location", ""), address))
        if answer.status in _GONE:
            return Visit()
        if answer.status in _REFUSED:
            return Visit(_ignored(address, f"The site refuses {address!r} with the status {answer.status}."))
        if answer.status != 200:
            return _failed(address, memo, f"its site answers with the status {answer.status}")
        return await asyncio.to_thread(self._read, address, answer)

    def _read(self, address: str, answer: Answer) -> Visit:
        said = answer.media_type
        if said.endswith("xml") or address.endswith(".xml"):
            listed = markup.sitemap(answer.text, address)
            if listed is not None:
                # Sitemaps list pages of their site, and sitemaps, which are no pages.
                return Visit(links=[link for link in listed.links if listed.of_sitemaps or self._asked.follows(link)])
        kind = format_of(urlsplit(address).path if said in _VAGUE else "", said, answer.data)
        if kind not in _READ:
            return Visit(_ignored(address, f"The media type {said!r} of {address!r} is not supported."))
        robots = markup.directives(answer.headers.get("X-Robots-Tag", ""))
        page = markup.read(answer.text, address) if kind == "html" else markup.Markup(())
        followed = page.follow and "nofollow" not in robots
        links = [link for link in page.links if followed and self._asked.follows(link)]
        if "noindex" in robots or not page.index:
            return Visit(_ignored(address, f"The page {address!r} asks not to be indexed."), links)
        return Visit(self._document(self._name(page.canonical, address), address, kind, answer, links), links)

    def _name(self, canonical: str | None, address: str) -> str:
        """A page is called by its canonical address, where that is asked for, too."""
        asked = canonical is not None and self._asked.scopes(canonical) and self._asked.reads(canonical)
        return canonical if canonical and asked else address

    def _document(self, identifier: str, address: str, kind: str, answer: Answer, links: Sequence[str]) -> Found:
        version = hashlib.sha256(answer.data).hexdigest()
        memo = {
            "version": version,
            "size": len(answer.data),
            "links": list(links),
            "etag": answer.headers.get("ETag"),
            "modified": answer.headers.get("Last-Modified"),
            "asked": self._asked.fingerprint,
        }
        told = FORMATS[kind].media_type
        content = Content(_marked(answer) if told.startswith("text/") else answer.data, told)
        return Found(identifier, address, _location(identifier), version, len(answer.data), content=content, memo=memo)


def _marked(answer: Answer) -> bytes:
    """Text whose encoding only the header tells, in one that it shows itself."""
    return answer.data if answer.charset in (None, "utf-8") else codecs.BOM_UTF8 + answer.text.encode()


def _conditions(memo: Mapping[str, Any] | None) -> dict[str, str]:
    """The headers that ask for a page only where it has changed."""
    named = {"If-None-Match": "etag", "If-Modified-Since": "modified"}
    return {header: memo[key] for header, key in named.items() if memo and memo.get(key)}


def _unchanged(address: str, memo: Mapping[str, Any]) -> Found:
    return Found(address, address, _location(address), memo["version"], memo["size"], memo=memo)


def _ignored(address: str, sentence: str) -> Found:
    return Found(address, address, _location(address), "", 0, ignored=sentence)


def _failed(address: str, memo: Mapping[str, Any] | None, clause: str) -> Visit:
    """What was had of the page before stays."""
    version, links = (memo["version"], memo["links"]) if memo else ("", ())
    sentence = f"The page {address!r} could not be fetched: {clause}."
    found = Found(address, address, _location(address), version, 0, failed=sentence, memo=memo)
    return Visit(found, links, reached=False)


def _location(address: str) -> dict[str, Any]:
    return {"type": "WEB", "webLocation": {"url": address}}
