"""Invocations for the tests of what meters and keeps them."""

from dataclasses import replace
from typing import Any

from craton.core.context import Context
from craton.usage.records import Asked, Counts, Used

CTX = Context("123456789012", "us-east-1", "arn:aws:iam::123456789012:user/ada", "r-1", key_id="AKIA1")


def asked(id: str = "i-1", **members: Any) -> Asked:
    given = {"model": "m-1", "profile": None, "input_tokens": 10, "most_output": 100, **members}
    return Asked(id=id, ctx=CTX, operation="bedrock-runtime.Converse", **given)


def used(id: str = "i-1", **members: Any) -> Used:
    whole = Used(
        id=id,
        request_id="r-1",
        at=1_790_000_000.25,
        account="123456789012",
        region="us-east-1",
        principal="arn:aws:iam::123456789012:user/ada",
        key_id="AKIA1",
        operation="bedrock-runtime.Converse",
        model="m-1",
        profile=None,
        tier="default",
        status="OK",
        counts=Counts(3, 7, 1, 2),
        latency=120,
        first_token=30,
        cost=5,
        currency="EUR",
        energy=1.5,
        tags={"team": "blue"},
        metadata={"run": "7"},
    )
    return replace(whole, **members)
