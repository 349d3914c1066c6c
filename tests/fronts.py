"""A server in front of another one that plays a provider, and its accounts, for tests to talk to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import botocore.session

from tests import scripted
from tests.command import craton
from tests.serving import ACCESS_KEY_ID, CLIENT, REGION, SECRET_ACCESS_KEY, Server

MODELS = Path(__file__).resolve().parents[1] / "craton" / "admin" / "data"
OTHER_ACCOUNT = "111122223333"
LOCAL = "craton.local-v1:0"
# `dead` is a provider that nobody is at home at; the others are the other server, asked in each of its languages.
CONFIGURATION = """
[stand_ins]
"anthropic.claude-3-haiku-*" = "up.large"
"anthropic.claude-3-5-sonnet-*" = "{local}"
"craton.scripted-*" = "up.*"
"cohere.*" = "up.*"

[providers.up]
kind = "bedrock"
region = "us-east-1"
base_url = "{upstream}"
secret_file = "secrets/upstream"
retries = 0

[providers.up.models."craton.scripted-v1:0"]
id = "up.large"
name = "Large"
context_length = 8192

[providers.chat]
kind = "openai"
base_url = "{upstream}/v1"
secret_file = "secrets/upstream"
models = [{{ model = "craton.scripted-v1:0", id = "chat.scripted", strength = 20 }}]

[providers.messages]
kind = "anthropic"
base_url = "{upstream}"
secret_file = "secrets/upstream"
models = [{{ model = "craton.scripted-v1:0", id = "messages.scripted", strength = 20 }}]

[providers.dead]
kind = "openai"
base_url = "http://127.0.0.1:9"
retries = 0
models = [{{ model = "any", strength = 99 }}]
"""


@dataclass(frozen=True)
class Account:
    """An account's clients of one server."""

    server: Server
    access_key_id: str = ACCESS_KEY_ID
    secret: str = SECRET_ACCESS_KEY

    def client(self, service: str, region: str = REGION) -> Any:
        core = botocore.session.Session()
        core.set_config_variable("data_path", str(MODELS))
        session = boto3.Session(self.access_key_id, self.secret, region_name=region, botocore_session=core)
        return session.client(service, endpoint_url=self.server.endpoint, config=CLIENT)


@contextmanager
def serving(home: Path, upstream: Server, upstream_key: str) -> Iterator[Server]:
    """A server with a scripted model of its own, whose operator has configured the other as a provider."""
    scripted.install(home, LOCAL)
    secrets = home / "secrets"
    (secrets / OTHER_ACCOUNT).mkdir(parents=True)
    for name in ("upstream", f"{OTHER_ACCOUNT}/own"):
        (secrets / name).write_text(upstream_key)
    (home / "craton.toml").write_text(CONFIGURATION.format(upstream=upstream.endpoint, local=LOCAL))
    with Server(home) as running:
        yield running


def key_of(upstream: Server) -> str:
    """An API key of the provider."""
    token: str = Account(upstream).client("craton").create_api_key()["apiKey"]
    return token


def stranger_on(server: Server) -> Account:
    """Another account of the server."""
    done = craton("keys", "create", "--account", OTHER_ACCOUNT, "--json", "--home", str(server.home))
    made = json.loads(done.stdout)
    return Account(server, made["accessKeyId"], made["secretAccessKey"])
