"""What is scored. Knows no model and no guardrail."""

from enum import StrEnum


class Category(StrEnum):
    """The harmful categories, the kinds of prompt attacks, and any of these kinds."""

    HATE = "HATE"
    INSULTS = "INSULTS"
    SEXUAL = "SEXUAL"
    VIOLENCE = "VIOLENCE"
    MISCONDUCT = "MISCONDUCT"
    JAILBREAK = "JAILBREAK"
    PROMPT_INJECTION = "PROMPT_INJECTION"
    PROMPT_LEAKAGE = "PROMPT_LEAKAGE"
    PROMPT_ATTACK = "PROMPT_ATTACK"


# Those that the attack model has a say in. PROMPT_ATTACK is any of the kinds, but for leakage in the CLASSIC tier: the
# user guide gives that to the STANDARD tier alone.
ATTACKS = frozenset({Category.JAILBREAK, Category.PROMPT_INJECTION, Category.PROMPT_LEAKAGE, Category.PROMPT_ATTACK})
