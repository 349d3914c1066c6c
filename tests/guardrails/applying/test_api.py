"""ApplyGuardrail and InvokeGuardrailChecks, as boto3 calls them."""

import struct
import zlib
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError
from prometheus_client.parser import text_string_to_metric_families

from craton.guardrails.applying.api import MOST_CHARACTERS, MOST_IMAGE_BYTES, MOST_IMAGES
from craton.guardrails.guardrails import UNKNOWN
from tests.fronts import Account, stranger_on
from tests.guardrails.making import SAID, named
from tests.serving import Server

HOUSE: dict[str, Any] = {
    "wordPolicyConfig": {
        "wordsConfig": [{"text": "durian"}, {"text": "jackfruit", "inputAction": "NONE", "outputEnabled": False}]
    },
    "sensitiveInformationPolicyConfig": {
        "piiEntitiesConfig": [
            {"type": "EMAIL", "action": "ANONYMIZE"},
            {"type": "IP_ADDRESS", "action": "BLOCK", "inputAction": "NONE"},
        ],
        "regexesConfig": [{"name": "ticket", "pattern": r"T-\d{6}", "action": "ANONYMIZE"}],
    },
}


@pytest.fixture(scope="module")
def guardrail(scripted_server: Server) -> str:
    made = scripted_server.client("bedrock").create_guardrail(**named(**HOUSE))
    return str(made["guardrailId"])


@pytest.fixture(scope="module")
def runtime(scripted_server: Server) -> Any:
    return scripted_server.client("bedrock-runtime")


def text(text: str, *qualifiers: str) -> dict[str, Any]:
    return {"text": {"text": text} | ({"qualifiers": [*qualifiers]} if qualifiers else {})}


def image(data: bytes) -> dict[str, Any]:
    return {"image": {"format": "png", "source": {"bytes": data}}}


