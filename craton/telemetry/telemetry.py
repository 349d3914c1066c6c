"""All that watches requests and invocations end, put together. Knows no HTTP."""

import os
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Self, cast

import structlog

from craton.config import Config
from craton.core.call import Watchers
from craton.telemetry.kept import Kept
from craton.telemetry.recent import RecentRequests
from craton.telemetry.tally import Tally

if TYPE_CHECKING:
    from craton.telemetry.otlp import Exporter

log = structlog.get_logger("craton.telemetry")

# The SDK's own variables that say where spans go.
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


class Telemetry:
    def __init__(self, kept: Kept, recent: RecentRequests, tally: Tally, exporter: "Exporter | None") -> None:
        self.kept = kept
        self.recent = recent
        self.tally = tally
        self._exporter = exporter

    @classmethod
    def open(cls, config: Config) -> Self:
        """Raises ValueError where spans are to be sent and cannot be."""
        exporter = _exporter(config)
        kept = Kept(config.home, config.telemetry.request_days)
        recent = RecentRequests(kept, config.telemetry.requests)
        return cls(kept, recent, Tally(accounts=config.metrics.accounts), exporter)

    @property
    def watchers(self) -> Watchers:
        """Of requests; `tally.used` and `recent.used` are those of invocations."""
        exporting = (self._exporter.watch,) if self._exporter else ()
        return Watchers((self.recent.begin,), (self.tally.watch, self.recent.watch, *exporting))

    def close(self) -> None:
        """Write and send what is left."""
        self.kept.close()
        if self._exporter:
            self._exporter.close()


def _exporter(config: Config) -> "Exporter | None":
    """Who sends spans, where anybody wants them. The SDK is an extra, and imported only then.

    Without it a server that was told in craton.toml to send them raises ValueError; the variables may be the whole
    machine's, and are only warned of.
    """
    if not (config.telemetry.otlp_endpoint or any(os.environ.get(name) for name in _ENDPOINTS)):
        return None
    if find_spec("opentelemetry.sdk") is None:
        if config.telemetry.otlp_endpoint:
            raise ValueError(
                "No spans can be sent to the otlp_endpoint of [telemetry]: install craton[otel], or drop it."
            )
        log.warning("no spans are sent: install craton[otel] to send them")
        return None
    make = import_module("craton.telemetry.otlp").Exporter
    return cast("Exporter", make(config.telemetry.otlp_endpoint))
