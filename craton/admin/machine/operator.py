"""Who operates the server: the account whose principals may change what all accounts share."""

from dataclasses import dataclass

from craton.admin import SERVICE
from craton.core.context import Context
from craton.errors import AccessDeniedException


@dataclass(frozen=True, slots=True)
class Operator:
    account: str

    def calls(self, ctx: Context) -> bool:
        return ctx.account == self.account

    def insist(self, ctx: Context, action: str) -> None:
        """Raises AccessDeniedException for principals of other accounts."""
        if not self.calls(ctx):
            raise AccessDeniedException(
                f"User: {ctx.principal} is not authorized to perform: {SERVICE}:{action} because all accounts share "
                "the models of this machine, and only principals of the account of whoever operates the server may "
                "change them. Ask the operator."
            )
