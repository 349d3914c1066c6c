"""The providers of models that an operator configures. Knows no engine that asks one."""

import ipaddress
import os
import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

PROVIDER_NAME = re.compile("[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?")


class ProviderModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A model of a provider: `model` is the provider's own name for it, the rest says what it is.

    What is left out follows from the provider's kind. `strength` (0 to 100) tells prompt routers how able it is.
    """

    model: str
    id: str | None = None
    name: str | None = None
    input: tuple[Literal["TEXT", "IMAGE", "DOCUMENT", "VIDEO", "AUDIO"], ...] | None = None
    output: tuple[Literal["TEXT", "EMBEDDING"], ...] | None = None
    context_length: int = 0
    max_output_tokens: int = 0
    embedding: bool = False
    strength: float | None = None

    def __post_init__(self) -> None:
        if not self.model or self.model != self.model.strip() or not self.model.isprintable():
            raise ValueError(f"{self.model!r} is no name of a model; write it as the provider does")
        if self.context_length < 0 or self.max_output_tokens < 0:
            raise ValueError(f"the lengths of {self.model!r} are counts of tokens and cannot be negative")
        if self.embedding and self.output not in (None, ("EMBEDDING",)):
            raise ValueError(f"{self.model!r} cannot be an embedding model and have another output; leave one out")
        if () in (self.input, self.output):
            raise ValueError(f"{self.model!r} needs at least one modality; leave the list out to get the usual ones")
        if self.strength is not None and not 0 <= self.strength <= 100:
            raise ValueError(f"the strength of {self.model!r} must lie between 0 and 100")


class SecretPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a secret stands, such as the secret part of a header."""

    env: str | None = None
    file: str | None = None

    def __post_init__(self) -> None:
        if bool(self.env) == bool(self.file):
            raise ValueError("a secret is named as {env = 'NAME'} or as {file = 'PATH'}")

    def __str__(self) -> str:
        return f"the variable {self.env!r}" if self.env else f"the file {self.file!r}"

    def read(self) -> str:
        """The secret, anew each time, for it may be replaced while the server runs. Empty where there is none."""
        if self.env:
            return os.environ.get(self.env, "").strip()
        path = Path(self.file or "")
        return path.read_text().strip() if path.is_file() else ""


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A server of others whose models are served here under ids of ours.

    Timeouts are in seconds. A secret is named, never held. What is None is for the engine to choose. `profile` is one
    of AWS's shared configuration, `ca_file` the authorities to trust in place of the system's.
    """

    kind: Literal["openai", "anthropic", "bedrock"]
    base_url: str | None = None
    secret_env: str | None = None
    secret_file: str | None = None
    region: str | None = None
    profile: str | None = None
    headers: dict[str, str | SecretPlace] = {}
    connect_timeout: float | None = None
    first_token_timeout: float | None = None
    idle_timeout: float | None = None
    retries: int | None = None
    max_requests: int | None = None
    batch: int | None = None
    ca_file: str | None = None
    environment_proxy: bool = False
    models: tuple[ProviderModel, ...] = ()

    def __post_init__(self) -> None:
        if self.base_url is not None:
            check_url(self.base_url)
        if self.secret_env is not None and self.secret_file is not None:
            raise ValueError("a provider has one secret; give either its environment variable or its file")
        if "" in (self.secret_env, self.secret_file):
            raise ValueError("the place of a secret cannot be empty; leave it out where the provider needs none")
        if self.region is not None and not re.fullmatch("[a-z0-9-]{1,32}", self.region):
            raise ValueError(f"{self.region!r} is no AWS region; write it as 'eu-central-1'")
        if self.kind == "bedrock" and self.region is None:
            raise ValueError("a provider of the kind 'bedrock' needs the region whose models it serves")
        if self.kind != "bedrock" and (self.region is not None or self.profile is not None):
            raise ValueError("only a provider of the kind 'bedrock' has a region and a profile; leave them out")
        for seconds in (self.connect_timeout, self.first_token_timeout, self.idle_timeout):
            if seconds is not None and not 0 < seconds <= 3600:
                raise ValueError("a timeout is a number of seconds above 0 and of 3600 at most")
        if self.retries is not None and not 0 <= self.retries <= 10:
            raise ValueError("retries must lie between 0 and 10")
        if any(number is not None and not 1 <= number <= 10_000 for number in (self.max_requests, self.batch)):
            raise ValueError("max_requests and batch must lie between 1 and 10000")
        for name, value in self.headers.items():
            _check_header(name, value)


# Headers that carry secrets, which have their own place, or that frame the message, which HTTP does.
_SECRET_HEADERS = {"authorization", "proxy-authorization", "x-api-key", "api-key", "cookie"}
_FRAMING_HEADERS = frozenset(
    {"host", "connection", "keep-alive", "upgrade", "te", "trailer", "expect", "transfer-encoding"}
    | {"content-length", "content-type"}
)


def _check_header(name: str, value: str | SecretPlace) -> None:
    text = value if isinstance(value, str) else ""
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name) or not re.fullmatch(r"[\x20-\x7e]*", text):
        raise ValueError(f"{name!r} is no HTTP header with a value of ASCII text")
    if name.lower() in _FRAMING_HEADERS:
        raise ValueError(f"the header {name!r} is the connection's own and cannot be set; leave it out")
    if name.lower() in _SECRET_HEADERS and isinstance(value, str):
        raise ValueError(f"the header {name!r} holds a secret: name its place, as secret_env or secret_file do")


def check_url(url: str) -> None:
    if "@" in url:
        raise ValueError("an address holds no user name or password; put a key into secret_env or secret_file")
    try:
        parts = urlsplit(url)
        named = parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        named = False
    if not named or parts.scheme not in ("http", "https") or re.search(r"[\s\\\x00-\x20]", url):
        raise ValueError(f"{url!r} is no address of a server; write it as 'https://host/path'")
    if parts.query or parts.fragment:
        raise ValueError(f"{url!r} has a query or fragment; paths are added to the address, so it must end before")


# Where clouds tell their machines secrets: Google and Scaleway over IPv6, Alibaba, Azure; and all of AWS over IPv6,
# where not only the metadata service is (`fd00:ec2::254`) but the one that gives pods their credentials too.
_METADATA = frozenset(map(ipaddress.ip_address, ("fd20:ce::254", "fd00:42::42", "100.100.100.200", "168.63.129.16")))
_AWS = ipaddress.IPv6Network("fd00:ec2::/32")
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


def link_local(address: str) -> bool:
    """Whether an IP address is link-local or a cloud's metadata service, also where IPv6 carries it as IPv4."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        carried = found.ipv4_mapped or found.sixtofour
        if found in _TRANSLATED:
            carried = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        found = carried or found
    return found.is_link_local or found in _METADATA or found in _AWS
