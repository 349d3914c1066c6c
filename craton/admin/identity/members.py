"""What Craton's operations on users and roles have in common: the members of their requests and answers."""

from collections.abc import Mapping, Sequence

from craton.admin import Members
from craton.store.documents import Document


def tags_of(req: Members) -> dict[str, str]:
    """The tags of a request; of one that stands twice the last counts."""
    return {tag["key"]: tag["value"] for tag in req.get("tags", ())}


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in tags.items()]


def attached(identity: Document) -> Members:
    """The managed policies of a user or role."""
    arns: Sequence[str] = identity.body["attached"]
    return {"attachedPolicies": [{"policyName": arn.rpartition("/")[2], "policyArn": arn} for arn in arns]}


def inline(identity: Document) -> Members:
    return {"policyNames": list(identity.body["policies"])}


def user(found: Document, tags: Mapping[str, str]) -> Members:
    return {
        "userName": found.body["name"],
        "userId": found.id,
        "arn": found.arn,
        "createdAt": found.body["created_at"],
        "permissionsBoundary": found.body["boundary"],
        "tags": tag_list(tags),
    }


def role(found: Document, tags: Mapping[str, str]) -> Members:
    return {
        "roleName": found.body["name"],
        "roleId": found.id,
        "arn": found.arn,
        "createdAt": found.body["created_at"],
        "assumeRolePolicyDocument": found.body["trust"],
        "description": found.body["description"],
        "maxSessionDuration": found.body["max_session"],
        "permissionsBoundary": found.body["boundary"],
        "tags": tag_list(tags),
    }
