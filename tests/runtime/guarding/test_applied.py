"""Who a guardrail applies to and who may apply it, and what is counted, logged and traced of what it does."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.guardrails.making import made
from tests.iam.people import User, refusal, user
from tests.runtime.guarding.conftest import EMBEDDER, GUARDRAIL
from tests.runtime.guarding.test_guarding import asking, streamed, text_of
from tests.scripted import MODEL
from tests.serving import Server
from tests.usage.invocation_logs.reading import Place

Json = dict[str, Any]
ENFORCING = "eu-central-1"
PLAIN = {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": "Tell me of the fruit"}]}]}


@pytest.fixture(scope="module")
def enforced(guarded: Server) -> str:
    """A guardrail that the account enforces in a region of its own."""
    bedrock = guarded.client("bedrock", ENFORCING)
    guardrail = made(bedrock, **GUARDRAIL)
    version = bedrock.create_guardrail_version(guardrailIdentifier=guardrail)["version"]
    config = {"guardrailIdentifier": guardrail, "guardrailVersion": version}
    bedrock.put_enforced_guardrail_configuration(guardrailInferenceConfig=config)
    return guardrail


@pytest.fixture(scope="module")
def forced(guarded: Server, enforced: str) -> Any:
    return guarded.client("bedrock-runtime", ENFORCING)


def test_an_enforced_guardrail_judges_who_does_not_ask_for_it(forced: Any) -> None:
    answer = forced.converse(**PLAIN)
    assert (text_of(answer), answer["stopReason"]) == ("Not from me.", "guardrail_intervened")
    assert "trace" not in answer
    assert streamed(forced, PLAIN)[:2] == ("Not from me.", "guardrail_intervened")


def test_an_enforced_guardrail_judges_native_bodies_too(forced: Any) -> None:
    body = {"messages": [{"role": "user", "content": "What is a durian?"}]}
    answer = json.loads(forced.invoke_model(modelId=MODEL, body=json.dumps(body))["body"].read())
    assert answer["choices"][0]["message"]["content"] == "Not here."
    assert answer["amazon-bedrock-guardrailAction"] == "INTERVENED"


def test_it_tells_of_itself_where_a_trace_is_asked_for(forced: Any, enforced: str) -> None:
    trace = forced.converse(**PLAIN, guardrailConfig={"trace": "enabled"})["trace"]["guardrail"]
    details = trace["inputAssessment"][enforced]["appliedGuardrailDetails"]
    assert (details["guardrailVersion"], details["guardrailOrigin"]) == ("1", ["ACCOUNT_ENFORCED"])
    assert "outputAssessments" in trace and "modelOutput" not in trace, "a trace is no way around it"


def test_both_apply_each_with_its_own_assessment(guarded: Server, forced: Any, enforced: str) -> None:
    own = made(guarded.client("bedrock", ENFORCING), wordPolicyConfig={"wordsConfig": [{"text": "mallory"}]})
    answer = forced.converse(**asking("Tell me an address", own))
    assert text_of(answer) == "Write to {EMAIL} or to {EMAIL} today."
    outputs = answer["trace"]["guardrail"]["outputAssessments"]
    assert set(outputs) == {enforced, own}
    assert "sensitiveInformationPolicy" in outputs[enforced][0]
    assert "wordPolicy" not in outputs[own][0], "it sees only what the account's guardrail let through"


def test_marks_do_not_narrow_what_is_enforced_comprehensively(forced: Any) -> None:
    content = [{"text": "What is a durian?"}, {"guardContent": {"text": {"text": "Hello"}}}]
    answer = forced.converse(modelId=MODEL, messages=[{"role": "user", "content": content}])
    assert text_of(answer) == "Not here."


def test_tools_results_are_judged_where_everything_is(forced: Any, runtime: Any, guardrail: str) -> None:
    call = {"toolUse": {"toolUseId": "t1", "name": "look", "input": {}}}
    result = {"toolUseId": "t1", "content": [{"json": {"found": "a durian"}}]}
    messages = [
        {"role": "user", "content": [{"text": "Look"}]},
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [{"toolResult": result}]},
    ]
    tools = {"tools": [{"toolSpec": {"name": "look", "inputSchema": {"json": {"type": "object"}}}}]}
    request = {"modelId": MODEL, "messages": messages, "toolConfig": tools}
    assert text_of(forced.converse(**request)) == "Not here."
    config = {"guardrailIdentifier": guardrail, "guardrailVersion": "DRAFT"}
    assert text_of(runtime.converse(**request, guardrailConfig=config)) == "A quiet answer."


def test_the_job_of_an_invocation_is_judged_as_well(guarded: Server, forced: Any) -> None:
    body = {"messages": [{"role": "user", "content": "Tell me of the fruit"}]}
    place = {"s3OutputDataConfig": {"s3Uri": "s3://answers/jobs"}}
    arn = forced.start_async_invoke(modelId=MODEL, modelInput=body, outputDataConfig=place)["invocationArn"]
    answer = finished(guarded, forced, arn)
    assert answer["choices"][0]["message"]["content"] == "Not from me."


def finished(server: Server, runtime: Any, arn: str) -> Json:
    """The answer that a job wrote, once it has."""
    deadline = time.monotonic() + 30
    while (job := runtime.get_async_invoke(invocationArn=arn))["status"] == "InProgress":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert job["status"] == "Completed", job
    uri = job["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"]
    path = server.home / "buckets" / uri.removeprefix("s3://") / "output.json"
    read: Json = json.loads(path.read_bytes())
    return read


def test_vectors_are_made_all_the_same(forced: Any) -> None:
    """An enforced guardrail judges what is said and what is answered; texts that become vectors are neither."""
    answer = forced.invoke_model(modelId=EMBEDDER, body=json.dumps({"inputText": "a durian"}))
    assert json.loads(answer["body"].read())["embedding"]


def test_a_guardrail_is_applied_by_who_may(guarded: Server, guardrail: str) -> None:
    invoke = {"Action": "bedrock:InvokeModel"}
    apply = {"Action": "bedrock:ApplyGuardrail", "Resource": f"arn:aws:bedrock:*:*:guardrail/{guardrail}"}
    request = asking("Tell me an address", guardrail)
    may = user(User(guarded), invoke, apply).client("bedrock-runtime")
    assert "{EMAIL}" in text_of(may.converse(**request))
    may_not = user(User(guarded), invoke).client("bedrock-runtime")
    told = refusal(may_not.converse, **request)
    assert "bedrock:ApplyGuardrail" in told and guardrail in told


def test_a_policy_may_demand_a_guardrail(guarded: Server, guardrail: str) -> None:
    named = {"StringLike": {"bedrock:GuardrailIdentifier": f"*:guardrail/{guardrail}"}}
    statements = [{"Action": "bedrock:InvokeModel", "Condition": named}, {"Action": "bedrock:ApplyGuardrail"}]
    someone = user(User(guarded), *statements).client("bedrock-runtime")
    assert text_of(someone.converse(**asking("Tell me of the fruit", guardrail))) == "Not from me."
    refusal(someone.converse, **PLAIN)


def test_the_steps_of_a_request_are_traced(guarded: Server, runtime: Any, guardrail: str) -> None:
    answer = runtime.converse(**asking("Tell me an address", guardrail))
    request_id = answer["ResponseMetadata"]["RequestId"]
    spans = User(guarded).client("craton").get_request(requestId=request_id)["spans"]
    names = [span["name"] for span in spans]
    works = ["engine", "engine.prefill", "engine.decode"]
    assert names == ["door", "admission", "guardrail", "queue", *works, "guardrail"]


def test_what_a_guardrail_ends_is_counted(guarded: Server, runtime: Any, guardrail: str) -> None:
    answer = runtime.converse(**asking("Tell me what never ends", guardrail))
    assert text_of(answer) == "Not from me."
    request_id = answer["ResponseMetadata"]["RequestId"]
    (counted,) = User(guarded).client("craton").get_request(requestId=request_id)["invocations"]
    assert counted["usage"]["outputTokens"] == answer["usage"]["outputTokens"] > 0


@pytest.fixture
def logging(guarded: Server) -> Iterator[Place]:
    place = Place(guarded, "us-west-2")
    place.configure()
    yield place


def test_logs_hold_what_was_sent_and_what_was_got(guarded: Server, logging: Place) -> None:
    guardrail = made(logging.client("bedrock"), **GUARDRAIL)
    runtime = logging.client("bedrock-runtime")
    runtime.converse(**asking("Write to bob@example.com", guardrail))
    runtime.converse(**asking("Tell me an address", guardrail))
    (first, second) = logging.records(2)
    assert first["input"]["inputBodyJson"]["messages"][0]["content"] == [{"text": "Write to bob@example.com"}]
    assert first["input"]["inputBodyJson"]["guardrailConfig"]["guardrailIdentifier"] == guardrail
    told = json.dumps(second["output"]["outputBodyJson"]["output"])
    assert "{EMAIL}" in told and "eve@example.com" not in told
