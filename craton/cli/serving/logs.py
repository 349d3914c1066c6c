"""What the server writes to stderr: one line an event, in colour on a terminal, JSON elsewhere.

Neither secrets nor contents are to be in it: of an error nobody foresaw it tells where it happened and what kind it
was, not what it said, since that may be anything.
"""

import logging
import re
import sys
import traceback
from contextlib import suppress
from typing import TextIO, cast

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

HIDDEN = "***"
# What lets whoever reads it in: a header's value, a signature, a token, a key of ours or of a provider.
_SECRETS = re.compile(
    r"""(?ix)
    (?<=bearer\ ) [^\s"',]+
    | (?<=signature=) [^\s"',&]+
    | (?<=x-amz-security-token=) [^\s"',&]+
    | \b ABSK [a-z0-9+/=]{16,}
    | \b bedrock-api-key- [a-z0-9+/=_-]{16,}
    | \b sk- [a-z0-9_-]{16,}
    """
)


def _json(event: object, **options: object) -> str:
    """msgspec is ten times as fast as the standard library, and a line is written for every request."""
    return msgspec.json.encode(event, enc_hook=repr).decode()


def plain(text: str) -> str:
    """The text without secrets that it is easy to tell."""
    return _SECRETS.sub(HIDDEN, text)


def _where(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """In place of an exception, where it happened and what kind it was."""
    given = event.pop("exc_info", None)
    if given:
        error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
        event["exception"] = "\n".join(_told(error)) if isinstance(error, BaseException) else ""
    return event


def _told(error: BaseException | None) -> list[str]:
    lines: list[str] = []
    while error is not None:
        frames = "".join(traceback.format_tb(error.__traceback__)).rstrip()
        lines = [*frames.splitlines(), type(error).__qualname__, *(["which led to:"] if lines else []), *lines]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


def _scrubbed(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Requests are told in members that hold nothing a client wrote, and are many."""
    if event.get("event") == "request":
        return event
    return {name: plain(value) if isinstance(value, str) else value for name, value in event.items()}


class Held:
    """stderr, which keeps what is written to it while it is held.

    A full disk must not end the requests that it is told of: what cannot be written is counted, and told later.
    """

    def __init__(self) -> None:
        self._kept: list[str] | None = None
        self._lost = 0

    def hold(self) -> None:
        self._kept = []

    def let_go(self) -> None:
        kept, self._kept = self._kept or [], None
        sys.stderr.writelines(kept)
        self.flush()

    def write(self, text: str) -> int:
        if self._kept is None:
            self._write(text)
        else:
            self._kept.append(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()

    def _write(self, text: str) -> None:
        try:
            if self._lost:
                sys.stderr.write(_json({"event": "lines of the log were lost", "lines": self._lost, "level": "error"}))
                sys.stderr.write("\n")
                self._lost = 0
            sys.stderr.write(text)
        except OSError:
            self._lost += 1


def configure() -> Held:
    """Send structlog's events and the standard library's records the same way, to stderr as it is at that moment."""
    stream = Held()
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    safe: list[structlog.typing.Processor] = [_where, _scrubbed]
    last: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer(_json)
    )
    structlog.configure(
        processors=[*shared, *safe, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, stream)),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *safe,
                last,
            ],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return stream
