"""One request for agentic retrieval, ready to be worked on. Knows no work."""

from dataclasses import dataclass

from craton.core.context import Context
from craton.knowledge.agentic.asked import Request
from craton.knowledge.agentic.instructions.instructions import Instruction
from craton.knowledge.agentic.searching import Searching
from craton.knowledge.retrieval.guarding import Judged
from craton.models.resolve import Resolved


@dataclass(frozen=True, slots=True)
class Task:
    """`judged` is what the guardrail of the request says of the question, where there is one."""

    ctx: Context
    request: Request
    resolved: Resolved
    reranking: Resolved | None
    searching: Searching
    instruction: Instruction | None
    judged: Judged | None

    @property
    def query(self) -> str:
        return self.judged.text if self.judged else self.request.query

    @property
    def blocked(self) -> bool:
        """Whether the question goes to nobody."""
        return self.judged is not None and self.judged.blocked
