"""What the operator set: defaults, then `craton.toml`, then `CRATON_*`, then the command line.

The sole reader of `CRATON_*`; what belongs to AWS clients the command line reads. Knows no part that it configures.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

HOME = Path("~/.craton")


class ConfigError(Exception):
    """A setting that cannot be used; the message names it and the file or variable it stands in."""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one request may take."""

    body_bytes: int = 25 * 1024 * 1024
    body_seconds: float = 60.0


class EngineSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`memory_bytes` bounds all loaded models (none: 80 % of what there is); `force` maps model id to engine."""

    memory_bytes: int | None = None
    force: dict[str, str] = {}


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
    try:
        config = msgspec.convert(merged, Config, strict=False, dec_hook=lambda kind, value: kind(value))
    except msgspec.ValidationError as error:
        raise ConfigError(f"A setting of {path} or the environment is not valid: {error}.") from None
    if (config.root_access_key_id is None) != (config.root_secret_access_key is None):
        raise ConfigError("Set CRATON_ROOT_ACCESS_KEY_ID and CRATON_ROOT_SECRET_ACCESS_KEY together, or neither.")
    return msgspec.structs.replace(config, home=config.home.expanduser().absolute())


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except OSError as error:
        raise ConfigError(f"The configuration file {str(path)!r} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The configuration file {str(path)!r} is not TOML: {error}.") from None
