"""Texts as vectors in the form that was asked for: told what they are for, cut to what the model reads, shaped.

What a model wants is said in its engine's options: `prefixes`, the words before a text by what it is for (`query`,
`document`, and `default` where nobody says), and `matryoshka`, the widths besides its own that it was trained for.
Knows no body.
"""

from craton.core.context import Context
from craton.dialects.embedding import Embedded, Embedding, End, shaped
from craton.errors import ValidationException
from craton.models.resolve import Resolved
from craton.runtime.inference import DEFAULT_TIER, Inference
from craton.usage.meter import Use

# Tokens that a model adds to a text, such as the marks of its beginning and end.
MARKS = 4


async def embed(
    inference: Inference,
    ctx: Context,
    resolved: Resolved,
    asked: Embedding,
    *,
    tier: str = DEFAULT_TIER,
    within: Use | None = None,
) -> Embedded:
    """Metered `within` a use, or by itself.

    Raises ValidationException for a width that the model lacks, and for a text that is too long.
    """
    options = resolved.spec.options
    prefix: str = options.get("prefixes", {}).get(asked.purpose or "default", "")
    limit = min(asked.limit or resolved.spec.context_length, resolved.spec.context_length)
    texts = [
        await fitted(inference, ctx, resolved, text, limit, asked.cut, prefix=prefix)
        if asked.cut or asked.limit
        else text
        for text in asked.texts
    ]
    _, made = await inference.embed(ctx, resolved, [prefix + text for text in texts], tier=tier, within=within)
    vectors = tuple(shaped(vector, asked, options.get("matryoshka", ())) for vector in made.vectors)
    return Embedded(vectors, made.input_tokens, tuple(texts))


async def fitted(
    inference: Inference,
    ctx: Context,
    resolved: Resolved,
    text: str,
    limit: int,
    cut: End | None,
    *,
    prefix: str = "",
) -> str:
    """As much of the text as has at most `limit` tokens with its prefix, without the end that `cut` names.

    Raises ValidationException where nothing may be cut off.
    """

    async def fits(length: int) -> bool:
        kept = text[-length:] if cut == "START" else text[:length]
        # No tokenizer makes more tokens than bytes.
        if len((prefix + kept).encode()) + MARKS <= limit:
            return True
        message = {"role": "user", "content": [{"text": prefix + kept}]}
        return await inference.count(ctx, resolved, {"messages": [message]}) <= limit

    if await fits(len(text)):
        return text
    if cut is None:
        raise ValidationException(
            f"A text has more than {limit} tokens, and no more may be read of it. Split the text, or let it be cut off."
        )
    # The first cannot be too long to keep, the second cannot fit.
    least, most = 1, len(text)
    while most - least > 1:
        middle = (least + most) // 2
        if await fits(middle):
            least = middle
        else:
            most = middle
    return text[-least:] if cut == "START" else text[:least]
