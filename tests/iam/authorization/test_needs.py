"""Every operation of every service asks for something, and what its request names is asked for by its ARN."""

import re

import pytest

from craton.app.services import services
from craton.app.slices import operations as rows
from craton.core.context import Context
from craton.iam.authorization import members as table
from craton.iam.authorization.actions import ACTIONS, HANDLERS_ASK, INVOCATIONS, PREFIXES
from craton.iam.authorization.members import MEMBERS, OPERATIONS, PARTS
from craton.iam.authorization.needs import Need, request_tags
from craton.wire.spec import Operation, Shape

ACCOUNT = "123456789012"
CTX = Context(ACCOUNT, "us-east-1", f"arn:aws:iam::{ACCOUNT}:user/ada", "r1")
OWN = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:"
ALL = [operation for service in services() for operation in service.operations.values()]
SERVED = {(row.service, row.operation) for row in rows() if row.grade != "refused"}
# How the names of members end that name a resource.
RESOURCE_LIKE = re.compile(r".*(Id|Identifier|Arn|ARN|Name|Ids|Identifiers|Arns)")


def name(operation: Operation) -> str:
    return f"{operation.service.name}.{operation.name}"


def need(operation: Operation) -> Need:
    return Need(operation.service.name, operation.name, operation.input.members)


def is_text(shape: Shape) -> bool:
    return shape.type == "string" or (
        shape.type == "list" and shape.member is not None and shape.member.shape.type == "string"
    )


def texts(operation: Operation) -> list[str]:
    return [member for member, found in operation.input.members.items() if is_text(found.shape)]


@pytest.mark.parametrize("operation", ALL, ids=name)
def test_every_operation_asks_for_an_action_at_the_door_or_later(operation: Operation) -> None:
    asked = list(need(operation).of(CTX, dict.fromkeys(texts(operation), "x")))
    if operation.name in INVOCATIONS or operation.name in HANDLERS_ASK:
        assert not asked
        return
    prefix = PREFIXES[operation.service.name]
    expected = ACTIONS.get((operation.service.name, operation.name), (operation.name,))
    assert {ask.action for ask in asked} >= {f"{prefix}:{action}" for action in expected}
    for ask in asked:
        assert ask.resource == "*" or ask.resource == "x" or re.fullmatch(r"arn:aws:[a-z-]+:.*:.*:.+", ask.resource)


@pytest.mark.parametrize("operation", [each for each in ALL if (each.service.name, each.name) in SERVED], ids=name)
def test_every_member_of_a_served_operation_that_names_a_resource_is_known(operation: Operation) -> None:
    """Add the member to `authorization.members`: to MEMBERS with its ARN, or to PARTS with the reason why not."""
    if operation.name in INVOCATIONS or operation.name in HANDLERS_ASK:
        return
    known = {**MEMBERS[PREFIXES[operation.service.name]], **OPERATIONS.get(operation.name, {}), **PARTS}
    named = {member for member in texts(operation) if RESOURCE_LIKE.fullmatch(member)}
    named |= {
        member
        for member, found in operation.input.members.items()
        if found.location == "uri" and found.shape.type == "string"
    }
    assert named <= set(known), f"{name(operation)} names resources by {sorted(named - set(known))}"


def test_the_tables_name_only_what_there_is() -> None:
    operations = {operation.name for operation in ALL}
    for entries in (
        table.OPERATIONS,
        table.TOGETHER,
        table.DEEP,
        table.MADE,
        table.TAGGED,
        INVOCATIONS,
        {operation for _, operation in ACTIONS},
    ):
        assert set(entries) <= operations, sorted(set(entries) - operations)
    members = {member for operation in ALL for member in operation.input.members}
    for entries in (*MEMBERS.values(), *OPERATIONS.values(), PARTS):
        assert set(entries) <= members, sorted(set(entries) - members)


