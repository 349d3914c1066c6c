"""Documents, images and stored objects on their way to a model: what becomes of them, and what is refused."""

import time
from pathlib import Path
from typing import Any

import pytest

from craton.config import S3Settings
from craton.core.context import Context
from craton.documents.parser import Parser
from craton.errors import AccessDeniedException, ApiError, ServiceUnavailableException, ValidationException
from craton.models.catalogue import EngineChoice, File, Modality, Model
from craton.runtime.content.content import DOCUMENT_BYTES, INSTRUCTION, MOST_READ, Content, check, ready
from craton.store.blobs import Blobs
from tests.documents import makers
from tests.runtime.content.test_images import PNG

OWN, OTHER = "123456789012", "999999999999"
CTX = Context(OWN, "us-east-1", f"arn:aws:iam::{OWN}:root", "r")
PARSER = Parser()


def model(*input: Modality, local: bool = True, context: int = 2048) -> Model:
    return Model(
        id="local.tiny-v1:0",
        short="tiny",
        name="Tiny",
        provider="Test",
        family="openai_chat",
        licence="MIT",
        input=input or ("TEXT",),
        output=("TEXT",),
        context_length=context,
        max_output_tokens=256,
        engines=(EngineChoice("llamacpp"),),
        files=(File("model", "m.gguf", 1, "0"),) if local else (),
    )


TEXT = model()
SEEING = model("TEXT", "IMAGE")
ALL = model("TEXT", "IMAGE", "DOCUMENT", "VIDEO", "AUDIO", local=False)


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path, OWN)


def user(*content: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": list(content)}


def document(name: str = "Report", **more: Any) -> dict[str, Any]:
    return {"document": {"name": name, "format": "txt", "source": {"bytes": b"The grass is green."}} | more}


def image(data: bytes = PNG, format: str = "png") -> dict[str, Any]:
    return {"image": {"format": format, "source": {"bytes": data}}}


def stored(uri: str, **more: Any) -> dict[str, Any]:
    return {"source": {"s3Location": {"uri": uri, **more}}}


async def readied(blobs: Blobs, messages: list[dict[str, Any]], to: Model = TEXT, ctx: Context = CTX) -> Content:
    return await ready({"messages": messages, "system": [{"text": "Be kind."}]}, to, ctx, blobs, PARSER)


async def blocks(blobs: Blobs, *content: dict[str, Any], to: Model = TEXT) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await readied(blobs, [user(*content)], to)).turn["messages"][0]["content"]
    return found


QUESTION = {"text": "What is this?"}
RESULT = {"searchResult": {"title": "Moss", "source": "https://example.com", "content": [{"text": "A"}, {"text": "B"}]}}
CITED = {"citations": {"enabled": True}}
LOCATION = {"documentChar": {"documentIndex": 1, "start": 0, "end": 19}}
GREEN = {"text": '\n<document name="Report">\nThe grass is green.\n</document>\n\n'}


class TestText:
    async def test_a_turn_of_text_is_passed_on_as_it_is(self, blobs: Blobs) -> None:
        turn = {"messages": [user(QUESTION, {"cachePoint": {"type": "default"}})], "inferenceConfig": {"maxTokens": 5}}
        content = await ready(turn, TEXT, CTX, blobs, PARSER)
        assert content.turn is turn
        assert not content.passages

    async def test_the_rest_of_a_turn_stays(self, blobs: Blobs) -> None:
        content = await readied(blobs, [user(QUESTION, document()), {"role": "assistant", "content": [QUESTION]}])
        assert content.turn == {
            "messages": [user(QUESTION, GREEN), {"role": "assistant", "content": [QUESTION]}],
            "system": [{"text": "Be kind."}],
        }


