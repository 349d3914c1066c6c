"""A crawl of a site on loopback: what is read, in which order, how often, and what is left alone."""

import asyncio
import gzip
import json
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from aiohttp import web

from craton.knowledge.acquiring.found import Found, SourceFailure
from craton.knowledge.acquiring.web.fetching import Fetching, TooLarge
from craton.knowledge.acquiring.web.network import Internal
from craton.knowledge.acquiring.web.pages import Pages
from tests.knowledge.acquiring.web.site import Site

QUICK = 60_000  # pages a minute: tests wait for no pace but where they mean to


def links(*targets: str) -> str:
    return "<h1>Page</h1>" + "".join(f'<a href="{target}">{target}</a>' for target in targets)


def opened(site: Site, *seeds: str, internal: tuple[str, ...] = ("127.0.0.0/8",), **crawler: Any) -> Pages:
    limits = {"rateLimit": QUICK, **crawler.pop("crawlerLimits", {})}
    urls = [{"url": site.url + seed} for seed in seeds or ("/",)]
    configuration = {
        "sourceConfiguration": {"urlConfiguration": {"seedUrls": urls}},
        "crawlerConfiguration": {"crawlerLimits": limits, **crawler},
    }
    return Pages(configuration, "source", internal)


async def crawled(pages: Pages, **given: Any) -> list[Found]:
    try:
        return [found async for found in pages.listing(**given)]
    finally:
        await pages.close()


def paths(site: Site, listed: list[Found]) -> list[str]:
    return [found.identifier.removeprefix(site.url) for found in listed if not found.ignored and not found.failed]


def reasons(site: Site, listed: list[Found]) -> dict[str, str]:
    told = {found.identifier.removeprefix(site.url): found.ignored or found.failed for found in listed}
    return {path: reason for path, reason in told.items() if reason}


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as made:
        yield made


async def test_pages_and_documents_are_found_by_their_links(site: Site) -> None:
    site.pages |= {
        "/": links("/b", "/a", "report.pdf"),
        "/a": links("/c"),
        "/b": links("/", "/missing"),
        "/c": "last",
        "/report.pdf": web.Response(body=b"%PDF-1.4", content_type="application/pdf"),
    }
    pages = opened(site)
    listed = await crawled(pages)
    assert paths(site, listed) == ["/", "/b", "/a", "/report.pdf", "/c"]
    assert site.asked.count("/robots.txt") == 1
    assert sorted(site.crawled) == ["/", "/a", "/b", "/c", "/missing", "/report.pdf"]
    first, document = listed[0], listed[3]
    assert first.location == {"type": "WEB", "webLocation": {"url": f"{site.url}/"}}
    assert first.content
    assert first.content.data == links("/b", "/a", "report.pdf").encode()
    assert document.content
    assert document.content.media_type == "application/pdf"
    assert reasons(site, listed) == {}


async def test_a_crawl_is_always_the_same(site: Site) -> None:
    async def slow(_: web.Request) -> web.Response:
        await asyncio.sleep(0.05)
        return web.Response(text=links("/from-slow"), content_type="text/html")

    site.pages |= {"/": links("/slow", "/quick"), "/slow": slow, "/quick": links("/from-quick")}
    site.pages |= {"/from-slow": "a", "/from-quick": "b"}
    first = paths(site, await crawled(opened(site)))
    assert first == ["/", "/slow", "/quick", "/from-slow", "/from-quick"]
    assert paths(site, await crawled(opened(site))) == first


async def test_a_crawl_goes_on_where_it_stood(site: Site) -> None:
    site.pages |= {"/": links(*(f"/{number}" for number in range(10)))} | {f"/{n}": f"page {n}" for n in range(10)}
    whole = paths(site, await crawled(opened(site)))
    for after in (1, 4, 11):
        pages = opened(site)
        listing = pages.listing()
        begun = [await anext(listing) for _ in range(after)]
        state = json.loads(json.dumps(pages.state()))
        await listing.aclose()
        await pages.close()
        assert paths(site, begun) + paths(site, await crawled(opened(site), state=state)) == whole


