"""What the server writes to stderr: one line an event, in colour on a terminal, JSON elsewhere."""

import logging
import sys
from typing import TextIO, cast

import msgspec
import structlog


def _json(event: object, **options: object) -> str:
    """msgspec is ten times as fast as the standard library, and a line is written for every request."""
    return msgspec.json.encode(event, enc_hook=repr).decode()


class Held:
    """stderr, which keeps what is written to it while it is held."""

    def __init__(self) -> None:
        self._kept: list[str] | None = None

    def hold(self) -> None:
        self._kept = []

    def let_go(self) -> None:
        kept, self._kept = self._kept or [], None
        sys.stderr.writelines(kept)
        self.flush()

    def write(self, text: str) -> int:
        if self._kept is None:
            return sys.stderr.write(text)
        self._kept.append(text)
        return len(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure() -> Held:
    """Send structlog's events and the standard library's records the same way, to stderr as it is at that moment."""
    stream = Held()
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    terminal = sys.stderr.isatty()
    # structlog's own choice would show every local variable of a trace, which takes seconds and tells secrets.
    readable = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    last: structlog.typing.Processor = readable if terminal else structlog.processors.JSONRenderer(_json)
    traces = [] if terminal else [structlog.processors.format_exc_info]
    structlog.configure(
        processors=[*shared, *traces, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, stream)),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *traces,
                last,
            ],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return stream
