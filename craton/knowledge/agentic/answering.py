"""The answer that an agent gives from what it found. Knows no search."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from craton.dialects.converse import Block
from craton.knowledge.agentic import tracing
from craton.knowledge.agentic.instructions.instructions import Instruction
from craton.knowledge.agentic.passages import Passage
from craton.knowledge.agentic.task import Task
from craton.knowledge.generating import templates
from craton.knowledge.generating.answering import INTERVENED, REFUSAL, Answer, Cited
from craton.knowledge.generating.asked import Prompting
from craton.knowledge.generating.citing.attribution import Vectors
from craton.knowledge.generating.prompting import Prompt, fitted
from craton.runtime.inference import Inference

Events = AsyncGenerator[Block, None]

# What an instruction says of answers, and how the model is told.
_TOLD = {
    "persona": "Who you are:\n{}\n\n",
    "answerPolicy": "When and how to answer:\n{}\n\n",
    "answerFormat": "The form of your answer:\n{}\n\n",
}


async def answered(inference: Inference, model: Vectors, task: Task, best: Sequence[Passage]) -> Events:
    """The text as it is written, and the result with all that was found. `model` compares sentences with it."""
    if not best and not task.blocked:
        yield {"responseEvent": {"text": REFUSAL}}
        yield result(best, REFUSAL, [])
        return
    guardrail = task.request.guardrail
    prompting = Prompting(_template(task.instruction))
    prompt = Prompt(task.query, prompting, task.request.history, guarded=guardrail is not None)
    turn, evidence = await fitted(inference, task.ctx, task.resolved, prompt, [each.evidence() for each in best])
    generation = await inference.generation(task.ctx, task.resolved, turn, asked=guardrail)
    answer = Answer(len(evidence), prompt.template, cites=prompt.cites)
    citations: list[Cited] = []
    async with aclosing(answer.parts(generation, [each.text for each in evidence], model)) as parts:
        async for part in parts:
            if isinstance(part, Cited):
                citations.append(part)
            else:
                yield {"responseEvent": {"text": part}}
    if guardrail and generation.guarded and generation.guarded.action == INTERVENED and not task.blocked:
        yield tracing.warned(guardrail, "The guardrail changed the question or the answer.")
    yield result(best, answer.text, citations)


def result(best: Sequence[Passage], answer: str, citations: Sequence[Cited]) -> Block:
    """The last event. Spans are told in characters, their ends behind the last one; what nothing supports has none."""
    told = [
        {
            "startIndex": each.sentence.start,
            "endIndex": each.sentence.end,
            "references": [{"resultIndex": number} for number in each.numbers],
        }
        for each in citations
        if each.numbers
    ]
    response = {"answer": answer, "citations": told}
    return {"result": {"results": [each.item() for each in best], "generatedResponse": response}}


def _template(instruction: Instruction | None) -> str | None:
    """None for the one that is used where nothing is said."""
    content = instruction.content if instruction else {}
    said = "".join(how.format(content[name]) for name, how in _TOLD.items() if name in content)
    return said + templates.GENERATION if said else None
