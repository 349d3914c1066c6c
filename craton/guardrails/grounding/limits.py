"""What contextual grounding needs, and how long its texts may be.

https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-contextual-grounding-check.html
"""

from craton.guardrails.findings import Answered

SOURCE, QUERY, ANSWER = 100_000, 1_000, 5_000


def exceeded(answered: Answered) -> str | None:
    """A sentence that tells what is too long and how to mend it; None where all fits."""
    for what, text, limit in (
        ("grounding source", sum(map(len, answered.sources)), SOURCE),
        ("query", len(answered.query), QUERY),
        ("text to guard", len(answered.text), ANSWER),
    ):
        if text > limit:
            return (
                f"The {what} has {text} characters, and contextual grounding takes at most {limit}. Shorten it, or "
                "use a guardrail without contextual grounding."
            )
    return None


def lacking(answered: Answered) -> str | None:
    """The service's sentence where there is no source, or no query; None where there are both."""
    for what, there in (("grounding source", any(answered.sources)), ("query", bool(answered.query))):
        if not there:
            return (
                f"The provided request does not contain the {what}. Grounding source, query and content to guard are "
                "required for Guardrails contextual grounding policy evaluation."
            )
    return None
