"""All settings together, and how they are read. Knows no part that it configures."""

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

from craton.config.providers import PROVIDER_NAME, Provider
from craton.config.settings import (
    EngineSettings,
    GuardrailSettings,
    KnowledgeSettings,
    Limits,
    Machine,
    MetricsSettings,
    Price,
    S3Settings,
    TelemetrySettings,
    TlsSettings,
)

HOME = Path("~/.craton")


class ConfigError(Exception):
    """A setting that cannot be used; the message names it and the file or variable it stands in."""


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
    tls: TlsSettings = TlsSettings()
    trusted_proxies: tuple[str, ...] = ()
    insecure: bool = False
    grace_seconds: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 25.0
    limits: Limits = Limits()
    engines: EngineSettings = EngineSettings()
    stand_ins: dict[str, str] = {}
    s3: S3Settings = S3Settings()
    providers: dict[str, Provider] = {}
    account_providers: bool = True
    metrics: MetricsSettings = MetricsSettings()
    guardrails: GuardrailSettings = GuardrailSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    prices: dict[str, Price] = {}
    machine: Machine = Machine()

    def __post_init__(self) -> None:
        for network in self.trusted_proxies:
            try:
                ipaddress.ip_network(network, strict=False)
            except ValueError:
                raise ValueError(
                    f"{network!r} in trusted_proxies is no network; write it as '10.0.0.0/8' or '192.0.2.7'"
                ) from None

    @property
    def endpoint(self) -> str:
        """Where programs on this machine find the server."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"{'https' if self.tls else 'http'}://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def own_certificate(self) -> Path | None:
        """The certificate that the server makes for itself, where it does: programs here must be told to trust it."""
        return self.home / "tls" / "certificate.pem" if self.tls.self_signed else None


# Environment variable -> setting. Everything else is set in craton.toml or on the command line.
VARIABLES = {
    "CRATON_HOME": "home",
    "CRATON_HOST": "host",
    "CRATON_PORT": "port",
    "CRATON_ACCOUNT": "account",
    "CRATON_REGION": "region",
    "CRATON_INSECURE": "insecure",
    "CRATON_TLS_CERT": "tls.cert",
    "CRATON_TLS_KEY": "tls.key",
    "CRATON_TLS_SELF_SIGNED": "tls.self_signed",
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
    tls = {name.removeprefix("tls."): given.pop(name) for name in list(given) if name.startswith("tls.")}
    if tls and isinstance(settings.get("tls", {}), dict):
        given["tls"] = {**settings.get("tls", {}), **tls}
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
