"""Every form in which a client may name a model is read, and nothing else."""

import pytest

from craton.errors import ValidationException
from craton.models.identifiers import Kind, parse

OWN = "arn:aws:bedrock:us-east-1:123456789012"
FORMS = [
    ("amazon.nova-micro-v1:0", Kind.FOUNDATION_MODEL, "amazon.nova-micro-v1:0"),
    ("zai.glm-4.7-flash", Kind.FOUNDATION_MODEL, "zai.glm-4.7-flash"),
    ("openai.gpt-oss-120b-1:0", Kind.FOUNDATION_MODEL, "openai.gpt-oss-120b-1:0"),
    ("arn:aws:bedrock:us-east-1::foundation-model/deepseek.v3.2", Kind.FOUNDATION_MODEL, "deepseek.v3.2"),
    ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", Kind.INFERENCE_PROFILE, None),
    ("eu.amazon.nova-2-lite-v1:0", Kind.INFERENCE_PROFILE, None),
    ("apac.amazon.nova-lite-v1:0", Kind.INFERENCE_PROFILE, None),
    ("us-gov.amazon.nova-lite-v1:0", Kind.INFERENCE_PROFILE, None),
    ("global.anthropic.claude-sonnet-4-6", Kind.INFERENCE_PROFILE, None),
    (f"{OWN}:inference-profile/us.amazon.nova-lite-v1:0", Kind.INFERENCE_PROFILE, "us.amazon.nova-lite-v1:0"),
    (f"{OWN}:application-inference-profile/a1b2c3d4e5f6", Kind.APPLICATION_INFERENCE_PROFILE, "a1b2c3d4e5f6"),
    ("a1b2c3d4e5f6", Kind.APPLICATION_INFERENCE_PROFILE, "a1b2c3d4e5f6"),
    (f"{OWN}:provisioned-model/a1b2c3d4e5f6", Kind.PROVISIONED_MODEL, "a1b2c3d4e5f6"),
    (f"{OWN}:custom-model/amazon.nova-lite/a1b2c3d4e5f6", Kind.CUSTOM_MODEL, "amazon.nova-lite/a1b2c3d4e5f6"),
    (f"{OWN}:custom-model-deployment/a1b2c3d4e5f6", Kind.CUSTOM_MODEL_DEPLOYMENT, "a1b2c3d4e5f6"),
    (f"{OWN}:imported-model/a1b2c3d4e5f6", Kind.IMPORTED_MODEL, "a1b2c3d4e5f6"),
    (f"{OWN}:prompt/ABCDE12345:3", Kind.PROMPT, "ABCDE12345:3"),
    (f"{OWN}:default-prompt-router/meta.llama:1", Kind.DEFAULT_PROMPT_ROUTER, "meta.llama:1"),
    ("arn:aws:sagemaker:us-east-1:123456789012:endpoint/my-endpoint", Kind.ENDPOINT, "my-endpoint"),
    ("arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/a.b-v1:0", Kind.FOUNDATION_MODEL, "a.b-v1:0"),
]


@pytest.mark.parametrize(("text", "kind", "name"), FORMS, ids=[text for text, _, _ in FORMS])
def test_reads_each_form(text: str, kind: Kind, name: str | None) -> None:
    named = parse(text)
    assert (named.kind, named.name) == (kind, name or text)


@pytest.mark.parametrize("prefix", ["us", "eu", "apac", "global", "us-gov", "jp", "au", "ca"])
def test_a_geography_is_told_from_the_model(prefix: str) -> None:
    named = parse(f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/{prefix}.amazon.nova-lite-v1:0")
    assert named.geography == prefix
    assert named.model_id == "amazon.nova-lite-v1:0"


def test_a_profile_without_geography_is_the_model() -> None:
    assert parse(f"{OWN}:inference-profile/amazon.nova-lite-v1:0").model_id == "amazon.nova-lite-v1:0"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a model",
        "amazon.nova/lite",
        "../../etc/passwd",
        "amazon.nova-lite-v1:0\n",
        "arn:aws:bedrock:us-east-1",
        "arn:aws:s3:us-east-1:123456789012:foundation-model/a.b",
        "arn:aws:bedrock:us-east-1:123456789012:foundation-model/a.b",
        "arn:aws:bedrock:us-east-1::inference-profile/us.a.b",
        "arn:aws:bedrock:us-east-1:123456789012:guardrail/abc",
        "arn:aws:bedrock:us-east-1:123456789012:endpoint/abc",
        "arn:aws:bedrock:us-east-1:12345:inference-profile/us.a.b",
    ],
)
def test_refuses_other_text_in_the_words_of_aws(text: str) -> None:
    with pytest.raises(ValidationException, match=r"^The provided model identifier is invalid\.$"):
        parse(text)
