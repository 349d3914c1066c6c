"""Puts what a command changes in a home into its audit trail. Knows no command but by its words."""

import re
from collections.abc import Sequence
from pathlib import Path

from craton import config
from craton.audit.events import HIDDEN, command
from craton.audit.trail import Witnessed
from craton.config import Config, ConfigError
from craton.store.writer import witness

# Options whose values may be secrets, unless they say where a secret stands.
_SECRET = re.compile(r"--[a-z-]*(secret|password|token|key)(?!.*-(env|file|id|command))[a-z-]*", re.IGNORECASE)


def begin(words: Sequence[str]) -> None:
    """From now on this process writes down what it changes. `words` are those behind `craton`."""
    settings = _settings(_option(words, "--home"))
    account = _option(words, "--account") or settings.account
    name = " ".join(["craton", *_until_option(words)])
    witness.set(Witnessed(command(name, account, settings.region, {"arguments": _told(words)})))


def _settings(home: str | None) -> Config:
    try:
        return config.load(None, {"home": Path(home) if home else None})
    except ConfigError:  # the command itself will say so
        return Config()


def _option(words: Sequence[str], name: str) -> str | None:
    for word, following in zip(words, [*words[1:], None], strict=True):
        if word == name:
            return following
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return None


def _until_option(words: Sequence[str]) -> list[str]:
    """The command and its subcommand."""
    return [word for word in words[:2] if not word.startswith("-")]


def _told(words: Sequence[str]) -> list[str]:
    told: list[str] = []
    for before, word in zip(["", *words], words, strict=False):
        name, equals, _ = word.partition("=")
        if _SECRET.fullmatch(before):
            told.append(HIDDEN)
        else:
            told.append(f"{name}={HIDDEN}" if equals and _SECRET.fullmatch(name) else word)
    return told
