"""What the tests of invocation logs read: the records of a log group and of a bucket, once there are as many."""

import gzip
import json
import time
from dataclasses import dataclass
from typing import Any

from tests.serving import Server

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/logs"
PATIENCE = 30.0


@dataclass(frozen=True)
class Place:
    """The logs of the default account in a region, each test's own."""

    server: Server
    region: str
    group: str = "/models/calls"

    def client(self, service: str) -> Any:
        return self.server.client(service, self.region)

    def configure(self, **config: Any) -> None:
        """With a log group, unless the test names another place."""
        group = {"cloudWatchConfig": {"logGroupName": self.group, "roleArn": ROLE}}
        places = config if {"s3Config", "cloudWatchConfig"} & config.keys() else config | group
        self.client("bedrock").put_model_invocation_logging_configuration(loggingConfig=places)

    def records(self, count: int) -> list[dict[str, Any]]:
        """Those of the log group, once there are `count` of them."""
        folder = (
            self.server.home / "logs" / ACCOUNT / self.region / self.group.strip("/") / "aws-bedrock-modelinvocations"
        )
        return _when(
            count, lambda: [line for path in sorted(folder.glob("*.jsonl")) for line in _lines(path.read_bytes())]
        )

    def delivered(self, bucket: str, prefix: str, count: int) -> list[dict[str, Any]]:
        """Those in the bucket."""
        below = self.server.home / "buckets" / bucket / prefix / "AWSLogs" / ACCOUNT / "BedrockModelInvocationLogs"
        hours = "[0-9]" * 4 + "/[0-9][0-9]" * 3
        return _when(
            count,
            lambda: [
                line
                for path in sorted((below / self.region).glob(f"{hours}/*.json.gz"))
                for line in _lines(gzip.decompress(path.read_bytes()))
            ],
        )

    def object(self, address: str) -> Any:
        """What lies apart at the address that a record names."""
        path = self.server.home / "buckets" / address.removeprefix("s3://")
        return json.loads(gzip.decompress(path.read_bytes()))


def _lines(text: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def _when(count: int, read: Any) -> list[dict[str, Any]]:
    deadline = time.monotonic() + PATIENCE
    while len(found := read()) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(found) == count, found
    return list(found)
