"""A server whose models come from a hub on loopback, with a scripted model of its own, and its accounts."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import pytest

from craton.models.catalogue import EngineChoice, File, Model
from craton.models.files.library import Library
from tests import scripted
from tests.fronts import Account, stranger_on
from tests.models.hub import FakeHub, serving
from tests.models.makers import gguf_file, sha256
from tests.serving import Server

TALKER = "craton.talker-v1:0"
CONFIGURATION = """
huggingface = "{hub}"

[stand_ins]
"anthropic.claude-3-haiku-*" = "{model}"
"eu.meta.llama3-2-1b-*" = "{model}"
"""
SECONDS = 60


def until(found: Callable[[], Any]) -> Any:
    """What a look brings as soon as it brings something."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.05)
    raise TimeoutError(f"nothing was found within {SECONDS} seconds")


@dataclass
class Place:
    server: Server
    hub: FakeHub
    account: Account
    stranger: Account

    @cached_property
    def craton(self) -> Any:
        return self.account.client("craton")

    def offer(self, name: str, **values: object) -> bytes:
        """Put a GGUF file on the hub, as `hf:acme/models/<name>.gguf`; its content."""
        known = {"general.architecture": "llama", "llama.context_length": 512, "general.name": name}
        content = gguf_file(known | values) + bytes(range(256)) * 4000 + name.encode()
        self.hub.add(f"acme/models/resolve/main/{name}.gguf", content)
        return content

    def model(self, id: str) -> Any:
        return next((each for each in self.craton.list_local_models()["models"] if each["modelId"] == id), None)

    def pulled(self, id: str) -> Any:
        """The pull, once it is over."""

        def over() -> Any:
            pull = self.craton.get_model_pull(pullId=id)
            return pull if pull["status"] in ("COMPLETED", "FAILED", "STOPPED") else None

        return until(over)


def install_talker(home: Path) -> None:
    """A model that talks for a second, whatever it is asked."""
    library = Library(home)
    library.prepare()
    script = msgspec.json.encode({"rules": [{"chunks": ["word "], "repeat": 100, "interval": 0.01}]})
    file = File("script", "script.json", len(script), sha256(script))
    library.path(file).write_bytes(script)
    library.register(
        Model(
            id=TALKER,
            short="talker",
            name="Talker 7B",
            provider="Craton",
            family="openai_chat",
            licence="MIT",
            input=("TEXT",),
            output=("TEXT",),
            context_length=8192,
            max_output_tokens=8192,
            engines=(EngineChoice("scripted", memory=64 << 20),),
            files=(file,),
            parameters=7_000_000_000,
        )
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("machine") / "home"
    scripted.install(home)
    install_talker(home)
    with serving() as hub:
        (home / "craton.toml").write_text(CONFIGURATION.format(hub=hub.url, model=scripted.MODEL))
        with Server(home) as server:
            yield Place(server, hub, Account(server), stranger_on(server))
