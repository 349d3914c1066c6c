"""Generated requests to every route of the OpenAI and Anthropic doors: whatever comes in, the API's answer goes out.

`HYPOTHESIS_PROFILE=deep` sends 1000 valid and 1000 mutated requests to each route.
"""

import gc
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from craton.wire.message import Request
from tests import scripted
from tests.clients.conftest import PROGRAMS, environment
from tests.doors.calls import Reply, sign
from tests.doors.conftest import EMBEDDER, Send
from tests.doors.rest import BROKEN, BUSY, ROUTES, Route, check_error
from tests.doors.test_fuzz import HEADER_TEXT, JSON, PATH_TEXT, QUERY_TEXT
from tests.doors.test_fuzz_bodies import changed

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
HEADERS = (
    "content-type",
    "content-encoding",
    "accept",
    "anthropic-beta",
    "openai-organization",
    "x-api-key",
    "authorization",
    "transfer-encoding",
    "expect",
)


def examples(route: Route, count: int) -> settings:
    """A request of a response that has to be made first takes several times as long."""
    return settings(
        max_examples=1000 if DEEP else count // 5 if "{id}" in route.path else count,
        deadline=None,
        derandomize=not DEEP,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


def check(route: Route, reply: Reply) -> list[tuple[str, Any]]:
    """What a good answer tells; nothing where it is an error in the form of its API."""
    if reply.status != 200:
        check_error(route.api, reply)
        return []
    assert reply.headers[route.api.request_id]
    return list(route.read(reply))


Judge = Callable[[str, str, Any], list[str]]
# Members that other servers of the API have too, though its types do not name them.
KNOWN = {"bytes", "obfuscation", "reasoning_content", "store"}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """What the API's own types say against an answer."""
    command = [str(environment("python") / "bin" / "python"), str(PROGRAMS / "python" / "answers.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout

        def judge(api: str, kind: str, answer: Any) -> list[str]:
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps([api, kind, answer]) + "\n")
            process.stdin.flush()
            said: list[str] = json.loads(process.stdout.readline())
            return [each for each in said if not any(f".{name} is no member" in each for name in KNOWN)]

        yield judge
        process.stdin.close()


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_a_valid_request_is_answered(send: Send, route: Route) -> None:
    @examples(route, 100)
    @given(route.bodies, route.queries)
    def test(body: Any, query: str) -> None:
        reply = send(sign(route.request(send, body, query)))
        if reply.status != 200:
            assert check_error(route.api, reply) in (BUSY, BROKEN)
        check(route, reply)

    test()


@pytest.mark.clients
@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_the_types_of_the_api_take_the_answer(send: Send, judge: Judge, route: Route) -> None:
    @examples(route, 15)
    @given(route.bodies, route.queries)
    def test(body: Any, query: str) -> None:
        for kind, answer in check(route, send(sign(route.request(send, body, query)))):
            assert judge(route.api.name, kind, answer) == [], answer

    test()


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_a_mutated_request_gets_an_answer_of_the_api(send: Send, route: Route) -> None:
    @examples(route, 200)
    @given(st.data())
    def test(data: st.DataObject) -> None:
        body, query = data.draw(route.bodies), data.draw(route.queries)
        if body is not None:
            body = data.draw(changed(body))
        check(route, send(sign(route.request(send, body, query or data.draw(QUERY_TEXT)))))

    test()


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_a_damaged_request_gets_an_answer_of_the_api(send: Send, route: Route) -> None:
    @examples(route, 100)
    @given(st.data())
    def test(data: st.DataObject) -> None:
        request = route.request(send, data.draw(route.bodies), data.draw(route.queries))
        damaged = data.draw(st.one_of(*(damage(request) for damage in DAMAGES)))
        reply = send(sign(damaged) if data.draw(st.integers(0, 9)) else damaged)
        if reply.status == 200:
            assert reply.headers[route.api.request_id]
        else:
            check_error(route.api, reply)

    test()


def other_body(request: Request) -> st.SearchStrategy[Request]:
    bodies = st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode())
    return bodies.map(lambda body: replace(request, body=body))


def damaged_body(request: Request) -> st.SearchStrategy[Request]:
    """A byte changed, or the end cut off, or all of it there twice."""
    body = request.body or b"{}"
    at = st.integers(0, len(body) - 1)
    changed = st.builds(lambda i, byte: body[:i] + byte + body[i + 1 :], at, st.binary(min_size=1, max_size=2))
    cut = at.map(lambda i: body[:i])
    return (changed | cut | st.just(body * 2)).map(lambda body: replace(request, body=body))


def other_header(request: Request) -> st.SearchStrategy[Request]:
    header = st.tuples(st.sampled_from(HEADERS), HEADER_TEXT)
    return header.map(lambda pair: replace(request, headers=(*request.headers, pair)))


def other_path(request: Request) -> st.SearchStrategy[Request]:
    """Below the same base: elsewhere another door answers."""
    start = request.path.index("/v1/") + len("/v1/")
    if request.path.startswith("/v1/messages"):
        start = len("/v1/messages")
    return st.builds(
        lambda i, text, end: replace(request, path=request.path[:i] + text + (request.path[i:] if end else "")),
        st.integers(start, len(request.path)),
        PATH_TEXT,
        st.booleans(),
    )


def other_method(request: Request) -> st.SearchStrategy[Request]:
    return st.sampled_from(("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW")).map(
        lambda method: replace(request, method=method)
    )


DAMAGES = (other_body, damaged_body, other_header, other_path, other_method)


# --- what is seldom drawn ---------------------------------------------------------------------------------------------

CHAT, MESSAGES = ROUTES["openai.chat.completions"], ROUTES["anthropic.messages"]
RESPONSES, EMBEDDINGS = ROUTES["openai.responses.create"], ROUTES["openai.embeddings"]
SAY = '"messages": [{"role": "user", "content": "Hello."}]'
# Where a JSON text may hold any value at all.
ANYTHING: dict[str, tuple[Route, str]] = {
    "parameters of a tool": (
        CHAT,
        SAY + ', "tools": [{"type": "function", "function": {"name": "a", "parameters": {"a": @}}}]',
    ),
    "schema of an answer": (
        CHAT,
        SAY + ', "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"a": @}}}',
    ),
    "seed": (CHAT, SAY + ', "n": 2, "seed": @'),
    "bias": (CHAT, SAY + ', "logit_bias": {"5": @}'),
    "parameters of a function": (
        RESPONSES,
        '"input": "x", "tools": [{"type": "function", "name": "a", "parameters": {"a": @}}]',
    ),
    "dimensions": (EMBEDDINGS, '"input": "x", "dimensions": @'),
    "schema of a message": (
        MESSAGES,
        SAY + ', "max_tokens": 5, "output_config": {"format": {"type": "json_schema", "schema": {"a": @}}}',
    ),
    "schema of an input": (MESSAGES, SAY + ', "max_tokens": 5, "tools": [{"name": "a", "input_schema": {"a": @}}]'),
    "input of a tool": (
        MESSAGES,
        '"max_tokens": 5, "messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": '
        '[{"type": "tool_use", "id": "a", "name": "b", "input": {"a": @}}]}, {"role": "user", "content": "x"}]',
    ),
    "budget": (MESSAGES, SAY + ', "max_tokens": 5, "thinking": {"type": "enabled", "budget_tokens": @}'),
}
NUMBERS = (
    "1e999",
    "-1e999",
    "1e308",
    "NaN",
    "Infinity",
    str(2**63),
    str(-(2**63) - 1),
    str(2**64),
    "9" * 400,
    "9" * 5000,
)
TEXTS = (r'"\ud800"', r'"\u0000"', '"' + "x" * 1_000_000 + '"', '{"a": 1, "a": 2}')
DEPTHS = [*range(90, 110, 5), *range(300, 1100, 100), *range(970, 1000, 4), 100_000]


@pytest.mark.parametrize("place", ANYTHING)
def test_any_value_may_stand_where_any_may(send: Send, place: str) -> None:
    route, text = ANYTHING[place]
    model = scripted.MODEL if route is not EMBEDDINGS else EMBEDDER
    for value in (*NUMBERS, *TEXTS, *("[" * depth + "]" * depth for depth in DEPTHS)):
        body = f'{{"model": "{model}", {text}}}'.replace("@", value).encode()
        check(route, send(sign(replace(route.request(send, {}), body=body))))


@pytest.mark.parametrize("depth", [50, 101, 500, 990, 2000, 100_000])
def test_arguments_of_a_tool_may_be_any_text(send: Send, depth: int) -> None:
    """They are JSON within a text."""
    arguments = '{"a": ' + "[" * depth + "]" * depth + "}"
    call = {"id": "a", "type": "function", "function": {"name": "a", "arguments": arguments}}
    said = [{"role": "assistant", "tool_calls": [call]}, {"role": "tool", "tool_call_id": "a", "content": "x"}]
    chat = {"model": scripted.MODEL, "messages": [{"role": "user", "content": "x"}, *said]}
    assert check(CHAT, send(sign(CHAT.request(send, chat))))
    items = [
        {"role": "user", "content": "x"},
        {"type": "function_call", "call_id": "a", "name": "a", "arguments": arguments},
    ]
    response = {
        "model": scripted.MODEL,
        "input": [*items, {"type": "function_call_output", "call_id": "a", "output": "x"}],
    }
    assert check(RESPONSES, send(sign(RESPONSES.request(send, response))))


@pytest.mark.parametrize("depth", [50, 101, 500, 990, 2000])
def test_a_body_of_invoke_model_may_be_nested(send: Send, depth: int) -> None:
    body = '{"messages": [{"role": "user", "content": "x"}], "metadata": {"a": %s}}' % ("[" * depth + "]" * depth)
    path = "/model/openai.gpt-oss-20b-1:0/invoke"
    reply = send(sign(Request("POST", path, headers=(("content-type", "application/json"),), body=body.encode())))
    assert (reply.status, reply.error) == (400, "ValidationException")


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_a_number_in_a_query_may_have_any_length(send: Send, route: Route) -> None:
    for name in ("limit", "starting_after", "stream", "after", "after_id"):
        check(route, send(sign(route.request(send, None, f"{name}={'9' * 5000}&stream=true"))))


MANY = 45_000  # whose objects still are few enough
MASSES: dict[str, tuple[Route, dict[str, Any]]] = {
    "name of a model": (CHAT, {"model": "a." + "b" * 1_000_000, "messages": [{"role": "user", "content": "x"}]}),
    "names of a model": (
        MESSAGES,
        {"model": "us." * 300_000, "max_tokens": 1, "messages": [{"role": "user", "content": "x"}]},
    ),
    "stops": (CHAT, {"model": scripted.MODEL, "messages": [{"role": "user", "content": "x"}], "stop": ["s"] * MANY}),
    "messages": (CHAT, {"model": scripted.MODEL, "messages": [{"role": "user", "content": "x"}] * MANY}),
    "systems": (CHAT, {"model": scripted.MODEL, "messages": [{"role": "system", "content": "x"}] * MANY}),
    "documents": (
        MESSAGES,
        {
            "model": scripted.MODEL,
            "max_tokens": 1,
            "messages": [
                {"role": "user", "content": [{"type": "document", "source": {"type": "text", "data": "x"}}] * MANY}
            ],
        },
    ),
    "tools": (
        CHAT,
        {
            "model": scripted.MODEL,
            "messages": [{"role": "user", "content": "x"}],
            "tools": [{"type": "function", "function": {"name": "a"}}] * MANY,
        },
    ),
    "items": (RESPONSES, {"model": scripted.MODEL, "input": [{"role": "user", "content": "x"}] * 5000}),
    "unknown members": (CHAT, {f"m{number}": number for number in range(MANY)}),
}


@pytest.mark.parametrize("mass", MASSES)
def test_a_mass_of_anything_is_answered_soon(send: Send, mass: str) -> None:
    route, body = MASSES[mass]
    request = sign(route.request(send, body))
    gc.freeze()  # what earlier tests have left is none of the server's work
    started = time.process_time()
    check(route, send(request))
    taken = time.process_time() - started
    gc.unfreeze()
    assert taken < 3


# --- who asks, and where ----------------------------------------------------------------------------------------------

ELSEWHERE = [
    "/v1/",
    "/v1//models",
    "/v1/models/",
    "/v1/models//",
    "/v1/models/%2F",
    "/v1/models/%2e%2e/%2e%2e/etc/passwd",
    "/v1/models/../models",
    "/v1/../v1/models",
    "/v1/./models",
    "/v1/models%00",
    "/v1/models/%0d%0aset-cookie:%20a",
    "/v1/models/%ff%fe",
    "/v1/models/%",
    "/v1/models/" + "a" * 20_000,
    "/v1/chat/completions/x",
    "/v1/chat%2Fcompletions",
    "/openai/v1/",
    "/openai/v1/v1/models",
    "/openai/v1/responses/%2e%2e/cancel",
    "/v1/responses/" + "r" * 20_000,
    "/v1/messages/",
    "/v1/messages/../messages",
    "/v1/messages/count_tokens/",
    "/anthropic/v1/models/%2F",
    "/anthropic/v1/chat/completions",
]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_an_odd_path_is_refused_by_the_api_it_lies_in(send: Send, path: str) -> None:
    api = MESSAGES.api if path.startswith(("/anthropic", "/v1/messages")) else CHAT.api
    for method in ("GET", "POST", "DELETE"):
        reply = send(sign(Request(method, path)))
        check_error(api, reply)
        assert "set-cookie" not in reply.headers


@pytest.mark.parametrize(
    "path", ["//v1/models", "/V1/models", "/v1", "/openai/v1", "/v1models", "/anthropic/v2/models"]
)
def test_what_lies_in_neither_api_is_the_aws_doors(send: Send, path: str) -> None:
    reply = send(sign(Request("GET", path)))
    assert (reply.status, reply.error) == (404, "UnknownOperationException")


AUTHORIZATIONS = [
    [("authorization", "Bearer a"), ("authorization", "Bearer b")],
    [("authorization", "Bearer"), ("x-api-key", "")],
    [("authorization", "Basic YTpi")],
    [("authorization", "Bearer \u00e9")],
    [("x-api-key", "\u00e9" * 50)],
    [("x-api-key", "a"), ("x-api-key", "b")],
    [("authorization", "AWS4-HMAC-SHA256 Credential=a")],
    [("authorization", "AWS4-HMAC-SHA256 " + "a=b," * 5000)],
    [("x-api-key", "bedrock-api-key-" + "A" * 20_000)],
]


@pytest.mark.parametrize("headers", AUTHORIZATIONS)
@pytest.mark.parametrize("route", [CHAT, MESSAGES], ids=["openai", "anthropic"])
def test_who_proves_nothing_is_refused(send: Send, route: Route, headers: list[tuple[str, str]]) -> None:
    request = route.request(send, {})
    reply = send(replace(request, headers=(*request.headers, *headers)))
    check_error(route.api, reply)
    assert reply.status == 401
