"""Recorded interactions with the real service, sent to a server where a local model answers in its place.

Status, error, headers, key trees, types, the order and form of frames agree with the recording, but for what the two
tables below list with the reason; what is in neither fails. Where tools were called a script calls them likewise, for
whether a small model calls is chance.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from craton.models.files.library import Library
from craton.wire.message import Request
from tests import scripted
from tests.conftest import pulled
from tests.doors.calls import Reply
from tests.doors.wires import exchange, signed
from tests.golden import guardrails, recordings
from tests.golden.recordings import Record
from tests.serving import Server

pytestmark = pytest.mark.model

# The account in the recorded ARNs.
ACCOUNT = "111122223333"
# What decides about the answer, and is no matter of the connection or of the caller's credentials.
SENT = re.compile("content-type|accept|x-amzn-bedrock-.*")


class Refusal(NamedTuple):
    """Recorded answers of features that this server refuses, in these words and for this reason."""

    times: int
    status: int
    error: str
    message: str
    reason: str


class Difference(NamedTuple):
    """What differs in answers otherwise alike, in how many of them, and why."""

    times: int
    operation: str
    pattern: str
    reason: str


REFUSED = [
    Refusal(3, 404, "ResourceNotFoundException", "There is no endpoint ", "the account has no SageMaker endpoint"),
]

# Recordings with guardrails, by operation, and those of them in which Titan's body is rewritten.
GUARDED = {"Converse": 11, "ConverseStream": 8, "InvokeModel": 5, "InvokeModelWithResponseStream": 8}
REWRITTEN = {"InvokeModel": 2, "InvokeModelWithResponseStream": 5}

EXPLAINED = [
    *(
        Difference(
            times,
            operation,
            r"\+ key .*/(appliedGuardrailDetails/.*|usage/(contentPolicyImage|automatedReasoning).*"
            "|detected: bool|actionReason: str)",
            "what guardrails tell has grown since the recordings",
        )
        for operation, times in GUARDED.items()
    ),
    *(
        Difference(
            times,
            operation,
            "[-+] key .*/(index|(inputText|totalOutputText)TokenCount|tokenCount): (float|int)",
            "where a guardrail looked into Titan's body its whole numbers came back as fractions",
        )
        for operation, times in REWRITTEN.items()
    ),
    Difference(
        4,
        "InvokeModel",
        r"\+ key /usage/(cache(Read|Write)InputTokenCount|outputTokens|totalTokens): int",
        "where a guardrail looked into Nova's body its usage came back in part; one recording is older than its cache",
    ),
    Difference(
        3,
        "Converse",
        r"- key /usage/cache(Read|Write)InputTokenCount: int",
        "for a while the tokens of the cache were told twice, by this name too",
    ),
    Difference(
        1,
        "InvokeModelWithResponseStream",
        r"\+ key chunk/.*/completionReason: str",
        "the recorded stream of an input that was blocked is one chunk without a reason, which the documentation has",
    ),
    Difference(
        12,
        "InvokeModelWithResponseStream",
        "! order messageStart (contentBlockDelta contentBlockStop )+(contentBlockStart contentBlockDelta "
        "contentBlockStop )*messageStop metadata is messageStart contentBlockDelta contentBlockStop "
        "(contentBlockStart contentBlockDelta contentBlockStop )*messageStop metadata",
        "Nova of early 2025 closed a block after each delta; ConverseStream never did, and Nova no longer does",
    ),
    Difference(
        9,
        "InvokeModelWithResponseStream",
        r"\+ key chunk/.*/(completionReason|inputTextTokenCount|totalOutputTextTokenCount): NoneType",
        "Titan says null in every chunk but the last, and these recordings have one chunk",
    ),
    Difference(
        1,
        "InvokeModel.*",
        r"\+ (key|header) .*[cC]ache-?(Read|Write|read|write)-?[iI]nput-?[tT]oken-?[cC]ount.*",
        "Nova tells of the cache since February 2025, and these recordings are older",
    ),
    Difference(
        3,
        "InvokeModel",
        "[-+] key /stop: (str|NoneType)",
        "the recorded answer ended at a stop sequence, ours at its limit",
    ),
    Difference(
        3,
        "InvokeModel",
        r"- key /(prompt|completions\[\]/data)/tokens\[\]/.*",
        "Jurassic-2 told the tokens of its texts and how likely each was; here the list is empty",
    ),
    Difference(
        3,
        "InvokeModel",
        r"\+ key /completions\[\]/finishReason/length: int",
        "Jurassic-2 says how long an answer is that ended at its limit, and the recorded ones ended by themselves",
    ),
]


@pytest.fixture(scope="module")
def golden(default_model: str, library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server in the recordings' account, where the default model answers for every model of a provider."""
    home = tmp_path_factory.mktemp("golden") / "home"
    home.mkdir()
    (home / "models").symlink_to(library.root)
    (home / "craton.toml").write_text(f'account = "{ACCOUNT}"\n')
    with Server(home, "--stand-in", f"*.*={default_model}") as running:
        # Load the model now, with the patience of a client: on a busy machine that takes longer than an answer.
        message = {"role": "user", "content": [{"text": "Hi"}]}
        runtime = running.client("bedrock-runtime")
        runtime.converse(modelId=default_model, messages=[message], inferenceConfig={"maxTokens": 1})
        yield running


