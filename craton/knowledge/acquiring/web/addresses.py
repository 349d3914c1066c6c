"""Addresses of pages in one form each, and those a data source asks for. Fetches nothing.

https://docs.aws.amazon.com/bedrock/latest/userguide/webcrawl-data-source-connector.html
"""

import hashlib
import re
import uuid
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import re2

from craton.documents.formats import EXTENSIONS, PICTURES
from craton.errors import ValidationException

LONGEST = 2048
MOST_PAGES = 25_000
FASTEST = 300  # pages of a host in a minute
_PATTERN_BYTES = 1 << 20  # what a filter may take to compile
_KEPT = "%/:=&?~+!$,;'@()*[]"  # what stands for itself in a path or a query
_ESCAPE = re.compile("%[0-9a-fA-F]{2}")
_PORTS = {"http": 80, "https": 443}
# What pages link to beside pages and documents.
_MEDIA = re.compile(
    "css|js|json|xml|ico|svg|avif|woff2?|ttf|otf|eot|mp3|mp4|m4a|ogg|wav|webm|mov|avi|"
    "dmg|exe|msi|deb|rpm|apk|jar|zip|gz|tgz|bz2|xz|7z|rar|tar|iso"
)
_PAGE = frozenset({"html"})
_WEB_PORTS = frozenset({80, 443})
_SYSTEM_PORTS = 1024


def address_of(link: str, base: str = "") -> str | None:
    """The address in one form: without fragment, user and default port, escaped; None where it is no page's."""
    try:
        parts = urlsplit(urljoin(base, link.strip()) if base else link.strip())
        host, port = parts.hostname, parts.port
        if parts.scheme not in _PORTS or not host or parts.username is not None or parts.password is not None:
            return None
        host = host if ":" in host else host.rstrip(".").encode("idna").decode().lower()
    except (ValueError, UnicodeError):
        return None
    if not host or (port is not None and not _usable(port)):
        return None
    place = f"[{host}]" if ":" in host else host
    place += f":{port}" if port not in (None, _PORTS[parts.scheme]) else ""
    query = f"?{_escaped(parts.query)}" if parts.query else ""
    address = f"{parts.scheme}://{place}{_escaped(parts.path) or '/'}{query}"
    return address if len(address) <= LONGEST else None


def _escaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: found[0].upper(), quote(text, safe=_KEPT))


def _bare(host: str | None) -> str:
    """Without `www.`, which most sites redirect to or from."""
    return (host or "").removeprefix("www.")


def extension_of(address: str) -> str:
    return PurePosixPath(urlsplit(address).path).suffix[1:].lower()


class Asked:
    """What a WebDataSourceConfiguration asks for. Raises ValidationException where it cannot be meant.

    The scope is that of the seeds: without a name, the same host and a path that begins with that of a seed up to its
    last slash; HOST_ONLY, the same host; SUBDOMAINS, the hosts below it, too. Documents that pages in scope link to are
    read wherever they are.
    """

    def __init__(self, configuration: Mapping[str, Any], source: str = "") -> None:
        crawler = configuration.get("crawlerConfiguration", {})
        limits = crawler.get("crawlerLimits", {})
        self.seeds = _seeds(configuration["sourceConfiguration"]["urlConfiguration"].get("seedUrls", []))
        self.most_pages: int = limits.get("maxPages", MOST_PAGES)
        self.rate: int = limits.get("rateLimit", FASTEST)
        self.agent: str = crawler.get("userAgentHeader") or user_agent(source, crawler.get("userAgent"))
        self._scope: str | None = crawler.get("scope")
        self._hosts: dict[tuple[str, int | None], list[str]] = {}
        for parts in map(urlsplit, self.seeds):
            folders = self._hosts.setdefault((_bare(parts.hostname), parts.port), [])
            folders.append(parts.path[: parts.path.rfind("/") + 1] if self._scope is None else "/")
        self._included = _filters(crawler.get("inclusionFilters", []))
        self._excluded = _filters(crawler.get("exclusionFilters", []))
        self._decisive = (self.seeds, self._scope, crawler.get("inclusionFilters"), crawler.get("exclusionFilters"))
        if self.most_pages > MOST_PAGES:
            raise ValidationException(f"maxPages is {self.most_pages}; {MOST_PAGES} pages are the most.")

    def follows(self, address: str) -> bool:
        """Whether a link to it is followed."""
        extension = extension_of(address)
        kind = EXTENSIONS.get(extension)
        if _MEDIA.fullmatch(extension) or kind in PICTURES or address in self.seeds:
            return address in self.seeds
        document = kind is not None and kind not in _PAGE
        return (document or self.scopes(address)) and self.reads(address)

    def scopes(self, address: str) -> bool:
        parts = urlsplit(address)
        host, port = _bare(parts.hostname), parts.port
        if parts.path.startswith(tuple(self._hosts.get((host, port), ()))):
            return True
        labels = host.split(".") if self._scope == "SUBDOMAINS" else []
        return any((".".join(labels[number:]), port) in self._hosts for number in range(1, len(labels)))

    def reads(self, address: str) -> bool:
        """Whether the filters let it be read. A seed that they do not is followed, for the sake of its links."""
        if any(pattern.search(address) for pattern in self._excluded):
            return False
        return not self._included or any(pattern.search(address) for pattern in self._included)

    @property
    def fingerprint(self) -> str:
        """What decides which links are followed."""
        return hashlib.sha256(repr(self._decisive).encode()).hexdigest()[:16]


def user_agent(source: str, suffix: str | None = None) -> str:
    """What a crawler calls itself: `bedrockbot_`, a UUID that is the data source's own, and a suffix of the user's.

    `suffix` may come with the `bedrockbot_UUID` before it that the service answers.
    """
    own = f"bedrockbot_{uuid.uuid5(uuid.NAMESPACE_URL, source)}"
    return own + (suffix or "").removeprefix("bedrockbot_UUID")


def _seeds(listed: Sequence[Mapping[str, str]]) -> Sequence[str]:
    seeds: dict[str, None] = {}
    for each in listed:
        address = address_of(each["url"])
        if address is None:
            raise ValidationException(
                f"{each['url']!r} cannot be crawled: an address begins with http:// or https://, names a host, no user "
                f"and, if any, a port of the web, in {LONGEST} characters at most."
            )
        seeds[address] = None
    if not seeds:
        raise ValidationException("seedUrls is empty; name at least one address to begin with.")
    return tuple(seeds)


def _filters(patterns: Sequence[str]) -> list["re2._Regexp[str]"]:
    options = re2.Options()
    options.max_mem = _PATTERN_BYTES
    options.log_errors = False
    compiled = []
    for pattern in patterns:
        try:
            compiled.append(re2.compile(pattern, options=options))
        except re2.error as error:
            raise ValidationException(
                f"The filter {pattern!r} is no regular expression of RE2, or too large a one: {error}."
            ) from None
    return compiled


def _usable(port: int) -> bool:
    """Not one of mail, databases' and other system services, which would read a request as commands."""
    return port in _WEB_PORTS or port >= _SYSTEM_PORTS
