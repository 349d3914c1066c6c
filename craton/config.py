"""What the operator set: defaults, then `craton.toml`, then `CRATON_*`, then the command line.

The sole reader of `CRATON_*`; what belongs to AWS clients the command line reads. Knows no part that it configures.
"""

import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

HOME = Path("~/.craton")
PROVIDER_NAME = re.compile("[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?")


class ConfigError(Exception):
    """A setting that cannot be used; the message names it and the file or variable it stands in."""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one request may take. `body_values` counts the arrays and objects of its JSON."""

    body_bytes: int = 25 * 1024 * 1024
    body_values: int = 100_000
    body_seconds: float = 60.0


class EngineSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`memory_bytes` bounds all loaded models (none: 80 % of what there is); `force` maps model id to engine."""

    memory_bytes: int | None = None
    force: dict[str, str] = {}


class S3Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The real object store, such as S3 or MinIO, and the buckets that are there; all others are folders of the home.

    `buckets` maps patterns of names (`*`, `?`) to the account each belongs to. Credentials come from the environment,
    as AWS clients take them. `endpoint` None is AWS.
    """

    buckets: dict[str, str] = {}
    endpoint: str | None = None
    region: str | None = None
    allow_http: bool = False


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
    """Where the secret part of a header stands."""

    env: str | None = None
    file: str | None = None

    def __post_init__(self) -> None:
        if bool(self.env) == bool(self.file):
            raise ValueError("a secret is named as {env = 'NAME'} or as {file = 'PATH'}")


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
            _check_url(self.base_url)
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


def _check_url(url: str) -> None:
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


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything an operator may set. The names are those of `craton.toml`."""

    home: Path = HOME
    host: str = "127.0.0.1"
    port: int = 8080
    account: str = "123456789012"
    region: str = "us-east-1"
    testing: bool = False
    default_model: str = "huggingface.smollm2-135m-instruct-v1:0"
    huggingface: str = "https://huggingface.co"
    root_access_key_id: str | None = None
    root_secret_access_key: str | None = None
    limits: Limits = Limits()
    engines: EngineSettings = EngineSettings()
    stand_ins: dict[str, str] = {}
    s3: S3Settings = S3Settings()
    providers: dict[str, Provider] = {}
    account_providers: bool = True

    @property
    def endpoint(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


# Environment variable -> setting. Everything else is set in craton.toml or on the command line.
VARIABLES = {
    "CRATON_HOME": "home",
    "CRATON_HOST": "host",
    "CRATON_PORT": "port",
    "CRATON_ACCOUNT": "account",
    "CRATON_REGION": "region",
    "CRATON_DEFAULT_MODEL": "default_model",
    "CRATON_ROOT_ACCESS_KEY_ID": "root_access_key_id",
    "CRATON_ROOT_SECRET_ACCESS_KEY": "root_secret_access_key",
    "HF_ENDPOINT": "huggingface",
}


def load(file: Path | None = None, options: Mapping[str, object] | None = None) -> Config:
    """The configuration in force. Raises ConfigError.

    `file` (else `CRATON_CONFIG`, else `<home>/craton.toml` if there is one) is TOML with the names of `Config`.
    `options` come from the command line and win; those that are None were not given.
    """
    given: dict[str, Any] = {
        name: os.environ[variable] for variable, name in VARIABLES.items() if variable in os.environ
    }
    given |= {name: value for name, value in (options or {}).items() if value is not None}
    home = Path(given.get("home", HOME)).expanduser()
    named = file or (Path(os.environ["CRATON_CONFIG"]) if "CRATON_CONFIG" in os.environ else None)
    path = named or home / "craton.toml"
    settings: dict[str, Any] = {}
    if named or path.is_file():
        settings = _read(path)
    stand_ins = {**settings.get("stand_ins", {}), **given.pop("stand_ins", {})}
    merged = settings | given | ({"stand_ins": stand_ins} if stand_ins else {})
    if isinstance(merged.get("providers"), dict):
        merged["providers"] = {name: _provider(name, table, path) for name, table in merged["providers"].items()}
    try:
        config = msgspec.convert(merged, Config, strict=False, dec_hook=lambda kind, value: kind(value))
    except msgspec.ValidationError as error:
        raise ConfigError(f"A setting of {path} or the environment is not valid: {error}.") from None
    if (config.root_access_key_id is None) != (config.root_secret_access_key is None):
        raise ConfigError("Set CRATON_ROOT_ACCESS_KEY_ID and CRATON_ROOT_SECRET_ACCESS_KEY together, or neither.")
    return msgspec.structs.replace(config, home=config.home.expanduser().absolute())


def _provider(name: str, table: object, path: Path) -> Provider:
    if not PROVIDER_NAME.fullmatch(name):
        raise ConfigError(
            f"The provider name {name!r} in {path} is not valid: use 1 to 30 lower-case letters, digits and hyphens."
        )
    try:
        return msgspec.convert(_with_listed_models(table), Provider)
    except msgspec.ValidationError as error:
        raise ConfigError(f"The provider {name!r} in {path} is not valid: {error}.") from None


def _with_listed_models(table: object) -> object:
    """A provider's models as a list of tables; they may be written as plain names, and as tables by name too."""
    models = table.get("models") if isinstance(table, dict) else None
    if isinstance(models, dict):
        listed = [{"model": name, **each} if isinstance(each, dict) else each for name, each in models.items()]
    elif isinstance(models, list):
        listed = [{"model": each} if isinstance(each, str) else each for each in models]
    else:
        return table
    return {**table, "models": listed} if isinstance(table, dict) else table


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except OSError as error:
        raise ConfigError(f"The configuration file {str(path)!r} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The configuration file {str(path)!r} is not TOML: {error}.") from None