async def test_robots_are_heeded(site: Site) -> None:
    site.pages |= {
        "/robots.txt": "User-agent: *\nDisallow: /private\n\nUser-agent: bedrockbot\nDisallow: /ours\nSitemap: "
        f"{site.url}/map.xml\n",
        "/": links("/private", "/ours/a", "/noindex", "/nofollow"),
        "/private": "for us",
        "/noindex": '<meta name="robots" content="noindex">' + links("/behind"),
        "/nofollow": '<meta name="robots" content="nofollow">' + links("/unseen"),
        "/behind": "b",
        "/unseen": "u",
        "/mapped": "m",
        "/map.xml": web.Response(
            text=f"<urlset><url><loc>{site.url}/mapped</loc></url><url><loc>http://other.example/x</loc></url></urlset>",
            content_type="application/xml",
        ),
    }
    listed = await crawled(opened(site))
    assert sorted(paths(site, listed)) == ["/", "/behind", "/mapped", "/nofollow", "/private"]
    told = reasons(site, listed)
    assert "robots.txt of its site does not allow" in told["/ours/a"]
    assert "asks not to be indexed" in told["/noindex"]
    assert "/ours/a" not in site.asked
    assert site.headers[0]["User-Agent"].startswith("bedrockbot_")


async def test_a_site_whose_robots_cannot_be_had_is_left_alone(site: Site) -> None:
    site.pages |= {"/": "page", "/robots.txt": 503}
    with pytest.raises(SourceFailure, match="No page of the data source could be reached"):
        await crawled(opened(site))
    assert site.crawled == []


async def test_redirects_are_followed_within_the_scope(site: Site) -> None:
    def to(place: str) -> web.Response:
        return web.Response(status=302, headers={"Location": place})

    site.pages |= {
        "/": links("/old", "/out", "/loop1", "/inside"),
        "/old": to("/new"),
        "/new": "new",
        "/out": to("http://other.example/"),
        "/loop1": to("/loop2"),
        "/loop2": to("/loop1"),
        "/inside": to("http://169.254.169.254/latest/meta-data"),
    }
    listed = await crawled(opened(site))
    assert paths(site, listed) == ["/", "/new"]
    assert site.asked.count("/loop1") == site.asked.count("/loop2") == 1


async def test_endless_redirects_end(site: Site) -> None:
    def onward(request: web.Request) -> web.Response:
        number = int(request.path.rpartition("/")[2])
        site.pages[f"/r/{number + 1}"] = onward
        return web.Response(status=302, headers={"Location": f"/r/{number + 1}"})

    site.pages |= {"/": links("/r/0"), "/r/0": onward}
    assert paths(site, await crawled(opened(site))) == ["/"]
    assert len(site.crawled) < 15


async def test_internal_addresses_are_not_reached(site: Site) -> None:
    site.pages["/"] = "secret"
    with pytest.raises(SourceFailure, match="No page of the data source could be reached"):
        await crawled(opened(site, internal=()))
    assert site.asked == []


async def test_links_and_redirects_do_not_lead_inside(site: Site) -> None:
    async with Site({"/secret.pdf": b"%PDF-1.4", "/": "secret"}) as inner:
        # Only the first site's host is allowed, by its name; the other is this machine by its address.
        elsewhere = f"http://127.0.0.1:{inner.port}"
        site.pages |= {
            "/": links(f"{elsewhere}/secret.pdf", "/leads.pdf"),
            "/leads.pdf": web.Response(status=302, headers={"Location": f"{elsewhere}/secret.pdf"}),
        }
        configuration = {
            "sourceConfiguration": {"urlConfiguration": {"seedUrls": [{"url": f"http://localhost:{site.port}/"}]}},
            "crawlerConfiguration": {"crawlerLimits": {"rateLimit": QUICK}},
        }
        listed = await crawled(Pages(configuration, "source", ("localhost",)))
        assert [found.identifier for found in listed if not found.failed] == [f"http://localhost:{site.port}/"]
        assert inner.asked == []


async def test_a_page_is_known_by_its_canonical_address(site: Site) -> None:
    twin = '<link rel="canonical" href="/a">same'
    site.pages |= {
        "/": links("/a?session=1", "/a?session=2", "/a", "/odd"),
        "/a?session=1": twin,
        "/a?session=2": twin,
        "/a": twin,
        "/odd": '<link rel="canonical" href="http://other.example/">odd',
    }
    listed = await crawled(opened(site))
    assert paths(site, listed) == ["/", "/a", "/odd"]


async def test_what_did_not_change_is_not_sent_again(site: Site) -> None:
    body = {"/a": "one"}

    def tagged(request: web.Request) -> web.Response:
        tag = f'"{hash(body["/a"])}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        return web.Response(text=body["/a"] + links("/b"), content_type="text/html", headers={"ETag": tag})

    site.pages |= {"/": links("/a"), "/a": tagged, "/b": "b"}
    first = await crawled(opened(site))
    known: Mapping[str, Any] = json.loads(json.dumps({found.identifier: found.memo for found in first}))
    again = await crawled(opened(site), known=known)
    assert [(found.identifier, found.version) for found in again] == [(f.identifier, f.version) for f in first]
    assert again[1].content is None
    assert again[0].content is not None
    body["/a"] = "two"
    third = await crawled(opened(site), known=known)
    assert third[1].version != first[1].version
    assert third[1].content
    # What decides about links has changed, so the page is read anew.
    other = await crawled(opened(site, exclusionFilters=["/b$"]), known=known)
    assert paths(site, other) == ["/", "/a"]
    assert other[1].content