class TestDocuments:
    @pytest.mark.parametrize(
        ("source", "text"),
        [
            ({"source": {"text": "Just text."}}, "Just text."),
            ({"source": {"content": [{"text": "One."}, {"text": "Two."}]}}, "One.\n\nTwo."),
            ({"format": "pdf", "source": {"bytes": makers.pdf(["First.", "Second."])}}, "First.\n\nSecond."),
            ({"format": "docx", "source": {"bytes": makers.docx(["Dear R&D"])}}, "Dear R&D"),
            ({"context": "From Ada.", "source": {"text": "Hi."}}, "<context>From Ada.</context>\nHi."),
        ],
    )
    async def test_become_text_with_their_name(self, blobs: Blobs, source: dict[str, Any], text: str) -> None:
        assert await blocks(blobs, document(**source), QUESTION) == [
            {"text": f'\n<document name="Report">\n{text}\n</document>\n\n'},
            QUESTION,
        ]

    async def test_of_a_tool_become_text_too(self, blobs: Blobs) -> None:
        result = {"toolResult": {"toolUseId": "t", "status": "success", "content": [{"json": {}}, document()]}}
        assert await blocks(blobs, result) == [
            {"toolResult": {"toolUseId": "t", "status": "success", "content": [{"json": {}}, GREEN]}}
        ]

    async def test_are_left_to_a_model_that_reads_them(self, blobs: Blobs) -> None:
        cited = document(citations={"enabled": True}, format="pdf", source={"bytes": b"%PDF"})
        assert await blocks(blobs, cited, QUESTION, to=ALL) == [cited, QUESTION]

    async def test_there_are_only_so_many(self, blobs: Blobs) -> None:
        """Converse takes five; other APIs have no limit, and each document may take a while to read."""
        many = [document(f"Report {number}") for number in range(MOST_READ + 1)]
        await blocks(blobs, *many[1:])
        with pytest.raises(ValidationException, match="more than 100 documents"):
            await blocks(blobs, *many)

    async def test_that_cannot_be_read_are_told_of(self, blobs: Blobs) -> None:
        with pytest.raises(ValidationException, match="'Report' cannot be read as pdf: the file is damaged"):
            await blocks(blobs, document(format="pdf", source={"bytes": b"x"}), QUESTION)

    async def test_that_are_too_large(self, blobs: Blobs) -> None:
        with pytest.raises(ValidationException, match=r"The maximum document size is 4\.5 MB"):
            await blocks(blobs, document(source={"bytes": b"x" * (DOCUMENT_BYTES + 1)}), QUESTION)
        with pytest.raises(
            ValidationException, match=r"Input is too long for requested model: the documents have 16385"
        ):
            await blocks(blobs, document(source={"text": "x" * (8 * 2048 + 1)}), QUESTION)
        assert await blocks(blobs, document(source={"text": "x" * 20000}), QUESTION, to=model(context=0))


class TestSearchResults:
    async def test_become_text(self, blobs: Blobs) -> None:
        (block,) = await blocks(blobs, RESULT)
        assert block["text"].split("\n")[1:4] == [
            "<search_result>",
            "<title>Moss</title>",
            "<source>https://example.com</source>",
        ]
        assert "\nA\n\nB\n" in block["text"]

    async def test_are_numbered_where_they_are_to_be_cited(self, blobs: Blobs) -> None:
        cited = {"searchResult": {**RESULT["searchResult"], "citations": {"enabled": True}}}
        result = {"toolResult": {"toolUseId": "t", "content": [cited]}}
        content = await readied(blobs, [user(result, QUESTION)])
        parts = content.turn["messages"][0]["content"][0]["toolResult"]["content"]
        assert "\n[1] A\n[2] B\n" in parts[0]["text"]
        assert parts[1:] == [{"text": INSTRUCTION}]
        assert content.turn["messages"][0]["content"][1:] == [QUESTION]
        assert [passage.source for passage in content.passages] == ["https://example.com"] * 2


