"""The events by which an agent tells what it does. Shapes alone: knows no search and no model.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_AgenticRetrieveTraceEvent.html
"""

import time
import uuid
from collections.abc import Sequence
from typing import Literal

from craton.dialects.converse import Block
from craton.knowledge.agentic.instructions.instructions import Instruction
from craton.knowledge.agentic.passages import Passage
from craton.knowledge.agentic.planning import Plan
from craton.runtime.guarding.asked import Asked

Step = Literal["Planning", "Retrieval", "SpeculativeRetrieval", "FullDocumentExpansion"]
Status = Literal["IN_PROGRESS", "SUCCEEDED", "FAILED"]

_KIND = "BedrockKnowledgeBase"


def traced(step: Step, status: Status, message: str, **attributes: object) -> Block:
    """A trace event; attributes that say nothing are left out, since the service has no empty lists."""
    told = {name: value for name, value in attributes.items() if value}
    event = {"step": step, "status": status, "message": message, **told}
    return {
        "traceEvent": {
            "id": str(uuid.uuid4()),
            "timestamp": round(time.time() * 1000),
            "attributes": event,
        }
    }


def applied(instruction: Instruction | None) -> Block | None:
    return {"id": instruction.id, "version": instruction.version} if instruction else None


def retrieval(query: str, bases: Sequence[str]) -> Block:
    """AgenticRetrieveAction."""
    return {"retrieve": {"inputQuery": {"text": query}, "sourceRetrievers": [{"identifier": base} for base in bases]}}


def expansion(passage: Passage) -> Block:
    return {"fullDocumentExpansion": {"documentId": passage.found.document, "sourceRetriever": passage.source}}


def actions(plan: Plan) -> list[Block]:
    searches = [retrieval(query, bases) for query, bases in plan.searches]
    return [*searches, *(expansion(passage) for passage in plan.expanded)]


def sources(bases: Sequence[str]) -> list[Block]:
    return [{"identifier": base, "retrievalType": _KIND} for base in bases]


def results(passages: Sequence[Passage]) -> list[Block]:
    """With their scores, which only traces tell."""
    return [_scored(passage) for passage in passages]


def warned(guardrail: Asked, message: str) -> Block:
    """A trace event that tells of a guardrail that intervened."""
    told = {"action": "INTERVENED", "id": guardrail.identifier, "version": guardrail.version, "message": message}
    return traced("Planning", "SUCCEEDED", message, warnings=[{"guardrail": told}])


def _scored(passage: Passage) -> Block:
    item = passage.item()
    if passage.found.score is not None:
        item["metadata"] = {**item["metadata"], "_score": passage.found.score}
    return item
