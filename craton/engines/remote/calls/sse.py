"""Server-sent events as bytes come in: whatever way they are cut, the same events. Knows no JSON.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""

from collections.abc import Iterator

LONGEST_EVENT = 16 * 1024 * 1024


class EventTooLongError(ValueError):
    """An event of more bytes than any answer has."""


class ServerSentEvents:
    """Bytes -> the `data` of each event. Servers also send an error as a field of that name; it counts as data."""

    def __init__(self, longest: int = LONGEST_EVENT) -> None:
        self._longest = longest
        self._line = bytearray()
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The events that `data` completes. Raises EventTooLongError."""
        line = self._line
        line += data
        if b"\n" in data or b"\r" in data:
            lines = bytes(line).splitlines(keepends=True)
            line.clear()
            # What ends in a CR may go on with its LF.
            if not lines[-1].endswith(b"\n"):
                line += lines.pop()
            for each in lines:
                if each[:1] in b"\r\n":
                    yield from self.end()
                else:
                    self._field(each)
        if len(line) + self._size > self._longest:
            raise EventTooLongError(f"an event of more than {self._longest} bytes")

    def end(self) -> Iterator[bytes]:
        """The event whose last empty line the server left out. A line that was cut short is none."""
        if self._data:
            data, self._data, self._size = b"\n".join(self._data), [], 0
            yield data

    def _field(self, line: bytes) -> None:
        name, _, value = line.rstrip(b"\r\n").partition(b":")
        if name in (b"data", b"error"):
            self._data.append(value.removeprefix(b" "))
            self._size += len(value)
            if self._size > self._longest:
                raise EventTooLongError(f"an event of more than {self._longest} bytes")
