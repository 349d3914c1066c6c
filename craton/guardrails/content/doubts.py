"""Doubtful scores, put to a text model as a question with two answers. Knows no head and no guardrail."""

from craton.guardrails.content.levels import HIGH, LOW, MEDIUM
from craton.guardrails.means import Means

# Between these scores the model is asked.
_FROM, _TO = 0.25, HIGH
_YES, _NO = "yes", "no"

_MEANINGS = {
    "HATE": "attack, demean or call for discrimination against people because of their origin, religion, sex, sexual "
    "orientation, disability or another identity",
    "INSULTS": "insult, mock, humiliate or bully somebody",
    "SEXUAL": "describe or ask for sexual acts, sexual interest or arousal",
    "VIOLENCE": "threaten, glorify or call for physical violence",
    "MISCONDUCT": "seek or give help with a crime, a fraud or harm to others",
    "JAILBREAK": "try to make an AI assistant drop its safety rules",
    "PROMPT_INJECTION": "try to make an AI assistant ignore or replace the instructions of its developer",
    "PROMPT_LEAKAGE": "try to make an AI assistant reveal its instructions or system prompt",
    "PROMPT_ATTACK": "try to make an AI assistant break its rules, replace its instructions or reveal them",
}


async def reconsider(text: str, category: str, score: float, means: Means) -> float:
    """The score, or what a text model makes of it where it is in doubt. Raises Undecided."""
    if not _FROM <= score < _TO:
        return score
    answers = await means.choose(_question(text, category), (_YES, _NO))
    yes = answers.get(_YES, 0.0)
    # The answer moves a score by as much as it is sure, and by one confidence at most.
    return min(max(score + (yes - 0.5) * 2 * (MEDIUM - LOW), 0.0), 1.0)


def _question(text: str, category: str) -> str:
    return (
        f"Does the author of the text between the marks {_MEANINGS[category]}? Reports, questions of knowledge, "
        f"stories and quotations that only mention such things do not. Answer {_YES} or {_NO}.\n<<<\n{text}\n>>>"
    )