def picture() -> bytes:
    """The smallest PNG there is."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def applied(runtime: Any, guardrail: str, *content: dict[str, Any], source: str = "INPUT", **more: Any) -> Any:
    more = {"guardrailVersion": "DRAFT"} | more
    return runtime.apply_guardrail(guardrailIdentifier=guardrail, source=source, content=[*content], **more)


def test_what_is_harmless_passes(runtime: Any, guardrail: str) -> None:
    answer = applied(runtime, guardrail, text("An apple a day."))
    assert (answer["action"], answer["actionReason"], answer["outputs"]) == ("NONE", "No action.", [])
    assert answer["guardrailCoverage"] == {"textCharacters": {"guarded": 15, "total": 15}}
    assert answer["usage"]["wordPolicyUnits"] == 1
    assert answer["usage"]["sensitiveInformationPolicyUnits"] == 1
    assert answer["usage"]["sensitiveInformationPolicyFreeUnits"] == 1
    assert answer["usage"]["contentPolicyUnits"] == answer["usage"]["topicPolicyUnits"] == 0
    (assessment,) = answer["assessments"]
    assert set(assessment) == {"invocationMetrics", "appliedGuardrailDetails"}
    details = assessment["appliedGuardrailDetails"]
    assert (details["guardrailId"], details["guardrailOrigin"]) == (guardrail, ["REQUEST"])
    assert (details["guardrailVersion"], details["guardrailOwnership"]) == ("DRAFT", "SELF")


def test_a_denied_word_is_answered_by_the_message_for_its_source(runtime: Any, guardrail: str) -> None:
    asked = applied(runtime, guardrail, text("Where to buy Durian?"), text("And mail me at jo@post.example."))
    assert (asked["action"], asked["actionReason"]) == ("GUARDRAIL_INTERVENED", "Guardrail blocked.")
    assert asked["outputs"] == [{"text": SAID["blockedInputMessaging"]}]
    (word,) = asked["assessments"][0]["wordPolicy"]["customWords"]
    assert (word["action"], word["detected"]) == ("BLOCKED", True)
    said = applied(runtime, guardrail, text("Durian it is."), source="OUTPUT")
    assert said["outputs"] == [{"text": SAID["blockedOutputsMessaging"]}]


def test_personal_data_is_masked_in_each_text(runtime: Any, guardrail: str) -> None:
    answer = applied(runtime, guardrail, text("Mail jo@post.example."), text("Fine."), text("See T-123456."))
    assert (answer["action"], answer["actionReason"]) == ("GUARDRAIL_INTERVENED", "Guardrail masked.")
    assert answer["outputs"] == [{"text": "Mail {EMAIL}."}, {"text": "Fine."}, {"text": "See {ticket}."}]
    found = answer["assessments"][0]["sensitiveInformationPolicy"]
    (entity,) = found["piiEntities"]
    assert entity == {"type": "EMAIL", "match": "jo@post.example", "action": "ANONYMIZED", "detected": True}
    (ticket,) = found["regexes"]
    assert (ticket["name"], ticket["match"], ticket["action"]) == ("ticket", "T-123456", "ANONYMIZED")


def test_what_is_only_to_be_detected_is_told_and_left(runtime: Any, guardrail: str) -> None:
    answer = applied(runtime, guardrail, text("A jackfruit at 192.0.2.7."))
    assert (answer["action"], answer["outputs"]) == ("NONE", [])
    (assessment,) = answer["assessments"]
    assert assessment["wordPolicy"]["customWords"][0]["action"] == "NONE"
    assert assessment["sensitiveInformationPolicy"]["piiEntities"][0]["action"] == "NONE"
    said = applied(runtime, guardrail, text("A jackfruit at 192.0.2.7."), source="OUTPUT")
    assert said["actionReason"] == "Guardrail blocked."
    assert "wordPolicy" not in said["assessments"][0]


def test_the_full_scope_tells_what_was_looked_for_and_not_found(runtime: Any, guardrail: str) -> None:
    answer = applied(runtime, guardrail, text("Mail jo@post.example."), outputScope="FULL")
    entities = answer["assessments"][0]["sensitiveInformationPolicy"]["piiEntities"]
    assert {entity["type"]: entity["detected"] for entity in entities} == {"EMAIL": True, "IP_ADDRESS": False}


def test_a_text_of_many_segments_is_masked_throughout(runtime: Any, guardrail: str) -> None:
    words = [f"person.{number}@post.example wrote of it, at some length. " for number in range(500)]
    answer = applied(runtime, guardrail, text("".join(words)))
    assert answer["outputs"] == [{"text": "{EMAIL} wrote of it, at some length. " * 500}]
    entities = answer["assessments"][0]["sensitiveInformationPolicy"]["piiEntities"]
    assert [entity["match"] for entity in entities] == [f"person.{number}@post.example" for number in range(500)]
    assert answer["usage"]["wordPolicyUnits"] == -(-len("".join(words)) // 1000)


def test_sources_and_questions_are_not_guarded(runtime: Any, guardrail: str) -> None:
    answer = applied(runtime, guardrail, text("Durian.", "grounding_source"), text("Durian?", "query"), text("No."))
    assert answer["action"] == "NONE"
    assert answer["guardrailCoverage"]["textCharacters"] == {"guarded": 3, "total": 17}
    marked = applied(runtime, guardrail, text("Durian.", "grounding_source", "guard_content"))
    assert marked["action"] == "GUARDRAIL_INTERVENED"


def test_a_picture_without_a_filter_for_pictures_is_counted_as_unguarded(runtime: Any, guardrail: str) -> None:
    answer = applied(runtime, guardrail, image(picture()))
    assert answer["action"] == "NONE"
    assert answer["guardrailCoverage"]["images"] == {"guarded": 0, "total": 1}


def test_what_cannot_be_judged_is_blocked_and_the_reason_tells_how_to_mend_it(
    scripted_server: Server, runtime: Any
) -> None:
    filters = {"filtersConfig": [{"type": "HATE", "inputStrength": "HIGH", "outputStrength": "HIGH"}]}
    made = scripted_server.client("bedrock").create_guardrail(**named(contentPolicyConfig=filters))
    answer = applied(runtime, made["guardrailId"], text("An apple a day."))
    assert answer["action"] == "GUARDRAIL_INTERVENED"
    assert answer["actionReason"].startswith("Guardrail blocked. The contentPolicy could not be judged: ")
    assert "craton pull" in answer["actionReason"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ([], "Give at least one text or image."),
        ([text("x" * (MOST_CHARACTERS + 1))], f"{MOST_CHARACTERS}. Send them in several requests."),
        ([image(picture())] * (MOST_IMAGES + 1), f"may hold {MOST_IMAGES}"),
        ([text("x"), image(bytes(MOST_IMAGE_BYTES + 1))], f"it may have {MOST_IMAGE_BYTES}"),
        ([image(picture()), image(b"GIF89a")], "Image 2 has the format 'png', but its bytes are not those of one"),
    ],
)
def test_too_much_and_nothing_at_all_are_refused(
    runtime: Any, guardrail: str, content: list[dict[str, Any]], says: str
) -> None:
    with pytest.raises(ClientError) as refused:
        applied(runtime, guardrail, *content)
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert says in refused.value.response["Error"]["Message"]


def test_an_unknown_guardrail_or_version_is_an_error(runtime: Any, guardrail: str) -> None:
    for identifier, version in (("zzzzzzzzzzzz", "DRAFT"), (guardrail, "999999")):
        with pytest.raises(ClientError, match=UNKNOWN) as refused:
            applied(runtime, identifier, text("hi"), guardrailVersion=version)
        assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_another_accounts_guardrail_is_not_found(scripted_server: Server, guardrail: str) -> None:
    stranger: Account = stranger_on(scripted_server)
    with pytest.raises(ClientError, match=UNKNOWN):
        applied(stranger.client("bedrock-runtime"), guardrail, text("hi"))


def test_prometheus_is_told_what_a_guardrail_did(scripted_server: Server, runtime: Any) -> None:
    made = scripted_server.client("bedrock").create_guardrail(**named(**HOUSE))["guardrailId"]
    for each in ("Durian?", "An apple."):
        applied(runtime, made, text(each))
    assert figure(scripted_server, "invocations_total", made) == 2
    assert figure(scripted_server, "invocations_intervened_total", made) == 1
    assert figure(scripted_server, "text_unit_count_total", made) == 4
    assert figure(scripted_server, "invocation_latency_seconds_count", made) == 2


def figure(server: Server, name: str, guardrail: str) -> float:
    for family in text_string_to_metric_families(httpx.get(f"{server.endpoint}/metrics").text):
        for sample in family.samples:
            if sample.name == f"aws_bedrock_guardrails_{name}" and sample.labels["guardrail_id"] == guardrail:
                assert sample.labels["guardrail_content_source"] == "INPUT"
                return float(sample.value)
    raise AssertionError(name)


def checked(runtime: Any, checks: dict[str, Any], *messages: tuple[str, list[str]]) -> Any:
    return runtime.invoke_guardrail_checks(
        checks=checks,
        messages=[{"role": role, "content": [{"text": each} for each in texts]} for role, texts in messages],
    )


EMAILS = {"sensitiveInformation": {"entities": [{"type": "EMAIL"}, {"type": "CREDIT_DEBIT_CARD_NUMBER"}]}}


def test_personal_data_is_told_where_it_stands(runtime: Any) -> None:
    texts = {(0, 0): "Ünder jo@post.example 👩‍👩‍👧", (0, 1): "Nothing.", (1, 0): "4111 1111 1111 1111 or a@b.example"}
    answer = checked(runtime, EMAILS, ("user", [texts[0, 0], texts[0, 1]]), ("assistant", [texts[1, 0]]))
    assert set(answer["results"]) == set(answer["usage"]) == {"sensitiveInformation"}
    found = answer["results"]["sensitiveInformation"]
    assert not found["truncated"]
    told = [
        (entry["type"], texts[entry["messageIndex"], entry["contentIndex"]][entry["beginOffset"] : entry["endOffset"]])
        for entry in found["results"]
    ]
    assert told == [
        ("EMAIL", "jo@post.example"),
        ("CREDIT_DEBIT_CARD_NUMBER", "4111 1111 1111 1111"),
        ("EMAIL", "a@b.example"),
    ]
    assert all(0 < entry["confidenceScore"] <= 1 for entry in found["results"])


def test_a_long_text_is_told_of_as_far_as_an_answer_goes(runtime: Any) -> None:
    sentence = "Contact bob@post.example. "
    answer = checked(runtime, EMAILS, ("user", [sentence * 3000]))
    found = answer["results"]["sensitiveInformation"]
    assert found["truncated"]
    assert [entry["beginOffset"] for entry in found["results"]] == [
        8 + len(sentence) * number for number in range(len(found["results"]))
    ]
    assert answer["usage"]["sensitiveInformation"]["textUnits"] == -(-len(sentence) * 3000 // 1000)


def test_no_check_is_an_error(runtime: Any) -> None:
    with pytest.raises(ClientError, match="names no check"):
        checked(runtime, {}, ("user", ["hi"]))


def test_a_check_whose_model_is_missing_is_unavailable(runtime: Any) -> None:
    with pytest.raises(ClientError, match="craton pull") as refused:
        checked(runtime, {"contentFilter": {"categories": [{"category": "HATE"}]}}, ("user", ["hi"]))
    assert refused.value.response["Error"]["Code"] == "ServiceUnavailableException"
