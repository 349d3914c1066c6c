"""What a request for agentic retrieval asks for, read and checked. Knows no search and no model's decisions.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_AgenticRetrieveStream.html
"""

from collections.abc import Sequence
from dataclasses import dataclass

from craton.dialects.body import Json
from craton.errors import ValidationException
from craton.knowledge.generating.sessions import Exchange
from craton.runtime.guarding.asked import Asked

# As the service has it.
MOST_RETRIEVERS = 5
MOST_CHARACTERS = 10_000
# Rounds of planning and searching, where a request does not say, and at most.
ROUNDS = 3
MOST_ROUNDS = 10

_CUSTOM, _MANAGED, _NONE = "CUSTOM", "MANAGED", "NONE"


@dataclass(frozen=True, slots=True)
class Retriever:
    """A knowledge base by its id, what the caller says it is for, and overrides of how it is searched."""

    base: str
    description: str
    overrides: Json


@dataclass(frozen=True, slots=True)
class Request:
    """`model` None: the one that this server is configured with. `rounds` may be 0: one search, and nothing planned.

    `reranking` is a model's ARN. `instruction` names a retrieval instruction and a version of it.
    """

    query: str
    history: Sequence[Exchange]
    retrievers: Sequence[Retriever]
    model: str | None
    rounds: int
    reranking: str | None
    answers: bool
    guardrail: Asked | None
    user: Json | None
    instruction: tuple[str, str | None] | None


def read(req: Json) -> Request:
    """Raises ValidationException, also for what this server does not do."""
    if "memoryConfiguration" in req:
        raise ValidationException(
            "This server has no AgentCore Memory. Leave out 'memoryConfiguration', and send the conversation so far "
            "in 'messages'."
        )
    if "nextToken" in req:
        raise ValidationException("The nextToken is not valid: all results come in one event. Leave it out.")
    config = req["agenticRetrieveConfiguration"]
    history, query = _conversation(req["messages"])
    instruction = req.get("retrievalInstructionConfiguration")
    return Request(
        query,
        history,
        _retrievers(req["retrievers"]),
        _model(config),
        _rounds(config),
        _reranking(config),
        req.get("generateResponse", True),
        _guardrail(req.get("policyConfiguration", {})),
        req.get("userContext"),
        (instruction["retrievalInstructionId"], instruction.get("version")) if instruction else None,
    )


def _conversation(messages: Sequence[Json]) -> tuple[list[Exchange], str]:
    """What was said before, and the question. Messages of the same role in a row are one."""
    said: list[tuple[str, str]] = []
    for message in messages:
        text = message["content"].get("text", "")
        if not text.strip():
            raise ValidationException("A message has no text. Give each one 'content' with 'text'.")
        if said and said[-1][0] == message["role"]:
            said[-1] = (message["role"], f"{said[-1][1]}\n{text}")
        else:
            said.append((message["role"], text))
    if said[0][0] != "user" or said[-1][0] != "user":
        raise ValidationException("The messages must begin and end with one of the user. The last one is the question.")
    query = said[-1][1]
    if len(query) > MOST_CHARACTERS:
        raise ValidationException(f"The question has {len(query)} characters, and may have {MOST_CHARACTERS}.")
    texts = [text for _, text in said[:-1]]
    return [Exchange(*pair) for pair in zip(texts[::2], texts[1::2], strict=True)], query


def _retrievers(given: Sequence[Json]) -> list[Retriever]:
    if len(given) > MOST_RETRIEVERS:
        raise ValidationException(f"The request has {len(given)} retrievers, and may have {MOST_RETRIEVERS}.")
    read = []
    for each in given:
        if "knowledgeBase" not in each["configuration"]:
            raise ValidationException("A retriever has no 'knowledgeBase'. Name the knowledge base to search.")
        config = each["configuration"]["knowledgeBase"]
        read.append(
            Retriever(config["knowledgeBaseId"], each.get("description", ""), config.get("retrievalOverrides", {}))
        )
    if len({each.base for each in read}) < len(read):
        raise ValidationException("Two retrievers name the same knowledge base. Join them to one.")
    return read


def _model(config: Json) -> str | None:
    kind, given = config.get("foundationModelType"), config.get("foundationModelConfiguration")
    if kind == _MANAGED or given is None:
        if kind == _CUSTOM:
            raise ValidationException(
                "The foundationModelType 'CUSTOM' needs a 'foundationModelConfiguration'. Add it, or send 'MANAGED'."
            )
        if given is not None:
            raise ValidationException(
                "The foundationModelType 'MANAGED' contradicts the 'foundationModelConfiguration'. Leave out one."
            )
        return None
    if "mantleFoundationModelConfiguration" in given or given["type"] == "MANTLE_FOUNDATION_MODEL":
        raise ValidationException(
            "This server has no Mantle models. Name the model in 'bedrockFoundationModelConfiguration', with the type "
            "'BEDROCK_FOUNDATION_MODEL'."
        )
    if "bedrockFoundationModelConfiguration" not in given:
        raise ValidationException(
            "The foundationModelConfiguration has no 'bedrockFoundationModelConfiguration'. Add it, with the model."
        )
    return str(given["bedrockFoundationModelConfiguration"]["modelConfiguration"]["modelArn"])


def _rounds(config: Json) -> int:
    rounds: int = config.get("maxAgentIteration", ROUNDS)
    if rounds > MOST_ROUNDS:
        raise ValidationException(f"The maxAgentIteration is {rounds}, and may be {MOST_ROUNDS}.")
    return rounds


def _reranking(config: Json) -> str | None:
    """None also for the service's own ranking: that of the search itself."""
    kind, given = config.get("rerankingModelType"), config.get("rerankingConfiguration")
    if kind == _CUSTOM and given is None:
        raise ValidationException("The rerankingModelType 'CUSTOM' needs a 'rerankingConfiguration'. Add it.")
    if kind in (_MANAGED, _NONE) and given is not None:
        raise ValidationException(
            f"The rerankingModelType {kind!r} contradicts the 'rerankingConfiguration'. Leave out one of them."
        )
    if given is not None and "bedrockRerankingConfiguration" not in given:
        raise ValidationException("The rerankingConfiguration has no 'bedrockRerankingConfiguration'. Add it.")
    return str(given["bedrockRerankingConfiguration"]["modelConfiguration"]["modelArn"]) if given is not None else None


def _guardrail(policy: Json) -> Asked | None:
    given = policy.get("bedrockGuardrailConfiguration")
    return Asked(given["guardrailId"], given["guardrailVersion"]) if given else None
