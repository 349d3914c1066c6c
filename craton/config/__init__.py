"""What the operator set: defaults, then `craton.toml`, then `CRATON_*`, then the command line.

The sole reader of `CRATON_*`; what belongs to AWS clients the command line reads. Knows no part that it configures.
"""

from craton.config.config import HOME, VARIABLES, Config, ConfigError, load
from craton.config.providers import PROVIDER_NAME, Provider, ProviderModel, SecretPlace, link_local
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

__all__ = [
    "HOME",
    "PROVIDER_NAME",
    "VARIABLES",
    "Config",
    "ConfigError",
    "EngineSettings",
    "GuardrailSettings",
    "KnowledgeSettings",
    "Limits",
    "Machine",
    "MetricsSettings",
    "Price",
    "Provider",
    "ProviderModel",
    "S3Settings",
    "SecretPlace",
    "TelemetrySettings",
    "TlsSettings",
    "link_local",
    "load",
]
