"""What is read of a page and of a sitemap, and that hostile ones take no time."""

import time

import pytest

from craton.knowledge.acquiring.web.markup import read, sitemap

HERE = "https://a.example/docs/page"


def test_links_are_found_once_and_in_order() -> None:
    page = """
    <a href="/one">1</a> <A CLASS='x > y' HREF='two?a=1&amp;b=2#part'>2</A> <a href=three>3</a> <a href="/one">again</a>
    <area href="https://b.example/"> <iframe src="/frame"></iframe> <a name="no-link">x</a> <a href="mailto:x@y">m</a>
    <!-- <a href="/commented"> --> <script>var x = '<a href="/scripted">';</script> <abbr href="/no">x</abbr>
    """
    assert read(page, HERE).links == (
        "https://a.example/one",
        "https://a.example/docs/two?a=1&b=2",
        "https://a.example/docs/three",
        "https://b.example/",
        "https://a.example/frame",
    )


def test_the_base_of_links_and_the_canonical_address() -> None:
    page = read('<base href="/other/"><link rel="canonical" href="it"><a href="x">', HERE)
    assert page.links == ("https://a.example/other/x",)
    assert page.canonical == "https://a.example/other/it"


@pytest.mark.parametrize(
    ("content", "index", "follow"),
    [("noindex", False, True), ("NOFOLLOW, noarchive", True, False), ("none", False, False), ("all", True, True)],
)
def test_what_a_page_asks_of_robots(content: str, index: bool, follow: bool) -> None:
    page = read(f'<meta name="Robots" content="{content}">', HERE)
    assert (page.index, page.follow) == (index, follow)


def test_sitemaps() -> None:
    listed = sitemap(
        '<?xml version="1.0"?><!-- made --><urlset xmlns="x"><url><loc> https://a.example/1?a=1&amp;b=2 </loc></url>'
        "<url><loc><![CDATA[https://a.example/2]]></loc></url></urlset>",
        HERE,
    )
    assert listed
    assert listed.links == ("https://a.example/1?a=1&b=2", "https://a.example/2")
    assert not listed.of_sitemaps
    nested = sitemap("<sitemapindex><sitemap><loc>https://a.example/s.xml</loc></sitemap></sitemapindex>", HERE)
    assert nested
    assert nested.of_sitemaps
    assert sitemap("<rss><loc>https://a.example/1</loc></rss>", HERE) is None


@pytest.mark.parametrize(
    "piece", ['<a href="/x">', "<a ", '<a href="', "<!--", "<script>", "<a href='x", "<meta ", "< a", "<base href=/x>"]
)
def test_hostile_pages_are_read_in_linear_time(piece: str) -> None:
    started = time.process_time()
    read(piece * (1_000_000 // len(piece)), HERE)
    assert time.process_time() - started < 5


def test_links_are_bounded() -> None:
    assert len(read("".join(f'<a href="/{number}">' for number in range(9000)), HERE).links) == 5000
