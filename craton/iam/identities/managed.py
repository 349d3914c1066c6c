"""Managed policies, which are attached by their ARN: those that are in every account, and those that one makes.

Knows not what a policy means.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from craton.errors import (
    ConflictException,
    ResourceNotFoundException,
    ValidationException,
)
from craton.iam.accounts import scope
from craton.iam.policies import MalformedPolicy, Policy
from craton.iam.policies.managed import MANAGED
from craton.store.documents import Document, Documents, Transaction, View

POLICY = "policy"
AWS = "arn:aws:iam::aws:policy/"
FULL_ACCESS = f"{AWS}AmazonBedrockFullAccess"
ADMINISTRATOR_ACCESS = f"{AWS}CratonAdministratorAccess"
LIMITED_ACCESS = f"{AWS}AmazonBedrockLimitedAccess"

EVERYTHING = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'

_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)


class ManagedPolicies:
    """The policies that users and roles of an account may have attached: those of all accounts, and its own."""

    def __init__(self, documents: Documents, changed: Callable[[], None]) -> None:
        self._documents = documents
        self._changed = changed

    async def create(self, account: str, name: str, text: str, description: str = "") -> Document:
        """Make a policy of the account's own. Raises ConflictException and ValidationException."""
        check_policy_name(name)
        check(text)
        body = {"name": name, "text": text, "description": description}
        arn = f"arn:aws:iam::{account}:policy/{name}"
        return await self._documents.create(scope(account), POLICY, name, body, arn=arn)

    async def update(self, account: str, arn: str, text: str) -> Document:
        """Give a policy of the account's own another document: whoever has it attached has the new one."""
        name = _own(account, arn)
        check(text)

        def change(t: Transaction) -> Document:
            present = _present(t, account, name)
            return t.replace(scope(account), POLICY, name, present.body | {"text": text})

        changed = await self._documents.transaction(change)
        self._changed()
        return changed

    async def get(self, account: str, arn: str) -> Document:
        """A policy of the account's own. Raises ResourceNotFoundException."""
        found = await self._documents.find(scope(account), POLICY, _own(account, arn))
        if found is None:
            raise _missing(arn)
        return found

    async def page(self, account: str, limit: int | None, token: str | None) -> tuple[list[Document], str | None]:
        """The account's own policies in order of creation, and the token of the next page."""
        page = await self._documents.page(scope(account), POLICY, limit=limit or 100, token=token)
        return page.items, page.next_token

    async def delete(self, account: str, arn: str) -> None:
        """Raises ConflictException while somebody has it attached."""
        name = _own(account, arn)

        def work(t: Transaction) -> None:
            _present(t, account, name)
            for kind in ("user", "role"):
                for holder in t.listing(scope(account), kind):
                    if arn in (*holder.body["attached"], holder.body["boundary"]):
                        raise ConflictException(
                            f"Cannot delete a policy attached to entities: the {kind} {holder.body['name']!r} has it; "
                            "detach it first."
                        )
            t.delete(scope(account), POLICY, name)

        await self._documents.transaction(work)

    async def text(self, account: str, arn: str) -> str:
        """The document of a policy. Raises ResourceNotFoundException."""
        if found := MANAGED.get(arn):
            return found.text
        if arn.startswith(AWS):
            known = ", ".join(policy.name for policy in MANAGED.values())
            raise ResourceNotFoundException(
                f"Policy {arn} does not exist or is not attachable. Of those there are in every account: {known}."
            )
        text: str = (await self.get(account, arn)).body["text"]
        return text


@lru_cache(maxsize=4096)
def compiled(text: str) -> Policy:
    """The policy of a document, parsed once. Raises MalformedPolicy."""
    return Policy.parse(text, kind="identity")


def check(text: str) -> None:
    """Raises ValidationException for what is no policy of an identity."""
    try:
        Policy.parse(text, kind="identity")
    except MalformedPolicy as error:
        raise ValidationException(str(error)) from None


def check_policy_name(name: str) -> None:
    """Of a policy, managed or inline. Raises ValidationException."""
    if not _NAME.fullmatch(name):
        raise ValidationException(
            f"The policy name {name!r} is not valid; use 1 to 128 letters, digits and the characters _+=,.@-"
        )


def _own(account: str, arn: str) -> str:
    """The name of a policy of the account's own."""
    name = arn.removeprefix(f"arn:aws:iam::{account}:policy/")
    if name == arn:
        raise _missing(arn)
    return name


def _present(view: View, account: str, name: str) -> Document:
    found = view.find(scope(account), POLICY, name)
    if found is None:
        raise _missing(f"arn:aws:iam::{account}:policy/{name}")
    return found


def _missing(arn: str) -> ResourceNotFoundException:
    return ResourceNotFoundException(f"Policy {arn} does not exist or is not attachable; list the policies.")
