"""Lists that begin with what the system defines and go on with what the account made, page by page.

Knows no kind of thing that is listed.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from craton.store.documents import Document, Documents, Scope

LIMIT = 100

Part = Literal["defined", "own"]
Items = list[dict[str, Any]]


async def joined(
    documents: Documents,
    scope: Scope,
    kind: str,
    defined: Sequence[dict[str, Any]],
    shown: Callable[[Document], dict[str, Any]],
    *,
    only: Part | None = None,
    limit: int | None = None,
    token: str | None = None,
) -> tuple[Items, str | None]:
    """A page of `defined` and then of the scope's documents of the kind, as `shown`; and the token of the next page.

    Raises ValidationException for a token that was not given out for this very list.
    """
    limit = limit or LIMIT
    part, _, sealed = (token or "").partition(".")
    items: Items = []
    if part != "own" and only != "own":
        context = (scope.account, scope.region, f"defined {kind}", only or "")
        start = documents.tokens.read(sealed, *context) if token else 0
        items = list(defined[start : start + limit])
        if start + limit < len(defined) or (only is None and len(items) == limit):
            return items, "defined." + documents.tokens.write(start + limit, *context)
    if only == "defined":
        return items, None
    page = await documents.page(scope, kind, limit=limit - len(items), token=sealed if part == "own" else None)
    items += map(shown, page.items)
    return items, page.next_token and f"own.{page.next_token}"