@pytest.fixture(scope="module")
def playing(shared_data: Path, library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server in the recordings' account, where a script answers in kind what was recorded of requests with tools or
    guardrails.
    """
    home = tmp_path_factory.mktemp("playing") / "home"
    rules = [
        guardrails.rule(each, _mark(number))
        if guardrails.asks(each)
        else recordings.rule(each["response"], _mark(number))
        for number, each in enumerate(recordings.load(shared_data))
        if _is_played(each)
    ]
    model = scripted.install(home, script={"rules": rules})
    pulled(library, guardrails.VECTORS)
    guardrails.lend(library, home)
    guardrails.make(home, ACCOUNT)
    (home / "craton.toml").write_text(f'account = "{ACCOUNT}"\n')
    with Server(home, "--stand-in", f"*.*={model}") as running:
        yield running


def _mark(number: int) -> str:
    return f"recording-{number}-"


def _is_played(record: Record) -> bool:
    return guardrails.asks(record) or recordings.has_tools(record["request"]["body"].get("body", {}))


def send(server: Server, record: Record, body: bytes) -> Reply:
    sent = record["request"]
    headers = tuple((name.lower(), value) for name, value in sent["headers"] if SENT.fullmatch(name.lower()))
    return exchange(server, signed(server, Request(sent["method"], sent["path"], sent["query"], headers, body)))


def asked(number: int, record: Record) -> bytes:
    body = record["request"]["body"].get("body")
    if body is None:
        return b""
    if _is_played(record):
        return json.dumps(recordings.marked(body, _mark(number))).encode()
    return json.dumps(recordings.shortened(body)).encode()


def test_answers_are_as_recorded(golden: Server, playing: Server, shared_data: Path) -> None:
    records = recordings.load(shared_data)
    refused: Counter[Refusal] = Counter()
    explained: Counter[tuple[Difference, str]] = Counter()
    differing = 0
    wrong: list[str] = []
    for number, record in enumerate(records):
        reply = send(playing if _is_played(record) else golden, record, asked(number, record))
        if record["response"]["status"] == 200 and (refusal := _refusal(reply)):
            refused[refusal] += 1
            continue
        rows = set()
        for difference in recordings.differences(record, reply):
            row = next((each for each in EXPLAINED if _explains(each, record, difference)), None)
            if row:
                rows.add(row)
            else:
                wrong.append(f"{record['id']}: {difference} {reply.body[:200]!r}")
        explained.update((row, record["operation"]) for row in rows)
        differing += bool(rows)
    assert not wrong, "\n".join(wrong)
    assert {each: refused[each] for each in REFUSED} == {each: each.times for each in REFUSED}
    for (row, operation), count in explained.items():
        assert count == row.times, (row, operation)
    assert {row for row, _ in explained} == set(EXPLAINED)
    assert (len(records), refused.total(), differing) == (163, 3, 52)


def _refusal(reply: Reply) -> Refusal | None:
    if reply.status == 200:
        return None
    told = (reply.status, reply.error)
    found = (each for each in REFUSED if told == each[1:3] and re.search(each.message, reply.json["message"]))
    return next(found, None)


def _explains(row: Difference, record: Record, difference: str) -> bool:
    return bool(re.fullmatch(row.operation, record["operation"]) and re.fullmatch(row.pattern, difference))
