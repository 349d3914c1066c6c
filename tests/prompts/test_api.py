"""Managed prompts as boto3 makes, lists, versions and runs them."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import scripted
from tests.command import craton
from tests.serving import REGION, Server

OWN, OTHER = "123456789012", "999999999999"
GREETING = {
    "name": "plain",
    "templateType": "TEXT",
    "modelId": scripted.MODEL,
    "templateConfiguration": {
        "text": {"text": "Say hello to {{who}}.", "inputVariables": [{"name": "who"}]},
    },
}

POINT = {"cachePoint": {"type": "default"}}

Make = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def agent(scripted_server: Server) -> Any:
    return scripted_server.client("bedrock-agent")


@pytest.fixture(scope="module")
def runtime(scripted_server: Server) -> Any:
    return scripted_server.client("bedrock-runtime")


@pytest.fixture(scope="module")
def stranger(scripted_server: Server) -> dict[str, str]:
    done = craton("keys", "create", "--account", OTHER, "--json", "--home", str(scripted_server.home))
    made = json.loads(done.stdout)
    return {"aws_access_key_id": made["accessKeyId"], "aws_secret_access_key": made["secretAccessKey"]}


@pytest.fixture
def make(agent: Any) -> Iterator[Make]:
    """Create a prompt with a name of its own; it is deleted after the test."""
    made: list[str] = []

    def one(*variants: dict[str, Any], **more: Any) -> dict[str, Any]:
        answer = agent.create_prompt(**{"name": f"p-{uuid.uuid4().hex}", "variants": list(variants)} | more)
        made.append(answer["id"])
        return {member: value for member, value in answer.items() if member != "ResponseMetadata"}

    yield one
    for each in made:
        try:
            agent.delete_prompt(promptIdentifier=each)
        except agent.exceptions.ResourceNotFoundException:
            continue


def variant(text: str, **more: Any) -> dict[str, Any]:
    names = [{"name": name} for name in ("what", "when") if f"{{{{{name}}}}}" in text]
    return GREETING | {"templateConfiguration": {"text": {"text": text, "inputVariables": names}}} | more


def got(agent: Any, identifier: str, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = agent.get_prompt(promptIdentifier=identifier, **more)
    del answer["ResponseMetadata"]
    return answer


def refused(error: type[Exception], call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(error) as raised:
        call(**arguments)
    assert isinstance(raised.value, ClientError)
    message: str = raised.value.response["Error"]["Message"]
    return message


class TestDrafts:
    def test_a_prompt_is_made_and_read(self, agent: Any, make: Make) -> None:
        made = make(GREETING, description="Greets.", defaultVariant="plain")
        assert made["arn"] == f"arn:aws:bedrock:{REGION}:{OWN}:prompt/{made['id']}"
        assert (made["version"], made["description"], made["variants"]) == ("DRAFT", "Greets.", [GREETING])
        assert got(agent, made["id"]) == got(agent, made["arn"]) == made
        assert got(agent, made["id"], promptVersion="DRAFT") == made

    def test_metadata_alone(self, agent: Any, make: Make) -> None:
        made = make(GREETING)
        shown = got(agent, made["id"], includedData="METADATA_ONLY")
        assert set(made) - set(shown) == {"variants"}

    def test_everything_of_a_variant_is_kept(self, agent: Any, make: Make) -> None:
        chat = {
            "name": "chat",
            "templateType": "CHAT",
            "templateConfiguration": {
                "chat": {
                    "messages": [{"role": "user", "content": [{"text": "{{who}}"}, POINT]}],
                    "system": [{"text": "Be kind."}],
                    "inputVariables": [{"name": "who"}],
                    "toolConfiguration": {
                        "tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": {"type": "object"}}}}],
                        "toolChoice": {"auto": {}},
                    },
                }
            },
            "inferenceConfiguration": {"text": {"temperature": 0.5, "topP": 0.25, "stopSequences": ["x"]}},
            "metadata": [{"key": "team", "value": "a"}],
            "additionalModelRequestFields": {"top_k": 5, "deep": [{"x": None}]},
        }  # fmt: skip
        assert got(agent, make(chat)["id"])["variants"] == [chat]

    def test_an_update_replaces_all(self, agent: Any, make: Make) -> None:
        made = make(GREETING, description="Greets.")
        updated = agent.update_prompt(promptIdentifier=made["arn"], name=made["name"], variants=[variant("Bye.")])
        assert "description" not in updated
        assert updated["updatedAt"] > made["updatedAt"]
        assert got(agent, made["id"])["variants"] == [variant("Bye.")]
        assert got(agent, made["id"])["createdAt"] == made["createdAt"]

    def test_names_are_unique(self, agent: Any, make: Make) -> None:
        first, second = make(GREETING), make(GREETING)
        assert "has the name" in refused(agent.exceptions.ConflictException, make, name=first["name"])
        changes = {"promptIdentifier": second["id"], "name": first["name"]}
        assert "has the name" in refused(agent.exceptions.ConflictException, agent.update_prompt, **changes)
        agent.delete_prompt(promptIdentifier=first["id"])
        agent.update_prompt(**changes)

    def test_a_repeated_request_makes_one_prompt(self, agent: Any, make: Make) -> None:
        once = {"name": f"p-{uuid.uuid4().hex}", "clientToken": str(uuid.uuid4())}
        assert make(GREETING, **once)["id"] == make(GREETING, **once)["id"]

    def test_tags(self, agent: Any, make: Make) -> None:
        made = make(GREETING, tags={"team": "a"})
        agent.tag_resource(resourceArn=made["arn"], tags={"stage": "test"})
        assert agent.list_tags_for_resource(resourceArn=made["arn"])["tags"] == {"team": "a", "stage": "test"}

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            ({"defaultVariant": "other"}, "'other' is none of the prompt's variants"),
            ({"variants": [GREETING | {"templateType": "CHAT"}]}, "give its templateConfiguration as 'chat'"),
            ({"customerEncryptionKeyArn": f"arn:aws:kms:us-east-1:{OWN}:key/{uuid.uuid4()}"}, "no KMS keys"),
        ],
    )
    def test_what_is_refused(self, agent: Any, make: Make, wrong: dict[str, Any], reason: str) -> None:
        assert reason in refused(agent.exceptions.ValidationException, make, **{"variants": [GREETING]} | wrong)


class TestVersions:
    def test_a_version_stays_as_it_was(self, agent: Any, make: Make) -> None:
        made = make(GREETING, description="Greets.")
        first = agent.create_prompt_version(promptIdentifier=made["id"], tags={"a": "1"})
        agent.update_prompt(promptIdentifier=made["id"], name=made["name"], variants=[variant("Bye.")])
        second = agent.create_prompt_version(promptIdentifier=made["arn"], description="Takes leave.")
        assert (first["version"], second["version"]) == ("1", "2")
        assert first["arn"] == f"{made['arn']}:1"
        assert got(agent, first["arn"]) == got(agent, made["id"], promptVersion="1")
        assert got(agent, first["arn"])["variants"] == [GREETING]
        assert (got(agent, first["arn"])["description"], got(agent, second["arn"])["description"]) == (
            "Greets.",
            "Takes leave.",
        )
        assert agent.list_tags_for_resource(resourceArn=first["arn"])["tags"] == {"a": "1"}

    def test_versions_are_deleted_one_by_one_or_with_the_prompt(self, agent: Any, make: Make) -> None:
        made = make(GREETING)
        for _ in range(2):
            agent.create_prompt_version(promptIdentifier=made["id"])
        gone = agent.delete_prompt(promptIdentifier=made["id"], promptVersion="1")
        assert (gone["id"], gone["version"]) == (made["id"], "1")
        missing = agent.exceptions.ResourceNotFoundException
        assert "version '1'" in refused(missing, agent.get_prompt, promptIdentifier=f"{made['arn']}:1")
        assert got(agent, made["id"], promptVersion="2")
        assert agent.delete_prompt(promptIdentifier=made["arn"])["id"] == made["id"]
        for version in ("DRAFT", "2"):
            refused(missing, agent.get_prompt, promptIdentifier=made["id"], promptVersion=version)
        refused(missing, agent.delete_prompt, promptIdentifier=made["id"])

    def test_a_version_does_not_change(self, agent: Any, make: Make) -> None:
        made = make(GREETING)
        version = agent.create_prompt_version(promptIdentifier=made["id"])["arn"]
        invalid = agent.exceptions.ValidationException
        assert "never changes" in refused(invalid, agent.update_prompt, promptIdentifier=version, name="x")
        assert "two versions" in refused(invalid, agent.get_prompt, promptIdentifier=version, promptVersion="2")


class TestLists:
    def test_all_prompts_page_by_page(self, agent: Any, make: Make) -> None:
        made = [make(GREETING, description="One of many.") for _ in range(12)]
        pages = list(agent.get_paginator("list_prompts").paginate(PaginationConfig={"PageSize": 5}))
        assert [len(page["promptSummaries"]) for page in pages[:2]] == [5, 5]
        found = [each for page in pages for each in page["promptSummaries"]]
        assert [each["id"] for each in found][-12:] == [each["id"] for each in made]
        assert set(found[-1]) == {"name", "description", "id", "arn", "version", "createdAt", "updatedAt"}

    def test_no_page_is_longer_than_the_service_has_them(self, agent: Any, make: Make) -> None:
        for _ in range(11):
            make(GREETING)
        assert len(agent.list_prompts(maxResults=1000)["promptSummaries"]) == 10

    def test_the_versions_of_one(self, agent: Any, make: Make) -> None:
        made = make(GREETING)
        make(GREETING)
        for _ in range(2):
            agent.create_prompt_version(promptIdentifier=made["id"])
        listed = agent.list_prompts(promptIdentifier=made["arn"])["promptSummaries"]
        assert [each["version"] for each in listed] == ["DRAFT", "1", "2"]
        refused(agent.exceptions.ResourceNotFoundException, agent.list_prompts, promptIdentifier="NOTTHERE00")


class TestAccounts:
    def test_see_nothing_of_each_others(
        self, agent: Any, make: Make, scripted_server: Server, stranger: dict[str, str]
    ) -> None:
        made = make(GREETING)
        theirs = scripted_server.client("bedrock-agent", **stranger)
        assert theirs.list_prompts()["promptSummaries"] == []
        missing, denied = theirs.exceptions.ResourceNotFoundException, theirs.exceptions.AccessDeniedException
        refused(missing, theirs.get_prompt, promptIdentifier=made["id"])
        for call in (theirs.get_prompt, theirs.delete_prompt, theirs.create_prompt_version):
            refused(denied, call, promptIdentifier=made["arn"])
        runtime = scripted_server.client("bedrock-runtime", **stranger)
        values = {"who": {"text": "x"}}
        refused(runtime.exceptions.AccessDeniedException, runtime.converse, modelId=made["arn"], promptVariables=values)
        elsewhere = scripted_server.client("bedrock-agent", region="eu-west-1")
        for identifier in (made["id"], made["arn"]):
            refused(elsewhere.exceptions.ResourceNotFoundException, elsewhere.get_prompt, promptIdentifier=identifier)


class TestRuns:
    """Converse with a prompt's ARN for a model. The script answers as its rules say of the last user message."""

    def test_converse_runs_a_prompt(self, agent: Any, runtime: Any, make: Make) -> None:
        arn = make(variant("Please {{what}} {{when}} the answer."))["arn"]
        values = {"what": {"text": "fail"}, "when": {"text": "before"}}
        assert refused(runtime.exceptions.ThrottlingException, runtime.converse, modelId=arn, promptVariables=values)
        values["when"] = {"text": "never"}
        answer = runtime.converse(modelId=arn, promptVariables=values)
        assert answer["output"]["message"]["content"] == [{"text": scripted.ANSWER}]

    def test_so_does_its_stream(self, agent: Any, runtime: Any, make: Make) -> None:
        made = make(variant("Hello."))
        version = agent.create_prompt_version(promptIdentifier=made["id"])["arn"]
        events = list(runtime.converse_stream(modelId=version)["stream"])
        texts = [event["contentBlockDelta"]["delta"]["text"] for event in events if "contentBlockDelta" in event]
        assert "".join(texts) == scripted.ANSWER

    def test_a_version_runs_as_it_was(self, agent: Any, runtime: Any, make: Make) -> None:
        made = make(variant("Hello."))
        version = agent.create_prompt_version(promptIdentifier=made["id"])["arn"]
        agent.update_prompt(
            promptIdentifier=made["id"], name=made["name"], variants=[variant("Please fail before it.")]
        )
        assert runtime.converse(modelId=version)["stopReason"] == "end_turn"
        refused(runtime.exceptions.ThrottlingException, runtime.converse, modelId=made["arn"])

    def test_messages_are_appended(self, runtime: Any, make: Make) -> None:
        arn = make(variant("Please fail before it."))["arn"]
        more = [{"role": "assistant", "content": [{"text": "No."}]}, {"role": "user", "content": [{"text": "Good."}]}]
        assert runtime.converse(modelId=arn, messages=more)["stopReason"] == "end_turn"

    def test_the_inference_configuration_is_the_prompts(self, runtime: Any, make: Make) -> None:
        short = variant("Hello.", inferenceConfiguration={"text": {"maxTokens": 2}})
        answer = runtime.converse(modelId=make(short)["arn"])
        assert (answer["stopReason"], answer["usage"]["outputTokens"]) == ("max_tokens", 2)

    @pytest.mark.parametrize(
        "member",
        [
            {"inferenceConfig": {"maxTokens": 5}},
            {"system": [{"text": "x"}]},
            {"toolConfig": {"tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": {}}}}]}},
            {"additionalModelRequestFields": {"top_k": 5}},
        ],
    )
    def test_what_the_prompt_defines_may_not_be_sent(self, runtime: Any, make: Make, member: dict[str, Any]) -> None:
        arn = make(variant("Hello."))["arn"]
        told = refused(runtime.exceptions.ValidationException, runtime.converse, modelId=arn, **member)
        assert told.startswith(f"You can't include {next(iter(member))!r} in a request that uses a prompt")
        assert runtime.converse(modelId=arn, inferenceConfig={}, system=[])["stopReason"] == "end_turn"

    def test_what_cannot_be_run(self, agent: Any, runtime: Any, make: Make) -> None:
        invalid, missing = runtime.exceptions.ValidationException, runtime.exceptions.ResourceNotFoundException
        arn = make(variant("Please {{what}}."))["arn"]
        assert "['what'] have no value" in refused(invalid, runtime.converse, modelId=arn)
        extra = {"what": {"text": "x"}, "who": {"text": "y"}}
        assert "no variable 'who'" in refused(invalid, runtime.converse, modelId=arn, promptVariables=extra)
        assert "has no variant" in refused(invalid, runtime.converse, modelId=make()["arn"])
        without = {key: value for key, value in GREETING.items() if key != "modelId"}
        values = {"who": {"text": "x"}}
        told = refused(invalid, runtime.converse, modelId=make(without)["arn"], promptVariables=values)
        assert "names no model" in told
        refused(missing, runtime.converse, modelId=f"{arn}:7")
        refused(invalid, runtime.invoke_model, modelId=arn, body=b"{}")

    def test_variables_without_a_prompt_are_ignored(self, runtime: Any) -> None:
        hello = [{"role": "user", "content": [{"text": "Hello."}]}]
        answer = runtime.converse(modelId=scripted.MODEL, messages=hello, promptVariables={"a": {"text": "b"}})
        assert answer["stopReason"] == "end_turn"
