"""Who watches a pull, and how it fails. Apart from the pull itself, which needs an HTTP client to be loaded."""

from typing import Protocol


class PullError(Exception):
    """The model could not be had; the message says what was tried and what to do."""


class Watcher(Protocol):
    """Who wants to know how a pull goes, such as a progress bar."""

    def started(self, source: str) -> None:
        """Bytes will now come from here."""

    def moved(self, done: int, total: int) -> None:
        """So many bytes of the model are there."""

    def failed(self, sentence: str) -> None:
        """A source could not deliver; the next one is tried."""


class Silent:
    """Watches nothing."""

    def started(self, source: str) -> None:
        pass

    def moved(self, done: int, total: int) -> None:
        pass

    def failed(self, sentence: str) -> None:
        pass