async def test_what_cannot_be_had_now_is_told_and_kept(site: Site) -> None:
    site.pages |= {"/": links("/a", "/gone"), "/a": links("/b"), "/b": "b", "/gone": "g"}
    first = await crawled(opened(site))
    known = {found.identifier: found.memo for found in first if found.memo}
    site.pages |= {"/a": 500, "/gone": 404}
    second = await crawled(opened(site), known=known)
    assert paths(site, second) == ["/", "/b"]
    assert reasons(site, second) == {
        "/a": f"The page '{site.url}/a' could not be fetched: its site answers with the status 500."
    }
    assert next(found.version for found in second if found.failed) == known[f"{site.url}/a"]["version"]


async def test_more_pages_than_may_be_fail_the_crawl(site: Site) -> None:
    def endless(request: web.Request) -> web.Response:
        number = int(request.path.strip("/") or 0)
        site.pages[f"/{number + 1}"] = endless
        return web.Response(text=links(f"/{number + 1}"), content_type="text/html")

    site.pages["/"] = endless
    with pytest.raises(SourceFailure, match="has more than 5 pages, which is its maxPages"):
        await crawled(opened(site, crawlerLimits={"maxPages": 5}))


async def test_other_media_are_told(site: Site) -> None:
    site.pages |= {
        "/": links("/picture", "/vague", "/file?id=1", "/forbidden", "/logo.png"),
        "/picture": web.Response(body=b"\x89PNG\r\n\x1a\n", content_type="image/png"),
        "/vague": b"\0\1\2",
        "/file?id=1": b"%PDF-1.4",
        "/forbidden": 403,
        "/logo.png": "x",
    }
    listed = await crawled(opened(site))
    assert paths(site, listed) == ["/", "/file?id=1"]
    told = reasons(site, listed)
    assert "The media type 'image/png'" in told["/picture"]
    assert "The media type 'application/octet-stream'" in told["/vague"]
    assert "refuses" in told["/forbidden"]
    assert "/logo.png" not in site.asked


async def test_an_encoding_that_only_the_header_tells(site: Site) -> None:
    site.pages["/"] = web.Response(
        body="größe".encode("utf-16-le"), headers={"Content-Type": "text/html; charset=utf-16-le"}
    )
    (found,) = await crawled(opened(site))
    assert found.content
    assert found.content.data.decode("utf-8-sig") == "größe"


async def test_answers_that_are_too_large(site: Site) -> None:
    def bomb(_: web.Request) -> web.Response:
        packed = gzip.compress(bytes(20 << 20))
        return web.Response(body=packed, headers={"Content-Encoding": "gzip", "Content-Type": "text/html"})

    site.pages |= {"/large": web.Response(body=bytes(2 << 20)), "/bomb": bomb}
    async with Fetching("bot", Internal(["127.0.0.0/8"])) as fetching:
        for path in ("/large", "/bomb"):
            with pytest.raises(TooLarge):
                await fetching.get(site.url + path, 1 << 20)


async def test_the_pace(site: Site) -> None:
    site.pages |= {"/": links("/a", "/b", "/c")} | {f"/{name}": name for name in "abc"}
    started = time.monotonic()
    await crawled(opened(site, crawlerLimits={"rateLimit": 600}))
    assert time.monotonic() - started >= 0.3


async def test_a_crawl_delay_is_heeded(site: Site) -> None:
    site.pages |= {"/robots.txt": "User-agent: *\nCrawl-delay: 0.2", "/": links("/a"), "/a": "a"}
    started = time.monotonic()
    await crawled(opened(site))
    assert time.monotonic() - started >= 0.2


async def test_a_page_is_read_again_where_it_was_not_kept(site: Site) -> None:
    site.pages["/"] = "page"
    pages = opened(site)
    listing = pages.listing()
    found = await anext(listing)
    assert (await pages.read(Found(found.identifier, found.uri, found.location, "", 0))).data == b"page"
    site.pages["/"] = 500
    with pytest.raises(SourceFailure, match="its site answers 500"):
        await pages.read(Found(found.identifier, found.uri, found.location, "", 0))
    await listing.aclose()
    await pages.close()