class TestCitations:
    async def test_passages_are_numbered_through_all_documents(self, blobs: Blobs) -> None:
        source = {"content": [{"text": "Moss is soft."}, {"text": "Stone is hard."}]}
        documents = (document("Plain"), document("Grass", **CITED), document("Moss", source=source, **CITED))
        content = await readied(blobs, [user(*documents, QUESTION)])
        texts = [block["text"] for block in content.turn["messages"][0]["content"]]
        assert texts[1] == '\n<document name="Grass">\n[1] The grass is green.\n</document>\n\n'
        assert texts[2] == '\n<document name="Moss">\n[2] Moss is soft.\n[3] Stone is hard.\n</document>\n\n'
        assert texts[3:] == [INSTRUCTION, QUESTION["text"]]
        assert [(passage.title, passage.text, passage.location) for passage in content.passages] == [
            ("Grass", "The grass is green.", LOCATION),
            ("Moss", "Moss is soft.", {"documentChunk": {"documentIndex": 2, "start": 0, "end": 1}}),
            ("Moss", "Stone is hard.", {"documentChunk": {"documentIndex": 2, "start": 1, "end": 2}}),
        ]

    async def test_earlier_answers_are_shown_as_the_model_wrote_them(self, blobs: Blobs) -> None:
        cited = {"content": [{"text": "Green."}], "citations": [{"title": "Grass", "location": LOCATION}]}
        asked = user(document("Plain"), document("Grass", **CITED), QUESTION)
        answer = {"role": "assistant", "content": [{"citationsContent": cited}]}
        content = await readied(blobs, [asked, answer, user(QUESTION)])
        assert content.turn["messages"][1]["content"] == [{"text": "Green. [1]"}]
        content = await readied(blobs, [user(QUESTION), answer, user(QUESTION)])
        assert content.turn["messages"][1]["content"] == [{"text": "Green."}]

    async def test_many_of_them_take_no_time(self, blobs: Blobs) -> None:
        """Each is looked up among all passages."""
        source = {"content": [{"text": "a"}] * 3000}
        location = {"documentChunk": {"documentIndex": 0, "start": 2999, "end": 3000}}
        block = {"citationsContent": {"content": [{"text": "x"}], "citations": [{"location": location}] * 30_000}}
        answer = {"role": "assistant", "content": [block]}
        started = time.process_time()
        content = await readied(blobs, [user(document(source=source, **CITED), QUESTION), answer, user(QUESTION)])
        assert content.turn["messages"][1]["content"] == [{"text": "x [3000]"}]
        assert time.process_time() - started < 2

    async def test_what_cannot_fit_is_refused_before_it_is_taken_apart(self, blobs: Blobs) -> None:
        started = time.process_time()
        with pytest.raises(ValidationException, match="Input is too long"):
            await readied(blobs, [user(document(source={"bytes": b"A b. " * 900_000}, **CITED), QUESTION)])
        assert time.process_time() - started < 0.5

    async def test_not_in_the_results_of_tools(self, blobs: Blobs) -> None:
        result = {"toolResult": {"toolUseId": "t", "content": [document(**CITED)]}}
        with pytest.raises(ValidationException, match="Citations are not supported in tool result documents"):
            await blocks(blobs, result)


class TestImages:
    @pytest.mark.parametrize(
        "block",
        [
            image(),
            {"guardContent": {"image": {"format": "png", "source": {"bytes": PNG}}}},
            {"toolResult": {"toolUseId": "t", "content": [image()]}},
        ],
    )
    async def test_a_model_of_text_refuses_them_as_the_service_does(self, blobs: Blobs, block: dict[str, Any]) -> None:
        with pytest.raises(ValidationException) as refused:
            await blocks(blobs, block, QUESTION)
        assert refused.value.message == (
            "This model doesn't support the image content block that you provided. "
            "Update the content block and try again."
        )
        assert await blocks(blobs, block, QUESTION, to=SEEING) == [block, QUESTION]

    @pytest.mark.parametrize(
        ("block", "reason"),
        [
            (image(PNG, "jpeg"), "does not match the specified image format"),
            (image(PNG[:16] + b"\0\0\x1f\x41" + PNG[20:]), "Image exceeds max pixels allowed"),
            (image(PNG + bytes(4 << 20)), "The maximum image size is 3"),
        ],
    )
    async def test_limits_of_local_models(self, blobs: Blobs, block: dict[str, Any], reason: str) -> None:
        with pytest.raises(ValidationException, match=reason):
            await blocks(blobs, block, QUESTION, to=SEEING)
        assert await blocks(blobs, block, QUESTION, to=ALL) == [block, QUESTION]

    @pytest.mark.parametrize("kind", ["video", "audio"])
    async def test_film_and_sound_go_only_to_models_that_take_them(self, blobs: Blobs, kind: str) -> None:
        block = {kind: {"format": "mp4", "source": {"bytes": b"x"}}}
        with pytest.raises(ValidationException, match=f"This model doesn't support the {kind} content block"):
            await blocks(blobs, block, QUESTION, to=SEEING)
        assert await blocks(blobs, block, QUESTION, to=ALL) == [block, QUESTION]


