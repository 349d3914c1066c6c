"""What the prompts slice keeps and how it looks from outside.

The body of a stored prompt holds AWS's member names: name, description, defaultVariant and variants. Knows no rule.
"""

from craton.store.records import Document, Record

PROMPT = "prompt"


def prompt(document: Document, *, whole: bool = True) -> Record:
    """A draft or a version as GetPrompt answers it; without its variants where only metadata are wanted."""
    return {
        **{member: value for member, value in document.body.items() if whole or member != "variants"},
        "id": document.id,
        "arn": document.arn,
        "version": document.version,
        "createdAt": document.created_at,
        "updatedAt": document.updated_at,
    }


def summary(document: Document) -> Record:
    """PromptSummary."""
    shown = prompt(document)
    return {member: shown[member] for member in shown if member not in ("variants", "defaultVariant")}
