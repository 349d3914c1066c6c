"""What the operations on quotas and budgets have in common: who may define what, and how it is told.

Knows no amount.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from craton.core.context import Context
from craton.errors import AccessDeniedException
from craton.store.records import Record
from craton.store.tokens import Tokens
from craton.usage.limits.definitions import Made
from craton.usage.limits.standings import Place, Standings
from craton.usage.limits.subject import EVERY_ACCOUNT, Part, Subject

PAGE = 100
MOST_TOLD = 100  # values counted apart, of which an operation tells

Kept = TypeVar("Kept")


class Defining(Generic[Made, Kept]):
    """Requests and answers have the members of the operations: a quota is named `quotaName`, and listed in `quotas`.

    `operator` is the account whose definitions may be about any account; all others' are about their own.
    """

    def __init__(self, standings: Standings[Made, Kept], tokens: Tokens, operator: str) -> None:
        self._standings = standings
        self._definitions = standings.definitions
        self._kind = standings.definitions.kind
        self._name = f"{self._kind}Name"
        self._tokens = tokens
        self._operator = operator

    async def put(self, ctx: Context, req: Record) -> Made:
        """Raises AccessDeniedException for one about others' accounts."""
        about: Record = req.get("appliesTo", {})
        account = about.get("account", ctx.account)
        if account != ctx.account and ctx.account != self._operator:
            raise AccessDeniedException(
                f"What the account {ctx.account} defines is about that account alone. Leave 'account' out."
            )
        body = {member: value for member, value in req.items() if member != self._name}
        return await self._definitions.put(
            ctx.account, req[self._name], {**body, "appliesTo": {**about, "account": account}}
        )

    def get(self, ctx: Context, req: Record) -> Made:
        """The account's own of this name, else the operator's that is about it. Raises ResourceNotFoundException."""
        owners = {"ACCOUNT": (ctx.account,), "OPERATOR": (self._operator,)}
        for owner in owners.get(req.get("setBy", ""), (ctx.account, self._operator)):
            found = self._definitions.find(owner, req[self._name])
            if found and self._concerns(ctx, found):
                return found
        raise self._definitions.missing(req[self._name])

    def page(self, ctx: Context, req: Record) -> Record:
        """Those that the account has made, and those that the operator has made for it, in order of creation."""
        place = ("limits", self._kind, ctx.account)
        after = self._tokens.read(req["nextToken"], *place) if req.get("nextToken") else 0
        rest = [made for made in self._definitions.all if made.position > after and self._concerns(ctx, made)]
        page = rest[: req.get("maxResults") or PAGE]
        more = len(rest) > len(page)
        return {
            f"{self._kind}s": [self.summary(made) for made in page],
            "nextToken": self._tokens.write(page[-1].position, *place) if more else None,
        }

    async def delete(self, ctx: Context, req: Record) -> Record:
        """Raises ResourceNotFoundException, also for what only the operator may delete."""
        await self._definitions.delete(ctx.account, req[self._name])
        return {}

    def summary(self, made: Made) -> Record:
        """The members that it was given, and those that all have."""
        setter = "OPERATOR" if made.owner == self._operator else "ACCOUNT"
        told = {"setBy": setter, "createdAt": made.created_at, "updatedAt": made.updated_at}
        return {self._name: made.name, **made.body, **told}

    def uses(
        self, ctx: Context, made: Made, used: Callable[[Kept], tuple[int, ...]]
    ) -> list[tuple[dict[str, str], Kept]]:
        """What the account may see of how one stands, and for whom it is counted; the most `used` first."""
        if not made.told(ctx.account):
            return []
        seen = [
            (counted_for(made.subject, place), kept)
            for place, kept in self._standings.uses(made).items()
            if made.owner == ctx.account or _own(made.subject, place, ctx.account)
        ]
        return sorted(seen, key=lambda each: used(each[1]), reverse=True)[:MOST_TOLD]

    def _concerns(self, ctx: Context, made: Made) -> bool:
        return made.owner == ctx.account or (
            made.owner == self._operator and made.subject.account in (EVERY_ACCOUNT, ctx.account)
        )


def counted_for(subject: Subject, place: Place) -> dict[str, str]:
    """For whom something is counted, by what is counted apart; what has no value (no profile, no key) is left out."""
    told = {part.value: value for part, value in zip(subject.apart, place, strict=True) if value}
    return {**told, Part.KEY.value: subject.key} if subject.key and Part.KEY in subject.apart else told


def _own(subject: Subject, place: Place, account: str) -> bool:
    """Whether nothing that is counted there is another account's."""
    return all(value == account for part, value in zip(subject.apart, place, strict=True) if part == "ACCOUNT")
