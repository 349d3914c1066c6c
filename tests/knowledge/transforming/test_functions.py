"""Functions of the operator's transform chunks as AWS's Lambda functions do: the same event, files and S3 clients."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from craton.knowledge.chunking.pieces import Piece
from craton.knowledge.records import PAGE_NUMBER, Base, Source
from craton.knowledge.transforming.functions import Functions
from craton.knowledge.transforming.passages import Original, Passage, TransformationFailure
from craton.store.blobs import Blobs
from craton.store.records import Document, Scope
from craton.store.vectors.records import Value

ACCOUNT = "123456789012"
ARN = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:chunks"
# As AWS's own example reads and writes the files of chunks.
HANDLER = """
import json
import boto3

def handler(event, context):
    s3 = boto3.client("s3")
    bucket = event["bucketName"]
    print("what is printed must not disturb the answer")
    output = []
    for file in event["inputFiles"]:
        batches = []
        for batch in file["contentBatches"]:
            body = s3.get_object(Bucket=bucket, Key=batch["key"])["Body"].read()
            contents = json.loads(body)["fileContents"]
            made = [
                {
                    "contentBody": part.strip(),
                    "contentType": content["contentType"],
                    "contentMetadata": {**content["contentMetadata"], "place": place, "final": True},
                }
                for content in contents
                for place, part in enumerate(content["contentBody"].split("/"))
            ]
            key = "Output/" + batch["key"]
            s3.put_object(Bucket=bucket, Key=key, Body=json.dumps({"fileContents": made}))
            batches.append({"key": key})
        output.append({**file, "contentBatches": batches})
    return {"outputFiles": output}
"""


def source() -> Source:
    return Source(Base(Scope(ACCOUNT, "us-east-1"), document("BASE")), document("BASE/SOURCE"))


def document(id: str) -> Document:
    now = datetime.now(UTC)
    return Document("any", id, "DRAFT", 1, {}, now, now, "", f"arn:any:{id}", 1)


class Given:
    """A function in a file, and what it makes of chunks."""

    def __init__(self, folder: Path, code: str, seconds: float = 60.0) -> None:
        file = folder / "functions" / "chunks.py"
        file.parent.mkdir()
        file.write_text(code)
        self.blobs = Blobs(folder, ACCOUNT)
        self.home = folder
        self.functions = Functions(self.blobs, {ARN: f"{file}:handler"}, (), seconds)

    async def made(
        self, passages: Sequence[Passage], metadata: Mapping[str, Value] | None = None, *, arn: str = ARN
    ) -> list[Passage]:
        configuration = {
            "intermediateStorage": {"s3Location": {"uri": "s3://between/chunks/"}},
            "transformations": [
                {
                    "stepToApply": "POST_CHUNKING",
                    "transformationFunction": {"transformationLambdaConfiguration": {"lambdaArn": arn}},
                }
            ],
        }
        uri = "s3://documents/folder/Bericht 1.pdf"
        original = Original(uri, {"type": "S3", "s3Location": {"uri": uri}}, metadata or {})
        return await self.functions.transformed(source(), configuration, "JOB", original, passages)


def texts(*of: str) -> list[Passage]:
    return [Passage(Piece(text)) for text in of]


async def test_a_function_written_for_aws_splits_and_describes_chunks(tmp_path: Path) -> None:
    made = await Given(tmp_path, HANDLER).made([Passage(Piece("eins/zwei", 3)), Passage(Piece("drei", 4))])
    assert [passage.piece for passage in made] == [Piece("eins", 3), Piece("zwei", 3), Piece("drei", 4)]
    assert [passage.metadata for passage in made] == [
        {"place": 0.0, "final": True},
        {"place": 1.0, "final": True},
        {"place": 0.0, "final": True},
    ]


async def test_a_function_says_nothing_in_the_name_of_the_service(tmp_path: Path) -> None:
    code = HANDLER.replace('"final": True', '"craton:allowed": ["eve@example.com"], "x-amz-bedrock-kb-chunk-id": "1"')
    (made,) = await Given(tmp_path, code).made(texts("eins"))
    assert made.metadata == {"place": 0.0}


async def test_the_event_and_the_files_are_as_documented(tmp_path: Path) -> None:
    code = HANDLER.replace(
        "    output = []", f"    json.dump(event, open({str(tmp_path / 'event')!r}, 'w'))\n    output = []"
    )
    code = code.replace(
        "            contents =",
        f"            open({str(tmp_path / 'file')!r}, 'wb').write(body)\n            contents =",
    )
    await Given(tmp_path, code).made([Passage(Piece("eins", 3))], {"team": "blau", "craton:allowed": ["x"]})
    event = json.loads((tmp_path / "event").read_text())
    (key,) = (batch["key"] for batch in event["inputFiles"][0]["contentBatches"])
    assert key.startswith("chunks/aws/bedrock/knowledge_bases/BASE/SOURCE/JOB/Bericht_1_")
    assert event == {
        "version": "1.0",
        "knowledgeBaseId": "BASE",
        "dataSourceId": "SOURCE",
        "ingestionJobId": "JOB",
        "bucketName": "between",
        "priorTask": "CHUNKING",
        "inputFiles": [
            {
                "originalFileLocation": {
                    "type": "S3",
                    "s3_location": {"uri": "s3://documents/folder/Bericht 1.pdf"},
                },
                "fileMetadata": {"team": "blau"},
                "contentBatches": [{"key": key}],
            }
        ],
    }
    assert json.loads((tmp_path / "file").read_bytes()) == {
        "fileContents": [{"contentBody": "eins", "contentType": "TEXT", "contentMetadata": {PAGE_NUMBER: 3}}]
    }


async def test_chunks_keep_the_attributes_of_their_document_and_their_own_win(tmp_path: Path) -> None:
    (made,) = await Given(tmp_path, HANDLER).made(texts("eins"), {"place": 9.0, "team": "blau"})
    assert made.metadata == {"team": "blau", "place": 0.0, "final": True}


async def test_many_chunks_go_in_several_files_and_keep_their_order(tmp_path: Path) -> None:
    given = [str(number) for number in range(1200)]
    made = await Given(tmp_path, HANDLER).made(texts(*given))
    assert [passage.piece.text for passage in made] == given


async def test_nothing_is_left_in_the_bucket(tmp_path: Path) -> None:
    given = Given(tmp_path, HANDLER)
    await given.made(texts("eins"))
    assert [blob async for blob in given.blobs.list("s3://between/", account=ACCOUNT)] == []


async def test_what_a_function_raises_is_the_reason(tmp_path: Path) -> None:
    given = Given(tmp_path, "def handler(event, context):\n    raise ValueError('no such customer')\n")
    with pytest.raises(TransformationFailure, match=r"ValueError: no such customer \(chunks.py, line 2\)"):
        await given.made(texts("eins"))


async def test_a_function_that_ends_its_process_fails_with_what_it_printed(tmp_path: Path) -> None:
    given = Given(
        tmp_path, "import os\ndef handler(event, context):\n    print('so it goes', flush=True)\n    os._exit(3)\n"
    )
    with pytest.raises(TransformationFailure, match=r"ended without an answer.*so it goes"):
        await given.made(texts("eins"))


async def test_a_function_that_does_not_end_is_ended(tmp_path: Path) -> None:
    code = """
