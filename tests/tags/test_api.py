"""Tags by ARN, in the form of each service."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from craton.core.context import Context
from craton.core.operation import handlers
from craton.errors import (
    AccessDeniedException,
    ApiError,
    ResourceNotFoundException,
    ServiceQuotaExceededException,
    ValidationException,
)
from craton.store.documents import Documents, Scope
from craton.tags.api import Tags

ACCOUNT, OTHER = "123456789012", "999999999999"
CTX = Context(ACCOUNT, "us-east-1", f"arn:aws:iam::{ACCOUNT}:user/jane", "r1")
ARN = CTX.arn("guardrail/g1")

Call = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    opened = Documents.open(tmp_path)
    await opened.create(Scope(ACCOUNT, "us-east-1"), "guardrail", "g1", {}, arn=ARN, tags={"b": "made"})
    yield opened
    await opened.close()


@pytest.fixture
def call(documents: Documents) -> Call:
    table = handlers([Tags(documents)])

    async def one(service: str, operation: str, ctx: Context = CTX, **req: Any) -> dict[str, Any]:
        return await table[service, operation](ctx, req)

    return one


@pytest.mark.parametrize("service", ["bedrock", "bedrock-data-automation", "bedrock-data-automation-runtime"])
async def test_services_that_write_tags_as_a_list(call: Call, service: str) -> None:
    tags = [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]
    assert await call(service, "tag_resource", resourceARN=ARN, tags=tags) == {}
    assert await call(service, "list_tags_for_resource", resourceARN=ARN) == {"tags": tags}
    assert await call(service, "untag_resource", resourceARN=ARN, tagKeys=["a", "unknown"]) == {}
    assert await call(service, "list_tags_for_resource", resourceARN=ARN) == {"tags": [{"key": "b", "value": "2"}]}


@pytest.mark.parametrize("service", ["bedrock-agent", "bedrock-agent-runtime", "bedrock-agentcore-control"])
async def test_services_that_write_tags_as_a_map(call: Call, service: str) -> None:
    assert await call(service, "tag_resource", resourceArn=ARN, tags={"a": "1", "b": "2"}) == {}
    assert await call(service, "list_tags_for_resource", resourceArn=ARN) == {"tags": {"a": "1", "b": "2"}}
    assert await call(service, "untag_resource", resourceArn=ARN, tagKeys=["a", "b"]) == {}
    assert await call(service, "list_tags_for_resource", resourceArn=ARN) == {"tags": {}}


@pytest.mark.parametrize(
    ("arn", "error"),
    [
        (CTX.arn("guardrail/g2"), ResourceNotFoundException),
        (ARN.replace("us-east-1", "eu-west-1"), ResourceNotFoundException),
        (ARN.replace("bedrock", "bedrock-agentcore"), ResourceNotFoundException),
        (ARN.replace(ACCOUNT, OTHER), AccessDeniedException),
        (ARN.replace(ACCOUNT, ""), AccessDeniedException),
        ("a-guardrail-without-an-arn", ValidationException),
        ("arn:aws:bedrock:us-east-1", ValidationException),
    ],
)
async def test_only_what_is_there_and_the_callers_own(call: Call, arn: str, error: type[ApiError]) -> None:
    for operation, more in (
        ("tag_resource", {"tags": []}),
        ("untag_resource", {"tagKeys": ["b"]}),
        ("list_tags_for_resource", {}),
    ):
        with pytest.raises(error):
            await call("bedrock", operation, resourceARN=arn, **more)


async def test_another_account_is_told_the_same_whether_or_not_a_resource_exists(call: Call) -> None:
    stranger = Context(OTHER, "us-east-1", f"arn:aws:iam::{OTHER}:root", "r2")
    for arn in (ARN, CTX.arn("guardrail/g2")):
        with pytest.raises(AccessDeniedException) as refused:
            await call("bedrock", "list_tags_for_resource", stranger, resourceARN=arn)
        assert refused.value.message == (
            f"User: arn:aws:iam::{OTHER}:root is not authorized to perform: "
            f"bedrock:ListTagsForResource on resource: {arn}"
        )


async def test_the_region_of_the_request_counts(call: Call) -> None:
    elsewhere = Context(ACCOUNT, "eu-west-1", CTX.principal, "r3")
    with pytest.raises(ResourceNotFoundException):
        await call("bedrock", "list_tags_for_resource", elsewhere, resourceARN=ARN)


async def test_more_than_fifty_tags_are_refused_with_the_error_the_service_knows(call: Call) -> None:
    fifty = {f"k{n}": "v" for n in range(50)}
    with pytest.raises(ApiError) as refused:
        as_list = [{"key": key, "value": value} for key, value in fifty.items()]
        await call("bedrock", "tag_resource", resourceARN=ARN, tags=as_list)
    assert refused.value.code == "TooManyTagsException"
    assert refused.value.members == {"resourceName": ARN}
    with pytest.raises(ServiceQuotaExceededException, match="more than 50 tags"):
        await call("bedrock-agent", "tag_resource", resourceArn=ARN, tags=fifty)
    assert await call("bedrock-agent", "list_tags_for_resource", resourceArn=ARN) == {"tags": {"b": "made"}}


async def test_keys_of_aws_are_refused(call: Call) -> None:
    with pytest.raises(ValidationException, match="'aws:x' begins with 'aws:', which is reserved"):
        await call("bedrock-agent", "tag_resource", resourceArn=ARN, tags={"aws:x": "1"})


@pytest.mark.parametrize("earlier", [{}, {"team": "blue"}])
async def test_keys_that_differ_in_case_only_are_refused(call: Call, earlier: dict[str, str]) -> None:
    await call("bedrock-agent", "tag_resource", resourceArn=ARN, tags=earlier)
    with pytest.raises(ValidationException, match="'team' and 'Team' differ in case only"):
        await call("bedrock-agent", "tag_resource", resourceArn=ARN, tags={"team": "blue", "Team": "red"})


async def test_tags_go_with_the_resource(call: Call, documents: Documents) -> None:
    await documents.delete(Scope(ACCOUNT, "us-east-1"), "guardrail", "g1")
    with pytest.raises(ResourceNotFoundException):
        await call("bedrock", "list_tags_for_resource", resourceARN=ARN)