class TestObjects:
    async def test_are_fetched(self, blobs: Blobs) -> None:
        await blobs.write("s3://files/a.txt", b"The grass is green.", account=OWN)
        await blobs.write("s3://files/a.png", PNG, account=OWN)
        assert await blocks(blobs, document(**stored("s3://files/a.txt")), QUESTION) == [GREEN, QUESTION]
        picture = {"image": {"format": "png", **stored("s3://files/a.png", bucketOwner=OWN)}}
        assert await blocks(blobs, picture, QUESTION, to=SEEING) == [image(), QUESTION]
        film = {"video": {"format": "mp4", **stored("s3://files/a.png")}}
        assert await blocks(blobs, film, to=ALL) == [{"video": {"format": "mp4", "source": {"bytes": PNG}}}]

    @pytest.mark.parametrize(
        ("place", "error", "reason"),
        [
            ({"uri": "s3://files/missing"}, ValidationException, "There is no object 's3://files/missing'"),
            ({"uri": "s3://files/../../x"}, ValidationException, "names no object"),
            ({"uri": "s3://files/empty"}, ValidationException, "'s3://files/empty' is empty"),
            ({"uri": "s3://files/large"}, ValidationException, "is larger than 4718592 bytes"),
            ({"uri": "s3://files/a.txt", "bucketOwner": OTHER}, AccessDeniedException, "belongs to the account '9999"),
        ],
    )
    async def test_that_cannot_be_had(
        self, blobs: Blobs, place: dict[str, str], error: type[ApiError], reason: str
    ) -> None:
        for key, data in (("a.txt", b"a"), ("empty", b""), ("large", bytes(DOCUMENT_BYTES + 1))):
            await blobs.write(f"s3://files/{key}", data, account=OWN)
        with pytest.raises(error, match=reason):
            await blocks(blobs, document(source={"s3Location": place}), QUESTION)

    async def test_of_another_account_are_as_if_they_were_not(self, blobs: Blobs) -> None:
        await blobs.write("s3://files/a.txt", b"secret", account=OWN)
        stranger = Context(OTHER, "us-east-1", f"arn:aws:iam::{OTHER}:root", "r")
        with pytest.raises(ValidationException, match="There is no object"):
            await readied(blobs, [user(document(**stored("s3://files/a.txt")), QUESTION)], ctx=stranger)

    async def test_a_store_that_fails(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATHESTORES")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        gone = Blobs(tmp_path, OWN, S3Settings(buckets={"*": OWN}, endpoint="https://127.0.0.1:1", region="eu-west-1"))
        with pytest.raises(ServiceUnavailableException, match="cannot be read or written now"):
            await blocks(gone, document(**stored("s3://files/a.txt")), QUESTION)


class TestRules:
    """What Converse forbids whatever the model."""

    @pytest.mark.parametrize(
        ("messages", "reason"),
        [
            ([user(document())], "A text block must be included when using documents"),
            ([user(QUESTION), user(document())], "A text block must be included when using documents"),
            ([user(QUESTION, *map(document, "abcdef"))], "You can't include more than 5 documents in a request"),
            ([user(QUESTION, document("a")), user(QUESTION, document("a"))], "can't contain duplicate document names"),
            ([user(QUESTION, document("report.pdf"))], "The document file name can only contain"),
            ([user(QUESTION, document("two  spaces"))], "The document file name can only contain"),
            ([user(QUESTION, document("全角"))], "The document file name can only contain"),
            (
                [user({"toolResult": {"toolUseId": "t", "content": [document("a/b")]}})],
                "The document file name can only contain",
            ),
            ([user(QUESTION, *[image()] * 21)], "You can't include more than 20 images in a request"),
        ],
    )
    def test_are_kept_in_the_words_of_the_service(self, messages: list[dict[str, Any]], reason: str) -> None:
        with pytest.raises(ValidationException, match=reason):
            check(messages)

    def test_what_they_allow(self) -> None:
        check([user(QUESTION, *map(document, ("a_b", "a b", "x-y (1) [2]", " lead", "trail ")), *[image()] * 20)])
        check([user({"toolResult": {"toolUseId": "t", "content": [document()]}})])
