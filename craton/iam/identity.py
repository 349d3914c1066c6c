"""All that identity consists of, joined: accounts, users, roles, keys, sessions and policies. Knows no request."""

import json
from dataclasses import dataclass
from typing import Self

from craton.errors import ConflictException
from craton.iam.accounts import ACCOUNT, SCOPE, Account, Accounts, ensure, scope
from craton.iam.identities.identities import ROLE, USER, find_in, make
from craton.iam.identities.managed import ADMINISTRATOR_ACCESS, FULL_ACCESS, POLICY, ManagedPolicies
from craton.iam.identities.roles import Roles, new_role
from craton.iam.identities.users import Users
from craton.iam.keys.credentials import ACCESS_KEY, API_KEY, SESSION, delete_key
from craton.iam.keys.keys import Keys
from craton.iam.keys.sessions import Sessions
from craton.iam.keys.uses import USE, Uses
from craton.iam.principals import Principals
from craton.iam.records import ROOT, user_of
from craton.store.documents import Documents, Transaction

KINDS = (ACCOUNT, ACCESS_KEY, API_KEY, SESSION, USE, USER.name, ROLE.name, POLICY)
"""The kinds of its documents, which outlive a reset."""

ENTRANCE = "OrganizationAccountAccessRole"

_OWN = (USER.name, ROLE.name, POLICY)  # in the scope of an account


@dataclass(frozen=True, slots=True)
class Identity:
    documents: Documents
    keys: Keys
    accounts: Accounts
    users: Users
    roles: Roles
    sessions: Sessions
    policies: ManagedPolicies
    principals: Principals
    uses: Uses

    @classmethod
    def of(cls, documents: Documents, operator: str) -> Self:
        """`operator` is the account of whoever operates this server."""
        keys = Keys(documents)

        def changed() -> None:
            keys.forget()
            principals.forget()

        policies = ManagedPolicies(documents, changed)
        principals = Principals(documents, policies)
        accounts = Accounts(documents, operator)
        roles = Roles(documents, policies, changed)
        return cls(
            documents=documents,
            keys=keys,
            accounts=accounts,
            users=Users(documents, policies, changed),
            roles=roles,
            sessions=Sessions(documents, accounts, roles, policies),
            policies=policies,
            principals=principals,
            uses=Uses(documents),
        )

    async def adopt(self) -> None:
        """See to it that the operator's account is there, and the account and user of every key.

        Keys that an older Craton made have neither; what their users could do then AmazonBedrockFullAccess allows.
        """

        def work(t: Transaction) -> None:
            ensure(t, self.accounts.operator)
            keys = [*t.listing(SCOPE, ACCESS_KEY), *t.listing(SCOPE, API_KEY)]
            for account, principal in {(key.parent, key.body["principal"]) for key in keys}:
                ensure(t, account)
                user = user_of(principal)
                if user not in (None, ROOT) and find_in(t, USER, account, str(user)) is None:
                    make(t, USER, account, str(user), {"attached": [FULL_ACCESS]})

        await self.documents.transaction(work)

    async def create_account(self, name: str, id: str | None = None) -> Account:
        """Make an account, with a role by which the operator's principals may enter it, as AWS Organizations does.

        Raises ConflictException and ValidationException.
        """
        trust = json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": f"arn:aws:iam::{self.accounts.operator}:root"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            }
        )
        role = new_role(trust, "Lets the operator of this server in.") | {"attached": [ADMINISTRATOR_ACCESS]}
        return await self.accounts.create(name, id, lambda t, account: make(t, ROLE, account, ENTRANCE, role))

    async def delete_account(self, account: str) -> None:
        """Delete an account with its users, roles, policies and keys, once it has no resources.

        Raises ConflictException while it has some.
        """
        self.accounts.refuse_operator(account, "deleted")
        await self.accounts.get(account)

        def work(t: Transaction) -> None:
            if resources := sorted(set(t.kinds(account)) - {*_OWN}):
                raise ConflictException(
                    f"The account {account} still has resources ({', '.join(resources)}); delete them first."
                )
            for kind in _OWN:
                for document in t.listing(scope(account), kind):
                    t.delete(scope(account), kind, document.id)
            for kind in (ACCESS_KEY, API_KEY, SESSION):
                for key in t.listing(SCOPE, kind, parent=account):
                    delete_key(t, key)
            t.delete(SCOPE, ACCOUNT, account)

        await self.documents.transaction(work)
        self.accounts.forget()
        self.keys.forget()
        self.principals.forget()

    async def close(self) -> None:
        await self.uses.close()