import subprocess, time

def handler(event, context):
    subprocess.Popen(["sleep", "600"])
    time.sleep(600)
"""
    with pytest.raises(TransformationFailure, match=r"did not answer within 0.5 seconds"):
        await Given(tmp_path, code, 0.5).made(texts("eins"))


async def test_what_a_function_leaves_running_does_not_hold_up_its_answer(tmp_path: Path) -> None:
    start = "    s3 = boto3"
    code = HANDLER.replace(start, f"    __import__('subprocess').Popen(['sleep', '600'])\n{start}", 1)
    (made,) = await Given(tmp_path, code).made(texts("eins"))
    assert made.piece.text == "eins"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("def handler(event, context):\n    return {'done': True}\n", "did not answer with 'outputFiles'"),
        ("def handler(event, context):\n    return object()\n", "not JSON serializable"),
        ("def other(event, context):\n    return {}\n", "has no attribute 'handler'"),
        ("def handler(:\n", "SyntaxError"),
        (
            "def handler(event, context):\n    return {'outputFiles': [{'contentBatches': [{'key': 'none.json'}]}]}\n",
            "intermediate storage of the transformation failed.*none.json",
        ),
        (HANDLER.replace('"contentBody": part', '"contentText": part'), "cannot be read"),
        (HANDLER.replace('content["contentType"]', '"PDF"'), "of the type 'PDF'"),
        (HANDLER.replace('"final": True', '"final": {"a": 1}'), "the attribute 'final' the value"),
        (HANDLER.replace('"final": True', '"final": 10**400'), "the attribute 'final' the value"),
        (HANDLER.replace('"contentMetadata": {', '"contentMetadata": ["a"] or {'), "cannot be read"),
        (HANDLER.replace("json.dumps({", "'Ä'.encode('latin-1') or ({"), "cannot be read"),
        (HANDLER.replace('json.dumps({"fileContents": made})', "'[' * 9000"), "cannot be read"),
        (HANDLER.replace("{**file,", '{**file, "fileMetadata": {"a": float("nan")},'), "answered what is no JSON"),
    ],
)
async def test_a_wrong_answer_is_told(tmp_path: Path, code: str, message: str) -> None:
    with pytest.raises(TransformationFailure, match=message):
        await Given(tmp_path, code).made(texts("eins"))


async def test_a_function_that_is_named_no_more_is_told(tmp_path: Path) -> None:
    with pytest.raises(TransformationFailure, match="has no function 'arn:gone' any more"):
        await Given(tmp_path, HANDLER).made(texts("eins"), arn="arn:gone")


async def test_a_function_reaches_no_other_bucket(tmp_path: Path) -> None:
    given = Given(tmp_path, HANDLER.replace('Bucket=bucket, Key=batch["key"]', 'Bucket="secret", Key="file"'))
    await given.blobs.write("s3://secret/file", b"{}", account=ACCOUNT)
    with pytest.raises(TransformationFailure, match="NoSuchBucket"):
        await given.made(texts("eins"))


async def test_chunks_that_a_function_empties_are_left_out(tmp_path: Path) -> None:
    made = await Given(tmp_path, HANDLER).made(texts("eins/ /zwei"))
    assert [passage.piece.text for passage in made] == ["eins", "zwei"]