def test_what_the_reference_says_of_some_operations() -> None:
    """The Service Authorization Reference's rows, picked where name and resource are not plain."""
    cases = {
        ("bedrock-agent", "CreatePromptVersion", "promptIdentifier"): ("bedrock:CreatePromptVersion", "prompt/x"),
        ("bedrock-agent", "ListPrompts", ""): ("bedrock:ListPrompts", "*"),
        ("bedrock-agent-runtime", "Rerank", ""): ("bedrock:Rerank", "*"),
        ("bedrock-agent-runtime", "RetrieveAndGenerateStream", ""): ("bedrock:RetrieveAndGenerate", "*"),
        ("bedrock-runtime", "ListAsyncInvokes", ""): ("bedrock:ListAsyncInvokes", "*"),
        ("bedrock-runtime", "ApplyGuardrail", "guardrailIdentifier"): ("bedrock:ApplyGuardrail", "guardrail/x"),
        ("bedrock", "GetModelInvocationJob", "jobIdentifier"): (
            "bedrock:GetModelInvocationJob",
            "model-invocation-job/x",
        ),
        ("bedrock-agentcore", "CreateEvent", "memoryId"): ("bedrock-agentcore:CreateEvent", "memory/x"),
    }
    by_name = {(each.service.name, each.name): each for each in ALL}
    for (service, operation, member), (action, resource) in cases.items():
        (asked,) = need(by_name[service, operation]).of(CTX, {member: "x"} if member else {})
        whole = resource if resource == "*" else f"arn:aws:{PREFIXES[service]}:us-east-1:{ACCOUNT}:{resource}"
        assert (asked.action, asked.resource) == (action, whole)


def test_who_tags_what_is_made_needs_to_be_allowed_to_tag() -> None:
    by_list = Need("bedrock", "CreatePromptRouter", ["promptRouterName", "tags"])
    plain, tagging = by_list.of(CTX, {"promptRouterName": "x", "tags": [{"key": "team", "value": "red"}]})
    assert (plain.action, plain.resource) == ("bedrock:CreatePromptRouter", "*")
    assert (tagging.action, tagging.resource) == ("bedrock:TagResource", f"{OWN}prompt-router/*")
    assert tagging.keys == {"aws:RequestTag/team": ["red"], "aws:TagKeys": ["team"]}
    by_map = Need("bedrock-agent", "CreatePrompt", ["name", "tags"])
    assert [ask.keys for ask in by_map.of(CTX, {"tags": {"team": "red"}})] == [tagging.keys] * 2
    assert len(list(by_map.of(CTX, {"tags": {}}))) == 1


def test_the_keys_that_are_taken_off_are_told() -> None:
    (asked,) = Need("bedrock", "UntagResource", ["resourceARN", "tagKeys"]).of(
        CTX, {"resourceARN": "arn:aws:bedrock:us-east-1:1:x/y", "tagKeys": ["a", "b"]}
    )
    assert asked.keys == {"aws:TagKeys": ["a", "b"]}


def test_who_hands_over_a_role_needs_to_be_allowed_to_pass_it() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/agents"
    need = Need("bedrock-agent", "CreateAgent", ["agentName", "agentResourceRoleArn"])
    _, passing = need.of(CTX, {"agentName": "a", "agentResourceRoleArn": role})
    assert (passing.action, passing.resource) == ("iam:PassRole", role)
    assert passing.keys == {"iam:PassedToService": ["bedrock.amazonaws.com"]}


def test_an_agent_runtime_for_a_user_needs_one_action_more() -> None:
    need = Need("bedrock-agentcore", "InvokeAgentRuntime", ["agentRuntimeArn", "runtimeUserId"])
    arn = f"arn:aws:bedrock-agentcore:us-east-1:{ACCOUNT}:runtime/r"
    assert [ask.action for ask in need.of(CTX, {"agentRuntimeArn": arn, "runtimeUserId": "u"})] == [
        "bedrock-agentcore:InvokeAgentRuntime",
        "bedrock-agentcore:InvokeAgentRuntimeForUser",
    ]


def test_tags_of_either_form_are_the_same_keys() -> None:
    expected = {"aws:TagKeys": ["a"], "aws:RequestTag/a": ["b"]}
    assert request_tags({"a": "b"}) == request_tags([{"key": "a", "value": "b"}]) == expected
    assert request_tags(None) == {}
