"""What a request asks for beside its question, read once for the plain and for the streamed operation.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_RetrieveAndGenerate.html. Knows no
model and no knowledge base.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from craton.dialects.body import Json
from craton.dialects.converse import Block
from craton.errors import ValidationException
from craton.knowledge.generating import templates
from craton.runtime.guarding.asked import Asked
from craton.runtime.request import refuse_unserved

_MEMBERS: Mapping[str, str] = {
    "KNOWLEDGE_BASE": "knowledgeBaseConfiguration",
    "EXTERNAL_SOURCES": "externalSourcesConfiguration",
}


@dataclass(frozen=True, slots=True)
class Prompting:
    """How a model is asked: the caller's template, if any, and Converse's inferenceConfig and additional fields."""

    template: str | None = None
    inference: Block = field(default_factory=dict)
    fields: Block = field(default_factory=dict)

    @classmethod
    def read(cls, config: Json) -> Self:
        """Raises ValidationException."""
        refuse_unserved(config)
        template = config.get("promptTemplate", {}).get("textPromptTemplate")
        inference = config.get("inferenceConfig", {}).get("textInferenceConfig", {})
        return cls(template, dict(inference), dict(config.get("additionalModelRequestFields", {})))


def configuration(req: Json) -> tuple[str, Json]:
    """The type of source and what the request says of it. Raises ValidationException."""
    if "sessionConfiguration" in req:
        raise ValidationException(
            "This server has no KMS keys to encrypt a session with. Leave out 'sessionConfiguration'."
        )
    config = req.get("retrieveAndGenerateConfiguration")
    if config is None:
        raise ValidationException("The request has no 'retrieveAndGenerateConfiguration'. Say what to answer from.")
    kind = str(config["type"])
    given = [member for member in _MEMBERS.values() if member in config]
    if given != [_MEMBERS[kind]]:
        raise ValidationException(
            f"The type {kind!r} wants {_MEMBERS[kind]!r} and nothing else; the request has {given or 'none'}."
        )
    return kind, config[_MEMBERS[kind]]


def generation(config: Json) -> tuple[Prompting, Asked | None]:
    """How to ask for the answer, and the guardrail for it. Raises ValidationException."""
    asked = config.get("generationConfiguration", {})
    prompting = Prompting.read(asked)
    if prompting.template is not None:
        templates.check_generation(prompting.template)
    guardrail = asked.get("guardrailConfiguration")
    return prompting, Asked(guardrail["guardrailId"], guardrail["guardrailVersion"]) if guardrail else None


def orchestration(config: Json) -> tuple[Prompting, bool]:
    """How to ask for search queries, and whether a question is taken apart. Raises ValidationException."""
    asked = config.get("orchestrationConfiguration", {})
    prompting = Prompting.read(asked)
    if prompting.template is not None:
        templates.check_orchestration(prompting.template)
    return prompting, "queryTransformationConfiguration" in asked
