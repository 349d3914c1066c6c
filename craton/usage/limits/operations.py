"""What the operations on quotas and budgets have in common: who may define what, and how it is told.

Knows no amount.
"""

from collections.abc import Mapping, Sequence
from typing import Generic

from craton.core.context import Context
from craton.errors import AccessDeniedException
from craton.store.records import Record
from craton.store.tokens import Tokens
from craton.usage.limits.definitions import Definitions, Made
from craton.usage.limits.standings import Place
from craton.usage.limits.subject import EVERY_ACCOUNT, Subject

PAGE = 100


class Defining(Generic[Made]):
    """`operator` is the account whose definitions may be about any account; all others' are about their own."""

    def __init__(self, definitions: Definitions[Made], tokens: Tokens, operator: str) -> None:
        self._definitions = definitions
        self._tokens = tokens
        self._operator = operator

    async def put(self, ctx: Context, name: str, body: Mapping[str, object], about: Mapping[str, object]) -> Made:
        """Raises AccessDeniedException for one about others' accounts."""
        account = about.get("account", ctx.account)
        if account != ctx.account and ctx.account != self._operator:
            raise AccessDeniedException(
                f"What the account {ctx.account} defines is about that account alone. Leave 'account' out."
            )
        return await self._definitions.put(ctx.account, name, {**body, "appliesTo": {**about, "account": account}})

    def get(self, ctx: Context, name: str, setter: str | None) -> Made:
        """The account's own of this name, else the operator's that is about it. Raises ResourceNotFoundException."""
        owners = {"ACCOUNT": (ctx.account,), "OPERATOR": (self._operator,)}
        for owner in owners.get(setter or "", (ctx.account, self._operator)):
            found = self._definitions.find(owner, name)
            if found and self._concerns(ctx, found):
                return found
        raise self._definitions.missing(name)

    def page(self, ctx: Context, limit: int | None, token: str | None) -> tuple[Sequence[Made], str | None]:
        """Those that the account has made, and those that the operator has made for it, in order of creation."""
        place = ("limits", self._definitions.kind, ctx.account)
        after = self._tokens.read(token, *place) if token else 0
        rest = [made for made in self._definitions.all if made.position > after and self._concerns(ctx, made)]
        page = rest[: limit or PAGE]
        more = len(rest) > len(page)
        return page, self._tokens.write(page[-1].position, *place) if more else None

    async def delete(self, ctx: Context, name: str) -> None:
        """Raises ResourceNotFoundException, also for what only the operator may delete."""
        await self._definitions.delete(ctx.account, name)

    def summary(self, made: Made, body: Mapping[str, object]) -> Record:
        """The members that all have; `body` are those that were given."""
        setter = "OPERATOR" if made.owner == self._operator else "ACCOUNT"
        return {**body, "setBy": setter, "createdAt": made.created_at, "updatedAt": made.updated_at}

    def _concerns(self, ctx: Context, made: Made) -> bool:
        return made.owner == ctx.account or (
            made.owner == self._operator and made.subject.account in (EVERY_ACCOUNT, ctx.account)
        )


def shown(subject: Subject, place: Place, account: str) -> bool:
    """Whether the account may see what is counted there: not where it is another account's."""
    return all(value == account for part, value in zip(subject.apart, place, strict=True) if part == "ACCOUNT")


def counted_for(subject: Subject, place: Place) -> dict[str, str]:
    """For whom something is counted, by what is counted apart; what has no value (no profile, no key) is left out."""
    return {part.value: value for part, value in zip(subject.apart, place, strict=True) if value}
