"""Documents, citations and stored objects as boto3 sends them to a model of text."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import scripted
from tests.documents import makers
from tests.runtime.content.test_images import PNG
from tests.serving import Server

SOURCE = "The grass is green and soft. The sky is blue most of the day."
CITING = "Of course. Grass is green [1]. What else?"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose model cites the first passage when asked to."""
    home = tmp_path_factory.mktemp("attachments") / "home"
    rules = [{"match": "cite", "text": CITING}, {"text": "It says hello."}]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scripted, "RULES", rules)
        scripted.install(home)
    with Server(home) as running:
        yield running


@pytest.fixture(scope="module")
def runtime(server: Server) -> Any:
    return server.client("bedrock-runtime")


def turn(*content: dict[str, Any], text: str = "What does it say?") -> dict[str, Any]:
    return {"modelId": scripted.MODEL, "messages": [{"role": "user", "content": [*content, {"text": text}]}]}


def document(data: bytes, format: str = "txt", **more: Any) -> dict[str, Any]:
    return {"document": {"name": "Report", "format": format, "source": {"bytes": data}} | more}


@pytest.mark.parametrize(
    ("format", "data"),
    [
        ("txt", b"hello"),
        ("md", b"# hello"),
        ("csv", b"a,hello"),
        ("html", b"<p>hello"),
        ("pdf", makers.pdf(["hello"])),
        ("docx", makers.docx(["hello"])),
        ("doc", makers.doc("hello\r")),
        ("xlsx", makers.xlsx([["hello"]])),
        ("xls", makers.xls([["hello"]])),
    ],
)
def test_a_model_of_text_takes_documents_of_every_format(runtime: Any, format: str, data: bytes) -> None:
    answer = runtime.converse(**turn(document(data, format)))
    assert answer["output"]["message"]["content"] == [{"text": "It says hello."}]


def test_what_a_document_says_is_counted(runtime: Any) -> None:
    long, short = (runtime.converse(**turn(document(b"hello " * times)))["usage"]["inputTokens"] for times in (200, 1))
    assert long > short + 150
    counted = runtime.count_tokens(
        modelId=scripted.MODEL, input={"converse": {"messages": turn(document(b"hello " * 200))["messages"]}}
    )
    assert counted["inputTokens"] == long


def test_citations(runtime: Any) -> None:
    cited = document(SOURCE.encode(), citations={"enabled": True})
    assert runtime.converse(**turn(cited, text="Please cite."))["output"]["message"]["content"] == [
        {"text": "Of course. "},
        {
            "citationsContent": {
                "content": [{"text": "Grass is green."}],
                "citations": [
                    {
                        "title": "Report",
                        "sourceContent": [{"text": "The grass is green and soft. "}],
                        "location": {"documentChar": {"documentIndex": 0, "start": 0, "end": 29}},
                    }
                ],
            }
        },
        {"text": " What else?"},
    ]


def test_citations_in_a_stream(runtime: Any) -> None:
    cited = document(makers.pdf(["Cover.", SOURCE]), "pdf", citations={"enabled": True})
    events = list(runtime.converse_stream(**turn(cited, text="Please cite."))["stream"])
    deltas = [event["contentBlockDelta"] for event in events if "contentBlockDelta" in event]
    (citation,) = [delta for delta in deltas if "citation" in delta["delta"]]
    assert citation["contentBlockIndex"] == 1
    assert citation["delta"]["citation"]["location"] == {"documentPage": {"documentIndex": 0, "start": 1, "end": 2}}
    assert "".join(delta["delta"].get("text", "") for delta in deltas) == "Of course. Grass is green. What else?"
    assert "metadata" in events[-1]


def test_marks_stay_where_no_citations_were_asked_for(runtime: Any) -> None:
    answer = runtime.converse(**turn(document(SOURCE.encode()), text="Please cite."))
    assert answer["output"]["message"]["content"] == [{"text": CITING}]


def test_an_answer_with_citations_may_be_sent_back(runtime: Any) -> None:
    cited = document(SOURCE.encode(), citations={"enabled": True})
    first = turn(cited, text="Please cite.")
    answer = runtime.converse(**first)["output"]["message"]
    again = [*first["messages"], answer, {"role": "user", "content": [{"text": "And now?"}]}]
    assert runtime.converse(modelId=scripted.MODEL, messages=again)["stopReason"] == "end_turn"


def test_objects_in_a_bucket(runtime: Any, server: Server) -> None:
    bucket = server.home / "buckets" / "files"
    bucket.mkdir(parents=True)
    (bucket / "a.pdf").write_bytes(makers.pdf(["hello"]))
    stored = {"source": {"s3Location": {"uri": "s3://files/a.pdf"}}}
    assert runtime.converse(**turn(document(b"x", "pdf", **stored)))["stopReason"] == "end_turn"


@pytest.mark.parametrize(
    ("content", "code", "reason"),
    [
        (
            [{"image": {"format": "png", "source": {"bytes": PNG}}}],
            "ValidationException",
            "This model doesn't support the image content block that you provided. "
            "Update the content block and try again.",
        ),
        (
            [{"video": {"format": "mp4", "source": {"bytes": b"x"}}}],
            "ValidationException",
            "This model doesn't support the video content block that you provided. "
            "Update the content block and try again.",
        ),
        (
            [document(b"a"), document(b"b")],
            "ValidationException",
            "Messages can't contain duplicate document names. Rename the document and retry your request.",
        ),
        (
            [document(b"no pdf", "pdf")],
            "ValidationException",
            "The document 'Report' cannot be read as pdf: the file is damaged, or has another format than it is said "
            "to have.",
        ),
        (
            [document(b"x", source={"s3Location": {"uri": "s3://files/none"}})],
            "ValidationException",
            "There is no object 's3://files/none'.",
        ),
        (
            [document(b"x", source={"s3Location": {"uri": "s3://files/a", "bucketOwner": "999999999999"}})],
            "AccessDeniedException",
            "The bucket of 's3://files/a' belongs to the account '999999999999', and '123456789012' may read and write "
            "only its own.",
        ),
    ],
)
def test_what_is_refused(runtime: Any, content: list[dict[str, Any]], code: str, reason: str) -> None:
    for call in (runtime.converse, runtime.converse_stream):
        with pytest.raises(runtime.exceptions.ClientError) as refused:
            call(**turn(*content))
        assert refused.value.response["Error"] == {"Code": code, "Message": reason}
