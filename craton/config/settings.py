"""What may be set of each part, and which values make sense. Knows no file and no environment."""

import ipaddress
import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from craton.config.providers import SecretPlace, check_url


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one request may take. `body_values` counts the arrays and objects of its JSON."""

    body_bytes: int = 25 * 1024 * 1024
    body_values: int = 100_000
    body_seconds: float = 60.0


class TlsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the server proves itself with: PEM files, the certificate first and its chain after it, or, `self_signed`,
    a certificate that it makes for itself, for `names` besides its own.
    """

    cert: Path | None = None
    key: Path | None = None
    self_signed: bool = False
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.cert is None) != (self.key is None):
            raise ValueError("give both files of TLS, `cert` and `key`, or neither")
        if self.cert and self.self_signed:
            raise ValueError("give TLS either files or `self_signed`, not both")

    def __bool__(self) -> bool:
        return self.cert is not None or self.self_signed


class EngineSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`memory_bytes` bounds all loaded models (none: 80 % of what there is); `force` maps model id to engine."""

    memory_bytes: int | None = None
    force: dict[str, str] = {}


class GuardrailSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`judge` is the text model that guardrails ask where smaller means are in doubt; none, and nobody is asked.

    `undecided` is what becomes of a text that could not be judged: it is blocked, or passes; the trace says so.
    """

    judge: str | None = None
    undecided: Literal["block", "pass"] = "block"


class KnowledgeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`postgres` is where PostgreSQL with pgvector is, or where its address stands.

    `storage` says which store keeps the chunks of a knowledge base that names none, under `default`, or one of AWS's
    types, such as OPENSEARCH_SERVERLESS, which are refused otherwise. `databases` are what structured knowledge bases
    query: by `<cluster or workgroup>/<database>`, an address. `functions` are what transforms chunks: by the ARN of a
    function, `path/to/file.py:handler`. `internal` are the hosts and networks of this house that may be crawled.
    """

    postgres: str | SecretPlace | None = None
    storage: dict[str, Literal["embedded", "postgres"]] = {}
    databases: dict[str, str | SecretPlace] = {}
    functions: dict[str, str] = {}
    internal: tuple[str, ...] = ()


class S3Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The real object store, such as S3 or MinIO, and the buckets that are there; all others are folders of the home.

    `buckets` maps patterns of names (`*`, `?`) to the account each belongs to. Credentials come from the environment,
    as AWS clients take them. `endpoint` None is AWS.
    """

    buckets: dict[str, str] = {}
    endpoint: str | None = None
    region: str | None = None
    allow_http: bool = False


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a model costs, for each million tokens; `search` for each thousand searches of a reranking.

    What is read from or written to a prompt cache costs what input does where nothing else is said.
    """

    input: Decimal = Decimal(0)
    output: Decimal = Decimal(0)
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None
    search: Decimal = Decimal(0)
    currency: str = "USD"

    def __post_init__(self) -> None:
        amounts = (self.input, self.output, self.cache_read, self.cache_write, self.search)
        if not all(amount is None or (amount.is_finite() and 0 <= amount < 10**6) for amount in amounts):
            raise ValueError("a price is a number from 0 to below a million")
        _check_currency(self.currency)


class Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What this machine costs while its own models compute: for an hour, and for its electricity.

    `watts` are what it draws then, where the server may not read what the processor measures of its energy.
    """

    price_per_hour: Decimal = Decimal(0)
    watts: Decimal = Decimal(0)
    electricity_price_per_kwh: Decimal = Decimal(0)
    currency: str = "USD"

    def __post_init__(self) -> None:
        amounts = (self.price_per_hour, self.watts, self.electricity_price_per_kwh)
        if not all(amount.is_finite() and 0 <= amount < 10**6 for amount in amounts):
            raise ValueError("what a machine costs and draws are numbers from 0 to below a million")
        _check_currency(self.currency)


def _check_currency(currency: str) -> None:
    if not re.fullmatch("[A-Z]{3}", currency):
        raise ValueError(f"{currency!r} is no currency; write it as 'USD' or 'EUR' (ISO 4217)")


class MetricsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who may read `/metrics`: clients of these networks, and whoever sends the token, where one is named.

    With `accounts` invocations are counted by account, too.
    """

    networks: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    token: SecretPlace | None = None
    accounts: bool = False

    def __post_init__(self) -> None:
        for network in self.networks:
            try:
                ipaddress.ip_network(network)
            except ValueError as error:
                raise ValueError(f"{error} in the networks of metrics; write one as '10.0.0.0/8'") from None


class TelemetrySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The last `requests` are in memory; those that asked a model or failed are kept for `request_days`.

    `otlp_endpoint` is where spans are sent, without `/v1/traces`, unless `OTEL_EXPORTER_OTLP_ENDPOINT` or
    `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` says so.
    """

    requests: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 10_000
    request_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 7
    otlp_endpoint: str | None = None

    def __post_init__(self) -> None:
        if self.otlp_endpoint is not None:
            check_url(self.otlp_endpoint)
